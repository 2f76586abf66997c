"""What a suite must compare its arms with, in every setting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import Suite, read_suite

Read = Callable[..., Suite]
Write = Callable[..., Path]
STL = "{name: stl, auxiliary: none}"
ORACLE = "{name: oracle, auxiliary: 'factor:wall_hue'}"


def suite(arms: str, more: str = "") -> str:
    return (
        "suite: x\nquestion: q?\nseeds: 1\n"
        "data: {name: shapes3d, levels: {floor_hue: 2, wall_hue: 2, object_hue: 2}, principal: [shape]}\n"
        f"disentangle: {{method: detaux, subspaces: 3}}\nlearn: {{steps: 3, arms: [{arms}]}}\n{more}"
    )


@pytest.mark.parametrize("source", ["worst", "principal", "pixels", "features", "discovered"])
def test_labels_of_stages_one_and_two_need_controls(write: Write, source: str) -> None:
    with pytest.raises(SuiteError) as refusal:
        read_suite(write(suite(f"{STL}, {{name: x, auxiliary: {source}}}")))
    lines = str(refusal.value).splitlines()[1:]
    assert [line.partition("auxiliary ")[2][:10] for line in lines] == ["'random', ", "'shuffled'"]


@pytest.mark.parametrize(
    ("name", "more", "lacking"),
    [
        ("suites/x.yaml", "", ()),
        ("paper/x.yaml", "", ()),
        ("suites/x.yaml", "controls: discovered", ()),
        ("suites/x.yaml", "controls: required", ("random", "shuffled")),
        ("suites/paper/x.yaml", "", ("random", "shuffled")),
        ("suites/ablations/heads/x.yaml", "", ("random", "shuffled")),
        ("suites/ablations/x.yaml", "controls: discovered", ()),
    ],
)
def test_known_labels_need_controls_where_these_are_required(
    write: Write, name: str, more: str, lacking: tuple[str, ...]
) -> None:
    file = write(suite(f"{STL}, {ORACLE}", more), name)
    if not lacking:
        read_suite(file)
        return
    with pytest.raises(SuiteError, match=f"^{len(lacking)} faults") as refusal:
        read_suite(file)
    for control in lacking:
        assert f":6: learn.arms: lacks an arm with auxiliary '{control}'" in str(refusal.value)


def test_controls_are_of_two_kinds(read: Read) -> None:
    with pytest.raises(SuiteError, match=r":2: controls: is 'all', but should be 'required' or 'discovered'"):
        read("controls: all")


@pytest.mark.parametrize(
    ("exclude", "said"),
    [
        ("{arm: stl}", "takes the arm with auxiliary 'none'"),
        ("{arm: shuffled}", "takes the arm with auxiliary 'shuffled'"),
        ("{arm: random}", "takes the arm with auxiliary 'random', a control"),
    ],
)
def test_required_controls_are_kept_in_every_setting(write: Write, exclude: str, said: str) -> None:
    every = f"{STL}, {ORACLE}, {{name: random, auxiliary: random}}, {{name: shuffled, auxiliary: shuffled}}"
    text = suite(every, f"controls: required\nexclude: [{exclude}]").replace(
        "subspaces: 3", "subspaces: 3, strength: [0, 1]"
    )
    with pytest.raises(SuiteError, match=r"^1 fault") as refusal:
        read_suite(write(text))
    assert f"exclude[0]: {said}" in str(refusal.value)
    for sound in ("{disentangle.strength: 0}", "{arm: random, disentangle.strength: 1}"):
        read_suite(write(text.replace(f"exclude: [{exclude}]", f"exclude: [{sound}]")))


PLAIN = f"{STL}, {{name: x, auxiliary: discovered}}, {{name: shuffled, auxiliary: shuffled}}"
BLIND = "{name: random, auxiliary: random}"


@pytest.mark.parametrize(
    ("arms", "lacking"),
    [
        (f"{PLAIN}, {{name: random, auxiliary: {{name: random, num_classes: 4}}}}", ("random",)),
        (f"{PLAIN}, {{name: random, auxiliary: {{name: random, num_tasks: 2}}}}", ("random",)),
        (
            f"{PLAIN}, {BLIND}, {{name: two, auxiliary: {{name: discovered, num_tasks: 2}}}}",
            ("{name: random, num_tasks: 2}", "{name: shuffled, num_tasks: 2}"),
        ),
        (
            f"{PLAIN}, {BLIND}, {{name: several, auxiliary: {{name: discovered, num_tasks: [1, 2]}}}}",
            ("{name: random, num_tasks: 2}", "{name: shuffled, num_tasks: 2}"),
        ),
    ],
)
def test_controls_have_the_classes_and_the_number_of_tasks_of_what_they_control(
    write: Write, arms: str, lacking: tuple[str, ...]
) -> None:
    with pytest.raises(SuiteError) as refusal:
        read_suite(write(suite(arms)))
    lines = str(refusal.value).splitlines()[1:]
    assert len(lines) == len(lacking)
    for line, control in zip(lines, lacking, strict=True):
        assert f"lacks an arm with auxiliary {control!r}" in line
        assert line.endswith(
            "; the one written has another number of tasks or of classes, or another weighting"
        )


def test_controls_of_several_numbers_of_tasks_may_be_axes(write: Write) -> None:
    several = ", ".join(
        f"{{name: {name}, auxiliary: {{name: {name}, num_tasks: [1, 2]}}}}"
        for name in ("discovered", "random", "shuffled")
    )
    read_suite(write(suite(f"{STL}, {several}")))


ORACLES = f"{STL}, {ORACLE}, {BLIND}, {{name: shuffled, auxiliary: shuffled}}"


@pytest.mark.parametrize(
    ("tasks", "arms"),
    [
        (2, "{name: x, auxiliary: discovered}, {name: r, auxiliary: random}, {name: s, auxiliary: shuffled}"),
        (
            2,
            (
                "{name: x, auxiliary: discovered}, {name: r, auxiliary: {name: random, num_tasks: 2}},"
                " {name: s, auxiliary: {name: shuffled, num_tasks: 2}}"
            ),
        ),
        (
            2,
            (
                "{name: x, auxiliary: pixels}, {name: r, auxiliary: {name: random, num_tasks: 1}},"
                " {name: s, auxiliary: {name: shuffled, num_tasks: 1}}"
            ),
        ),
        (
            "[1, 2]",
            "{name: x, auxiliary: discovered}, {name: r, auxiliary: random}, {name: s, auxiliary: shuffled}",
        ),
    ],
)
def test_tasks_are_counted_as_they_are_run(write: Write, tasks: object, arms: str) -> None:
    read_suite(write(suite(f"{STL}, {arms}", f"discover: {{subspace: worst, tasks: {tasks}}}")))


def test_a_control_of_one_task_is_told_as_it_must_be_written(write: Write) -> None:
    arms = f"{STL}, {{name: x, auxiliary: pixels}}, {BLIND}, {{name: shuffled, auxiliary: shuffled}}"
    with pytest.raises(SuiteError) as refusal:
        read_suite(write(suite(arms, "discover: {subspace: worst, tasks: 2}")))
    for name in ("random", "shuffled"):
        assert f"{{name: {name}_1, auxiliary: {{name: {name}, num_tasks: 1}}}}" in str(refusal.value)


WEIGHED = "[equal, {name: fixed, weight: 0.1}, pcgrad]"


@pytest.mark.parametrize(
    ("blind", "lacking"),
    [
        ("", "weighting: [pcgrad, {name: fixed, weight: 0.1}]}"),
        (", weighting: [equal, fixed, pcgrad]", "weighting: {name: fixed, weight: 0.1}}"),
        (f", weighting: {WEIGHED}", None),
    ],
)
def test_controls_have_the_weightings_of_what_they_control(
    write: Write, blind: str, lacking: str | None
) -> None:
    arms = f"{STL}, {{name: x, auxiliary: discovered, weighting: {WEIGHED}}}, " + ", ".join(
        f"{{name: {name}, auxiliary: {name}{blind}}}" for name in ("random", "shuffled")
    )
    if lacking is None:
        read_suite(write(suite(arms)))
        return
    with pytest.raises(SuiteError, match=r"^2 faults") as refusal:
        read_suite(write(suite(arms)))
    for name in ("random", "shuffled"):
        assert f"{{name: {name}_1, auxiliary: {name}, {lacking}" in str(refusal.value)


def test_a_weighting_is_not_left_without_its_control(write: Write) -> None:
    arms = f"{STL}, " + ", ".join(
        f"{{name: {name}, auxiliary: {name}, weighting: [equal, pcgrad]}}"
        for name in ("discovered", "random", "shuffled")
    )
    rows = "{arm: random, learn.weighting: pcgrad}"
    with pytest.raises(SuiteError, match=r"^1 fault") as refusal:
        read_suite(write(suite(arms, f"exclude: [{rows}]")))
    assert "exclude[0]: takes the arm with auxiliary 'random' under pcgrad, a control" in str(refusal.value)
    read_suite(write(suite(arms, "exclude: [{learn.weighting: pcgrad}]")))


def test_controls_that_exclude_took_with_stage_two_are_missed(write: Write) -> None:
    text = suite(ORACLES, "controls: required\nexclude: [ROWS]").replace(
        "subspaces: 3", "subspaces: 3, strength: [0, 1]"
    )
    text = text.replace("steps: 3,", "steps: [3, 4],")
    rows = "{learn.steps: 3, disentangle.strength: 0}, {learn.steps: 3, disentangle.strength: 1}"
    with pytest.raises(SuiteError, match=r"takes the arm with auxiliary 'random'"):
        read_suite(write(text.replace("ROWS", rows)))
    read_suite(write(text.replace("ROWS", "{learn.steps: 3, disentangle.strength: 0}")))


def test_a_control_that_cannot_be_read_is_not_asked_for_again(write: Write) -> None:
    faulty = "{name: random, auxiliary: {name: random, num_tasks: 0}}"
    with pytest.raises(SuiteError, match=r"^1 fault") as refusal:
        read_suite(write(suite(f"{PLAIN}, {faulty}")))
    assert "num_tasks must be at least 1, but is 0" in str(refusal.value)


PAIR = "weighting: [equal, pcgrad]"


def test_zip_takes_no_control_from_a_setting_either(write: Write) -> None:
    arms = f"{STL}, {{name: x, auxiliary: discovered, {PAIR}}}, {{name: shuffled, auxiliary: shuffled, {PAIR}}}, "
    zipped = "zip: [[disentangle.strength, learn.weighting]]"
    crossed = suite(f"{arms}{{name: random, auxiliary: random, weighting: [pcgrad, equal]}}", zipped)
    with pytest.raises(SuiteError, match=r"^2 faults") as refusal:
        read_suite(write(crossed.replace("subspaces: 3", "subspaces: 3, strength: [0, 1]")))
    assert "zip: takes the arm with auxiliary 'random' at {disentangle.strength: 0.0}" in str(refusal.value)
    straight = suite(f"{arms}{{name: random, auxiliary: random, {PAIR}}}", zipped)
    read_suite(write(straight.replace("subspaces: 3", "subspaces: 3, strength: [0, 1]")))


@pytest.mark.parametrize("selection", ["", "exclude: [{arm: noise, learn.steps: 4}]"])
def test_a_row_that_takes_no_control_changes_nothing_of_what_is_needed(write: Write, selection: str) -> None:
    arms = f"{PLAIN}, {BLIND}, {{name: x2, auxiliary: rotation, {PAIR}}}, {{name: noise, auxiliary: noise}}"
    text = suite(arms, f"controls: required\n{selection}").replace("steps: 3", "steps: [3, 4]")
    with pytest.raises(SuiteError, match=r"^2 faults") as refusal:
        read_suite(write(text))
    assert "{name: random_1, auxiliary: random, weighting: pcgrad}" in str(refusal.value)


def test_what_is_never_run_needs_no_control(write: Write) -> None:
    arms = (
        f"{STL}, {{name: x, auxiliary: discovered, {PAIR}}}, {BLIND}, {{name: shuffled, auxiliary: shuffled}}"
    )
    read_suite(write(suite(arms, "exclude: [{arm: x, learn.weighting: pcgrad}]")))


def test_advice_names_each_weighting_once_and_no_arm_twice(write: Write) -> None:
    arms = f"{STL}, {{name: random, auxiliary: discovered}}"
    with pytest.raises(SuiteError, match=r"^2 faults") as refusal:
        read_suite(write(suite(arms, "discover: {subspace: worst, tasks: [1, 2]}")))
    assert "the one written" not in str(refusal.value)  # the arm `random` has other labels
    assert "{name: random_1, auxiliary: random}" in str(refusal.value)
    assert "{name: shuffled, auxiliary: shuffled}" in str(refusal.value)


def test_without_a_stage_one_random_labels_have_a_number_of_classes(write: Write) -> None:
    text = suite(f"{STL}, {{name: x, auxiliary: rotation}}", "controls: required")
    text = text.replace("disentangle: {method: detaux, subspaces: 3}\n", "")
    with pytest.raises(SuiteError, match=r"^1 fault") as refusal:
        read_suite(write(text))
    advice = "{name: random, auxiliary: {name: random, num_classes: 10}}"
    assert advice in str(refusal.value)
    read_suite(write(text.replace("auxiliary: rotation}", f"auxiliary: rotation}}, {advice}")))
