"""Trains the linear model of intents and fits its temperature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nlu.components.intent_model import IntentModel, Vocabulary, normalise

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """How to train."""

    model: Literal["svm", "sgd", "lr"] = "svm"
    """Linear SVM, or log loss: one label against the rest by SGD, or all labels at once by L-BFGS."""
    shortest: int = 1
    longest: int = 2
    cost: float = 1.0
    """C of the SVM and of `lr`: the higher, the closer to the examples."""
    alpha: float = 1e-5
    """Regularisation of `sgd`: the lower, the closer to the examples."""
    balanced: bool = False
    """Whether a label with few examples counts as much as one with many."""
    use_coverage: bool = True
    folds: int = 5
    random_state: int = 42


def train(texts: Sequence[str], labels: Sequence[str], recipe: Recipe) -> IntentModel:
    """Train on texts and their labels, of which there are at least two."""
    normalised = [normalise(text) for text in texts]
    vocabulary = Vocabulary.of(normalised, recipe.shortest, recipe.longest)
    matrix = _matrix(normalised, vocabulary)
    fitted = _estimator(recipe).fit(matrix, labels)
    weights, bias = _two_sided(fitted)
    names = tuple(str(label) for label in fitted.classes_)
    return IntentModel(
        vocabulary,
        names,
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
        _temperature(matrix, np.array(labels), names, recipe),
        recipe.use_coverage,
    )


def _matrix(texts: Sequence[str], vocabulary: Vocabulary) -> Any:
    from scipy.sparse import csr_matrix

    rows = [vocabulary.features(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, ends), shape=(len(texts), len(vocabulary.index)))


def _estimator(recipe: Recipe) -> Any:
    weight = "balanced" if recipe.balanced else None
    if recipe.model == "sgd":
        from sklearn.linear_model import SGDClassifier

        return SGDClassifier(
            loss="log_loss", alpha=recipe.alpha, class_weight=weight, random_state=recipe.random_state
        )
    if recipe.model == "lr":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=recipe.cost, class_weight=weight, max_iter=500)
    from sklearn.svm import LinearSVC

    return LinearSVC(C=recipe.cost, class_weight=weight, random_state=recipe.random_state)


def _two_sided(fitted: Any) -> tuple[Floats, Floats]:
    """Weights and bias with a row for each label: of two labels scikit-learn keeps one row."""
    if len(fitted.classes_) == 2:
        return np.vstack([-fitted.coef_, fitted.coef_]), np.concatenate(
            [-fitted.intercept_, fitted.intercept_]
        )
    return fitted.coef_, fitted.intercept_


def _temperature(matrix: Any, labels: NDArray[np.str_], names: tuple[str, ...], recipe: Recipe) -> float:
    """The temperature under which held-out examples are likeliest; 1 where there are too few to tell."""
    counts = Counter(labels.tolist())
    kept = np.array([counts[label] >= recipe.folds for label in labels])
    if len(set(labels[kept].tolist())) < 2:
        return 1.0
    margins, right = _held_out_margins(matrix[kept], labels[kept], names, recipe)

    def surprise(temperature: float) -> float:
        scaled = margins / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(right)), right]
        return float((np.log(np.exp(scaled).sum(axis=1)) - chosen).mean())

    return float(min(np.geomspace(0.02, 20, 140), key=surprise))


def _held_out_margins(
    matrix: Any, labels: NDArray[np.str_], names: tuple[str, ...], recipe: Recipe
) -> tuple[Floats, NDArray[np.intp]]:
    from sklearn.model_selection import StratifiedKFold

    column = {name: i for i, name in enumerate(names)}
    margins: list[Floats] = []
    right: list[int] = []
    folds = StratifiedKFold(recipe.folds, shuffle=True, random_state=recipe.random_state)
    for seen, unseen in folds.split(matrix, labels):
        fitted = _estimator(recipe).fit(matrix[seen], labels[seen])
        weights, bias = _two_sided(fitted)
        found = matrix[unseen] @ weights.T + bias
        block = np.full((len(unseen), len(names)), found.min())
        block[:, [column[str(label)] for label in fitted.classes_]] = found
        margins.append(block)
        right.extend(column[label] for label in labels[unseen])
    return np.vstack(margins), np.array(right)
