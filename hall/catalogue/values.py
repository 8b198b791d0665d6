"""The values of a catalogue field, read leniently where the meaning is clear and refused where it is not.

Catalogues come out of spreadsheets and portals: a number may be text, a flag may be 是, a coded value may
be its national number. A refusal is one sentence in Chinese, for the clerk who mends the file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

MAX_TEXT = 20_000
MAX_LINE = 300
MAX_LIST = 300
MAX_COUNT = 1_000_000

# Everything a database or a page cannot carry: NUL and its like, lone surrogates, non-characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SEPARATORS = re.compile(r"[;；\r\n]+")
_NUMBER = re.compile(r"(\d+)(?:\.0+)?\s*(?:份|次|个|天|日|个工作日|工作日|号|人)?")
_NOTHING = frozenset({"", "无", "/", "-", "—", "null", "none", "无。"})
_NUMERALS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_YES = frozenset({"是", "支持", "可", "可以", "能", "有", "true", "yes", "y", "1", "√"})
_NO = frozenset({"否", "不支持", "不可", "不可以", "不能", "无", "没有", "false", "no", "n", "0", "×"})
_SCRIPT_LINK = re.compile(r"\s*(javascript|data|vbscript|file)\s*:", re.IGNORECASE)


def refused(reason: str) -> PydanticCustomError:
    """A refusal with its sentence in Chinese; braces in it are taken literally."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


def text(value: object) -> object:
    """Text as it is stored: trimmed, with plain line ends; numbers become text, null becomes empty."""
    if type(value) is str and value.isprintable() and value[:1] != " " != value[-1:]:
        return value  # nearly all of a catalogue: one line of plain characters
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise refused("应是文字")
    words = value if isinstance(value, str) else _plain(value)
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").strip()
    if found := _UNSTORABLE.search(words):
        raise refused(f"含有不可见的控制字符(U+{ord(found.group()):04X})")
    return words


def _plain(value: int | float | date) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return str(value)


def line(value: object) -> object:
    """Text of one line: what breaks or doubles a space in it becomes one space."""
    words = text(value)
    if not isinstance(words, str) or (words.isprintable() and "  " not in words):
        return words
    return " ".join(words.split())


def code(value: object) -> object:
    """A code: full-width letters and digits become plain ones; spaces at the ends are dropped."""
    words = line(value)
    return unicodedata.normalize("NFKC", words).strip() if isinstance(words, str) else words


def link(value: object) -> object:
    """A link or a path; 无 is none. A link that would run a script is refused."""
    words = line(value)
    if isinstance(words, str) and _SCRIPT_LINK.match(words):
        raise refused("不是可以打开的网址")
    return "" if isinstance(words, str) and words.lower() in _NOTHING else words


