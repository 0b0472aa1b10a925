// LEMON: network simplex or cost scaling, as its documentation has them.

#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using Graph = lemon::SmartDigraph;
using Cost = long long;

struct Need { int64_t demand, penalty; };
struct Node { int64_t parent, capacity; };
struct Edge { uint32_t need, node; int64_t cost; };

struct Problem {
    std::vector<Need> needs;
    std::vector<Node> nodes;
    std::vector<Edge> edges;
};

template <typename Row>
static void read(std::ifstream& file, std::vector<Row>& rows, uint64_t n) {
    rows.resize(n);
    file.read(reinterpret_cast<char*>(rows.data()), n * sizeof(Row));
}

static Problem read(const char* path) {
    std::ifstream file(path, std::ios::binary);
    uint64_t counts[3];
    file.read(reinterpret_cast<char*>(counts), sizeof counts);
    Problem problem;
    read(file, problem.needs, counts[0]);
    read(file, problem.nodes, counts[1]);
    read(file, problem.edges, counts[2]);
    return problem;
}

// Needs, then nodes, then the sink, where the unserved go as well.
template <typename Solver>
static std::string solve(const Problem& problem) {
    const int n = problem.needs.size(), m = problem.nodes.size(), sink = n + m;
    Graph graph;
    graph.reserveNode(n + m + 1);
    graph.reserveArc(problem.edges.size() + n + m);
    for (int i = 0; i <= sink; ++i) graph.addNode();
    auto add = [&](int from, int to) { graph.addArc(graph.nodeFromId(from), graph.nodeFromId(to)); };
    for (const Edge& it : problem.edges) add(it.need, n + it.node);
    for (int i = 0; i < m; ++i) add(n + i, problem.nodes[i].parent < 0 ? sink : n + problem.nodes[i].parent);
    for (int i = 0; i < n; ++i) add(i, sink);

    Graph::ArcMap<int> capacity(graph, 1);
    Graph::ArcMap<Cost> cost(graph, 0);
    Graph::NodeMap<int> supply(graph, 0);
    int arc = 0;
    for (const Edge& it : problem.edges) cost[graph.arcFromId(arc++)] = it.cost;
    for (const Node& it : problem.nodes) capacity[graph.arcFromId(arc++)] = it.capacity;
    int total = 0;
    for (int i = 0; i < n; ++i, ++arc) {
        const Need& it = problem.needs[i];
        capacity[graph.arcFromId(arc)] = it.demand;
        cost[graph.arcFromId(arc)] = it.penalty;
        supply[graph.nodeFromId(i)] = it.demand;
        total += it.demand;
    }
    supply[graph.nodeFromId(sink)] = -total;

    Solver solver(graph);
    solver.upperMap(capacity).costMap(cost).supplyMap(supply);
    if (solver.run() != Solver::OPTIMAL) return "refused";
    return std::to_string(solver.template totalCost<Cost>());
}

static int64_t cpu_ns() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static std::string peak_kb() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {}
    status >> word;
    return word;
}

int main(int, char** arguments) {
    const bool is_simplex = std::strcmp(arguments[1], "simplex") == 0;
    const auto solve_with = is_simplex ? solve<lemon::NetworkSimplex<Graph, int, Cost>>
                                       : solve<lemon::CostScaling<Graph, int, Cost>>;
    // The first file is there to have the solver's code in memory.
    solve_with(read(arguments[2]));
    const Problem problem = read(arguments[3]);
    // The kernel then counts the peak of memory from here on.
    std::ofstream("/proc/self/clear_refs") << "5";
    const auto wall = std::chrono::steady_clock::now();
    const int64_t cpu = cpu_ns();
    const std::string objective = solve_with(problem);
    const int64_t cpu_taken = cpu_ns() - cpu;
    const std::chrono::nanoseconds wall_taken = std::chrono::steady_clock::now() - wall;
    std::cout << "objective=" << objective << " wall_ns=" << wall_taken.count() << " cpu_ns=" << cpu_taken
              << " peak_kb=" << peak_kb() << '\n';
}
