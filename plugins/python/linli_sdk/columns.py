"""Columns by name, scores with vetoes, and what can go wrong."""

from bisect import bisect_left
from dataclasses import dataclass

from .manifest import BOOL, F64, I64, TEXT


class Fault(Exception):
    """Why a plugin could not answer. The text is shown to people; the whole run stops."""


class MissingColumn(Fault):
    """The batch lacks this column."""


class BadSettings(Fault):
    """The settings do not follow the manifest, or contradict each other."""


class Batch:
    """Rows of some columns. Null is None.

    `columns` maps a name to a pair (type, list of values); every list has `rows` entries.
    """

    def __init__(self, rows, columns):
        self.rows = rows
        self._columns = columns

    @classmethod
    def of(cls, **columns):
        """A batch for tests: name=(type, [values]), None for null."""
        lengths = {len(values) for _, values in columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns of one length expected, found {sorted(lengths)}")
        return cls(lengths.pop(), columns)

    def f64s(self, name):
        """A column of numbers: a list of float or None, one per row.

        Raises MissingColumn; Fault when it holds something else or has another length.
        """
        return self._column(name, F64)

    def i64s(self, name):
        """A column of integers: a list of int or None. Raises as `f64s`."""
        return self._column(name, I64)

    def bools(self, name):
        """A column of yes or no: a list of bool or None. Raises as `f64s`."""
        return self._column(name, BOOL)

    def texts(self, name):
        """A column of texts: a list of str or None. Raises as `f64s`."""
        return self._column(name, TEXT)

    def numbers(self):
        """Every column with its name, in order, all of them numbers. Raises as `f64s`."""
        return [(name, self._column(name, F64)) for name in self._columns]

    def _column(self, name, expected):
        if name not in self._columns:
            raise MissingColumn(name)
        found, values = self._columns[name]
        if found != expected:
            raise Fault(f"column `{name}` does not hold {expected}s")
        if len(values) != self.rows:
            raise Fault(f"column `{name}` has {len(values)} entries, expected {self.rows}")
        return values


class Scores:
    """One score per row, 0.0 (of no use) to 1.0 (could not be better), and vetoes."""

    def __init__(self, values):
        self.values = list(values)
        self._rows = []
        self._codes = []

    def veto(self, row, code):
        """Vetoes a row; a second veto of the same row is dropped.

        Constant time when rows come in ascending order.
        """
        if not self._rows or self._rows[-1] < row:
            self._rows.append(row)
            self._codes.append(code)
            return
        place = bisect_left(self._rows, row)
        if self._rows[place] != row:
            self._rows.insert(place, row)
            self._codes.insert(place, code)

    @property
    def vetoes(self):
        """Pairs (row, code), rows ascending and unique."""
        return list(zip(self._rows, self._codes))


@dataclass
class DistrictIndex:
    """The answer for one district.

    `index`          higher is better; None where nothing could be measured
    `contributions`  what each indicator adds, one per column; 0.0 where it is null
    """

    index: float | None
    contributions: list
