"""Points at which one factor is held fixed, drawn from samples at hand in place of a generator of images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.core.seeding import derive_seed

NUM_TRAIN, NUM_TEST, BATCH_SIZE = 10_000, 5_000, 64
"""Points to fit on, points to judge on, draws a point: as in disentanglement_lib."""

_PIECE = 100  # points at once: 50 kB for each coordinate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NumberT = TypeVar("NumberT", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Peers:
    """Samples that share their value of one factor with at least one other; the rest cannot be drawn.

    Args:
        samples: Their positions, sorted by value, shape (M,).
        first: Where in `samples` those of the same value begin, shape (M,).
        size: How many there are of the same value, shape (M,), at least 2.
    """

    samples: Ints
    first: Ints
    size: Ints

    def pairs(self, count: int, generator: np.random.Generator) -> tuple[Ints, Ints]:
        """Draw pairs of two samples of one value, with replacement from pair to pair; values in proportion.

        Returns:
            Positions of the first and of the second, each of shape (count, 64); a pair never holds one sample twice,
            which would give away factors of few samples a value.
        """
        one = generator.integers(len(self.samples), size=(count, BATCH_SIZE))
        first, size = self.first[one], self.size[one]
        other = first + (one - first + generator.integers(1, size)) % size
        return self.samples[one], self.samples[other]

    def batches(self, count: int, generator: np.random.Generator) -> Ints:
        """Draw batches of one value each, with replacement; values in proportion.

        Returns:
            Positions, shape (count, 64).
        """
        start = generator.integers(len(self.samples), size=(count, 1))
        member = generator.integers(0, self.size[start], size=(count, BATCH_SIZE))
        return np.asarray(self.samples[self.first[start] + member])


def find_peers(factors: Labels) -> list[Peers]:
    """Group samples by the value of each factor that can be held fixed and varies otherwise.

    Args:
        factors: Class indices from 0, shape (N, F), int.

    Returns:
        Peers of each factor that has two values of at least two samples each; other factors are left out.
    """
    found = [_peers(factor) for factor in factors.T]
    return [peers for peers in found if peers.first.any()]


def draw_points(
    factors: list[Peers],
    feature: Callable[[Peers, int, np.random.Generator], NDArray[NumberT]],
    *,
    metric: str,
    seed: int,
) -> tuple[Ints, NDArray[NumberT]]:
    """Draw 15,000 points: at each a factor, all equally likely, is held fixed, and features are computed.

    Args:
        factors: Peers of each factor, at least one.
        feature: From peers, a count of points (at most 100) and a generator, features of shape (count, ...).
        metric: Name of the metric, for the seed.
        seed: Seed of all draws, which do not depend on the features if these draw equally much.

    Returns:
        Which factor was fixed, shape (15,000,), and features, shape (15,000, ...): 10,000 to fit on come first.
    """
    generator = np.random.default_rng(derive_seed("metrics", metric, "points", seed))
    fixed = generator.integers(len(factors), size=NUM_TRAIN + NUM_TEST)
    order, pieces = [], []
    for number, peers in enumerate(factors):
        points = np.flatnonzero(fixed == number)
        order.append(points)
        pieces += [
            feature(peers, min(_PIECE, len(points) - start), generator)
            for start in range(0, len(points), _PIECE)
        ]
    return fixed, np.concatenate(pieces)[np.argsort(np.concatenate(order))]


def unit_blocks(blocks: Codes) -> Floats:
    """Centre blocks and scale each to a total variance of 1; a constant one becomes 0.

    Args:
        blocks: Codes, shape (N, K, D), float, finite.
    """
    moved = blocks.astype(np.float64) - blocks[0]  # exactly 0 where constant
    centred = moved - moved.mean(axis=0)
    spread = np.sqrt(np.sum(centred.var(axis=0), axis=-1))
    return np.asarray(centred / np.where(spread > 0, spread, 1)[:, None])


def _peers(factor: Labels) -> Peers:
    repeated = np.flatnonzero(np.bincount(factor)[factor] > 1)
    samples = repeated[np.argsort(factor[repeated], kind="stable")]
    values = factor[samples]
    first = np.searchsorted(values, values)
    return Peers(samples, first, np.searchsorted(values, values, side="right") - first)
