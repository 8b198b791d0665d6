from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from console.counter_view import window_names
from console.display_view import call_words
from hall.catalogue.view import CatalogueView
from hall.queue import service as queue
from hall.queue.service import QueueTerms, Ticket, Window
from hall.staff.service import Role, audit_lines
from tests.console.house import Sitter, Stage

GROUP = "A2"
DATA = {"Accept": "application/json"}


async def joined(console: Stage, name: str, group: str = GROUP, **more: Any) -> Ticket:
    async with console.session() as session:
        return await queue.join(
            session, hall="main", group=group, openid=name, terms=QueueTerms(console.clock()), **more
        )


async def window_of(console: Stage, name: str = "A 区 5 号窗口") -> Window:
    async with console.session() as session:
        found = await queue.windows(session, "main", now=console.clock())
    return next(window for window in found if window.name == name)


async def opened(console: Stage, sitter: Sitter, name: str = "A 区 5 号窗口", group: str = GROUP) -> str:
    response = await sitter.send("/console/counter/open", group=group, name=name)
    assert response.status == 303, await response.text()
    path = response.headers["Location"]
    await sitter.see(path)
    return path


async def press(sitter: Sitter, path: str, do: str, ticket: int | None = None, **more: str) -> dict[str, Any]:
    given = {"do": do, "ticket": str(ticket or "")} | more
    response = await sitter.send(f"{path}/act", headers=DATA, **given)
    assert response.content_type == "application/json", await response.text()
    return dict(await response.json())


async def test_a_visit_from_opening_the_window_to_finishing(console: Stage) -> None:
    await console.staff()
    ticket = await joined(console, "a")
    sitter = await console.logged_in()
    page = await (await sitter.see("/console/counter")).text()
    assert "A 区 5 号窗口" in page
    path = await opened(console, sitter)
    done = await press(sitter, path, "call", key="press-0001")
    assert done["said"] == f"已呼叫 {ticket.number}。"
    assert ticket.number in done["html"]
    assert (await press(sitter, path, "recall", ticket.id))["said"] == f"刚刚呼过 {ticket.number}。"
    console.clock.forward(_seconds(3))
    assert "还能再呼 2 次" in (await press(sitter, path, "recall", ticket.id))["said"]
    assert "开始办理" in (await press(sitter, path, "serve", ticket.id))["said"]
    refused = await press(sitter, path, "pass", ticket.id)
    assert refused["wrong"]
    assert "已经开始办理" in refused["said"]
    assert "办结" in (await press(sitter, path, "finish", ticket.id))["said"]
    async with console.session() as session:
        acts = [line.action for line in await audit_lines(session, subject=f"ticket:main:{ticket.id}")]
    assert acts[0] == "ticket_finished"
    assert acts[-1] == "ticket_called"


def _seconds(number: int) -> Any:
    from datetime import timedelta

    return timedelta(seconds=number)


async def test_a_press_sent_twice_is_one_press(console: Stage) -> None:
    await console.staff()
    first, second = await joined(console, "a"), await joined(console, "b")
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    one = await press(sitter, path, "call", key="press-0001")
    console.clock.forward(_seconds(60))
    again = await press(sitter, path, "call", key="press-0001")
    assert one["said"] == again["said"] == f"已呼叫 {first.number}。"
    both = await asyncio.gather(
        *(press(sitter, path, "finish_and_call", first.id, key="press-0002") for _ in range(4))
    )
    assert {done["said"] for done in both} == {f"已呼叫 {second.number}。"}
    async with console.session() as session:
        board = await queue.board(session, "main", now=console.clock())
    assert [call.number for call in board.calls] == [first.number, second.number]


async def test_a_button_that_was_meant_for_another_ticket_does_nothing(console: Stage) -> None:
    await console.staff()
    first, second = await joined(console, "a"), await joined(console, "b")
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    await press(sitter, path, "call", key="press-0001")
    await press(sitter, path, "finish_and_call", first.id, key="press-0002")
    stale = await press(sitter, path, "pass", first.id)
    assert stale["wrong"]
    window = await window_of(console)
    assert window.ticket is not None
    assert window.ticket.number == second.number


async def test_aside_passed_and_handed_on_are_found_again(console: Stage) -> None:
    await console.staff()
    aside, passed, handed = [await joined(console, name) for name in "abc"]
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    await press(sitter, path, "call", key="press-0001")
    assert "已挂起" in (await press(sitter, path, "hold", aside.id))["said"]
    await press(sitter, path, "call", key="press-0002")
    assert "还能回队里一次" in (await press(sitter, path, "pass", passed.id))["said"]
    await press(sitter, path, "call", key="press-0003")
    assert (await press(sitter, path, "transfer", handed.id))["said"] == "请先选转到哪里。"
    for nowhere in ("group:", "group:ZZ", "window:0", "window:x", "window:²", "7"):
        assert (await press(sitter, path, "transfer", handed.id, to=nowhere))["wrong"], nowhere
    assert "已转走" in (await press(sitter, path, "transfer", handed.id, to="group:B1"))["said"]
    page = await (await sitter.see(path)).text()
    assert f"resume:{aside.id}" in page
    assert f"rejoin:{passed.id}" in page
    assert "回来了" in (await press(sitter, path, f"resume:{aside.id}"))["said"]
    assert "回到队里" in (await press(sitter, path, f"rejoin:{passed.id}"))["said"]
    done = await press(sitter, path, "call", key="press-0004")
    assert done["said"] == f"已呼叫 {aside.number}。"


