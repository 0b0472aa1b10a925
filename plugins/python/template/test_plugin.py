"""Natively, in this folder: python3 -m unittest"""

import unittest

from linli_sdk import BOOL, Batch, configured
from plugin import MyPlugin


def scored(settings):
    batch = Batch.of(same_community=(BOOL, [True, False, None]))
    return configured(MyPlugin, settings).score(batch).values


class MyPluginTest(unittest.TestCase):
    def test_a_neighbour_could_not_be_better_and_the_unknown_is_a_stranger(self):
        self.assertEqual(scored("{}"), [1.0, 0.5, 0.5])
        self.assertEqual(scored('{"stranger_score": 0.25}'), [1.0, 0.25, 0.25])


if __name__ == "__main__":
    unittest.main()
