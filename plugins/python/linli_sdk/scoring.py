"""The component of a scorer; `plugin` is the author's module."""

import plugin

from .component import Component


class Scorer:
    """The interface `scorer` of world `scoring`."""

    _component = Component(plugin.PLUGIN)

    def describe(self):
        return self._component.describe()

    def configure(self, settings):
        self._component.configure(settings)

    def score(self, b):
        return self._component.score(b)
