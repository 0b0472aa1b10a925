"""The SDK itself, natively: python3 -m unittest discover -s linli_sdk_test, in the folder above."""

import json
import unittest

from linli_sdk import (
    ANY,
    BOOL,
    F64,
    I64,
    TEXT,
    BadSettings,
    Batch,
    Choice,
    Evaluator,
    Fault,
    Manifest,
    MissingColumn,
    Number,
    Scorer,
    Scores,
    Switch,
    Wording,
    configured,
)
from linli_sdk.kinds import describe

NO_WORDS = Wording(zh="", en="")


class Walker(Scorer):
    MANIFEST = Manifest(
        name="x",
        version="1.0.0",
        title=Wording(zh='标"题', en="Title"),
        summary=Wording(zh="概要", en="Summary"),
        columns={"a_m": I64, "b": TEXT},
        settings={
            "far_m": Number(Wording(zh="远", en="Far"), default=0.5, least=0, most=9000),
            "strict": Switch(NO_WORDS, default=True),
            "mode": Choice(NO_WORDS, default="walk", options=("walk", "bus")),
        },
        vetoes={7: Wording(zh="太远", en="Too far")},
        authors=("a", "b"),
    )

    def __init__(self, settings):
        self.settings = settings


class Anything(Evaluator):
    MANIFEST = Manifest("y", "1.0.0", NO_WORDS, NO_WORDS, ANY)


class ManifestTest(unittest.TestCase):
    def test_describe_has_every_key_of_the_contract(self):
        self.assertEqual(
            describe(Walker),
            '{"name":"x","version":"1.0.0","kind":"scorer","title":{"zh":"标\\"题","en":"Title"},'
            '"summary":{"zh":"概要","en":"Summary"},'
            '"columns":[{"name":"a_m","type":"i64"},{"name":"b","type":"text"}],'
            '"settings":{"type":"object","additionalProperties":false,"properties":{'
            '"far_m":{"type":"number","default":0.5,"minimum":0,"maximum":9000,'
            '"description":"Far","description_zh":"远"},'
            '"strict":{"type":"boolean","default":true,"description":"","description_zh":""},'
            '"mode":{"type":"string","default":"walk","enum":["walk","bus"],'
            '"description":"","description_zh":""}}},'
            '"vetoes":[{"code":7,"zh":"太远","en":"Too far"}],'
            '"authors":["a","b"],"licence":"Apache-2.0"}',
        )

    def test_an_evaluator_may_want_any_column(self):
        document = json.loads(describe(Anything))
        self.assertEqual((document["kind"], document["columns"]), ("evaluator", ["*"]))


class SettingsTest(unittest.TestCase):
    def problem(self, text):
        with self.assertRaises(BadSettings) as caught:
            configured(Walker, text)
        return str(caught.exception)

    def test_what_is_left_out_gets_its_default(self):
        settings = configured(Walker, '{"strict": false}').settings
        self.assertEqual((settings.far_m, settings.strict, settings.mode), (0.5, False, "walk"))

    def test_what_is_given_counts(self):
        settings = configured(Walker, '{"mode": "bus", "far_m": 250}').settings
        self.assertEqual((settings.far_m, settings.mode), (250, "bus"))

    def test_wrong_settings_are_named(self):
        for text, expected in [
            ("[]", "expected an object"),
            ('{"x": 1}', "unknown setting `x`"),
            ('{"far_m": 1, "far_m": 1}', "key `far_m` occurs twice"),
            ('{"far_m": 9001}', "`far_m` is 9001, expected 0 to 9000"),
            ('{"far_m": "500"}', "`far_m` must be a number"),
            ('{"far_m": true}', "`far_m` must be a number"),
            ('{"strict": 1}', "`strict` must be true or false"),
            ('{"mode": "car"}', "`mode` must be one of: walk, bus"),
            ('{"mode": null}', "`mode` must be one of: walk, bus"),
        ]:
            self.assertEqual(self.problem(text), expected)
        for text in ("{", '{"far_m": NaN}', '{"far_m": Infinity}'):
            self.assertTrue(self.problem(text).startswith("no JSON: "), text)


class ColumnsTest(unittest.TestCase):
    def test_a_null_row_is_none(self):
        batch = Batch.of(x=(F64, [0.5, None]), y=(BOOL, [None, True]))
        self.assertEqual(batch.f64s("x"), [0.5, None])
        self.assertEqual(batch.bools("y"), [None, True])

    def test_what_is_wrong_with_a_column_is_said(self):
        batch = Batch(3, {"x": (F64, [1.0, 2.0])})
        with self.assertRaisesRegex(Fault, "column `x` has 2 entries, expected 3"):
            batch.f64s("x")
        with self.assertRaisesRegex(Fault, "column `x` does not hold i64s"):
            batch.i64s("x")
        with self.assertRaises(MissingColumn):
            batch.texts("y")

    def test_all_columns_come_in_order(self):
        batch = Batch.of(x=(F64, [0.5]), y=(F64, [None]))
        self.assertEqual(batch.numbers(), [("x", [0.5]), ("y", [None])])
        with self.assertRaises(Fault):
            Batch.of(x=(I64, [1])).numbers()

    def test_vetoes_end_up_ascending_and_unique(self):
        scores = Scores([0.0] * 4)
        for row, code in [(3, 1), (0, 2), (3, 3), (2, 1), (0, 1)]:
            scores.veto(row, code)
        self.assertEqual(scores.vetoes, [(0, 2), (2, 1), (3, 1)])


if __name__ == "__main__":
    unittest.main()
