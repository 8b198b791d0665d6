"""What measures the intents must not be what taught them."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parents[2]
INTENTS = frozenset(
    [
        "ask_guide",
        "ask_materials",
        "ask_conditions",
        "ask_process",
        "ask_time_limit",
        "ask_fee",
        "ask_place",
        "ask_hours",
        "ask_online",
        "ask_proxy",
        "ask_result",
        "check_materials",
        "upload_material",
        "book_appointment",
        "change_appointment",
        "cancel_appointment",
        "my_appointments",
        "take_ticket",
        "ask_queue",
        "apply_online",
        "ask_progress",
        "rate_service",
        "complain",
        "suggest",
        "lost_found",
        "human",
        "my_data",
        "hall_info",
        "greet",
        "thanks",
        "goodbye",
        "affirm",
        "deny",
        "stop",
        "help",
        "out_of_scope",
    ]
)
ASKING = frozenset(
    [
        "ask_guide",
        "ask_materials",
        "ask_conditions",
        "ask_process",
        "ask_time_limit",
        "ask_fee",
        "ask_place",
        "ask_hours",
        "ask_online",
        "ask_proxy",
        "ask_result",
        "ask_queue",
        "ask_progress",
    ]
)
ENTITIES = frozenset({"item", "aspect", "time", "number", "person"})
ANNOTATION = re.compile(r"\[([^\]]+)\]\(([^)]*)\)")
NEAR = 90  # a ratio from which two texts count as the same question


def normalised(text: str) -> str:
    """The text as the classifier sees it, without punctuation: what is left when only spelling differs."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if c.isalnum()) or "".join(folded.split())


def blocks(kind: str) -> list[tuple[Path, str, list[str]]]:
    """(file, name, examples) of every block of one kind (intent, synonym, lookup) in data/nlu."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert document["version"] == "3.1", path
        for block in document["nlu"]:
            if kind in block:
                lines = block["examples"].splitlines()
                assert all(line.startswith("- ") for line in lines), (path, block[kind])
                found.append((path, block[kind], [line[2:].strip() for line in lines]))
    return found


def plain(example: str) -> str:
    return ANNOTATION.sub(r"\1", example)


@pytest.fixture(scope="module")
def training() -> dict[str, list[str]]:
    examples: dict[str, list[str]] = {}
    for _, intent, lines in blocks("intent"):
        assert intent not in examples, f"{intent} stands in two files"
        examples[intent] = lines
    return examples


@pytest.fixture(scope="module")
def taught(training: dict[str, list[str]]) -> dict[str, str]:
    return {normalised(plain(line)): intent for intent, lines in training.items() for line in lines}


@pytest.fixture(scope="module")
def heldout() -> list[dict[str, str]]:
    text = (ROOT / "tests" / "data" / "intents_heldout.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def regression() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = yaml.safe_load(
        (ROOT / "data" / "regression.yml").read_text(encoding="utf-8")
    )
    return rows


def too_near(questions: list[str], others: list[str]) -> list[tuple[str, str]]:
    scores = process.cdist(questions, others, scorer=fuzz.ratio, score_cutoff=NEAR)
    return [(questions[i], others[j]) for i, j in zip(*scores.nonzero(), strict=True)]


def test_every_intent_is_taught_and_measured(
    training: dict[str, list[str]], heldout: list[dict[str, str]], regression: list[dict[str, str]]
) -> None:
    assert set(training) == INTENTS
    for intent, lines in training.items():
        least = 150 if intent == "out_of_scope" else 70 if intent in ASKING else 35
        assert len(lines) >= least, intent
    counts = Counter(row["gold"] for row in heldout)
    assert set(counts) == INTENTS
    assert min(counts.values()) >= 12
    assert counts["out_of_scope"] >= 60
    assert sum(counts.values()) >= 550
    assert {row["intent"] for row in regression} == INTENTS
    assert len(regression) >= 60


def test_no_utterance_is_taught_twice(training: dict[str, list[str]]) -> None:
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for intent, lines in training.items():
        for line in lines:
            seen["".join(unicodedata.normalize("NFKC", plain(line)).lower().split())].append(intent)
    assert {text: intents for text, intents in seen.items() if len(intents) > 1} == {}


def test_heldout_is_not_in_training(taught: dict[str, str], heldout: list[dict[str, str]]) -> None:
    questions = [normalised(row["q"]) for row in heldout]
    assert [q for q, n in Counter(questions).items() if n > 1] == []
    assert [q for q in questions if q in taught] == []
    assert too_near(questions, list(taught)) == []


def test_regression_is_in_neither(
    taught: dict[str, str], heldout: list[dict[str, str]], regression: list[dict[str, str]]
) -> None:
    questions = [normalised(row["q"]) for row in regression]
    assert [q for q, n in Counter(questions).items() if n > 1] == []
    assert too_near(questions, list(taught)) == []
    assert too_near(questions, [normalised(row["q"]) for row in heldout]) == []


def test_entities_are_marked_cleanly(training: dict[str, list[str]]) -> None:
    annotated = 0
    for intent, lines in training.items():
        for line in lines:
            marks = ANNOTATION.findall(line)
            annotated += bool(marks)
            assert {entity for _, entity in marks} <= ENTITIES, line
            assert all(value == value.strip() for value, _ in marks), line
            assert not re.search(r"\]\(|\]\{", plain(line)), line
            if intent == "out_of_scope":
                assert not marks, line
    assert annotated >= 350


def test_an_aspect_is_a_line_of_the_guide(training: dict[str, list[str]]) -> None:
    synonyms = {line: name for _, name, lines in blocks("synonym") for line in lines}
    aspects = {
        v
        for lines in training.values()
        for line in lines
        for v, e in ANNOTATION.findall(line)
        if e == "aspect"
    }
    assert {
        value: synonyms.get(value) for value in aspects if f"ask_{synonyms.get(value)}" not in INTENTS
    } == {}


def test_a_word_has_one_synonym() -> None:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for _, name, lines in blocks("synonym"):
        for line in lines:
            names[line].append(name)
    assert {word: found for word, found in names.items() if len(found) > 1} == {}


def test_lookups_are_not_the_training_values(training: dict[str, list[str]]) -> None:
    """A table of its own training values teaches the extractor to trust the table, not the sentence."""
    marked = {pair for lines in training.values() for line in lines for pair in ANNOTATION.findall(line)}
    looked_up = {(line, name) for _, name, lines in blocks("lookup") for line in lines}
    assert looked_up & marked == set()
