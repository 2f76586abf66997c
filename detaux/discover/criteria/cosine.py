"""The paper's rule on directions alone, so that the scale of a subspace does not count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.alignment import cosine
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register(
    "cosine",
    summary="smallest |mean cosine| with the principal subspace",
    source="this project; Skenderi et al. 2025, arXiv:2310.09278, Section 3, with vectors normalised",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Cosine(Criterion):
    """Choose the subspace of the smallest |mean_n cos(s_0(x_n), s_k(x_n))|.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: vectors are normalised.
    """

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return |mean cosine with subspace 0|, shape (K,), in [0, 1]."""
        return cosine(codes)
