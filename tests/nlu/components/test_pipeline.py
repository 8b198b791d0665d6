from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.char_tokenizer import CharTokenizer
from nlu.components.intent_classifier import CharNgramClassifier


def example(text: str, intent: str) -> Message:
    return Message(data={"text": text, "intent": intent})


FEE = [example(f"要多少钱{i}", "fee") for i in range(6)]
MATERIALS = [example(f"带什么材料{i}", "materials") for i in range(6)]


def classifier(
    tmp_path: Path, config: dict[str, Any] | None = None
) -> tuple[CharNgramClassifier, LocalModelStorage]:
    storage = LocalModelStorage.create(tmp_path)
    return CharNgramClassifier.create(config or {}, storage, Resource("classifier"), None), storage


def test_tokens_are_characters_words_and_numbers() -> None:
    tokenizer = CharTokenizer(CharTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message(data={"text": "办ID card 2 个,急"}), "text")
    assert [(token.text, token.start) for token in tokens] == [
        ("办", 0),
        ("ID", 1),
        ("card", 4),
        ("2", 9),
        ("个", 11),
        (",", 12),
        ("急", 13),
    ]


def test_an_empty_text_has_no_tokens() -> None:
    tokenizer = CharTokenizer(CharTokenizer.get_default_config())
    (message,) = tokenizer.process([Message(data={"text": ""})])
    assert message.get("text_tokens") == []


def test_the_classifier_trains_persists_and_loads(tmp_path: Path) -> None:
    component, storage = classifier(tmp_path, {"ranking_length": 1})
    resource = component.train(TrainingData(FEE + MATERIALS))
    loaded = CharNgramClassifier.load({"ranking_length": 1}, storage, resource, None)
    for trained in (component, loaded):
        (message,) = trained.process([Message(data={"text": "办证多少钱"})])
        assert message.get("intent")["name"] == "fee"
        assert [guess["name"] for guess in message.get("intent_ranking")] == ["fee"]


def test_one_intent_is_nothing_to_tell_apart(tmp_path: Path) -> None:
    component, _ = classifier(tmp_path)
    with pytest.raises(InvalidConfigException):
        component.train(TrainingData(FEE))


def test_an_untrained_classifier_names_no_intent(tmp_path: Path) -> None:
    component, _ = classifier(tmp_path)
    (message,) = component.process([Message(data={"text": "办证多少钱"})])
    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_every_setting_of_a_recipe_is_one_of_the_config(tmp_path: Path) -> None:
    component, _ = classifier(tmp_path, {"model": "sgd", "alpha": 1e-4, "longest": 3, "use_coverage": False})
    component.train(TrainingData(FEE + MATERIALS))
    assert component._model is not None
    assert component._model.use_coverage is False
    assert component._model.vocabulary.longest == 3
