"""How well stage one worked, in sentences: what its principal subspace and its discovered labels agree with."""

from __future__ import annotations

import pandas as pd

from detaux.report.wording import NOTHING, count, number

_MEASURES = {
    "principal_subspace_nmi": "clusters of the principal subspace with the principal label",
    "principal_nmi": "discovered labels with the principal label",
    "best_nmi": "with the best other factor",
}


def say_agreement(tasks: pd.DataFrame) -> list[str]:
    """Say for each data set, and each setting of stages one and two, how well these did their work.

    Args:
        tasks: What `task_frame` returned.

    Returns:
        A sentence a data set, with medians and ranges over tasks, which is over seeds; none where no task was measured.
    """
    measured = tasks[tasks["principal_subspace_nmi"].notna()]
    return [_of_data(str(data), part) for data, part in measured.groupby("data", sort=False)]


def _of_data(data: str, tasks: pd.DataFrame) -> str:
    said = [_of_setting(part) for _, part in tasks.groupby(["stage_one", "stage_two"], sort=False)]
    return (
        f"{data}, how well stage one worked, by normalised mutual information (1: they agree, 0: they share nothing; median, "
        f"range): {'; '.join(said)}."
    )


def _of_setting(tasks: pd.DataFrame) -> str:
    setting = ", ".join(filter(None, tasks.iloc[0][["stage_one", "stage_two"]]))
    agreement = [f"{words} {_spread(tasks[name])}" for name, words in _MEASURES.items()]
    said = [*(words for words in agreement if not words.endswith(NOTHING)), *_dead(tasks["dead_subspaces"])]
    basis = count(len(tasks), "discovered task")
    return f"{setting} ({basis}): {', '.join(said)}" if setting else f"{basis}: {', '.join(said)}"


def _spread(values: pd.Series[float]) -> str:
    known = values.dropna()
    if known.empty:
        return NOTHING
    return f"{number(known.median(), 2)} ({number(known.min(), 2)} to {number(known.max(), 2)})"


def _dead(values: pd.Series[float]) -> list[str]:
    known = values.dropna()
    if known.empty or not known.max():
        return []
    few, many = int(known.min()), int(known.max())
    return [
        f"{few if few == many else f'{few} to {many}'} dead {'subspace' if many == 1 else 'subspaces'} in each"
    ]
