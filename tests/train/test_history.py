from __future__ import annotations

import math

import pytest
import torch

from detaux.core.errors import DivergedError
from detaux.train.history import History, LossLog


def history(*scores: float, best_step: int | None = None) -> History:
    """Return a history that was validated each 10 steps."""
    rows = [{"step": 10 * place, "score": score} for place, score in enumerate(scores, start=1)]
    return History(validation=rows, best_step=best_step)


def test_a_term_is_averaged_over_the_steps_that_have_it() -> None:
    log = LossLog()
    for step, loss in enumerate((1.0, 2.0, 6.0)):
        found = {"cosine": torch.tensor(-0.5)} if step == 1 else {}
        log.add(step, {"loss": torch.tensor(loss)} | found)
    assert log.flush(History()) == {"loss": 3.0, "cosine": -0.5}
    log.add(3, {"loss": torch.tensor(4.0)})
    assert log.flush(History()) == {"loss": 4.0}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_term_of_a_single_step_must_be_finite_too(number: float) -> None:
    log = LossLog()
    log.add(4, {"loss": torch.tensor(1.0)})
    log.add(5, {"loss": torch.tensor(1.0), "cosine": torch.tensor(number)})
    with pytest.raises(
        DivergedError, match=rf"^loss 'cosine' is {number} in step 5, before any validation: "
    ):
        log.flush(History())


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (9, "before any validation"),
        (10, "best validation score so far 0.5 at step 10"),
        (29, "best validation score so far 0.5 at step 10"),
        (30, "best validation score so far 0.75 at step 30"),
        (99, "best validation score so far 0.75 at step 30"),
    ],
)
def test_only_validations_before_the_diverged_step_are_told(step: int, told: str) -> None:
    log = LossLog()
    log.add(step, {"loss": torch.tensor(math.nan)})
    with pytest.raises(DivergedError, match=f"in step {step}, {told}: lower the learning rate"):
        log.flush(history(0.5, 0.25, 0.75, 0.75))


@pytest.mark.parametrize(
    ("scores", "best"),
    [((), -math.inf), ((math.nan,), -math.inf), ((math.nan, 0.25, 0.5, 0.125), 0.5)],
)
def test_the_best_score_is_the_highest_that_is_a_number(scores: tuple[float, ...], best: float) -> None:
    assert history(*scores).best_score == best


@pytest.mark.parametrize(
    ("scores", "best_step", "stalled"),
    [
        ((), None, False),
        ((0.5,), 10, False),
        ((0.5, 0.5), 10, False),
        ((0.5, 0.5, 0.25), 10, True),
        ((0.5, 0.25, 0.75), 30, False),
        ((math.nan, math.nan), None, True),
    ],
)
def test_patience_counts_the_validations_since_the_best(
    scores: tuple[float, ...], best_step: int | None, *, stalled: bool
) -> None:
    found = history(*scores, best_step=best_step)
    assert found.has_stalled(2) == stalled
    assert not found.has_stalled(None)
