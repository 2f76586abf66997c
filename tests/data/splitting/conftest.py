"""Small sets to part: a grid, a set of people of uneven numbers of photographs, and a labelled one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.dataset import Dataset, FactorGrid


class BareSet(Dataset):
    """A set of given factors, shape (N, F), without images; its last quarter is the official test part."""

    def __init__(self, **columns: NDArray[np.int64]) -> None:
        self.name = "people"
        self.factor_names = tuple(columns)
        self.value_names = {}
        self.factor_sizes = tuple(int(column.max()) + 1 for column in columns.values())
        self._table = np.stack(list(columns.values()), axis=1)
        first = 3 * len(self) // 4
        self.official_parts = {"train": np.arange(first), "test": np.arange(first, len(self))}

    def __len__(self) -> int:
        return len(self._table)

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        raise NotImplementedError

    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        self.check_index(index)
        return np.asarray(self._table[index])


@pytest.fixture(scope="session")
def bare_set() -> Callable[..., Dataset]:
    return lambda **columns: BareSet(**{name: np.asarray(column) for name, column in columns.items()})


@pytest.fixture(scope="session")
def sets(bare_grid: Callable[..., FactorGrid]) -> Mapping[str, Dataset]:
    draws = np.random.default_rng(0)
    grid = bare_grid(6, 5, 4)
    grid.official_parts = {"train": np.arange(90), "test": np.arange(90, 120)}
    person = draws.permutation(np.repeat(np.arange(30), draws.integers(1, 40, 30)))
    light, gesture = draws.integers(0, 6, len(person)), draws.choice(4, len(person), p=[0.4, 0.3, 0.2, 0.1])
    return {
        "grid": grid,
        "people": BareSet(person=person, light=light, gesture=gesture),
        "labelled": BareSet(**{"class": draws.integers(0, 3, 200)}),
    }
