"""What is said of a control that is not there, and how to write it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from detaux.suite.choices import Choice
from detaux.suite.controls import BASELINE, CONTROLS, Control
from detaux.suite.selection import values_of

_USUAL_WEIGHTING = "equal"


def lacking_words(
    needs: Iterable[Control],
    usual: Collection[int],
    *,
    arms: Collection[str],
    sources: Collection[str],
    has_stage_two: bool,
) -> Iterator[str]:
    """Yield a sentence for each source of labels that some lacking controls have.

    Args:
        needs: The controls.
        usual: Numbers of tasks that an arm has which says nothing of them.
        arms: Names of the arms that the suite has.
        sources: Names of their sources.
        has_stage_two: Whether there is a stage two to take classes from.
    """
    by_source: dict[str, list[Control]] = {}
    for need in sorted(needs):
        by_source.setdefault(_source(need, usual, has_stage_two=has_stage_two), []).append(need)
    for source, alike in by_source.items():
        first = alike[0]
        weightings = sorted({need.weighting for need in alike} - {""})
        named = f"name: {_free_name(first, arms)}, auxiliary: {source}{_weighted(weightings)}"
        hint = "; the one written has another number of tasks or of classes, or another weighting"
        yield (
            f"lacks an arm with auxiliary {source!r}, {CONTROLS[first.name]}: {{{named}}}"
            f"{hint if first.name in sources else ''}"
        )


def taken_words(need: Control, chosen: tuple[Choice, ...], *, by: str) -> str:
    """Return what to say of a control that `zip` or `exclude` takes from a setting."""
    values = values_of(chosen, None)
    axes = [f"{path}: {values[path]}" for choice in chosen for path in choice.positions if path in values]
    where = f" at {{{', '.join(axes)}}}" if axes else ""
    under = "" if need.weighting in ("", _USUAL_WEIGHTING) else f" under {need.weighting}"
    remedy = (
        "keep it, or exclude the whole setting"
        if by == "exclude"
        else "let its axis run as the other arms' do"
    )
    return f"takes the arm with auxiliary {need.name!r}{under}{where}, {CONTROLS[need.name]}; {remedy}"


def _source(need: Control, usual: Collection[int], *, has_stage_two: bool) -> str:
    """Return how an arm writes the auxiliary task of a control."""
    if need.name == "random" and not has_stage_two:
        return "{name: random, num_classes: 10}"
    return need.name if need.num_tasks in usual else f"{{name: {need.name}, num_tasks: {need.num_tasks}}}"


def _weighted(weightings: list[str]) -> str:
    if weightings in ([], [_USUAL_WEIGHTING]):
        return ""
    listed = ", ".join(weightings)
    return f", weighting: {listed}" if len(weightings) == 1 else f", weighting: [{listed}]"


def _free_name(need: Control, arms: Collection[str]) -> str:
    """Return a name for an arm that no other has."""
    name = "stl" if need.name == BASELINE else need.name
    tried = [
        name,
        *(f"{name}_{number}" for number in range(max(1, need.num_tasks), len(arms) + need.num_tasks + 3)),
    ]
    return next(one for one in tried if one not in arms)
