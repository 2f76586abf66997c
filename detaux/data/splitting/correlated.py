"""A split that trains on images of which two factors are correlated, and tests on images as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, check_share, part_remainder
from detaux.data.split import Split
from detaux.data.stratify import part_off
from detaux.data.unseen import class_names

_PAIR = 2


@splits.register(
    "correlated",
    summary="train on images of which two factors are correlated, test on images as they are",
    source="Träuble et al. 2021, arXiv:2006.07886, correlated data sets",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CorrelatedSplit:
    """Draws the test part first, each class in proportion, and thins out the rest until two factors are correlated.

    Be a in {0, ..., A-1} and b in {0, ..., B-1} the class indices of the two factors. An image outside the test part
    is kept with probability w(a, b) / max w, the maximum over those images, where

        w(a, b) = exp(-(a/A - b/B)^2 / (2 sigma^2)).

    Of a grid of factors, where all pairs are equally frequent, the images kept therefore have p(a, b) proportional to
    w(a, b); of other sets, proportional to w(a, b) times the frequency of the pair. All other factors of a grid keep
    their distributions. How many images are kept is left to chance, on average the sum of w / max w over them: of two
    factors of ten values each, 42% at sigma 0.2 and 69% at 0.4. The test part is, image for image, that of the split
    `random` with the same `test` and seed.

    Source: Träuble et al. 2021, arXiv:2006.07886, where the correlated data sets are defined: exp(-(a - alpha b)^2 /
    (2 sigma^2)) with alpha the ratio of the factors' largest values. Differs in: both indices are divided by their
    factors' sizes, so that sigma is a share of a factor's range whatever its size; a set of images is drawn once,
    without replacement, instead of each batch from the distribution; the test part is uncorrelated.

    Raises:
        ValueError: If `factors` are not two different ones, `sigma` is not positive, or an option is out of range;
            see `check_remainder`.
    """

    factors: tuple[str, str]
    """The two factors that are correlated in training and validation."""
    sigma: float = 0.2
    """Width of the band about the diagonal, above 0, as a share of a factor's range: the smaller, the stronger the
    correlation; at 10 there is none to speak of."""
    validation: float = 0.1
    """Share of the images kept by which choices are made."""
    test: float = 0.2
    """Share of all images scored at the end."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        if len(set(self.factors)) != _PAIR or len(self.factors) != _PAIR:
            raise ValueError(f"factors must name two different ones, found {list(self.factors)}")
        if not self.sigma > 0:
            raise ValueError(f"sigma must be above 0, found {self.sigma}")
        check_share("test", self.test)
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name no factor: the test part has what the training part has, and more evenly."""
        return ()

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it lacks a factor, one takes a single value, or so few images are kept that a class is lost
                or a part is empty.
        """
        everything = np.arange(len(dataset))
        test, rest = part_off(everything, labels, self.test, seed=derive_seed("split", "test", seed))
        kept = self._thin_out(dataset, rest, derive_seed("split", "correlated", seed))
        lost = np.setdiff1d(labels[rest], labels[kept])
        if len(lost):
            raise DataError(
                f"sigma {self.sigma} keeps {len(kept)} of {len(rest)} images of {dataset.name} to train on, "
                f"none of {class_names(dataset, labels, lost)}; raise it"
            )
        return part_remainder(
            dataset,
            kept,
            test,
            labels,
            validation=self.validation,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )

    def _thin_out(self, dataset: Dataset, pool: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        """Keep each image of the pool, shape (n,), with its probability; those of the greatest are all kept."""
        columns = factor_columns(dataset, self.factors)
        sizes = [dataset.factor_sizes[column] for column in columns]
        if min(sizes) == 1:
            name = self.factors[sizes.index(1)]
            raise DataError(
                f"{name} takes a single value in {dataset.name}, so nothing correlates with it; name another factor"
            )
        places = dataset.factors(pool)[:, columns] / sizes
        gap = (places[:, 0] - places[:, 1]) ** 2
        with np.errstate(over="ignore"):  # of a tiny sigma: a chance of 0
            chance = np.exp(-(gap - gap.min(initial=np.inf)) / self.sigma / self.sigma / 2)
        is_kept = np.random.default_rng(seed).random(len(pool)) < chance
        return np.asarray(pool[is_kept])
