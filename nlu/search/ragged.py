"""Rows of different length, one behind the other in one array."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def starts_of(rows: Numbers, count: int) -> Numbers:
    """Where each of `count` rows starts in an array sorted by row, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int64)


def gather(starts: Numbers, chosen: Numbers) -> tuple[Numbers, Numbers]:
    """Places of all that the chosen rows hold, and for each place which of the chosen it belongs to."""
    begin = starts[chosen]
    length = starts[chosen + 1] - begin
    owner = np.repeat(np.arange(len(chosen)), length)
    shift = np.repeat(begin - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.arange(len(owner)) + shift, owner
