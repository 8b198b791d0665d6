"""Which halls a text names, by what tells them apart (东门, 分厅). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hall.catalogue.view import CatalogueView
from hall.centres.schema import Hall

# What the names of halls have in common, and what stands behind the part that tells them apart.
_GENERIC = re.compile(r"区|政务服务中心|便民服务|街道|·")
_KINDS = ("主厅", "分厅")
_TAIL = "(?:街道)?(?:便民)?(?:服务)?(?:分?厅|大厅|站|中心|点|那边|那里|那儿)?"


def named_halls(view: CatalogueView, text: str) -> tuple[Hall, ...]:
    """The halls that a text names, in the catalogue's order."""
    return tuple(hall for hall in view.halls.values() if any(mark in text for mark in _marks(hall, view)))


def without_halls(view: CatalogueView, text: str) -> str:
    """The text with the names of halls blanked, character by character: they name no item."""
    for hall in view.halls.values():
        for mark in _marks(hall, view):
            if mark in text:
                text = re.sub(re.escape(mark) + _TAIL, lambda found: " " * len(found.group()), text)
    return text


def _marks(hall: Hall, view: CatalogueView) -> Iterator[str]:
    """The parts of the hall's name that no department or topic shares (不动产 names a matter, not a hall)."""
    for mark in _GENERIC.split(hall.name):
        if len(mark) >= 2 and not _is_a_matter(mark, view):
            yield mark
    kind = hall.name[-2:]
    if kind in _KINDS and sum(other.name.endswith(kind) for other in view.halls.values()) == 1:
        yield kind


def _is_a_matter(mark: str, view: CatalogueView) -> bool:
    return any(mark in name for names in (view.by_department(), view.by_topic()) for name in names)
