"""Every registered splitting rule with options that go with a data set, whichever that is."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.registries import splits
from detaux.data.split import Split, Splitting

SHARES = {"validation": 0.25, "test": 0.25}
NOTHING = ("no factor", "nor this")


def values_of(dataset: Dataset) -> dict[str, list[int]]:
    """Find the values of each factor that images have, the factor of most values first."""
    table = dataset.factors(np.arange(len(dataset)))
    found = {name: np.unique(table[:, column]).tolist() for column, name in enumerate(dataset.factor_names)}
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def rule_for(name: str, dataset: Dataset, **options: Any) -> Splitting:
    """Build a rule by its fields: one factor is that of most values, say the person; it holds out its last value."""
    found = values_of(dataset)
    most = next(iter(found))
    two = tuple(name for name, values in found.items() if len(values) > 1)[:2]
    known = {
        "factor": most,
        "factors": two if len(two) > 1 else (most, *NOTHING[:1]),
        "values": (found[most][-1],),
    }
    fields = {field.name for field in dataclasses.fields(splits.get(name))}
    return splits.get(name)(
        **{key: value for key, value in (known | SHARES | options).items() if key in fields}
    )


def is_allowed(name: str, dataset: Dataset) -> bool:
    """Tell whether a rule can part a set: rules that are not named here can part every set."""
    counts = [len(values) for values in values_of(dataset).values()]
    need = {
        "official": {"train", "test"} <= dataset.official_parts.keys(),
        "compositional": isinstance(dataset, FactorGrid),
        "by_group": counts[0] > 2,
        "correlated": len(counts) > 1 and counts[1] > 1,
    }
    return need.get(name, True)


def labels_for(dataset: Dataset, rule: Splitting) -> NDArray[np.int64]:
    """Make labels of the factor of fewest values that neither makes groups nor is held out, where there is one."""
    free = [
        (size, name)
        for name, size in zip(dataset.factor_names, dataset.factor_sizes, strict=True)
        if size > 1 and name not in {*rule.held_out(), *dataset.group_factors}
    ]
    return principal_labels(dataset, [min(free)[1]])[0] if free else np.zeros(len(dataset), np.int64)


def part(dataset: Dataset, rule: Splitting, seed: int = 0) -> Split:
    return rule.split(dataset, labels_for(dataset, rule), seed=seed)
