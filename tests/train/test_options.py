from __future__ import annotations

from typing import Any

import pytest

from detaux.train.options import FitOptions


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("weight_decay", -1.0),
        ("weight_decay", float("nan")),
        ("rise_share", 0.0),
        ("rise_share", 1.0),
        ("validate_every", 0),
        ("patience", 0),
        ("patience", 2),
        ("optimizer", "lion"),
        ("schedule", "linear"),
    ],
)
def test_an_option_out_of_range_is_named(field: str, value: float | str) -> None:
    options: dict[str, Any] = {"steps": 10, "learning_rate": 1e-3, field: value}
    with pytest.raises(ValueError, match=rf"^{field} must .*, but is {value!r}$"):
        FitOptions(**options)
