"""What embeddings are to a data set, and how they become rows of 8-bit numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter

CHUNK = 8192
"""Embeddings in memory at once, while all of them pass."""
_CHANNELS, _LEVELS = 3, 255
_INSIDE_PERCENT = (0.1, 99.9)
_SAMPLED_ROWS, _SAMPLED_NUMBERS = 1 << 16, 1 << 26

Floats = NDArray[np.float32]
"""Embeddings, shape (n, E), finite."""


class Embeddings(Protocol):
    """N embeddings of E numbers each."""

    @property
    def shape(self) -> tuple[int, int]:
        """(N, E)."""
        ...

    def training_sample(self) -> Floats:
        """Return the embeddings of many training rows, or of all."""
        ...

    def chunks(self) -> Iterator[Floats]:
        """Yield all embeddings in order, at most `CHUNK` at once."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scale:
    """Range of each coordinate that the levels 0 to 255 cover in equal steps."""

    low: NDArray[np.float64]
    """What becomes 0, shape (E,)."""
    step: NDArray[np.float64]
    """From one level to the next, shape (E,), above 0."""

    @classmethod
    def of(cls, sample: Floats) -> Self:
        """Return the scale from the 0.1 to the 99.9 percentile of each coordinate of a sample."""
        low, high = np.array([np.percentile(column, _INSIDE_PERCENT) for column in sample.T], np.float64).T
        return cls(low=low, step=np.where(high > low, (high - low) / _LEVELS, 1))

    def rows(self, embeddings: Floats) -> NDArray[np.uint8]:
        """Round embeddings (n, E) to the nearest level; those out of range become 0 or 255.

        Returns:
            Shape (n, 1, ceil(E / 3), 3), uint8: the coordinates in their order, then zeros to fill the last pixel.
        """
        levels = embeddings - self.low
        levels /= self.step
        np.rint(levels, out=levels).clip(0, _LEVELS, out=levels)
        padded = np.pad(levels.astype(np.uint8), ((0, 0), (0, -levels.shape[1] % _CHANNELS)))
        return padded.reshape(len(levels), 1, -1, _CHANNELS)


def draw_sample(train: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Draw the training rows that a fit looks at, ascending, the same ones each time.

    Args:
        train: All of them, shape (n,).
        width: E; embeddings of more than 1024 numbers make the sample smaller, so that it takes at most 256 MiB.

    Returns:
        At most 65,536 of them.
    """
    count = min(len(train), _SAMPLED_ROWS, max(1, _SAMPLED_NUMBERS // width))
    return np.sort(np.random.default_rng(0).choice(train, count, replace=False))


def write_rows(path: Path, embeddings: Embeddings, progress: Progress) -> dict[str, Any]:
    """Write embeddings as one array (N, 1, ceil(E / 3), 3), uint8; a coordinate's range is that of training rows.

    Inside the range a number is off by at most half a step, that is 1/510 of the range; outside it is clipped.

    Args:
        path: Of the `.npy` file to write.
        embeddings: All N.
        progress: Hears of each chunk.

    Returns:
        No notes.
    """
    num_rows, width = embeddings.shape
    scale = Scale.of(embeddings.training_sample())
    done = 0
    with ArrayWriter(path, (num_rows, 1, -(-width // _CHANNELS), _CHANNELS)) as writer:
        for chunk in embeddings.chunks():
            writer.put(done, scale.rows(chunk))
            done += len(chunk)
            progress(done / num_rows, f"embedding {num_rows:,} texts")
    return {}
