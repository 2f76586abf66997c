"""What an arm gains over single-task learning."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import check_finite, check_rank, check_same_length

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, kw_only=True, slots=True)
class PairedGain(Generic[KeyT]):
    """Differences between an arm and STL, repetition by repetition."""

    repetitions: tuple[KeyT, ...]
    """Repetitions that both have, in the arm's order."""
    differences: NDArray[np.float64]
    """Arm less STL at each of them, shape (R,), in units of the score."""
    missing_in_arm: tuple[KeyT, ...]
    """Repetitions that only STL has."""
    missing_in_stl: tuple[KeyT, ...]
    """Repetitions that only the arm has."""


def paired_gain(arm: Mapping[KeyT, float], stl: Mapping[KeyT, float]) -> PairedGain[KeyT]:
    """Pair an arm with STL by repetition: the same seed means the same data order and initial weights.

    A score of NaN is a missing one. Nothing is dropped unsaid: what has no partner is listed.

    Args:
        arm: Score of each repetition of the arm.
        stl: Score of each repetition of single-task learning.

    Returns:
        Differences and what is missing; perhaps no difference at all.
    """
    arm, stl = _present(arm), _present(stl)
    both = tuple(repetition for repetition in arm if repetition in stl)
    return PairedGain(
        repetitions=both,
        differences=np.asarray([arm[repetition] - stl[repetition] for repetition in both], dtype=np.float64),
        missing_in_arm=tuple(repetition for repetition in stl if repetition not in arm),
        missing_in_stl=tuple(repetition for repetition in arm if repetition not in stl),
    )


def relative_gain(
    arm: NDArray[np.floating], stl: NDArray[np.floating], *, higher_is_better: Sequence[bool] | None = None
) -> float:
    """Return the mean over tasks of the signed change against STL, as a fraction of the STL score.

    Args:
        arm: The arm's score on each task, shape (T,), float, finite.
        stl: The STL score on each task, shape (T,), float, finite, not 0.
        higher_is_better: Whether each of the T scores rises with quality; None: all do.

    Returns:
        0.1 if the arm is better by a tenth of the STL score, on average.

    Raises:
        ValueError: If shapes do not fit, a score is not finite, or an STL score is 0.

    Source: Maninis et al. 2019, arXiv:1904.08918, Section 5.
    """
    for name, scores in (("arm", arm), ("stl", stl)):
        check_rank(name, scores, 1)
        check_finite(name, scores)
    rises = (
        np.ones(len(arm), dtype=bool)
        if higher_is_better is None
        else np.asarray(higher_is_better, dtype=bool)
    )
    check_same_length(arm=arm, stl=stl, higher_is_better=rises)
    if not np.all(stl):
        raise ValueError(f"a gain relative to an STL score of 0 is undefined, but found {stl.tolist()}")
    return float(np.mean(np.where(rises, 1, -1) * (arm - stl) / np.abs(stl)))


def _present(scores: Mapping[KeyT, float]) -> dict[KeyT, float]:
    return {repetition: score for repetition, score in scores.items() if not math.isnan(score)}
