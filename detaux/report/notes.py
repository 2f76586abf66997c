"""What a reader must know to read the numbers rightly, made from the numbers themselves."""

from __future__ import annotations

import pandas as pd

from detaux.report.coverage import held_share
from detaux.report.headline import LEVEL
from detaux.report.supervision import READ_FACTORS
from detaux.report.wording import (
    count,
    interval,
    listed,
    percent,
    probability,
    show_interval,
    show_setting,
    signed,
)

_GAIN = (
    "Gain is test accuracy of a run minus test accuracy of the single-task run of the same experiment and "
    "repetition, in points (hundredths). Both see the same images in the same order from the same initial weights. "
    "All repetitions share one split into training, validation and test images: nothing here speaks of other splits."
)
_CHOICES = (
    "Every choice in stage three, the checkpoint included, is made by accuracy on the validation split; the test split is "
    "scored once. Stages one and two are trained on the training split only; a stage-one preset that chooses among its "
    "weights does so by pairs of validation images."
)
_ORDER = (
    "Subspace 0 stands for the principal task. Where training ties the principal label to no subspace (every method but "
    "detaux, and detaux at strength 0), it is the one whose codes differ most between the classes of up to 10,000 training "
    "images, as a share of their variance."
)
_AS_RELEASED = (
    "Not so for variant as_released: like the authors' code it trains stage one on every image, test images and their "
    "principal labels included, and chooses its weights, where it chooses, on the test split. What rests on it is marked "
    '"saw the test images", and is no test on unseen images.'
)
_BUDGETS = (
    "Stage one is told more than single-task learning is: for all images it is trained on, whether the principal labels of "
    f"a pair differ, and with the pairings {listed([*READ_FACTORS])}, which read the values of all factors or of those "
    "named, that all of these but the ones that change are equal; single-task learning has the labels of stage three "
    "alone. Where stage one sees more images or cleaner ones than stage three, the labels found there carry that too; what was "
    "run says so for each experiment. Every arm also has the validation labels, by which its weights are chosen."
)
_HELD_SHARES = listed([f"{percent(held_share(pairs))} with {pairs}" for pairs in (3, 5, 10, 20)])
_HOW_CERTAIN = (
    (
        "Intervals are nominal 95 % percentile intervals of a bootstrap of the mean over runs; where runs share a stage-one model, "
        "models are drawn first and runs within them (of one or two models, runs only). With few runs such intervals are "
        f"too narrow: of normal differences (simulated) they hold the true mean in about this share of cases: {_HELD_SHARES} independent runs. An interval that "
        "excludes 0 is therefore no proof of a difference. Under three runs neither interval nor p is given."
    ),
    (
        "p is of a two-sided sign-flip test of the paired differences (runs of one stage-one model flip together, where "
        "there are three models or more); p (Holm) is corrected over all comparisons of its table."
    ),
    (
        "A run without an auxiliary task (stage two found fewer than two clusters), a failed, skipped or missing run has no "
        "gain: it is left out of the mean, and counted beside it. That flatters an arm that often finds no task; the gain "
        "with such runs counted as 0, which is what single-task learning gains, is told below the table."
    ),
)
_SHARED = (
    "† Several runs share a stage-one model and are not independent: the bootstrap draws models, then runs within; the "
    "test flips the signs of a model's runs together. Where runs of one model differ too, such intervals hold the truth more often "
    "than is said above."
)
_CONDITIONAL = (
    "‡ All runs rest on one or two stage-one models. Interval and test are of new runs on these very models, and say "
    "nothing of how another stage-one model would do."
)


def method_notes(*, saw_test_images: bool) -> tuple[str, ...]:
    """Say how every number of a report was made.

    Args:
        saw_test_images: Whether any run rests on a stage-one model that was trained on test images.
    """
    return (_GAIN, _CHOICES, _ORDER, *([_AS_RELEASED] if saw_test_images else []), _BUDGETS, *_HOW_CERTAIN)


def comparison_notes(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the notes that a frame of comparisons calls for.

    Args:
        frame: With the columns of `estimate_difference`.

    Returns:
        What the tests rest on, where there are any, and each mark's meaning, where an interval carries it.
    """
    if frame.empty:
        return ()
    tested = frame[frame["p"].notna()]
    notes = [_test_note(tested)] if len(tested) else []
    shown = {show_interval(row)[-1] for row in frame.to_dict("records")}
    return (*notes, *(note for note in (_SHARED, _CONDITIONAL) if note[0] in shown))


def no_task_notes(gains: pd.DataFrame) -> tuple[str, ...]:
    """Say what the gains are with runs that found no task counted as gain 0.

    Args:
        gains: What `gain_frame` returned.

    Returns:
        One note, or none where every run found a task.
    """
    rows = gains[gains["counted_n"] > 0].to_dict("records")
    said = [
        f"{row['experiment']}, {show_setting(row)}: {signed(row['counted_points'])} "
        f"{interval(row['counted_low'], row['counted_high'])} over {count(row['counted_n'], 'run')}, "
        f"{row['counted_n'] - row['n']} of them without a task"
        for row in rows
    ]
    return (f"With runs that found no task counted as gain 0: {'; '.join(said)}.",) if said else ()


def _test_note(tested: pd.DataFrame) -> str:
    fewest, least = int(tested["units"].min()), float(tested["smallest_p"].max())
    corrected = (
        f", and {probability(min(1, least * len(tested)))} after the correction" if _is_even(tested) else ""
    )
    hopeless = f": too few for any difference to be significant at {LEVEL}" if least > LEVEL else ""
    return (
        f"p is of a sign-flip test; p (Holm) is corrected over the {count(len(tested), 'comparison')} of this table. With {count(fewest, 'independent pair')} "
        f"the smallest p that the test can give is {probability(least)}{corrected}{hopeless}."
    )


def _is_even(tested: pd.DataFrame) -> bool:
    """Say whether all comparisons rest on equally many pairs, so that one smallest corrected p holds for all."""
    return len(set(tested["units"])) == 1
