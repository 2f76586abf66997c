"""The subspace that falls into the clearest clusters, whatever its angle to the principal one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_rank
from detaux.core.seeding import derive_seed
from detaux.discover.base import Criterion
from detaux.discover.partitions import best_partition
from detaux.discover.registries import criteria

_NUM_STARTS = 3
_SEED = derive_seed("criteria", "silhouette")


@criteria.register(
    "silhouette",
    summary="clearest k-means clusters by the mean silhouette",
    source="this project; Rousseeuw 1987, J. Comput. Appl. Math. 20",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Silhouette(Criterion):
    """Choose the subspace whose codes fall into the clearest clusters.

    Each subspace is partitioned by k-means into 2 to `max_clusters` clusters; the best mean silhouette counts. No
    label has a part in it, and neither has the principal subspace. The draws are the same whatever the job's seed.

    Source: this project, beside the paper's rule, which judges by mean vectors and so by arbitrary offsets.
    """

    max_clusters: int = 8
    """Most clusters to try, at least 2."""
    samples: int = 1_000
    """Codes that are looked at; time grows with its square."""

    def __post_init__(self) -> None:
        for name, least in (("max_clusters", 2), ("samples", 3)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, but found {getattr(self, name)}")

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return minus the best mean silhouette of each subspace, shape (K,), NaN for the principal one."""
        check_rank("codes", codes, 3)
        generator = np.random.default_rng(_SEED)
        sample = codes[np.sort(generator.permutation(len(codes))[: self.samples])]
        numbers = range(2, self.max_clusters + 1)
        scores = [
            -best_partition(sample[:, k], numbers, num_starts=_NUM_STARTS, seed=_SEED).silhouette
            for k in range(1, codes.shape[1])
        ]
        return np.array([np.nan, *scores])
