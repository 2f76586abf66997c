"""Every arm against single-task learning in the group that is served worst."""

from __future__ import annotations

import pandas as pd

from detaux.report.coverage import say_coverage
from detaux.report.frames import group_frame
from detaux.report.gain_columns import gain_columns
from detaux.report.notes import comparison_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table, number_column
from detaux.report.wording import count, number

_CAPTION = (
    "Test accuracy in the group where it is lowest, a group being a principal class together with a value of a factor "
    "that the data set declares, such as a background or a hospital; columns as in the table of gains. Which group that "
    "is may differ by run; its images are those of the run where it has fewest."
)
_FEW = 20
_SIZES = (
    number_column("Groups", "num_groups", digits=0),
    number_column("Images in the worst group", "worst_group_size", digits=0),
)


@tables.register(
    "worst_group",
    summary="gain of every arm in its worst group",
    source="Sagawa et al. 2020, arXiv:1911.08731",
)
def worst_group(results: Results) -> Table:
    """Show the experiments whose data set declares groups."""
    frame = group_frame(results)
    return Table(
        name="worst_group",
        title="Worst group by arm",
        caption=f"{_CAPTION} {say_coverage(frame)}".rstrip(),
        frame=frame,
        columns=gain_columns("Worst group, %", beside=_SIZES),
        notes=(*_declared(results, frame), *_small(frame), *comparison_notes(frame)),
        empty="No data set of this suite declares groups.",
    )


def _small(frame: pd.DataFrame) -> tuple[str, ...]:
    """Warn of an accuracy that one image moves by much."""
    fewest = frame["worst_group_size"].min()
    if not fewest < _FEW:
        return ()
    moved = f"there one image moves a run's accuracy by {number(100 / fewest)} points"
    return (f"The smallest worst group has {count(int(fewest), 'image')}: {moved}.",)


def _declared(results: Results, frame: pd.DataFrame) -> tuple[str, ...]:
    """Name the factors that make groups, where the suite does; other data sets declare their own."""
    column = "data.dataset.groups"
    if column not in results.runs:
        return ()
    runs = results.runs[results.runs["dataset"].isin(frame["dataset"])]
    named = runs[["dataset", column]].dropna().drop_duplicates().to_numpy().tolist()
    return tuple(
        f"Groups of {dataset}: each principal class with each value of {groups}."
        for dataset, groups in named
        if groups
    )
