"""What `zip`, `exclude` and axes must not say: rows without effect, values twice, and settings without controls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import Suite

Read = Callable[..., Suite]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "exclude: [{arm: stl}]",
            "exclude[0]: takes the arm with auxiliary 'none', the arm that every",
        ),
        ("exclude: [{arm: random}]", "exclude[0]: takes the arm with auxiliary 'random'"),
        ("exclude: [{arm: shuffled}]", "exclude[0]: takes the arm with auxiliary 'shuffled'"),
        (
            "exclude: [{arm: detaux, disentangle.strength: 0}, {arm: shuffled, disentangle.strength: 1}]",
            "exclude[1]: takes the arm with auxiliary 'shuffled' at {disentangle.strength: 1.0}",
        ),
        (
            "data: {image_size: [16, 32]}\nexclude: [{arm: stl, data.image_size: 16}]",
            "takes the arm with auxiliary 'none' at {data.image_size: 16}",
        ),
        ("exclude: [{data.image_size: 32}]", "exclude: leaves out every run; remove a row"),
        (
            "exclude: [{arm: nope}]",
            "exclude[0].arm: is 'nope', which matches nothing; write one of: 'stl', 'detaux', 'random', 'shuffled'",
        ),
        ("exclude: [{disentangle.strength: 7}]", "is 7, which matches nothing; write one of: 0.0, 1.0"),
        ("exclude: [{disentangle.strength: '0'}]", "is '0', which matches nothing"),
        ("exclude: [{disentangle.strength: true}]", "is True, which matches nothing"),
        ("exclude: [{disentangle.strength: .nan}]", "is nan, which matches nothing"),
        ("exclude: [{arm: [stl, detaux]}]", "is ['stl', 'detaux'], which matches nothing"),
        (
            "exclude: [{arm: stl, disentangle.strength: 0}]",
            "exclude[0]: matches nothing: each value is there",
        ),
        (
            (
                "disentangle: {subspaces: [3, 4]}\nzip: [[disentangle.strength, disentangle.subspaces]]\n"
                "exclude: [{disentangle.strength: 0, disentangle.subspaces: 4}]"
            ),
            "exclude[0]: matches nothing",
        ),
        ("zip: [[]]", "zip[0]: is [], but must name two different axes"),
        ("zip: [[disentangle.strength]]", "zip[0]: is ['disentangle.strength'], but must name two"),
        ("zip: [[disentangle.strength, disentangle.strength]]", "but must name two different axes"),
        ("disentangle: {strength: [0, 0]}", "disentangle.strength: has 0.0 twice; remove one"),
        ("disentangle: {strength: [1, 1.0], subspaces: [3, 4]}", "disentangle.strength: has 1.0 twice"),
        (
            "discover: {clustering: [hdbscan, {name: hdbscan, min_cluster_size: 200}]}",
            "discover.clustering: has 'hdbscan' twice",
        ),
        (
            (
                "disentangle: {strength: [1, 1, 2], subspaces: [4, 4, 5]}\n"
                "zip: [[disentangle.strength, disentangle.subspaces]]"
            ),
            "disentangle.subspaces: has 4 twice",
        ),
    ],
)
def test_one_fault(read: Read, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match="fault") as refusal:
        read(text)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "exclude: [{disentangle.strength: 0}]",
        "exclude: [{arm: detaux}, {arm: shuffled}]",
        "exclude: [{arm: detaux, disentangle.strength: 1.0}]",
        "disentangle: {strength: [1, 1, 2], subspaces: [3, 4, 5]}\nzip: [[disentangle.strength, disentangle.subspaces]]",
    ],
)
def test_what_leaves_controls_and_has_an_effect_is_sound(read: Read, text: str) -> None:
    read(text)


def test_a_faulty_axis_makes_no_fault_of_zip_and_exclude(read: Read) -> None:
    text = """
    disentangle: {strength: [0, one, 2], subspaces: [3, 4, 5]}
    zip: [[disentangle.strength, disentangle.subspaces]]
    exclude: [{disentangle.strength: one}]
    """
    with pytest.raises(SuiteError, match=r"1 fault,.*\n.*strength\[1\]: is 'one'"):
        read(text)
