"""Pairs drawn as a mixture of kinds, at the rates that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.groups import Groups
from detaux.data.pairs import Draw


@dataclass(frozen=True, kw_only=True, slots=True)
class MixedPairs:
    """Draws each pair from one of several kinds, by their chances."""

    draws: Sequence[Draw]
    """One a kind."""
    chances: Sequence[float]
    """Chance of each kind; they sum to 1, and a kind of chance 0 is never drawn."""
    device: torch.device | str
    """Where the places go."""

    def sample(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw pairs; see `PairSampler.sample`."""
        kinds = torch.multinomial(torch.tensor(self.chances), count, replacement=True, generator=generator)
        places = torch.empty((2, count), dtype=torch.long)
        for kind, draw in enumerate(self.draws):
            chosen = kinds == kind
            if num_chosen := int(chosen.sum()):
                places[:, chosen] = torch.stack(draw(num_chosen, generator))
        first, second = places.to(self.device)
        return first, second


def check_rate(principal_change_rate: float) -> None:
    """Check that the rate is a share.

    Raises:
        ValueError: If it is outside [0, 1].
    """
    if not 0 <= principal_change_rate <= 1:
        raise ValueError(f"principal_change_rate must lie in [0, 1], found {principal_change_rate}")


def pairs_by_label(
    groups: Groups, draw_changed: Draw, principal_change_rate: float, device: torch.device | str
) -> MixedPairs:
    """Mix pairs of different principal labels with pairs of the same.

    Args:
        groups: The pool's places by principal label.
        draw_changed: Draws the pairs whose labels differ.
        principal_change_rate: Share of those pairs, in [0, 1].
        device: Where the places go.

    Raises:
        ValueError: If the rate is outside [0, 1].
        DataError: If the pool has no pair of a kind that the rate asks for.
    """
    check_rate(principal_change_rate)
    if principal_change_rate > 0:
        check_unlike(groups)
    if principal_change_rate < 1:
        check_alike(groups)
    chances = (principal_change_rate, 1 - principal_change_rate)
    return MixedPairs(draws=(draw_changed, groups.draw_alike), chances=chances, device=device)


def pairs_by_factor(
    draws: Mapping[str, Draw],
    names: Sequence[str],
    num_images: int,
    *,
    principal: Sequence[str],
    principal_change_rate: float,
    device: torch.device | str,
) -> MixedPairs:
    """Mix pairs that differ in one principal factor alone with pairs that differ in one other factor alone.

    Args:
        draws: Draws the pairs of a factor, for each factor in which some two images differ alone; the principal
            ones are equally likely, and so are the others.
        names: All factors of which one may change.
        num_images: In the pool.
        principal: Which of them make the principal class.
        principal_change_rate: Share of pairs whose principal classes differ, in [0, 1].
        device: Where the places go.

    Raises:
        ValueError: If the rate is outside [0, 1].
        DataError: If the pool has no pair of a kind that the rate asks for.
    """
    check_rate(principal_change_rate)
    others = [name for name in names if name not in principal]
    chosen: list[Draw] = []
    chances: list[float] = []
    for kind, rate in ((principal, principal_change_rate), (others, 1 - principal_change_rate)):
        if rate > 0:
            kinds = [draws[name] for name in kind if name in draws]
            if not kinds:
                raise DataError(
                    f"no two of the {num_images} images in the pool differ in one of {list(kind)} alone; "
                    "use a larger pool or the pairing 'random', or set principal_change_rate to 0 or 1"
                )
            chosen += kinds
            chances += [rate / len(kinds)] * len(kinds)
    return MixedPairs(draws=chosen, chances=chances, device=device)


def check_alike(groups: Groups) -> None:
    """Check that two places share a group.

    Raises:
        DataError: If none do.
    """
    if not groups.num_paired:
        raise DataError(
            f"no two of the {len(groups.order)} images in the pool share a class; "
            "use a larger pool, or set principal_change_rate to 1"
        )


def check_unlike(groups: Groups) -> None:
    """Check that two places differ in their group.

    Raises:
        DataError: If all are in one.
    """
    if len(groups.start) == 1:
        raise DataError(
            f"all {len(groups.order)} images in the pool are of one class; "
            "use a pool of several, or set principal_change_rate to 0"
        )
