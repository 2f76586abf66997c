from __future__ import annotations

import inspect

import pytest

from detaux.core.errors import UnknownNameError
from detaux.metrics import metrics
from detaux.metrics.registry import judged, metrics_of_codes


@pytest.mark.parametrize("name", metrics.names())
def test_every_metric_has_one_of_three_forms(name: str) -> None:
    assert len(judged(name)) == 2 or judged(name) in {("codes",), ("codes_of_models",)}
    assert inspect.signature(metrics.get(name)).parameters["seed"].kind is inspect.Parameter.KEYWORD_ONLY


def test_metrics_of_codes_are_those_of_one_model_alone_or_against_factors() -> None:
    names = metrics_of_codes()
    assert {"dci_extra_trees", "mig", "orthogonality", "subspace_information", "total_correlation"} <= set(
        names
    )
    assert not {"udr", "silhouette", "agreement", "accuracy"} & set(names)


def test_an_unknown_metric_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'udr'"):
        judged("udrr")