async def test_without_scripts_the_same_buttons_work(console: Stage) -> None:
    await console.staff()
    ticket = await joined(console, "a")
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    response = await sitter.send(f"{path}/act", do="call", ticket="", key="press-0001")
    assert response.headers["Location"] == path
    page = await (await sitter.see(path)).text()
    assert f"已呼叫 {ticket.number}。" in page
    assert f'<p class="number">{ticket.number}</p>' in page
    response = await sitter.send(f"{path}/act", do="close")
    assert response.headers["Location"] == path
    assert "还在窗口" in await (await sitter.see(path)).text()
    await sitter.send(f"{path}/act", do="finish", ticket=str(ticket.id))
    response = await sitter.send(f"{path}/act", do="close")
    assert response.headers["Location"] == "/console/counter?choose"


async def test_paused_it_calls_nobody_and_says_how_to_go_on(console: Stage) -> None:
    await console.staff()
    await joined(console, "a")
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    assert (await press(sitter, path, "pause"))["said"] == "请先选暂停的原因。"
    paused = await press(sitter, path, "pause", reason="短暂离开")
    assert "暂停:短暂离开" in paused["html"]
    refused = await press(sitter, path, "call", key="press-0001")
    assert refused["said"] == "窗口暂停着,先恢复(按 8)。"
    assert "恢复服务" in (await press(sitter, path, "go_on"))["said"]
    assert not (await press(sitter, path, "call", key="press-0002"))["wrong"]


async def test_only_the_windows_people_act_there_a_supervisor_may_pause_and_close_it(console: Stage) -> None:
    for login, role in (("li.na", Role.CLERK), ("zhao", Role.CLERK), ("boss", Role.SUPERVISOR)):
        await console.staff(login, role)
    await console.staff("away", hall="branch")
    ticket = await joined(console, "a")
    owner, other, boss, away = [await console.logged_in(one) for one in ("li.na", "zhao", "boss", "away")]
    path = await opened(console, owner)
    await press(owner, path, "call", key="press-0001")
    assert (await press(other, path, "finish", ticket.id))["said"] == "这个窗口现在由别人在用。"
    assert (await press(other, path, "pause", reason="x"))["status"] == 403
    assert "href" not in (await press(away, path, "pause", reason="x")).get("html", "")
    assert (await window_of(console)).state == "open"
    assert (await press(boss, path, "pause", reason="开会"))["said"] == "A 区 5 号窗口 已暂停:开会。"
    await press(owner, path, "go_on")
    await press(owner, path, "stand_in", to_staff="zhao")
    assert "办结" in (await press(other, path, "finish", ticket.id))["said"]
    response = await other.send("/console/counter/open", group=GROUP, name="A 区 5 号窗口")
    assert response.status == 303
    third = await console.logged_in("boss")
    response = await third.send("/console/counter/open", group=GROUP, name="A 区 5 号窗口")
    assert response.headers["Location"] == "/console/counter?choose"
    assert "已经有人开了" in await (await third.see("/console/counter?choose")).text()


