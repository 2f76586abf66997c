"""Which runs belong together, said in words: the experiment, the arm, and the arm's setting.

An experiment is what every arm shares: the data set, the suite's variant, and whatever of `data` and `learn` the suite
varies.
A setting is what an arm varies within it: options of stages one and two, the weighting, the auxiliary task.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from detaux.report.results import Results
from detaux.report.wording import is_null

_OF_ARM = ("disentangle.", "discover.", "learn.weighting.", "learn.auxiliary.")
_OF_EXPERIMENT = ("data.", "learn.")
_VARIANT = ("variant",)
_STAGES = ("disentangle.", "discover.")
_ROLES = (
    {"none": "baseline", "discovered": "discovered"}
    | dict.fromkeys(("random", "shuffled", "noise"), "control")
    | dict.fromkeys(("worst", "principal", "pixels", "features"), "elsewhere")
    | dict.fromkeys(("factor", "class"), "true")
)
"""What an arm stands for, by the source of its auxiliary task; every other source has the role `other`."""
_METHOD = "disentangle.method.name"
_VARIANT_OF_STAGE_ONE = "disentangle.method.variant"
SAW_TEST_IMAGES = "saw the test images"
"""Marks settings whose stage one is trained on the test images too: variant `as_released`."""
LABELS = ["experiment", "arm", "setting"]
"""The columns that together name a row of a comparison."""


def label_runs(results: Results) -> pd.DataFrame:
    """Return the runs, in the order to show them, with what they are compared by.

    Returns:
        The runs with `data`, `experiment` and `setting` (texts; rendered data and settings that saw test images are
        marked), `stage_one` and `stage_two` (texts: the options of these
        stages that the suite varies), `role` (`baseline`, `discovered`, `control`: a task that tells nothing of
        the images, `elsewhere`: clusters of other codes than the chosen ones, `true`: known labels, or `other`: another
        way to find a task) and `row` (rank of experiment, arm and setting together, from 0).
    """
    runs = results.runs.copy()
    runs["role"] = [_ROLES.get(name, "other") for name in _column(runs, "learn.auxiliary.name")]
    parts = [
        _label_dataset(part, results.config_columns, place)
        for place, (_, part) in enumerate(runs.groupby("dataset", sort=False, dropna=False))
    ]
    labelled = pd.concat(parts)
    ranks = {rank: row for row, rank in enumerate(sorted(set(labelled["row"])))}
    labelled["row"] = labelled["row"].map(ranks)
    return labelled.sort_values(["row", "repetition"], kind="stable").reset_index(drop=True)


def _label_dataset(runs: pd.DataFrame, columns: list[str], place: int) -> pd.DataFrame:
    """Add the labels to the runs of one data set, the `place`-th; `row` is a sortable tuple yet."""
    shared = _varied(runs, [*_VARIANT, *(name for name in columns if _is_shared(name))])
    own = _varied_within_arms(runs, [name for name in columns if name.startswith(_OF_ARM)])
    data = data_name(str(runs["dataset"].iloc[0]), rendered=bool(runs["rendered"].iloc[0]))
    arms = list(dict.fromkeys(runs["arm"]))
    stages = [_varied_values(runs, [name for name in columns if name.startswith(stage)]) for stage in _STAGES]
    experiments, settings, ones, twos = [], [], [], []
    ranks: list[Any] = []
    for run in runs.to_dict("records"):
        chosen = [] if run["role"] == "baseline" else own
        experiments.append(_describe(data, shared, run))
        settings.append(_describe("", chosen, run, mark=_mark(run)))
        ones.append(_describe("", stages[0], run, mark=_mark(run)))
        twos.append(_describe("", stages[1], run))
        order = (run["role"] != "baseline", arms.index(run["arm"]))
        ranks.append((place, _ranks(run, shared), order, _ranks(run, chosen)))
    return runs.assign(
        data=data, experiment=experiments, setting=settings, stage_one=ones, stage_two=twos, row=ranks
    )


def data_name(dataset: str, *, rendered: bool) -> str:
    """Return what a reader is told of a data set: its name, and plainly if its images were rendered by us."""
    return f"{dataset.removesuffix(':rendered')} (rendered data)" if rendered else dataset


def _column(runs: pd.DataFrame, name: str) -> pd.Series[Any]:
    return runs[name] if name in runs.columns else pd.Series("none", index=runs.index)


def _is_shared(name: str) -> bool:
    return name.startswith(_OF_EXPERIMENT) and not name.startswith(_OF_ARM) and not name.endswith("seed")


def _varied(runs: pd.DataFrame, columns: list[str]) -> list[str]:
    return [name for name in columns if name in runs and _is_varied(runs, name)]


def _is_varied(runs: pd.DataFrame, column: str) -> bool:
    """Say whether a suite varies a column: an option that only some parts have varies within a part, or not at all."""
    part = f"{column.rpartition('.')[0]}.name"
    groups = (
        [runs] if column == part or part not in runs else [of for _, of in runs.groupby(part, dropna=False)]
    )
    return any(_num_values(group[column], nulls=True) > 1 for group in groups)


def _varied_values(runs: pd.DataFrame, columns: list[str]) -> list[str]:
    return [name for name in columns if _num_values(runs[name], nulls=False) > 1]


def _num_values(values: pd.Series[Any], *, nulls: bool) -> int:
    return values.nunique(dropna=not nulls)


def _varied_within_arms(runs: pd.DataFrame, columns: list[str]) -> list[str]:
    """Return what varies within some arm, with the disentangler where its options do and arms differ in it."""
    arms = [_varied_values(arm, columns) for _, arm in runs.groupby("arm", sort=False)]
    own = [name for name in columns if any(name in arm for arm in arms)]
    if any(name.startswith("disentangle.") for name in own) and _METHOD in columns:
        own += _varied_values(runs, [_METHOD])
    return [name for name in columns if name in own]


def saw_test_images(runs: pd.DataFrame) -> pd.Series[bool]:
    """Say of each run whether it rests on stage one of the variant `as_released`, which trains on test images too."""
    return _column(runs, _VARIANT_OF_STAGE_ONE) == "as_released"


def _mark(run: Mapping[Hashable, Any]) -> str:
    return SAW_TEST_IMAGES if run.get(_VARIANT_OF_STAGE_ONE) == "as_released" else ""


def _describe(first: str, columns: list[str], run: Mapping[Hashable, Any], *, mark: str = "") -> str:
    named = zip(short_names(columns), columns, strict=True)
    words = [f"{name} {_text(run[column])}" for name, column in named if not is_null(run[column])]
    return ", ".join(filter(None, [first, *words, mark]))


def short_names(columns: list[str]) -> list[str]:
    """Return the shortest ends of dotted column names that still tell them apart, as words."""
    ends = [name.removesuffix(".name").split(".") for name in columns]
    lasts = [end[-1] for end in ends]
    return [" ".join(end[-2:] if lasts.count(end[-1]) > 1 else end[-1:]).replace("_", " ") for end in ends]


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ranks(run: Mapping[Hashable, Any], columns: list[str]) -> tuple[tuple[int, float, str], ...]:
    return tuple(_rank(run[column]) for column in columns)


def _rank(value: Any) -> tuple[int, float, str]:
    """Order values of any kind: nothing first, then numbers by size, then texts."""
    if is_null(value):
        return 0, 0.0, ""
    if isinstance(value, str):
        return 2, 0.0, value
    return 1, float(value), ""