def count(value: object) -> object:
    """A whole number, not negative: 3, 3.0, "3", "3份", 两份; empty and null are none; 无 is 0."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        raise refused("应是数字")
    if isinstance(value, str):
        return _written_count(unicodedata.normalize("NFKC", value).strip())
    if not isinstance(value, int | float) or value != value or not float(value).is_integer():
        raise refused("应是整数")
    return int(value)


def _written_count(words: str) -> int:
    if words == "无":
        return 0
    if words[0] in _NUMERALS and re.fullmatch(r".[份次个天日]?", words):
        return _NUMERALS[words[0]]
    if words.startswith("-"):
        raise refused("不能是负数")
    found = _NUMBER.fullmatch(words)
    if not found or len(found.group(1)) > 9:
        raise refused(f"应是数字,写的是“{words[:20]}”")
    return int(found.group(1))


def flag(value: object) -> object:
    """Yes or no: true, 1, 是, 支持 …; empty and null are unknown."""
    if value is None or isinstance(value, bool):
        return value
    words = str(value).strip().lower()
    if not words:
        return None
    if words in _YES or words in _NO:
        return words in _YES
    raise refused(f"应写“是”或“否”,写的是“{words[:20]}”")


def texts(value: object) -> object:
    """A list of texts without repeats; one text is split at semicolons and line ends."""
    if value is None:
        return ()
    parts: Iterable[Any]
    if isinstance(value, str):
        parts = _SEPARATORS.split(value)
    elif isinstance(value, list | tuple):
        parts = value
    else:
        raise refused("应是列表,或用“；”隔开的文字")
    return tuple(dict.fromkeys(filter(None, map(text, parts))))


def day(value: object) -> object:
    """A calendar day: 2026-10-08, 2026/10/8, 2026.10.8, 20261008, 2026年10月8日."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = unicodedata.normalize("NFKC", str(value)).strip().split(" ")[0].split("T")[0]
    found = re.fullmatch(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?", words)
    if not found:
        raise refused(f"应是日期,如 2026-10-08,写的是“{words[:20]}”")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise refused(f"没有这一天:{words[:20]}") from None


def said(read: Callable[[object], object]) -> Callable[[object], object]:
    """The same reader where a value is required."""

    def required(value: object) -> object:
        if (found := read(value)) is None:
            raise refused("没有填写")
        return found

    return required


def coded(names: Mapping[str, str], *, only: bool = False) -> Callable[[object], object]:
    """A reader of a coded value: a national number or a synonym becomes its name.

    With `only`, what is neither a number nor a name of the list is refused.
    """
    allowed = frozenset(names.values())

    def read(value: object) -> object:
        words = line(value)
        if not isinstance(words, str) or not words or words in allowed:
            return words
        if (name := names.get(words) or names.get(words.lstrip("0"))) is not None:
            return name
        if only:
            raise refused(f"应是{'、'.join(dict.fromkeys(names.values()))}之一,写的是“{words[:20]}”")
        return words

    return read


def entries(key: str) -> Callable[[object], object]:
    """A reader of a list of objects: null and 无 are empty, a text is an object with it as `key`."""

    def read(value: object) -> object:
        if value is None or (isinstance(value, str) and value.strip() in _NOTHING):
            return ()
        if isinstance(value, Mapping):
            value = [value]
        if isinstance(value, str):
            value = [part for part in _SEPARATORS.split(value) if part.strip()]
        if not isinstance(value, list | tuple):
            raise refused("应是列表")
        listed = [{key: entry} if isinstance(entry, str) else entry for entry in value]
        return tuple(entry for entry in listed if not _is_nothing(entry, key))

    return read


def _is_nothing(entry: object, key: str) -> bool:
    """Portals write a material called 无 where there is none."""
    return isinstance(entry, Mapping) and str(entry.get(key, "")).strip() in _NOTHING and _bare(entry, key)


def _bare(entry: Mapping[str, object], key: str) -> bool:
    return all(name == key or value in (None, "", 0) for name, value in entry.items())


def choices_by_circumstance(value: object) -> object:
    """`when`: the choices by circumstance; one choice may stand without a list."""
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise refused('应写成 {"情形": ["选项", …]}')
    read = {str(line(name)): texts(chosen) for name, chosen in value.items()}
    for name, chosen in read.items():
        if not name or not chosen:
            raise refused(f"情形“{name}”没有写选项")
    return read


_OWN_KEY = re.compile(r"x_[\w.\-]{1,60}")


def own_fields(value: object) -> object:
    """Fields of a centre's own (``x_…``): any JSON, bounded, without what cannot be stored."""
    if not isinstance(value, Mapping):
        raise refused("应是一个对象")
    for name, content in value.items():
        if not _OWN_KEY.fullmatch(str(name)):
            raise refused(f"自用字段名只能用 x_ 加文字、数字和 . _ -,写的是“{str(name)[:30]}”")
        try:
            written = json.dumps(content, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise refused(f"自用字段 {name} 不是合法的 JSON") from None
        if len(written) > MAX_TEXT or _UNSTORABLE.search(written) or "\\u0000" in written:
            raise refused(f"自用字段 {name} 太长或含有控制字符")
    return dict(value)


OwnFields = Annotated[dict[str, Any], BeforeValidator(own_fields)]
Text = Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(text)]
Line = Annotated[str, Field(max_length=MAX_LINE), BeforeValidator(line)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_LINE), BeforeValidator(line)]
Identifier = Annotated[str, Field(min_length=1, max_length=60), BeforeValidator(code)]
Code = Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$"), BeforeValidator(code)]
OptionalCode = Annotated[str, Field(max_length=100), BeforeValidator(code)]
Link = Annotated[str, Field(max_length=2000), BeforeValidator(link)]
Count = Annotated[int | None, Field(ge=0, le=MAX_COUNT), BeforeValidator(count)]
Flag = Annotated[bool | None, BeforeValidator(flag)]
Day = Annotated[date | None, BeforeValidator(day)]
RequiredFlag = Annotated[bool, BeforeValidator(said(flag))]
RequiredDay = Annotated[date, BeforeValidator(said(day))]
Texts = Annotated[tuple[str, ...], Field(max_length=MAX_LIST), BeforeValidator(texts)]
When = Annotated[dict[str, tuple[str, ...]], Field(max_length=20), BeforeValidator(choices_by_circumstance)]
