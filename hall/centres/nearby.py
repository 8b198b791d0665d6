"""Which hall is nearer (就近办). Pure; positions in degrees (GCJ-02, as in WeChat), distances in metres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from hall.centres.schema import Hall

_EARTH_METRES = 6_371_008.8  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Nearby:
    """A hall and how far it is, in metres as the crow flies."""

    hall: Hall
    metres: float


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance of two positions in metres, along the great circle."""
    north, other_north = radians(latitude), radians(other_latitude)
    rise = sin((other_north - north) / 2) ** 2
    run = cos(north) * cos(other_north) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(min(1.0, rise + run)))


def nearest(halls: Iterable[Hall], latitude: float, longitude: float) -> tuple[Nearby, ...]:
    """The halls whose position is known, the nearest first."""
    found = [
        Nearby(hall, distance(latitude, longitude, hall.latitude, hall.longitude))
        for hall in halls
        if hall.latitude is not None and hall.longitude is not None
    ]
    return tuple(sorted(found, key=lambda near: near.metres))
