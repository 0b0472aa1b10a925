"""The glue between a plugin and its component; not for use by hand.

Not imported natively: the modules of the component model are there only inside a component.
"""

from componentize_py_types import Err
from wit_world.imports import diagnostics, types

from . import kinds
from .columns import BadSettings, Batch, Fault, MissingColumn
from .manifest import BOOL, F64, I64, TEXT
from .report import ERROR, report, send_to

send_to(diagnostics.report)


class Component:
    """What both worlds export, for one plugin; an instance is configured at most once."""

    def __init__(self, plugin):
        self._plugin = plugin
        self._configured = None

    def describe(self):
        return _answered(lambda: kinds.describe(self._plugin))

    def configure(self, settings):
        _answered(lambda: self._configure(settings))

    def configured(self):
        """The plugin; one that was not configured runs with its defaults."""
        if self._configured is None:
            self._configure("{}")
        return self._configured

    def _configure(self, settings):
        if self._configured is not None:
            raise BadSettings("already configured")
        self._configured = kinds.configured(self._plugin, settings)

    def score(self, batch):
        def answer():
            scores = self.configured().score(_batch(batch))
            return types.Scores(scores.values, [types.Veto(row, code) for row, code in scores.vetoes])

        return _answered(answer)

    def evaluate(self, batch, weights):
        def answer():
            answers = self.configured().evaluate(_batch(batch), weights)
            return [types.DistrictIndex(it.index, it.contributions) for it in answers]

        return _answered(answer)


def _answered(answer):
    """The answer, or a fault. What nobody caught is reported with its place, which the host shows."""
    try:
        return answer()
    except MissingColumn as fault:
        raise Err(types.Fault_MissingColumn(str(fault))) from None
    except BadSettings as fault:
        raise Err(types.Fault_BadSettings(str(fault))) from None
    except Fault as fault:
        raise Err(types.Fault_Other(str(fault))) from None
    except Exception as error:
        text = f"{type(error).__name__}: {error} ({_place(error)})"
        report(ERROR, text)
        raise Err(types.Fault_Other(text)) from None


def _place(error):
    """Where an exception was raised. The module traceback would look for the file, and there is none."""
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{last.tb_lineno}"


def _batch(batch):
    return Batch(batch.rows, {it.name: _column(it) for it in batch.columns})


def _column(column):
    data = column.data
    if isinstance(data, types.ColumnData_F64s):
        kind, values = F64, data.value
    elif isinstance(data, types.ColumnData_I64s):
        kind, values = I64, data.value
    elif isinstance(data, types.ColumnData_Bools):
        kind, values = BOOL, [it != 0 for it in data.value]
    else:
        kind, values = TEXT, _texts(data.value)
    if column.validity is not None:
        values = [it if valid else None for it, valid in zip(values, column.validity)]
    return kind, values


def _texts(column):
    offsets, whole = column.offsets, column.bytes
    return [str(whole[start:end], "utf-8") for start, end in zip(offsets, offsets[1:])]