async def test_nonsense_is_refused_in_words(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    assert (await press(sitter, path, "explode"))["status"] == 400
    for ticket in ("-1", "9" * 30, "x", "²"):
        assert (await press(sitter, path, f"finish:{ticket}"))["wrong"]
    ticket_here = await joined(console, "a")
    for goal in ("", "window:x", "window:²", "group:", "window:" + "9" * 30, "group:ZZ", "elsewhere:1"):
        assert (await press(sitter, path, "transfer", ticket_here.id, to=goal))["wrong"], goal
    response = await sitter.send("/console/counter/open", group="ZZ", name="x")
    assert response.headers["Location"] == "/console/counter?choose"
    response = await sitter.send("/console/counter/open", group=GROUP, name=" ")
    assert response.headers["Location"] == "/console/counter?choose"
    assert (await sitter.see("/console/counter/999999")).headers["Location"] == "/console/counter?choose"


async def test_tickets_of_another_hall_are_out_of_a_windows_reach(console: Stage) -> None:
    await console.staff()
    async with console.session() as session:
        terms = QueueTerms(console.clock())
        other = next(hall for hall in console.view.halls.values() if hall.code != "main")
        group = console.view.counters_of(other.code)[0].group
        window = await queue.open_window(
            session, hall=other.code, group=group, name="x", by="wang", terms=terms
        )
        waiting = await queue.join(session, hall=other.code, group=group, openid="a", terms=terms)
        called = await queue.call_next(session, window_id=window.id, by="wang", terms=terms)
        assert called is not None
        await queue.hold_ticket(session, window_id=window.id, by="wang", ticket_id=called.id, terms=terms)
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    for do in ("resume", "rejoin", "transfer", "finish", "pass"):
        done = await press(sitter, path, do, waiting.id, to=f"group:{group}")
        assert done["wrong"], do
    async with console.session() as session:
        (held,) = (await queue.board(session, other.code, now=console.clock())).held
    assert held.number == waiting.number


async def test_the_stream_sends_whole_snapshots_and_ends_with_the_session(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    path = await opened(console, sitter)
    async with sitter.client.get(f"{path}/live") as stream:
        assert stream.content_type == "text/event-stream"
        first = await _event(stream)
        ticket = await joined(console, "a")
        await console.live.publish("queue:main")
        second = await _event(stream)
        assert second["revision"] > first["revision"]
        assert ticket.number in second["html"]
        assert "form_token" not in second["html"]
        await sitter.send("/console/logout")
        await console.live.publish("queue:main")
        assert await _named(stream) == "gone"
    response = await sitter.client.get(f"{path}/live?ask", headers=DATA, allow_redirects=False)
    assert response.status == 401


async def test_a_screen_needs_its_link_or_a_log_in_and_shows_nobodys_data(console: Stage) -> None:
    await console.staff("boss", Role.SUPERVISOR)
    ticket = await joined(console, "openid-of-somebody")
    boss, screen = await console.logged_in("boss"), console.browser()
    assert (await screen.see("/console/display/main")).status == 403
    assert (await screen.see("/console/display/main?key=guess")).status == 403
    assert (await boss.see("/console/display/main")).status == 200
    await boss.see("/console/displays")
    response = await boss.send("/console/displays/make", name="一楼东")
    link = (await response.text()).split('value="http://127.0.0.1:8080')[1].split('"')[0]
    response = await screen.see(link)
    assert response.status == 200
    assert (await screen.see(link.replace("/main", "/branch"))).status == 403
    path = await opened(console, boss)
    async with screen.client.get(link.replace("?", "/live?")) as stream:
        await _event(stream)
        await press(boss, path, "call", key="press-0001")
        shown = await _event(stream)
        assert shown["calls"][-1]["say"] == "请 A 二 零 零 一 号,到 A 区 5 号窗口"
        assert ticket.number in shown["html"]
        assert "openid" not in json.dumps(shown)
        page = await (await boss.see("/console/displays")).text()
        number = page.split('name="display" value="')[1].split('"')[0]
        await boss.send("/console/displays/revoke", display=number)
        assert await _named(stream) == "gone"
    assert (await screen.see(link)).status == 403


async def _event(stream: Any) -> dict[str, Any]:
    """The next snapshot."""
    async with asyncio.timeout(5):
        while True:
            line = (await stream.content.readline()).decode()
            if line.startswith("data: {") and line != "data: {}\n":
                return dict(json.loads(line.removeprefix("data: ")))


async def _named(stream: Any) -> str:
    """The name of the next event that is no snapshot and no heartbeat."""
    async with asyncio.timeout(5):
        while True:
            line = (await stream.content.readline()).decode()
            if line.startswith("event: ") and line != "event: here\n":
                return line.removeprefix("event: ").strip()


async def test_before_there_is_a_hall_the_pages_say_what_is_missing(console: Stage) -> None:
    from types import SimpleNamespace

    await console.staff("boss", Role.ADMIN, hall="")
    boss = await console.logged_in("boss")
    object.__setattr__(console.house, "library", SimpleNamespace(view=CatalogueView.of([])))
    for path in ("/console/counter", "/console/displays"):
        response = await boss.see(path)
        assert response.status == 200
        assert "还没有大厅" in await response.text()


@pytest.mark.parametrize(
    ("group", "windows"),
    [
        ("A 区 5–7 号窗口", ["A 区 5 号窗口", "A 区 6 号窗口", "A 区 7 号窗口"]),
        ("B 区 3 号窗口", ["B 区 3 号窗口"]),
        ("综合受理", ["综合受理"]),
        ("A 区 9–2 号窗口", ["A 区 9–2 号窗口"]),
        ("1-999 号窗口", ["1-999 号窗口"]),
    ],
)
def test_the_windows_of_a_group_are_read_from_its_name(group: str, windows: list[str]) -> None:
    assert window_names(group) == windows


def test_a_number_is_said_figure_by_figure() -> None:
    assert call_words("A012", "5 号窗口") == "请 A 零 一 二 号,到 5 号窗口"
