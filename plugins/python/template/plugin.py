"""Neighbours first: who lives in the community of a need is better than who does not.

What an unknown community is worth is decided here: as much as another one.
"""

from linli_sdk import BOOL, Manifest, Number, Scorer, Scores, Wording


def score(same_community, stranger_score):
    """The score of one candidate, 0.0 (of no use) to 1.0 (could not be better)."""
    return 1.0 if same_community else stranger_score


class MyPlugin(Scorer):
    MANIFEST = Manifest(
        name="my-plugin",
        version="0.1.0",
        title=Wording(zh="本社区优先", en="Neighbours first"),
        summary=Wording(zh="本社区的人优先。", en="Neighbours come first."),
        columns={"same_community": BOOL},
        settings={
            "stranger_score": Number(
                Wording(zh="外社区者的得分", en="score of who lives elsewhere"),
                default=0.5,
                least=0.0,
                most=1.0,
            )
        },
        authors=("you",),
    )

    def __init__(self, settings):
        self.stranger_score = settings.stranger_score

    def score(self, batch):
        return Scores(score(it, self.stranger_score) for it in batch.bools("same_community"))


PLUGIN = MyPlugin
