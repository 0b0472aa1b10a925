"""HiGHS: the same flow as a linear program, by its simplex."""

import highspy
import numpy as np

from network import Network, measure


def solve(network):
    n_arcs, n_vertices = len(network.tail), len(network.supply)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = n_arcs, n_vertices
    program.col_cost_ = network.cost.astype(float)
    program.col_lower_, program.col_upper_ = np.zeros(n_arcs), network.capacity.astype(float)
    program.row_lower_ = program.row_upper_ = network.supply.astype(float)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = 2 * np.arange(n_arcs + 1)
    program.a_matrix_.index_ = np.column_stack([network.tail, network.head]).ravel()
    program.a_matrix_.value_ = np.tile([1.0, -1.0], n_arcs)
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    highs.passModel(program)
    highs.run()
    # Corners of this program are whole numbers; what floating point left of them is taken off.
    flow = np.rint(np.array(highs.getSolution().col_value)).astype(np.int64)
    return int((flow * network.cost).sum())


measure(solve, Network)
