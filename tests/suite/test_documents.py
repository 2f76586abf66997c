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
from detaux.suite.nodes import dotted, undotted
from detaux.suite.overlay import overlay, set_path
from detaux.suite.variants import changed, variants

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
    found = set_path(document, "a.b.c", 5, place)
    assert found.data == {"a": {"b": {"c": 5, "d": 2}}}
    assert document.data == {"a": {"b": {"c": 1, "d": 2}}}
    assert found.place(("a", "b", "c")) == place


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
    found = set_path(document, "discover.clustering", {"name": "hdbscan"}, PLACE)
    assert found.data == {"discover": {"clustering": {"name": "hdbscan"}, "noise": "ignore"}}


def test_set_path_reaches_into_lists_of_a_copy() -> None:
    arms = [{"name": "stl"}, {"name": "x", "weighting": ["equal", "pcgrad"]}, "rest"]
    document = _document({"learn": {"arms": arms}})
    found = set_path(document, "learn.arms[1].weighting[0]", "famo", PLACE)
    assert found.data["learn"]["arms"][1] == {"name": "x", "weighting": ["famo", "pcgrad"]}
    assert (
        document.data["learn"]["arms"]
        == arms
        == [{"name": "stl"}, {"name": "x", "weighting": ["equal", "pcgrad"]}, "rest"]
    )
    assert set_path(document, "learn.arms[2]", 3, PLACE).data["learn"]["arms"] == [*arms[:2], 3]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("a[2]", "a has 2 items, counted from 0; write another place"),
        ("a[0].b[1].c", "a[0].b has 1 items, counted from 0"),
        ("a[1][0]", "a[1] is no list; leave the brackets out"),
        ("c[0]", "c is no list; leave the brackets out"),
        ("a.1.b", "a is a list; name one of its items, as a[0], or write it whole"),
        ("a[0].b.c", "a[0].b is a list; name one of its items, as a[0].b[0]"),
    ],
)
def test_a_place_that_is_not_there_is_told(path: str, said: str) -> None:
    with pytest.raises(SuiteError) as refusal:
        set_path(_document({"a": [{"b": [1]}, 2]}), path, 3, Place(file="--set", line=1, path=path))
    assert f"--set:1: {path}: {said}" in str(refusal.value)


@pytest.mark.parametrize("path", [f"a[{'1' * 5000}]", "a[\u0663]", "a[-1]", "a[]", "a[0"])
def test_what_is_no_place_is_part_of_a_key(path: str) -> None:
    assert undotted(path) == (path,)


@given(st.lists(st.sampled_from(["a", "bc", 0, 12]), min_size=1, max_size=6).map(lambda keys: ("x", *keys)))
def test_paths_are_read_as_faults_write_them(keys: tuple[str | int, ...]) -> None:
    assert undotted(dotted(keys)) == keys


def test_a_bare_name_takes_options() -> None:
    found = set_path(
        _document({"discover": {"clustering": "hdbscan"}}), "discover.clustering.min_cluster_size", 200, PLACE
    )
    assert found.data == {"discover": {"clustering": {"name": "hdbscan", "min_cluster_size": 200}}}


def test_a_part_of_another_name_replaces_the_bases_options_too() -> None:
    base = _document({"data": {"name": "digits", "split": {"name": "random", "test": 0.1}, "seed": 1}})
    over = _document({"data": {"name": "shapes3d", "split": {"name": "compositional"}}})
    assert overlay(base, over).data == {
        "data": {"name": "shapes3d", "split": {"name": "compositional"}, "seed": 1}
    }


VARIED = "variants:\n  one: {learn: {arms: [{name: stl}, {name: x}]}}\n  two: {learn: {arms: [{name: y}, {name: z}]}}\n"


def test_a_change_reaches_into_the_lists_of_every_variant(write: Write) -> None:
    changes = {"learn.arms[1].name": "w"}
    document = changed(read_document(write(VARIED)), changes)
    found = {name: variant.data["learn"]["arms"] for name, variant in variants(document, changes, [])}
    assert found == {"one": [{"name": "stl"}, {"name": "w"}], "two": [{"name": "y"}, {"name": "w"}]}


@pytest.mark.parametrize(
    ("path", "said"), [("learn.arms[2].name", "learn.arms has 2 items"), ("learn[0]", "learn is no list")]
)
def test_a_place_that_no_variant_has_is_told(write: Write, path: str, said: str) -> None:
    document = changed(read_document(write(VARIED)), {path: 1})
    with pytest.raises(SuiteError, match=said):
        list(variants(document, {path: 1}, []))
