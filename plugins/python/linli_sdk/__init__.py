"""What a plugin author needs: columns in, scores out, settings, and `describe`.

             describe <-- Manifest (a constant)
    settings --> __init__ of your class (settings already checked)
       batch --> score --> Scores, or a Fault with a text

A scorer is a class with `MANIFEST` and `score`, named once as `PLUGIN` at the end of `plugin.py`;
an evaluator has `evaluate` instead. The same class runs natively, without a component:
`configured(Class, "{}")` gives it as a host would set it up.

What is deliberately absent: files, clock, network, randomness. They are there while a component is
being built, and stop the run when it is used.
"""

from .columns import Batch, BadSettings, DistrictIndex, Fault, MissingColumn, Scores
from .kinds import Evaluator, Scorer, configured
from .manifest import (
    ANY,
    BOOL,
    F64,
    I64,
    TEXT,
    Choice,
    Manifest,
    Number,
    Switch,
    Wording,
)
from .report import DETAIL, ERROR, INFORMATION, WARNING, report

__all__ = [
    "ANY",
    "BOOL",
    "DETAIL",
    "ERROR",
    "F64",
    "I64",
    "INFORMATION",
    "TEXT",
    "WARNING",
    "BadSettings",
    "Batch",
    "Choice",
    "DistrictIndex",
    "Evaluator",
    "Fault",
    "Manifest",
    "MissingColumn",
    "Number",
    "Scorer",
    "Scores",
    "Switch",
    "Wording",
    "configured",
    "report",
]
