"""What a reader must know to read the numbers rightly, made from the numbers themselves."""

from __future__ import annotations

import pandas as pd

from detaux.report.wording import count, probability

METHOD_NOTES = (
    (
        "Gain is test accuracy of a run minus test accuracy of the single-task run of the same experiment and "
        "repetition, in points (hundredths). Both see the same images in the same order from the same initial weights."
    ),
    (
        "Every choice in stage three, the checkpoint included, is made by accuracy on the validation split; the test split is "
        "scored once. Stages one and two see the training split only, but for variant as_released, which, like the authors' "
        "code, trains stage one on every image, test images included."
    ),
    (
        "Stage one is told more than single-task learning is: for all training images, whether the principal labels of a pair "
        "differ, and with one-factor pairs that all else is equal; single-task learning has the labels of stage three alone. "
        "Every arm also has the validation labels, by which its weights are chosen."
    ),
    (
        "Intervals are 95 % percentile intervals of a bootstrap of the mean over runs; where runs share a stage-one model, "
        "models are drawn first and runs within them (of one or two models, runs only). With few runs such intervals are "
        "too narrow: five independent runs give one that holds the mean in some 85 % of cases. Under three runs neither interval nor p is given."
    ),
    (
        "p is of a two-sided sign-flip test of the paired differences (runs of one stage-one model flip together, where "
        "there are three models or more); p (Holm) is corrected over all comparisons of its table."
    ),
    (
        "A run without an auxiliary task (stage two found fewer than two clusters), a failed, skipped or missing run has no "
        "gain: it is left out of the mean, and counted beside it. A mean over the runs that found a task flatters an arm "
        "that often finds none: with those runs counted as no gain, it is the mean times their share."
    ),
)
"""How every number of a report was made."""
_SHARED = (
    "† Several runs share a stage-one model and are not independent: the bootstrap draws models, then runs within; the "
    "test flips the signs of a model's runs together."
)
_CONDITIONAL = (
    "‡ All runs rest on one or two stage-one models. Interval and test are of new runs on these very models, and say "
    "nothing of how another stage-one model would do."
)


def comparison_notes(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the notes that a frame of comparisons calls for.

    Args:
        frame: With the columns of `estimate_difference`.
    """
    if frame.empty:
        return ()
    tested = frame[frame["p"].notna()]
    notes = [_test_note(len(tested), int(tested["units"].min()))] if len(tested) else []
    if (frame["shared_models"] & ~frame["conditional"]).any():
        notes.append(_SHARED)
    if frame["conditional"].any():
        notes.append(_CONDITIONAL)
    return tuple(notes)


def _test_note(comparisons: int, fewest: int) -> str:
    return (
        f"p (Holm) is corrected over the {count(comparisons, 'comparison')} of this table. "
        f"With {count(fewest, 'independent pair')} the smallest p that the test can give is {probability(2 ** (1 - fewest))}."
    )
