"""The two kinds of plugin."""

from . import settings as _settings


class Scorer:
    """Says how good each candidate is for its need.

    A plugin is a subclass with a `MANIFEST`.
    """

    KIND = "scorer"
    MANIFEST = None

    def __init__(self, settings):
        """Takes the settings, checked against the manifest and filled with its defaults.

        May raise BadSettings for what a schema cannot say, e.g. two settings that contradict.
        """

    def score(self, batch):
        """Scores one batch of candidates: Scores, one value per row.

        Equal rows must get equal scores: the host decides where batches are cut.
        May raise Fault: the whole run stops with its text.
        """
        raise NotImplementedError


class Evaluator:
    """Turns the indicators of districts into one index each; see Scorer."""

    KIND = "evaluator"
    MANIFEST = None

    def __init__(self, settings):
        """As for a Scorer."""

    def evaluate(self, batch, weights):
        """Evaluates districts: a list of DistrictIndex, one per row.

        One column of numbers per indicator, 0.0 is worst and 1.0 is best, None not measurable; one
        weight per column, none negative, of any sum.
        """
        raise NotImplementedError


def describe(plugin):
    """The JSON text of `describe`."""
    return plugin.MANIFEST.to_json(plugin.KIND)


def configured(plugin, text="{}"):
    """Configures a plugin natively, from the same JSON text a host would send."""
    return plugin(_settings.read(plugin.MANIFEST.settings, text))
