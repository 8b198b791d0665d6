from __future__ import annotations

import pytest

from hall.centres.nearby import distance, nearest
from hall.centres.schema import Hall


def hall(code: str, latitude: float | None, longitude: float | None) -> Hall:
    return Hall(code=code, centre="anlan", name=code, latitude=latitude, longitude=longitude)


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance(31.0, 117.0, 32.0, 117.0) == pytest.approx(111_195, rel=1e-3)
    assert distance(31.0, 117.0, 31.0, 117.0) == 0


def test_the_nearest_hall_comes_first_and_unplaced_ones_are_left_out() -> None:
    halls = [hall("far", 32.0, 117.0), hall("none", None, None), hall("near", 31.01, 117.0)]
    assert [found.hall.code for found in nearest(halls, 31.0, 117.0)] == ["near", "far"]
