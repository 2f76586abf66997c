"""Pairs of images with several labels, of which exactly one changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.groups import draw_below
from detaux.data.mixed_pairs import pairs_by_factor
from detaux.data.pairs import Draw, PairSampler
from detaux.data.principal import factor_columns
from detaux.data.registries import pairings


@pairings.register(
    "group",
    summary="exactly one of the named factors changes, on any labelled images",
    source="Skenderi et al. 2025, arXiv:2310.09278, pairs of FACES",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GroupPairing:
    """Changes exactly one of the named factors: at the given rate a principal one, else one of the others.

    Several images may share their factors, and all that is not named, say the person, falls as it may. Which of the
    principal factors, and which of the others, is drawn uniformly among those in which some two images of the
    pool differ alone. The first image is then uniform among those that have such a partner in the pool, and the
    partner uniform among its partners.

    Source: Skenderi et al. 2025, arXiv:2310.09278, pairs of FACES: gender, age or expression changes, the other two
    agree. Differs in: the factors are an option.
    """

    factors: tuple[str, ...] = ()
    """Factors of which one changes and the others agree, the principal ones among them; () names all."""

    def sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],  # noqa: ARG002 - the protocol's; here the factors say more
        *,
        principal: Sequence[str],
        principal_change_rate: float,
        device: torch.device | str,
    ) -> PairSampler:
        """Make ready to draw pairs; see `Pairing.sampler`.

        Raises:
            DataError: Also if a named factor is unknown, or a principal one not named.
        """
        names = self.factors or dataset.factor_names
        values = dataset.factors(pool)[:, factor_columns(dataset, names)]
        factor_columns(dataset, principal)  # refuses unknown names
        unnamed = [name for name in principal if name not in names]
        if unnamed:
            raise DataError(f"factors names {list(names)}, but not the principal {unnamed}; add them")
        if principal_change_rate < 1 and set(names) <= set(principal):
            raise DataError(
                f"group needs a factor beside the principal {list(principal)} that may change, but {list(names)} are all; "
                "name one in 'factors', use the pairing 'same_class', or set principal_change_rate to 1"
            )
        return pairs_by_factor(
            _single_changes(values, names),
            names,
            len(pool),
            principal=principal,
            principal_change_rate=principal_change_rate,
            device=device,
        )


def _single_changes(values: NDArray[np.int64], names: Sequence[str]) -> dict[str, Draw]:
    """Make a draw for each column of `values`, shape (n, C), in which two places differ alone."""
    layouts = {name: _Layout.of(values, column) for column, name in enumerate(names)}
    return {name: layout.draw for name, layout in layouts.items() if len(layout.slots)}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Layout:
    """The n places of a pool in order of their other columns, then of the one that changes: runs within runs."""

    order: Tensor
    """Place at each slot; of shape (n,) and long, like the next four."""
    start: Tensor
    """Slot where the run of equal other columns begins."""
    size: Tensor
    """Its size."""
    own_end: Tensor
    """How many slots after that the run ends in which the changing column is equal, too."""
    own_size: Tensor
    """Its size."""
    slots: Tensor
    """Slots that have a mate, shape (m,), long."""

    @classmethod
    def of(cls, values: NDArray[np.int64], column: int) -> _Layout:
        """Lay out places by their values, shape (n, C)."""
        order = np.lexsort((values[:, column], *np.delete(values, column, axis=1).T))
        begins = np.diff(values[order], axis=0, prepend=-1) != 0
        start, size = _runs(np.delete(begins, column, axis=1).any(axis=1))
        own_start, own_size = _runs(begins.any(axis=1))
        return cls(
            order=torch.from_numpy(order),
            start=torch.from_numpy(start),
            size=torch.from_numpy(size),
            own_end=torch.from_numpy(own_start + own_size - start),
            own_size=torch.from_numpy(own_size),
            slots=torch.from_numpy(np.flatnonzero(own_size < size)),
        )

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw two places that differ in the column alone, each of shape (count,), long."""
        slot = self.slots[draw_below(len(self.slots), count, generator)]
        size = self.size[slot]
        step = self.own_end[slot] + draw_below(size - self.own_size[slot], count, generator)
        return self.order[slot], self.order[self.start[slot] + step % size]


def _runs(begins: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return start and size of the run that each slot is in, each of shape (n,); the first slot begins one anyhow."""
    begins[:1] = True
    start = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    return start[run], np.diff(start, append=len(begins))[run]
