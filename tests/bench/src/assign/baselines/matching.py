"""scipy: sparse matching where everybody asks for one unit of a node that stands alone."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from network import measure, read


def solve(problem):
    needs, nodes, edges = problem
    # A column for each unit of room, and one for each need that goes without.
    first = np.concatenate([[0], np.cumsum(nodes["capacity"])])
    copies = nodes["capacity"][edges["node"]]
    row = np.repeat(edges["need"], copies)
    within = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    column = np.repeat(first[edges["node"]], copies) + within
    own = np.arange(len(needs))
    # An entry of zero would be none, so all weigh one more.
    weight = 1.0 + np.concatenate([np.repeat(edges["cost"], copies), needs["penalty"]])
    ends = np.concatenate([row, own]), np.concatenate([column, first[-1] + own])
    shape = (len(needs), int(first[-1]) + len(needs))
    matrix = coo_matrix((weight, ends), shape=shape).tocsr()
    chosen = min_weight_full_bipartite_matching(matrix)
    return int(np.asarray(matrix[chosen[0], chosen[1]]).sum()) - len(needs)


measure(solve, read)
