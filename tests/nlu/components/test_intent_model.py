from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.intent_model import IntentModel, Vocabulary, ngrams, normalise
from nlu.components.intent_training import Recipe, train

FEE = ["要多少钱", "收费吗", "工本费多少", "费用是多少钱", "贵不贵", "交多少钱", "收我几块钱", "办这个多少钱"]
MATERIALS = ["要带什么材料", "需要哪些证件", "带啥东西", "材料清单", "准备什么资料", "带什么证", "要交啥材料"]
TEXTS, LABELS = FEE + MATERIALS, ["fee"] * len(FEE) + ["materials"] * len(MATERIALS)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(TEXTS, LABELS, Recipe())


def best(model: IntentModel, text: str) -> tuple[str, float]:
    confidences = model.confidences(text)
    return model.labels[int(confidences.argmax())], float(confidences.max())


def test_width_case_spaces_and_numbers_do_not_matter() -> None:
    assert normalise("ＡＢ c 2026年10月 ") == normalise("abC1年22月") == "abc0年0月"


def test_ngrams_know_beginning_and_end() -> None:
    assert list(ngrams("好的", 1, 2)) == ["\x02", "好", "的", "\x03", "\x02好", "好的", "的\x03"]
    assert list(ngrams("", 1, 2)) == []


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(model="sgd"), Recipe(model="lr"), Recipe(balanced=True)])
def test_what_was_learned_is_known(recipe: Recipe) -> None:
    model = train(TEXTS, LABELS, recipe)
    assert best(model, "换证收多少钱")[0] == "fee"
    assert best(model, "办护照带什么材料")[0] == "materials"


def test_three_intents_and_a_rare_one_are_learned() -> None:
    model = train([*TEXTS, "你好", "您好啊"], [*LABELS, "greet", "greet"], Recipe())
    assert best(model, "你好")[0] == "greet"
    assert model.weights.shape == (len(model.vocabulary.index), 3)


def test_confidences_are_shares(model: IntentModel) -> None:
    confidences = model.confidences("要带什么材料")
    assert confidences.sum() == pytest.approx(1, abs=1e-6)


def test_unknown_letters_lower_the_confidence(model: IntentModel) -> None:
    known = best(model, "要多少钱")[1]
    assert best(model, "要多少钱镕堃犇")[1] < 0.7 * known
    assert best(model, "ÿñßøæ")[1] == 0


def test_without_coverage_unknown_letters_do_not_count() -> None:
    model = train(TEXTS, LABELS, Recipe(use_coverage=False))
    assert model.confidences("ÿñßøæ").sum() == pytest.approx(1, abs=1e-6)


def test_an_id_number_is_one_known_symbol() -> None:
    model = train([*TEXTS, "我有3个证带什么材料"], [*LABELS, "materials"], Recipe())
    assert model.vocabulary.coverage(normalise("110101199003071234带什么材料")) == 1


@pytest.mark.parametrize("text", ["", "  ", "😀", "\x00", "。。。"])
def test_a_text_without_letters_means_nothing(model: IntentModel, text: str) -> None:
    assert model.confidences(text).tolist() == [0, 0]


def test_a_long_text_is_read_as_far_as_a_message_goes(model: IntentModel) -> None:
    assert model.confidences("多少钱" * 7000).tolist() == model.confidences("多少钱" * 200).tolist()


@given(st.text(max_size=50))
def test_any_text_has_confidences_between_0_and_1(text: str) -> None:
    model = _SMALL
    confidences = model.confidences(text)
    assert np.isfinite(confidences).all()
    assert ((confidences >= 0) & (confidences <= 1.000001)).all()


def test_what_is_saved_is_what_is_loaded(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".npz"]
    for text in [*TEXTS, "不认识的话", ""]:
        assert loaded.confidences(text).tolist() == model.confidences(text).tolist()
    assert (loaded.labels, loaded.temperature) == (model.labels, model.temperature)


def test_training_is_repeatable(model: IntentModel) -> None:
    again = train(TEXTS, LABELS, Recipe())
    assert (again.weights == model.weights).all()
    assert again.temperature == model.temperature


def test_labels_that_cannot_be_told_apart_get_a_high_temperature() -> None:
    clear = train(TEXTS, LABELS, Recipe())
    mixed = train(TEXTS * 2, [*LABELS, *reversed(LABELS)], Recipe())
    assert mixed.temperature > clear.temperature
    assert best(mixed, "要多少钱")[1] < 0.75


def test_rare_ngrams_say_more() -> None:
    vocabulary = Vocabulary.of(["甲乙", "甲丙", "甲丁"], 1, 1)
    assert vocabulary.idf[vocabulary.index["乙"]] > vocabulary.idf[vocabulary.index["甲"]]


_WORDS = Vocabulary.of([normalise(text) for text in TEXTS], 1, 2)
_WEIGHTS = np.random.default_rng(0).normal(size=(len(_WORDS.index), 2)).astype(np.float32)
_SMALL = IntentModel(_WORDS, ("a", "b"), _WEIGHTS, np.zeros(2, np.float32), 0.1)
