"""What is done at a window, and what is said then. Each act is one step of the queue's desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue import service as queue
from hall.queue.service import QueueTerms
from hall.queue.state import ticket_of

_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed at a window: which ticket it was meant for (`ticket`: None, nobody), and its key.

    `hall` is the window's: tickets of another hall are out of its reach.
    """

    session: AsyncSession
    hall: str
    window: int
    by: str
    ticket: int | None
    key: str
    terms: QueueTerms
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What is said, and what the audit keeps. `wrong`: nothing was done."""

    said: str
    subject: str = ""
    wrong: bool = False


Act = Callable[[Press], Awaitable[Done]]


async def call(press: Press) -> Done:
    """Call the next."""
    ticket = await queue.call_next(
        press.session, window_id=press.window, by=press.by, key=press.key, terms=press.terms
    )
    return _called(ticket)


async def finish_and_call(press: Press) -> Done:
    """Finish who is there and call the next."""
    done = await finish(press)
    ticket = await queue.call_next(
        press.session, window_id=press.window, by=press.by, key=press.key, terms=press.terms
    )
    if ticket is None:
        return Done(f"{done.said}现在没有人在等。", done.subject)
    return _called(ticket)


async def recall(press: Press) -> Done:
    """Call once more."""
    ticket = await queue.recall(
        press.session, window_id=press.window, by=press.by, ticket_id=_meant(press), terms=press.terms
    )
    if ticket.again:
        return Done(f"刚刚呼过 {ticket.number}。")
    left = press.terms.rules.recalls - ticket.recalls
    more = f"还能再呼 {left} 次" if left else "次数用完了,不来就过号"
    return Done(f"已重呼 {ticket.number},{more}。", _subject(ticket))


async def serve(press: Press) -> Done:
    """The citizen is there."""
    ticket = await queue.serve(
        press.session, window_id=press.window, by=press.by, ticket_id=_meant(press), terms=press.terms
    )
    return Done(f"{ticket.number} 开始办理。", _subject(ticket))


async def finish(press: Press) -> Done:
    """The visit is over."""
    ticket = await queue.finish(
        press.session, window_id=press.window, by=press.by, ticket_id=_meant(press), terms=press.terms
    )
    return Done(f"{ticket.number} 办结。", _subject(ticket))


async def pass_over(press: Press) -> Done:
    """Nobody came."""
    ticket = await queue.pass_over(
        press.session, window_id=press.window, by=press.by, ticket_id=_meant(press), terms=press.terms
    )
    after = "还能回队里一次" if ticket.state == "passed" else "已经回来过,要重新取号"
    return Done(f"{ticket.number} 过号,{after}。", _subject(ticket))


async def hold(press: Press) -> Done:
    """Put the ticket aside."""
    ticket = await queue.hold_ticket(
        press.session, window_id=press.window, by=press.by, ticket_id=_meant(press), terms=press.terms
    )
    return Done(f"{ticket.number} 已挂起。人回来时,在下面点“回来了”。", _subject(ticket))


async def resume(press: Press) -> Done:
    """Somebody put aside is back."""
    meant = await _meant_here(press)
    ticket = await queue.resume(press.session, ticket_id=meant, by=press.by, terms=press.terms)
    return Done(f"{ticket.number} 回来了,下一个就叫到。", _subject(ticket))


async def rejoin(press: Press) -> Done:
    """Somebody passed over is back."""
    meant = await _meant_here(press)
    ticket = await queue.rejoin(press.session, ticket_id=meant, by=press.by, terms=press.terms)
    return Done(f"{ticket.number} 回到队里,排在后面几位。", _subject(ticket))


async def transfer(press: Press) -> Done:
    """Hand on to a group (`group:A2`) or a window (`window:7`)."""
    kind, _, where = press.to.partition(":")
    group, window = (where, None) if kind == "group" else ("", number(where) if kind == "window" else None)
    if not group and window is None:
        return Done("请先选转到哪里。", wrong=True)
    ticket = await queue.transfer(
        press.session,
        ticket_id=await _meant_here(press),
        by=press.by,
        to_group=group,
        to_window=window,
        terms=press.terms,
    )
    return Done(f"{ticket.number} 已转走,先来后到不变。", _subject(ticket))


async def pause(press: Press) -> Done:
    """Pause the window."""
    window = await queue.pause_window(
        press.session, window_id=press.window, by=press.by, reason=press.reason, terms=press.terms
    )
    return Done(f"{window.name} 已暂停:{window.reason}。", f"window:{window.id}")


async def go_on(press: Press) -> Done:
    """Open the paused window again."""
    window = await queue.resume_window(press.session, window_id=press.window, by=press.by, terms=press.terms)
    return Done(f"{window.name} 恢复服务。", f"window:{window.id}")


async def close(press: Press) -> Done:
    """Close the window."""
    window = await queue.close_window(press.session, window_id=press.window, by=press.by, terms=press.terms)
    return Done(f"{window.name} 已关。", f"window:{window.id}")


async def stand_in(press: Press) -> Done:
    """Let somebody else act here too (AB 岗), or no longer."""
    window = await queue.set_stand_in(
        press.session, window_id=press.window, staff=press.to, by=press.by, terms=press.terms
    )
    said = "替岗的人现在也能操作这个窗口。" if window.stand_in else "替岗已取消。"
    return Done(said, f"window:{window.id}")


# The name in the form, what is done, the verb of the audit.
ACTS: Final[dict[str, tuple[Act, str]]] = {
    "call": (call, "ticket_called"),
    "finish_and_call": (finish_and_call, "ticket_finished"),
    "recall": (recall, "ticket_recalled"),
    "serve": (serve, "ticket_served"),
    "finish": (finish, "ticket_finished"),
    "pass": (pass_over, "ticket_passed"),
    "hold": (hold, "ticket_held"),
    "resume": (resume, "ticket_resumed"),
    "rejoin": (rejoin, "ticket_rejoined"),
    "transfer": (transfer, "ticket_transferred"),
    "pause": (pause, "window_paused"),
    "go_on": (go_on, "window_resumed"),
    "close": (close, "window_closed"),
    "stand_in": (stand_in, "window_stand_in"),
}
# These ask the desk nothing about who acts: only the window's own people, or a supervisor, may.
OF_THE_WINDOW: Final = frozenset({"pause", "go_on", "close", "stand_in"})


def in_words(error: Exception) -> str:
    """What stands against an act, and what to do then; for one of `REFUSALS`."""
    for kind, words in _REFUSALS:
        if isinstance(error, kind):
            return words(error) if callable(words) else words
    raise error


def _busy(error: Exception) -> str:
    number = error.ticket.number if isinstance(error, queue.WindowBusy) else ""
    return f"{number} 还在窗口。先办结、过号、挂起或者转走。"


def _not_open(error: Exception) -> str:
    paused = isinstance(error, queue.WindowNotOpen) and error.window.state == "paused"
    return "窗口暂停着,先恢复(按 8)。" if paused else "那个窗口没有开。"


def _spent(error: Exception) -> str:
    limit = error.limit if isinstance(error, queue.RecallsSpent) else 0
    return f"已经重呼 {limit} 次了。人不来,就按过号。"


def _not_possible(error: Exception) -> str:
    if isinstance(error, queue.NotPossible) and error.ticket.state == "serving":
        return f"{error.ticket.number} 已经开始办理,不能重呼或过号。"
    return "这个号现在不能这样做,情况已经变了。"


_REFUSALS: Final[tuple[tuple[type[Exception], str | Callable[[Exception], str]], ...]] = (
    (queue.WindowBusy, _busy),
    (queue.WindowNotOpen, _not_open),
    (queue.RecallsSpent, _spent),
    (queue.NotPossible, _not_possible),
    (queue.NobodyThere, "这个号不在窗口了,这一下没有执行。"),
    (queue.NotYourWindow, "这个窗口现在由别人在用。"),
    (queue.WindowTaken, "这个窗口已经有人开了。"),
    (queue.UnknownWindow, "没有这个窗口了,请重新选。"),
    (queue.UnknownTicket, "今天没有这个号了。"),
    (queue.UnknownGroup, "没有这个取号的队了,请刷新后再选。"),
    (queue.NoWayBack, "这个号已经回来过一次,要请他重新取号。"),
    (queue.ReasonMissing, "请先选暂停的原因。"),
)
REFUSALS: Final = tuple(kind for kind, _ in _REFUSALS)


def _called(ticket: queue.Ticket | None) -> Done:
    if ticket is None:
        return Done("现在没有人在等。")
    return Done(f"已呼叫 {ticket.number}。", _subject(ticket))


def _meant(press: Press) -> int:
    if press.ticket is None:
        raise queue.NobodyThere
    return press.ticket


async def _meant_here(press: Press) -> int:
    """The ticket that is meant, which may be at no window, but is of this hall. Raises UnknownTicket."""
    meant = _meant(press)
    if (await ticket_of(press.session, meant)).hall_code != press.hall:
        raise queue.UnknownTicket(meant)
    return meant


def number(written: str) -> int | None:
    """An id as our own forms write it; None for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS else None


def _subject(ticket: queue.Ticket) -> str:
    return f"ticket:{ticket.hall}:{ticket.id}"
