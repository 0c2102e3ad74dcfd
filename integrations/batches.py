"""Slices of at most so many: what one call may carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The values in their order, ``size`` at a time."""
    rest = iter(values)
    while batch := tuple(islice(rest, size)):
        yield batch
