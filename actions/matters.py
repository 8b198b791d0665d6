"""What people call the matters of a centre (社保, 户口): topics and departments, with their items. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView


@dataclass(frozen=True, slots=True)
class Matter:
    """A topic or a department by its name, and its items."""

    name: str
    items: tuple[Item, ...]
    is_topic: bool


def short_names(department: str) -> tuple[str, ...]:
    """What people call a department: 公积金 for 公积金中心; 自然资源 and 不动产 for 自然资源局(不动产)."""
    names = [part.rstrip(")") for part in department.split("(")]
    return tuple(name.removesuffix("局").removesuffix("中心") for name in names if name)


def words(view: CatalogueView) -> Iterator[tuple[str, Matter]]:
    """Every word for a matter that has items; topics before departments."""
    for topic in view.topics:
        items = view.by_topic().get(topic.name, ())
        for word in (topic.name, *topic.aliases) if items else ():
            yield word, Matter(topic.name, items, is_topic=True)
    for department, items in view.by_department().items():
        for word in short_names(department):
            yield word, Matter(department, items, is_topic=False)


def named(view: CatalogueView, text: str, around: str = "") -> Matter | None:
    """The matter that `text` names and hardly anything else: at most single characters of `around`."""
    found = [
        (len(word), matter)
        for word, matter in words(view)
        if word in text and not text.replace(word, "", 1).strip(f"{around} ")
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def speaks_of_any(view: CatalogueView, text: str, *, but: frozenset[str] = frozenset()) -> bool:
    """Whether `text` holds a word for a matter, other than those in `but`."""
    return any(word in text for word, _ in words(view) if word not in but)
