"""Natively: python3 -m unittest discover -s familiar-faces, in the folder above."""

import unittest

from linli_sdk import BOOL, I64, TEXT, BadSettings, Batch, configured
from plugin import NOT_ALONE_WITH_A_CHILD, FamiliarFaces, closeness, score


def batch(*rows):
    """Rows of (target_group, tier, same_community, same_district, is_merchant)."""
    group, tier, community, district, merchant = (list(it) for it in zip(*rows))
    return Batch.of(
        target_group=(TEXT, group),
        tier=(I64, tier),
        same_community=(BOOL, community),
        same_district=(BOOL, district),
        is_merchant=(BOOL, merchant),
    )


def scored(settings, *rows):
    return configured(FamiliarFaces, settings).score(batch(*rows))


class FamiliarFacesTest(unittest.TestCase):
    def test_a_neighbour_could_not_be_better(self):
        for group in ("elderly", "student", None):
            self.assertEqual(scored("{}", (group, 0, True, True, False)).values, [1.0])

    def test_a_stranger_at_an_elders_door_loses_more_than_elsewhere(self):
        scores = scored("{}", ("elderly", 0, False, False, False), ("student", 0, False, False, False))
        self.assertEqual(scores.values, [0.4, 0.7])

    def test_what_is_urgent_does_not_wait_for_a_familiar_face(self):
        calm, urgent = scored("{}", *(("minor", tier, False, True, False) for tier in (1, 2))).values
        self.assertEqual(calm, 0.7)
        self.assertGreater(urgent, calm)

    def test_the_unknown_is_decided(self):
        self.assertEqual(scored("{}", (None, None, None, None, None)).values, [0.7])
        self.assertEqual(scored("{}", ("elderly", None, None, None, None)).values, [0.4])

    def test_a_merchant_is_not_sent_to_a_child_alone(self):
        here = (0, True, True)
        rows = [("elderly", *here, True), ("minor", *here, True), ("minor", *here, None)]
        self.assertEqual(scored("{}", *rows).vetoes, [(1, NOT_ALONE_WITH_A_CHILD)])
        self.assertEqual(scored('{"merchants_visit_minors": true}', *rows).vetoes, [])

    def test_every_score_lies_between_0_and_1(self):
        ends = (0.0, 1.0)
        for community in (True, False, None):
            for same_district_score in ends:
                for share in ends:
                    close = closeness(community, True, same_district_score, 0.0)
                    self.assertTrue(0.0 <= score(close, "other", 0, share) <= 1.0)

    def test_settings_are_checked_before_the_plugin_sees_them(self):
        with self.assertRaisesRegex(BadSettings, "`elsewhere_score` is 2, expected 0 to 1"):
            configured(FamiliarFaces, '{"elsewhere_score": 2}')


if __name__ == "__main__":
    unittest.main()
