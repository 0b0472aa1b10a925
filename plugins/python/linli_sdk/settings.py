"""Settings: what a district may adjust, checked before the plugin sees them."""

import json

from .columns import BadSettings


class Settings:
    """The settings of one plugin as attributes, every one present and within its limits."""

    def __init__(self, values):
        self.__dict__.update(values)


def read(declared, text):
    """Reads a JSON object against its declaration; what is left out gets its default.

    Raises BadSettings for no JSON, no object, a key twice, an unknown key, a wrong type or a value
    beyond its limits; the text says which.
    """
    given = _object(text)
    for name in given:
        if name not in declared:
            raise BadSettings(f"unknown setting `{name}`")
    values = {}
    for name, setting in declared.items():
        values[name] = given.get(name, setting.default)
        problem = setting.problem(values[name])
        if problem:
            raise BadSettings(f"`{name}` {problem}")
    return Settings(values)


def _object(text):
    try:
        given = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except ValueError as problem:
        raise BadSettings(f"no JSON: {problem}") from None
    if not isinstance(given, dict):
        raise BadSettings("expected an object")
    return given


def _unique(pairs):
    keys = dict(pairs)
    if len(keys) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(it for it in names if names.count(it) > 1)
        raise BadSettings(f"key `{twice}` occurs twice")
    return keys


def _no_constant(word):
    # Python reads NaN and Infinity, JSON has none.
    raise ValueError(f"{word} is no value")
