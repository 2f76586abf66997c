"""What must be known of a data set before anything runs: its factors, image size and fingerprint, and its split."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from detaux.core.errors import DataError
from detaux.core.hashing import canonical_json
from detaux.suite.choices import Choice
from detaux.suite.parts import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detaux.data.dataset import Dataset


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Facts about a data set."""

    factor_names: tuple[str, ...]
    """Its factors."""
    factor_sizes: tuple[int, ...]
    """How many values each takes."""
    image_shape: tuple[int, int, int]
    """Height, width and channels (H, W, 3) of its images, in pixels."""
    fingerprint: str
    """Changes if and only if its images do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitFacts:
    """Facts about a split."""

    num_train: int
    """Number of training images."""
    class_counts: tuple[int, ...]
    """How many of them there are of each principal class that has any; one class where there is no principal task."""


_pair_refusals: dict[str, str | None] = {}


def forget_facts() -> None:
    """Forget all facts and the data sets behind them, so that files that have changed since are read again."""
    from detaux.pipeline.loaded import forget_datasets

    _pair_refusals.clear()
    forget_datasets()
    for kept in (_facts, _split_facts, _drawn):
        kept.cache_clear()


def facts_of(dataset: Part) -> Facts:
    """Return the facts of a data set as a suite names it, kept until `forget_facts`.

    Raises:
        DataError: If its files are missing or damaged.
    """
    return _facts(canonical_json(dataset.config()))


def split_facts_of(data: Choice) -> SplitFacts:
    """Return the facts of the split that stage `data` will make, drawn from labels alone and kept until `forget_facts`.

    Raises:
        DataError: If the data set cannot be split so.
    """
    return _split_facts(canonical_json(data.config))


def pair_refusal_of(data: Choice, method: Any) -> str | None:
    """Return what a method cannot draw of the training images, and why; None where it can.

    Looked up once for all methods that draw alike, and kept until `forget_facts`.

    Args:
        data: A data set and its split.
        method: A stage-one method, as `detaux.disentangle.base.Method`.
    """
    if hasattr(method, "pairing_of"):
        drawing = [method.pairing, method.pairing_options, method.principal_change_rate]
    else:
        drawing = [type(method).__name__, asdict(method)]
    key = canonical_json([data.config, *drawing])
    if key not in _pair_refusals:
        _pair_refusals[key] = _pair_refusal(_drawn(canonical_json(data.config)), method)
    return _pair_refusals[key]


def divided_class_of(data: Choice, labelling: str) -> int | None:
    """Return the first principal class whose images have several values of a factor; None where it only joins classes.

    Args:
        data: A data set and its principal factors.
        labelling: Name of the factor, one that the data set has.
    """
    import numpy as np

    from detaux.data.principal import principal_labels
    from detaux.learn.labels.nesting import divided_class
    from detaux.pipeline.loaded import load_dataset_of

    dataset = load_dataset_of(data.config["dataset"])
    classes, _ = principal_labels(dataset, data.config["principal"])
    column = dataset.factor_names.index(labelling)
    return divided_class(classes, dataset.factors(np.arange(len(dataset)))[:, column])


@cache
def _facts(spec: str) -> Facts:
    import json

    from detaux.pipeline.loaded import load_dataset_of

    dataset = load_dataset_of(json.loads(spec))
    return Facts(
        factor_names=dataset.factor_names,
        factor_sizes=dataset.factor_sizes,
        image_shape=dataset.image_shape,
        fingerprint=dataset.fingerprint,
    )


@cache
def _split_facts(config: str) -> SplitFacts:
    import numpy as np

    drawn = _drawn(config)
    _, counts = np.unique(drawn.labels[drawn.train], return_counts=True)
    return SplitFacts(num_train=len(drawn.train), class_counts=tuple(counts.tolist()))


def _pair_refusal(drawn: _Drawn, method: Any) -> str | None:
    try:
        method.check_pairs(drawn.dataset, drawn.train, drawn.labels, drawn.principal)
    except DataError as refusal:
        return str(refusal)
    return None


class _Drawn(NamedTuple):
    """A data set with its split, as stage `data` will make it."""

    dataset: Dataset
    principal: tuple[str, ...]
    labels: NDArray[np.int64]
    train: NDArray[np.int64]


@lru_cache(maxsize=1)
def _drawn(config: str) -> _Drawn:
    import json

    import numpy as np

    from detaux.core.seeding import derive_seed
    from detaux.data.principal import principal_labels
    from detaux.data.registries import splits
    from detaux.pipeline.loaded import load_dataset_of
    from detaux.pipeline.parts import build

    spec = json.loads(config)
    dataset, principal = load_dataset_of(spec["dataset"]), tuple(spec["principal"])
    labels = principal_labels(dataset, principal)[0] if principal else np.zeros(len(dataset), dtype=np.int64)
    train = build(splits, spec["split"]).split(dataset, labels, seed=derive_seed("split", 0)).train
    return _Drawn(dataset, principal, labels, train)
