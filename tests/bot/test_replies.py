from __future__ import annotations

import re

from bot.choices import Choice
from bot.replies import Utterance, render

TWO = (Choice("材料明细", "/ask_materials"), Choice("流程", "/ask_process"))


def test_short_choices_stand_in_one_line_behind_the_answer() -> None:
    rendered = render([Utterance("带身份证。", TWO)], key="k", tappable=False)
    assert rendered.parts == ("带身份证。\n\n回复 1 材料明细 2 流程",)
    assert rendered.choices is not None
    assert rendered.choices.choices == TWO


def test_long_choices_stand_one_a_line() -> None:
    long = tuple(Choice(f"居民身份证到期换领(跨省通办){n}", f"/x{n}") for n in range(4))
    text = render([Utterance("您问的是哪一件?", long)], key="k", tappable=False).parts[0]
    assert text.splitlines()[2:] == ["回复数字选一项:", *[f"{n} {c.title}" for n, c in enumerate(long, 1)]]


def test_choices_of_several_utterances_are_numbered_through_and_doubles_dropped() -> None:
    rendered = render(
        [Utterance("一。", TWO), Utterance("二。", (*TWO, Choice("预约", "/book")))], key="k", tappable=False
    )
    assert rendered.parts[0].endswith("回复 1 材料明细 2 流程 3 预约")


def test_tappable_choices_are_links_that_carry_their_id() -> None:
    rendered = render([Utterance("带身份证。", TWO)], key="k9", tappable=True)
    links = re.findall(
        r'<a href="weixin://bizmsgmenu\?msgmenucontent=(.*?)&msgmenuid=(.*?)">(.*?)</a>', rendered.parts[0]
    )
    assert links == [("材料明细", "k9.1", "1 材料明细"), ("流程", "k9.2", "2 流程")]


def test_a_title_cannot_break_out_of_its_link() -> None:
    rendered = render([Utterance("", (Choice('"><a href="http://evil">', "/x"),))], key="k", tappable=True)
    assert "http://evil" in rendered.parts[0]
    assert rendered.parts[0].count("<a ") == 1
    assert rendered.parts[0].count('"') == 2


def test_an_answer_without_words_has_no_parts() -> None:
    assert render([], key="k", tappable=True).parts == ()


def test_a_long_answer_is_split_and_its_choices_come_last() -> None:
    rendered = render([Utterance("长句子。" * 400, TWO)], key="k", tappable=True)
    assert len(rendered.parts) > 1
    assert all(len(part) <= 600 for part in rendered.parts)
    assert "流程" in rendered.parts[-1]
