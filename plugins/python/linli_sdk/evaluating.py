"""The component of an evaluator; `plugin` is the author's module."""

import plugin

from .component import Component


class Evaluator:
    """The interface `evaluator` of world `evaluating`."""

    _component = Component(plugin.PLUGIN)

    def describe(self):
        return self._component.describe()

    def configure(self, settings):
        self._component.configure(settings)

    def evaluate(self, b, weights):
        return self._component.evaluate(b, weights)
