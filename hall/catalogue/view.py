"""The current catalogue as one frozen snapshot in memory: what a turn of the conversation reads.

A snapshot is taken when the revision has moved (`current_revision` is one small read) and is then shared
by all turns; nothing in it may be changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.calendar.models import PublishedYear
from hall.catalogue.current import Current, Stamp, read_current
from hall.catalogue.revision import current_revision
from hall.catalogue.schema import Item
from hall.centres.opening import Schedule, schedule_of
from hall.centres.schema import Centre, CentreFile, Counter, Hall, Info, LifeEvent, SpecialDay, Topic
from hall.centres.service import load_centre

__all__ = ["CatalogueView", "Place", "current_revision", "load_view"]

# How alike two names are, of 100, for their items to be shown as siblings (新办 / 变更 / 注销 of one matter).
_SIBLING_LIKENESS = 60.0


@dataclass(frozen=True)
class Place:
    """A place where an item is done: the hall, the counter in words, and the counter group if known."""

    hall: Hall
    counter: str
    group: Counter | None = None


@dataclass(frozen=True)
class CatalogueView:
    """The items by code and the centre around them, as of one revision.

    `stamps` say what the items were made of, for the next snapshot.
    """

    items: Mapping[str, Item]
    revision: int = 0
    centres: Mapping[str, Centre] = field(default_factory=dict)
    halls: Mapping[str, Hall] = field(default_factory=dict)
    counters: tuple[Counter, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    published_years: frozenset[int] = frozenset()
    topics: tuple[Topic, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    info: tuple[Info, ...] = ()
    stamps: Mapping[str, Stamp] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, items: Iterable[Item], centre: CentreFile | None = None, *, revision: int = 0
    ) -> CatalogueView:
        """A view of these items and this centre."""
        around = centre or CentreFile()
        return cls(
            items=MappingProxyType({item.code: item for item in items}),
            revision=revision,
            centres=MappingProxyType({entry.code: entry for entry in around.centres}),
            halls=MappingProxyType({hall.code: hall for hall in around.halls}),
            counters=around.counters,
            special_days=around.special_days,
            topics=around.topics,
            life_events=around.life_events,
            info=around.info,
        )

    def get(self, code: str) -> Item | None:
        """The item with this code, or None."""
        return self.items.get(code)

    def centre(self, code: str) -> Centre | None:
        """The centre with this code, or None."""
        return self.centres.get(code)

    def hall(self, code: str) -> Hall | None:
        """The hall with this code, or None."""
        return self.halls.get(code)

    def schedule(self, hall: Hall, counter: Counter | None = None) -> Schedule:
        """The hours of a hall, or of one of its counter groups, with what an admin has set."""
        return schedule_of(hall, self.special_days, counter, published=self.published_years)

    def life_event(self, code: str) -> LifeEvent | None:
        """The life event with this code, or None."""
        return next((event for event in self.life_events if event.code == code), None)

    def by_department(self) -> Mapping[str, tuple[Item, ...]]:
        """The items of each department, the department with most items first."""
        return self._departments

    def by_topic(self) -> Mapping[str, tuple[Item, ...]]:
        """The items of each topic: the centre's topics in its own order, then what else items name."""
        return self._topics

    def siblings(self, code: str, *, limit: int = 5) -> tuple[Item, ...]:
        """Items easily taken for this one: those it names as related, then those of like names.

        Raises KeyError for an unknown code.
        """
        item = self.items[code]
        found = [self.items[other] for other in item.related if other in self.items and other != code]
        for other in self._alike(item):
            if other not in found:
                found.append(other)
        return tuple(found[:limit])

    def counters_of(self, hall: str) -> tuple[Counter, ...]:
        """The counter groups of a hall."""
        return tuple(counter for counter in self.counters if counter.hall == hall)

    def offered_at(self, code: str) -> tuple[Place, ...]:
        """The halls that do this item, as the item says or else by the department's counters.

        Raises KeyError for an unknown code.
        """
        item = self.items[code]
        if item.offered_at:
            return tuple(
                Place(self.halls[offer.hall], offer.counter, self._group(offer.hall, offer.counter, item))
                for offer in item.offered_at
                if offer.hall in self.halls
            )
        return tuple(
            Place(self.halls[counter.hall], counter.name, counter)
            for counter in self.counters
            if item.department in counter.departments and counter.hall in self.halls
        )

    def _group(self, hall: str, name: str, item: Item) -> Counter | None:
        there = self.counters_of(hall)
        named = next((counter for counter in there if name and counter.name == name), None)
        return named or next((counter for counter in there if item.department in counter.departments), None)

    def _alike(self, item: Item) -> list[Item]:
        peers = {other.code: other.name for other in self._departments.get(item.department, ())}
        peers.pop(item.code, None)
        near = process.extract(item.name, peers, scorer=fuzz.ratio, score_cutoff=_SIBLING_LIKENESS, limit=10)
        return [self.items[code] for _, _, code in near]

    @cached_property
    def _departments(self) -> Mapping[str, tuple[Item, ...]]:
        grouped: dict[str, list[Item]] = defaultdict(list)
        for item in self.items.values():
            grouped[item.department].append(item)
        largest = sorted(grouped.items(), key=lambda group: -len(group[1]))
        return MappingProxyType({name: tuple(items) for name, items in largest})

    @cached_property
    def _topics(self) -> Mapping[str, tuple[Item, ...]]:
        grouped: dict[str, list[Item]] = {topic.name: [] for topic in self.topics}
        for item in self.items.values():
            for topic in item.topics:
                grouped.setdefault(topic, []).append(item)
        return MappingProxyType({name: tuple(items) for name, items in grouped.items() if items})


async def load_view(session: AsyncSession, previous: CatalogueView | None = None) -> CatalogueView:
    """The snapshot of what is stored now, under a revision that is never newer than its content.

    Items unchanged since `previous` are taken over from it: a new alias costs no reading of the rest.
    """
    number = await current_revision(session)
    known = Current(previous.items, previous.stamps) if previous is not None else None
    current = await read_current(session, known)
    view = CatalogueView.of(current.items.values(), await load_centre(session), revision=number)
    published = frozenset(await session.scalars(select(PublishedYear.year)))
    return replace(view, stamps=current.stamps, published_years=published)
