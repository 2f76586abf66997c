"""Options of stage three on their way from a suite to its jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.expand import Expansion
from detaux.suite.suite import Suite

Read = Callable[..., Suite]
Expand = Callable[..., Expansion]
WRITTEN = """
learn:
  optimizer: sgd
  schedule: [cosine, step]
  label_smoothing: 0.1
  patience: [null, 3]
  diagnose_every: 50
  augmentation: [none, {name: crop, padding: [2, 4]}, crop_flip]
"""


def learn_configs(expansion: Expansion) -> list[dict[str, Any]]:
    return [dict(job.config) for job in expansion.graph.jobs.values() if job.stage == "learn"]


def test_what_is_not_written_is_left_out_of_the_jobs(expanded: Expand) -> None:
    for config in learn_configs(expanded()):
        assert config["augmentation"] == {"name": "none"}
        assert not {"optimizer", "label_smoothing", "patience", "diagnose_every"} & config.keys()


def test_every_option_is_an_axis(expanded: Expand) -> None:
    configs = learn_configs(expanded(WRITTEN))
    assert {config["schedule"] for config in configs} == {"cosine", "step"}
    assert {config.get("patience") for config in configs} == {None, 3}
    assert {str(config["augmentation"]) for config in configs} == {
        "{'name': 'none'}",
        "{'name': 'crop', 'padding': 2}",
        "{'name': 'crop'}",
        "{'name': 'crop_flip'}",
    }
    for config in configs:
        kept = {"optimizer": "sgd", "label_smoothing": 0.1, "diagnose_every": 50}
        assert kept.items() <= config.items()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{label_smoothing: 1.0}", r"learn.label_smoothing: label_smoothing must lie in [0, 1), but is 1.0"),
        ("{patience: 0}", "learn.patience: patience must be at least 1, but is 0"),
        ("{diagnose_every: 0}", "learn.diagnose_every: diagnose_every must be at least 1, but is 0"),
        ("{optimizer: adam}", "learn.optimizer"),
        ("{schedule: linear}", "learn.schedule"),
        ("{augmentation: {name: crop, padding: 0}}", "padding must be at least 1, but is 0"),
        ("{augmentation: crops}", "did you mean 'crop'"),
    ],
)
def test_what_is_refused_is_told_at_its_place(read: Read, text: str, said: str) -> None:
    with pytest.raises(SuiteError) as caught:
        read(f"learn: {text}")
    assert said in str(caught.value)
