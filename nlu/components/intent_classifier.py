"""The intent classifier as a component of Rasa's pipeline: see `nlu.components.intent_model`."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.intent_model import IntentModel
from nlu.components.intent_training import Recipe, train


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharNgramClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc] # Rasa ships no types
    """Names the intent of a message by its characters; needs no tokens and no features."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What `config.yml` may set: how to train (see `Recipe`), and how many intents a ranking names."""
        return {**asdict(Recipe()), "ranking_length": 10}

    @staticmethod
    def required_packages() -> list[str]:
        """What training needs; answering needs numpy only."""
        return ["sklearn", "scipy"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Take a trained model, or None before training."""
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """A trained component. Raises ValueError when the model has none."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, IntentModel.load(directory))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples that have a text and an intent; there must be two intents."""
        examples = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples if e.get(TEXT)]
        if len({intent for _, intent in examples}) < 2:
            raise InvalidConfigException("the intent classifier needs examples of two intents or more")
        recipe = Recipe(**{field.name: self._config[field.name] for field in fields(Recipe)})
        self._model = train([text for text, _ in examples], [intent for _, intent in examples], recipe)
        with self._storage.write_to(self._resource) as directory:
            self._model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its intent and a ranking."""
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as they are: what this component finds is no feature for others."""
        return training_data

    def _rank(self, text: str) -> list[dict[str, Any]]:
        if self._model is None:
            return [{"name": None, "confidence": 0.0}]
        confidences = self._model.confidences(text)
        best = (-confidences).argsort(kind="stable")[: self._config["ranking_length"]]
        return [{"name": self._model.labels[i], "confidence": float(confidences[i])} for i in best]
