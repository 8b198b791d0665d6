"""Chance for the estimate of waiting times: the same draws for the same purpose every time. Pure."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PLAYINGS = 250
NORMAL = NormalDist()
# The normal distribution as a table: shares, and the values that such a share lies below.
GRID = np.linspace(0.0005, 0.9995, 1999)
QUANTILES = np.array([NORMAL.inv_cdf(float(share)) for share in GRID])
_SEED = 20261121


def normals(what: str, rows: int) -> Floats:
    """So many rows of normal draws, the same for the same purpose every time."""
    return _drawn(what, 1 << max(0, rows - 1).bit_length())[0][:rows]


def uniforms(what: str, rows: int) -> Floats:
    """So many rows of shares between 0 and 1, both out of reach; the same every time."""
    return _drawn(what, 1 << max(0, rows - 1).bit_length())[1][:rows]


@lru_cache(maxsize=64)
def _drawn(what: str, rows: int) -> tuple[Floats, Floats]:
    source = np.random.default_rng([_SEED, *what.encode()])
    return source.standard_normal((rows, PLAYINGS)), source.uniform(0.0005, 0.9995, (rows, PLAYINGS))
