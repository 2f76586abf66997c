from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.errors import SuiteError
from detaux.suite.bases import read_document
from detaux.suite.documents import Document
from detaux.suite.faults import Place
from detaux.suite.overlay import overlay, set_path

Write = Callable[..., Path]


def test_mappings_merge_and_everything_else_is_replaced(write: Write) -> None:
    write("a: {x: 1, y: [1, 2]}\nb: 1\n", "base.yaml")
    document = read_document(write("extends: base.yaml\na: {y: [3]}\n"))
    assert document.data == {"extends": "base.yaml", "a": {"x": 1, "y": [3]}, "b": 1}


def test_merged_values_keep_their_places(write: Write) -> None:
    base = write("a: {x: 1}\nb:\n  c: 1\n", "base.yaml")
    file = write("extends: base.yaml\n\na: {y: 2}\n")
    document = read_document(file)
    assert str(document.place(("b", "c"))) == f"{base}:3: b.c"
    assert str(document.place(("a", "y"))) == f"{file}:3: a.y"
    assert document.place(("a", "nothing")).line in (1, 3)


def test_a_replaced_list_leaves_no_place_behind(write: Write) -> None:
    write("a: [1, 2, 3]\n", "base.yaml")
    document = read_document(write("extends: base.yaml\na: [4]\n"))
    assert ("a", 2) not in document.places


def test_a_circle_is_a_fault(write: Write) -> None:
    write("extends: test.yaml\n", "other.yaml")
    with pytest.raises(SuiteError, match="circle"):
        read_document(write("extends: other.yaml\n"))


@pytest.mark.parametrize("base", ["../../x.yaml", "/etc/passwd"])
def test_a_base_far_away_is_a_fault(write: Write, base: str) -> None:
    with pytest.raises(SuiteError, match="lies outside"):
        read_document(write(f"extends: {base}\n"))


def test_a_base_in_a_sister_folder_is_read(write: Write) -> None:
    write("a: 1\n", "base/b.yaml")
    assert read_document(write("extends: ../base/b.yaml\n", "ablations/x.yaml")).data["a"] == 1


def test_set_path_changes_a_copy(write: Write) -> None:
    document = read_document(write("a: {b: {c: 1, d: 2}}\n"))
    place = Place(file="f", line=9, path="include[0]")
    changed = set_path(document, "a.b.c", 5, place)
    assert changed.data == {"a": {"b": {"c": 5, "d": 2}}}
    assert document.data == {"a": {"b": {"c": 1, "d": 2}}}
    assert changed.place(("a", "b", "c")) == place


trees = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abc"), trees, max_size=3)


def _document(data: dict[str, object]) -> Document:
    return Document(data=data, places={(): Place(file="f", line=1, path="")})


@given(mappings, mappings)
def test_the_upper_document_wins(base: dict[str, object], over: dict[str, object]) -> None:
    merged = overlay(_document(base), _document(over))
    assert overlay(merged, _document(over)).data == merged.data
    assert overlay(_document({}), _document(over)).data == over
    assert set(merged.data) == base.keys() | over.keys()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("''", "must name one file, but is ''"),
        ("3", "must name one file, but is 3"),
        ('"x\\0y"', "holds a character that is none"),
        ("nope.yaml", "there is no file 'nope.yaml'; it is looked for in"),
        (".", "there is no file '.'"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_a_base_that_is_none_is_told_where_it_is_named(write: Write, written: str, said: str) -> None:
    file = write(f"suite: x\nextends: {written}\n")
    with pytest.raises(SuiteError) as refusal:
        read_document(file)
    assert f"{file}:2: extends: " in str(refusal.value)
    assert said in str(refusal.value)


def test_a_missing_base_hides_no_fault_of_a_key(write: Write) -> None:
    with pytest.raises(SuiteError, match=r"(?s)2 faults.*no file.*said twice"):
        read_document(write("extends: nope.yaml\nseeds: 1\nseeds: 2\n"))


def test_faults_of_keys_come_with_the_document(write: Write) -> None:
    base = write("a: 1\na: 2\n", "base.yaml")
    (fault,) = read_document(write("extends: base.yaml\n")).faults
    assert str(fault) == f"{base}:2: a: is said twice, first in line 1; remove one"


PLACE = Place(file="--set", line=1, path="")


def test_set_path_replaces_a_mapping_whole() -> None:
    document = _document(
        {"discover": {"clustering": {"name": "kmeans", "max_clusters": 10}, "noise": "ignore"}}
    )
    changed = set_path(document, "discover.clustering", {"name": "hdbscan"}, PLACE)
    assert changed.data == {"discover": {"clustering": {"name": "hdbscan"}, "noise": "ignore"}}


def test_a_bare_name_takes_options() -> None:
    changed = set_path(
        _document({"discover": {"clustering": "hdbscan"}}), "discover.clustering.min_cluster_size", 200, PLACE
    )
    assert changed.data == {"discover": {"clustering": {"name": "hdbscan", "min_cluster_size": 200}}}


def test_a_part_of_another_name_replaces_the_bases_options_too() -> None:
    base = _document({"data": {"name": "digits", "split": {"name": "random", "test": 0.1}, "seed": 1}})
    over = _document({"data": {"name": "shapes3d", "split": {"name": "compositional"}}})
    assert overlay(base, over).data == {
        "data": {"name": "shapes3d", "split": {"name": "compositional"}, "seed": 1}
    }
