from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from detaux.learn.options import LearnOptions


def test_the_papers_numbers_are_the_defaults(options: LearnOptions) -> None:
    parts = {
        name: getattr(options, name)
        for name in ("architecture", "backbone", "weighting", "corruption", "augmentation")
    }
    found = LearnOptions(**parts, steps=10)
    assert (found.batch_size, found.learning_rate, found.weight_decay) == (32, 1e-4, 5e-3)
    assert (found.optimizer, found.schedule, found.label_smoothing) == ("adamw", "constant", 0)
    assert (found.patience, found.diagnose_every) == (None, None)


def test_the_loop_is_told_all_that_concerns_it(options: LearnOptions) -> None:
    changes: dict[str, Any] = {
        "steps": 9,
        "learning_rate": 0.1,
        "optimizer": "sgd",
        "weight_decay": 5e-4,
        "schedule": "cosine",
        "validate_every": 3,
        "patience": 2,
    }
    found = dataclasses.asdict(dataclasses.replace(options, **changes).fit_options())
    assert changes.items() <= found.items()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", 0),
        ("batch_size", 1),
        ("learning_rate", 0.0),
        ("weight_decay", -1.0),
        ("optimizer", "adam"),
        ("schedule", "linear"),
        ("corruption_draw", "twice"),
        ("label_smoothing", -0.1),
        ("label_smoothing", 1.0),
        ("label_smoothing", math.nan),
        ("validate_every", 0),
        ("patience", 0),
        ("diagnose_every", 0),
    ],
)
def test_an_option_out_of_range_is_named_first(options: LearnOptions, field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{field} must .*, but is {value!r}$"):
        dataclasses.replace(options, **{field: value})
