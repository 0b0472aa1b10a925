"""What a plugin says of itself, declared once as a constant."""

import json
from dataclasses import dataclass, field

# What the values of a column are: numbers, integers, yes or no, texts and identifiers.
F64, I64, BOOL, TEXT = "f64", "i64", "bool", "text"

# Instead of named columns: whatever indicators there are. For evaluators only.
ANY = "*"


@dataclass(frozen=True)
class Wording:
    """A wording in both languages of the users."""

    zh: str
    en: str


@dataclass(frozen=True)
class Number:
    """A setting: a number from `least` to `most`, both included."""

    meaning: Wording
    default: float
    least: float
    most: float

    def schema(self):
        return {"type": "number", "default": self.default, "minimum": self.least, "maximum": self.most}

    def problem(self, value):
        # To Python, True is a number; to whoever writes settings it is none.
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "must be a number"
        if not self.least <= value <= self.most:
            return f"is {value:g}, expected {self.least:g} to {self.most:g}"
        return None


@dataclass(frozen=True)
class Switch:
    """A setting: yes or no."""

    meaning: Wording
    default: bool

    def schema(self):
        return {"type": "boolean", "default": self.default}

    def problem(self, value):
        return None if isinstance(value, bool) else "must be true or false"


@dataclass(frozen=True)
class Choice:
    """A setting: one of a few words."""

    meaning: Wording
    default: str
    options: tuple

    def schema(self):
        return {"type": "string", "default": self.default, "enum": list(self.options)}

    def problem(self, value):
        return None if value in self.options else "must be one of: " + ", ".join(self.options)


@dataclass(frozen=True)
class Manifest:
    """What `describe` answers with.

    `name`      kebab case, unique in a pool; usually the name of the folder
    `version`   the plugin's own version, 1.2.0
    `title`     a short name for lists
    `summary`   one sentence on what a high score means
    `columns`   name -> type, in the order wanted; or ANY
    `settings`  name -> Number, Switch or Choice: what a district may adjust
    `vetoes`    code -> Wording: what the resident or the office reads
    `authors`   who wrote it
    `licence`   SPDX expression
    """

    name: str
    version: str
    title: Wording
    summary: Wording
    columns: object
    settings: dict = field(default_factory=dict)
    vetoes: dict = field(default_factory=dict)
    authors: tuple = ()
    licence: str = "Apache-2.0"

    def to_json(self, kind):
        """The JSON text of `describe`; the same every time."""
        document = {
            "name": self.name,
            "version": self.version,
            "kind": kind,
            "title": _wording(self.title),
            "summary": _wording(self.summary),
            "columns": self._columns(),
            "settings": {
                "type": "object",
                "additionalProperties": False,
                "properties": {name: _property(it) for name, it in self.settings.items()},
            },
            "vetoes": [{"code": code, **_wording(it)} for code, it in self.vetoes.items()],
            "authors": list(self.authors),
            "licence": self.licence,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def _columns(self):
        if self.columns == ANY:
            return [ANY]
        return [{"name": name, "type": kind} for name, kind in self.columns.items()]


def _wording(wording):
    return {"zh": wording.zh, "en": wording.en}


def _property(setting):
    words = {"description": setting.meaning.en, "description_zh": setting.meaning.zh}
    return {**setting.schema(), **words}
