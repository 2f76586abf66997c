"""The data set, split and principal labels behind a `data` artifact, loaded once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import canonical_json
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.principal import principal_labels
from detaux.data.split import Split
from detaux.pipeline.files import load_array, load_json


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedData:
    """What every later stage needs of the data."""

    dataset: Dataset
    """Images and factors."""
    split: Split
    """Indices of each part."""
    principal: tuple[str, ...]
    """Factors that make the principal label."""
    labels: NDArray[np.int64]
    """Principal label of every image of the data set, shape (N,)."""
    num_classes: int
    """Number of principal classes."""

    def factors(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the factor values of images, shape (len(index), F)."""
        return self.dataset.factors(index)


def load_dataset_of(spec: Mapping[str, Any]) -> Dataset:
    """Load the data set of `{"name": ..., **options}`; the two last used stay in memory."""
    return _load_dataset(canonical_json(spec))


def forget_datasets() -> None:
    """Forget the data sets in memory, so that changed files are read again."""
    _load_dataset.cache_clear()


def load_data(folder: Path) -> LoadedData:
    """Load what a `data` artifact describes.

    Raises:
        DataError: If the data set is no longer the one that the artifact was made of.
    """
    described = load_json(folder / "dataset.json")
    dataset = load_dataset_of(described["dataset"])
    check_fingerprint(dataset, described["fingerprint"])
    principal = tuple(described["principal"])
    labels, num_classes = principal_labels(dataset, principal)
    parts = {part: np.array(load_array(folder / f"{part}.npy")) for part in ("train", "validation", "test")}
    return LoadedData(
        dataset=dataset, split=Split(**parts), principal=principal, labels=labels, num_classes=num_classes
    )


def check_fingerprint(dataset: Dataset, planned: str) -> None:
    """Check that a data set is the one that a run was planned with.

    Raises:
        DataError: If its fingerprint is another.
    """
    if dataset.fingerprint != planned:
        raise DataError(
            f"{dataset.name}: the data have changed since this run was planned "
            f"(fingerprint {dataset.fingerprint[:8]} instead of {planned[:8]}); run the suite again"
        )


@lru_cache(maxsize=2)
def _load_dataset(spec: str) -> Dataset:
    import json

    options = json.loads(spec)
    return load_dataset(options.pop("name"), **options)
