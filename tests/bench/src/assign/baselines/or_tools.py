"""OR-Tools: cost scaling by push and relabel."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from network import Network, measure


def solve(network):
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    flow.set_nodes_supplies(np.arange(len(network.supply), dtype=np.int32), network.supply)
    status = flow.solve()
    return flow.optimal_cost() if status == flow.OPTIMAL else "refused"


measure(solve, Network)
