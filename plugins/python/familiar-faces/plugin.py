"""Familiar faces: who opens the door to few people is visited by neighbours.

An office knows it from its own visits: an elder who lives alone, a disabled person or a child lets
somebody in whom the house knows. For these groups

    score = 1                     for somebody of the same community
            same_district_score   for somebody of the same district
            elsewhere_score       for anybody else, and where nobody knows

For everybody else, and for what is urgent (tier 2 or 3), closeness counts less: `others_share` of
what a stranger loses is lost. A merchant is not sent to a child alone, unless the office says so.

    target_group unknown   counts as everybody else: the need does not say that care is wanted
    tier unknown           counts as not urgent
    is_merchant unknown    counts as no merchant: providers are volunteers unless they say otherwise

The defaults are a starting point to be adjusted, not a measurement.
"""

from linli_sdk import BOOL, I64, TEXT, Manifest, Number, Scorer, Scores, Switch, Wording

CAREFUL = frozenset({"elderly", "lonely_elder", "disabled", "minor"})
URGENT_TIER = 2
NOT_ALONE_WITH_A_CHILD = 1


def closeness(same_community, same_district, same_district_score, elsewhere_score):
    """What somebody is worth to a door that opens to few, 0 to 1."""
    if same_community:
        return 1.0
    return same_district_score if same_district else elsewhere_score


def score(close, target_group, tier, others_share):
    """The score of one candidate."""
    careful = target_group in CAREFUL and (tier or 0) < URGENT_TIER
    return close if careful else 1.0 - (1.0 - close) * others_share


class FamiliarFaces(Scorer):
    MANIFEST = Manifest(
        name="familiar-faces",
        version="0.1.0",
        title=Wording(zh="熟人上门", en="Familiar faces"),
        summary=Wording(
            zh="老人、残疾人、未成年人优先由本社区的人上门；商户不单独上门为未成年人服务。",
            en="Elders, disabled people and children are visited by neighbours first.",
        ),
        columns={
            "target_group": TEXT,
            "tier": I64,
            "same_community": BOOL,
            "same_district": BOOL,
            "is_merchant": BOOL,
        },
        settings={
            "same_district_score": Number(
                Wording(zh="同区外社区者的得分", en="score of who lives in the same district"),
                default=0.7,
                least=0.0,
                most=1.0,
            ),
            "elsewhere_score": Number(
                Wording(zh="外区者的得分", en="score of who lives elsewhere"),
                default=0.4,
                least=0.0,
                most=1.0,
            ),
            "others_share": Number(
                Wording(
                    zh="其他对象及紧急需求只计失分的这一份额",
                    en="share of the loss that counts for other groups and urgent needs",
                ),
                default=0.5,
                least=0.0,
                most=1.0,
            ),
            "merchants_visit_minors": Switch(
                Wording(zh="商户可以上门为未成年人服务", en="merchants may visit children"),
                default=False,
            ),
        },
        vetoes={
            NOT_ALONE_WITH_A_CHILD: Wording(
                zh="商户不单独上门为未成年人服务", en="merchants are not sent to a child alone"
            )
        },
        authors=("linli",),
    )

    def __init__(self, settings):
        self.settings = settings

    def score(self, batch):
        settings = self.settings
        target_group = batch.texts("target_group")
        close = [
            closeness(community, district, settings.same_district_score, settings.elsewhere_score)
            for community, district in zip(batch.bools("same_community"), batch.bools("same_district"))
        ]
        scores = Scores(
            score(*it, settings.others_share) for it in zip(close, target_group, batch.i64s("tier"))
        )
        if not settings.merchants_visit_minors:
            for row, merchant in enumerate(batch.bools("is_merchant")):
                if merchant and target_group[row] == "minor":
                    scores.veto(row, NOT_ALONE_WITH_A_CHILD)
        return scores


PLUGIN = FamiliarFaces
