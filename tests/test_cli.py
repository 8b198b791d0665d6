"""The commands as an operator types them; each works on a data directory of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import server
from bot.cli import build
from hall.catalogue.service import keep_question
from hall.db import create_engine, create_sessions

ITEMS = [
    {
        "code": "T-1",
        "name": "居民身份证到期换领",
        "department": "公安局",
        "aliases": ["身份证过期", "换身份证"],
    },
    {"code": "T-2", "name": "结婚登记", "department": "民政局", "aliases": ["领证", "登记结婚"]},
]

Banshi = Callable[..., Result]


@pytest.fixture
def banshi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Banshi:
    monkeypatch.setenv("BANSHI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("BANSHI_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("BANSHI_LOG_LEVEL", "error")
    group: click.Group = build(server)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(group, arguments)

    return run


@pytest.fixture
def with_items(banshi: Banshi, tmp_path: Path) -> Banshi:
    """A desk with a migrated database and two items."""
    file = tmp_path / "items.json"
    file.write_text(json.dumps(ITEMS, ensure_ascii=False), encoding="utf-8")
    result = banshi("catalogue", "import", str(file))
    assert result.exit_code == 0, result.output
    return banshi


def test_import_says_what_it_did(with_items: Banshi, tmp_path: Path) -> None:
    result = with_items("catalogue", "import", str(tmp_path / "items.json"))
    assert "新增 0 项" in result.output
    assert "没有变化 2 项" in result.output


def test_export_gives_back_what_import_took(with_items: Banshi, tmp_path: Path) -> None:
    for name in ("out.json", "out.csv", "out.xlsx"):
        exported = with_items("catalogue", "export", str(tmp_path / name))
        assert exported.exit_code == 0, exported.output
        again = with_items("catalogue", "import", str(tmp_path / name))
        assert "没有变化 2 项" in again.output, again.output


def test_a_wrong_row_is_named_and_nothing_is_taken(with_items: Banshi, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("code,name,promised_limit\nT-3,新的,5\nT-4,,三十二天半\n", encoding="utf-8")
    result = with_items("catalogue", "import", str(file))
    assert result.exit_code == 1
    assert "第 3 行" in result.output
    assert "什么都没有导入" in result.output
    assert "T-3" not in with_items("find", "新的").output


@pytest.mark.parametrize("kind", ["directory", "binary", "gbk", "missing", "empty"])
def test_a_file_that_is_none_is_refused_in_a_line(with_items: Banshi, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "broken.json"
    if kind == "directory":
        file.mkdir()
    elif kind == "binary":
        file.write_bytes(bytes(range(256)) * 10)
    elif kind == "gbk":
        file.write_bytes('[{"code": "T-9", "name": "换证"}]'.encode("gbk"))
    elif kind == "empty":
        file.touch()
    result = with_items("catalogue", "import", str(file))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.output.startswith("Error: ")


def test_find_names_items(with_items: Banshi) -> None:
    result = with_items("find", "身份证过期了", "--json")
    assert json.loads(result.output)[0]["code"] == "T-1"


def test_check_lists_what_is_thin(with_items: Banshi) -> None:
    result = with_items("catalogue", "check")
    assert result.exit_code == 1
    assert "T-1" in result.output


def test_evaluate_search_prints_figures_and_misses(with_items: Banshi, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"q": "身份证过期", "gold": ["T-1"]}\n{"q": "领证", "gold": ["T-1"]}\n', encoding="utf-8"
    )
    result = with_items("evaluate", "search", str(questions))
    assert "recall@1 50.0" in result.output
    assert "领证" in result.output


def test_evaluate_names_the_line_that_is_wrong(with_items: Banshi, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"q": "身份证过期", "gold": ["T-1"]}\nnonsense\n', encoding="utf-8")
    result = with_items("evaluate", "search", str(questions))
    assert result.exit_code == 1
    assert ":2:" in result.output


def test_doctor_says_what_is_missing_and_what_to_run(banshi: Banshi) -> None:
    result = banshi("doctor")
    assert result.exit_code == 1
    lines = dict(line.split("  ", 1)[::-1] for line in result.output.splitlines())
    states = {rest.split(":")[0]: state for rest, state in lines.items()}
    assert states["数据库"] == "有问题"
    assert states["模型"] == "有问题"
    assert states["Redis"] == "正常"
    assert "banshi prepare" in result.output
    assert len(lines) == 9


def test_activate_refuses_a_model_that_is_not_there(banshi: Banshi) -> None:
    result = banshi("activate", "nothing")
    assert result.exit_code == 1
    assert "banshi models" in result.output


def test_a_wrong_setting_is_one_line(banshi: Banshi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHI_PORT", "99999")
    result = banshi("models")
    assert result.exit_code == 1
    assert "BANSHI_PORT" in result.output
    assert len(result.output.strip().splitlines()) == 1


@pytest.mark.model
def test_ask_answers_like_the_account_would(
    with_items: Banshi, monkeypatch: pytest.MonkeyPatch, trained: Path
) -> None:
    monkeypatch.setenv("BANSHI_MODEL_DIR", str(trained))
    result = with_items("ask", "身份证过期了怎么换", "--json")
    assert result.exit_code == 0, result.output
    assert "居民身份证到期换领" in json.loads(result.output)["parts"][0]


def test_an_alias_is_found_at_once(with_items: Banshi) -> None:
    assert "新增 1 个别名" in with_items("catalogue", "alias", "T-2", "扯证").output
    assert json.loads(with_items("find", "扯证", "--json").output)[0]["code"] == "T-2"
    assert "新增 0 个别名" in with_items("catalogue", "alias", "T-2", "扯证").output
    assert with_items("catalogue", "alias", "T-9", "扯证").exit_code == 1


def test_a_withdrawn_item_is_not_found_until_it_is_restored(with_items: Banshi) -> None:
    assert with_items("catalogue", "withdraw", "T-2").exit_code == 0
    assert "T-2" not in with_items("find", "领证").output
    assert with_items("catalogue", "withdraw", "T-2", "--undo").exit_code == 0
    assert "T-2" in with_items("find", "领证").output


def test_a_centre_is_taken_and_a_second_time_changes_nothing(with_items: Banshi) -> None:
    centre = str(Path(__file__).parent.parent / "data" / "catalogue" / "centre.json")
    assert "新增" in with_items("catalogue", "centre", centre).output
    assert "没有变化" in with_items("catalogue", "centre", centre).output


def test_kept_questions_are_listed(with_items: Banshi, tmp_path: Path) -> None:
    assert "没有留下的问题" in with_items("catalogue", "questions").output
    asyncio.run(_keep("养一头大象要什么证", f"sqlite:///{tmp_path / 'var' / 'banshi.db'}"))
    assert "养一头大象要什么证" in with_items("catalogue", "questions").output


async def _keep(text: str, url: str) -> None:
    engine = create_engine(url)
    async with create_sessions(engine).begin() as session:
        await keep_question(session, text, datetime.now(UTC))
    await engine.dispose()
