"""Reads a problem and measures a solver: what the scripts beside this one share."""

import sys
import time

import numpy as np

NEED = np.dtype([("demand", "<i8"), ("penalty", "<i8")])
NODE = np.dtype([("parent", "<i8"), ("capacity", "<i8")])
EDGE = np.dtype([("need", "<u4"), ("node", "<u4"), ("cost", "<i8")])


def read(path):
    """Needs, nodes and edges."""
    with open(path, "rb") as file:
        counts = np.fromfile(file, "<u8", 3)
        return [np.fromfile(file, kind, int(n)) for kind, n in zip((NEED, NODE, EDGE), counts)]


class Network:
    """The problem as a flow: needs, then nodes, then the sink, where the unserved go as well."""

    def __init__(self, path):
        needs, nodes, edges = read(path)
        n, m = len(needs), len(nodes)
        sink = n + m
        all_needs, all_nodes = np.arange(n), np.arange(n, n + m)
        above = np.where(nodes["parent"] < 0, sink, n + nodes["parent"])
        zeros, ones = np.zeros(m, np.int64), np.ones(len(edges), np.int64)
        self.tail = np.concatenate([edges["need"], all_nodes, all_needs]).astype(np.int32)
        self.head = np.concatenate([n + edges["node"].astype(np.int64), above, np.full(n, sink)]).astype(np.int32)
        self.capacity = np.concatenate([ones, nodes["capacity"], needs["demand"]]).astype(np.int64)
        self.cost = np.concatenate([edges["cost"], zeros, needs["penalty"]]).astype(np.int64)
        self.supply = np.concatenate([needs["demand"], zeros, [-needs["demand"].sum()]]).astype(np.int64)


def measure(solve, load):
    """Prints what `solve` found in the second file and took: all that it builds, nothing from before.

    The first file is there to have the solver's code in memory.
    """
    solve(load(sys.argv[1]))
    problem = load(sys.argv[2])
    # The kernel then counts the peak of memory from here on.
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    objective = solve(problem)
    cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    with open("/proc/self/status") as file:
        peak = next(line.split()[1] for line in file if line.startswith("VmHWM"))
    print(f"objective={objective} wall_ns={wall} cpu_ns={cpu} peak_kb={peak}")
