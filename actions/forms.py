"""Forms in chat: a request that takes several turns, kept in `Memory.form` until it is done or left.

A form is a dict with its `kind`; what else it keeps is its own affair, as long as it is JSON. The module that
fills a kind of form registers it. What the citizen says goes to the form first; words that are no answer to
it get their usual answer, after which the form's open question is asked again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from actions.turn import MOST_WAYS, Reply, Turn
from actions.wording import talk

# Payloads of the words that always work: no form takes them for an answer.
_ALWAYS = frozenset({"stop", "human", "help"})
# Characters of an answer together with the open question: one screen, with room for the ways on.
_LONGEST = 500
# What stands for a text of domain.yml where a question follows: the text alone, without its own ways on.
_SHORT = {
    "utter_out_of_scope": talk.not_ours,
    "utter_greet": talk.hello,
    "utter_thanks": talk.welcome,
    "utter_affirm": talk.all_right,
    "utter_deny": talk.all_right,
}


class Form(Protocol):
    """A kind of form."""

    async def take(self, turn: Turn) -> Reply | None:
        """What follows from the turn; None where it is no answer to the form's question."""

    async def again(self, turn: Turn) -> Reply:
        """The open question once more, short, after a question in between."""

    def leave(self, turn: Turn) -> str:
        """What is said when the citizen leaves the form: what was done, and what was not."""


# What is to be given back when a form is left or another takes its place (a place that is held).
LetGo = Callable[[Turn], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Kind:
    form: Form
    let_go: LetGo | None = None
    hears_stop: bool = False


_kinds: dict[str, _Kind] = {}


def register(kind: str, form: Form, *, let_go: LetGo | None = None, hears_stop: bool = False) -> None:
    """Have forms of this kind filled by `form`.

    `hears_stop`: 取消 and the like go to the form first, where they may be an answer to it.
    """
    _kinds[kind] = _Kind(form, let_go, hears_stop)


def active(turn: Turn) -> bool:
    """Whether a form is being filled."""
    return _kind_of(turn) is not None


async def start(turn: Turn, form: dict[str, Any]) -> None:
    """Begin a form; what another one held is given back."""
    await _let_go(turn)
    turn.memory.form = form


async def take(turn: Turn) -> Reply | None:
    """What the active form says to the turn; None where there is none, or the turn is no answer to it."""
    kind = _kind_of(turn)
    if kind is None or (not turn.text and turn.intent in _ALWAYS and not _heard(kind, turn)):
        return None
    return await kind.form.take(turn)


async def again(turn: Turn) -> Reply:
    """The open question of the active form once more. Raises LookupError where there is no form."""
    kind = _kind_of(turn)
    if kind is None:
        raise LookupError("no form is being filled")
    return await kind.form.again(turn)


async def leave(turn: Turn) -> str:
    """Leave the active form; what is said of it, "" where there is none."""
    kind = _kind_of(turn)
    if kind is None:
        return ""
    said = kind.form.leave(turn)
    await _let_go(turn)
    turn.memory.form = None
    return said


async def gone_on(turn: Turn, reply: Reply) -> Reply:
    """The answer to a question in between, with the active form's open question behind it."""
    if reply.response and reply.response not in _SHORT:
        return reply
    asked = await again(turn)
    said = _SHORT[reply.response]() if reply.response else reply.text
    said = talk.unclear() if said == talk.not_understood() else said
    question = asked.text if len(said) + len(asked.text) <= _LONGEST else asked.text.partition("\n")[0]
    return replace(asked, text=f"{said}\n\n{question}", ways=asked.ways[:MOST_WAYS])


def _kind_of(turn: Turn) -> _Kind | None:
    form = turn.memory.form
    return _kinds.get(str(form["kind"])) if form is not None else None


def _heard(kind: _Kind, turn: Turn) -> bool:
    return kind.hears_stop and turn.intent == "stop"


async def _let_go(turn: Turn) -> None:
    kind = _kind_of(turn)
    if kind is not None and kind.let_go is not None:
        await kind.let_go(turn)
