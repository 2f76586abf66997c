from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from detaux.core.errors import SuiteError
from detaux.suite.faults import raise_faults
from detaux.suite.loading import MAX_DEPTH, parse_value, read_yaml


def _read(tmp_path: Path, text: str) -> dict[str, object]:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    written = read_yaml(file)
    raise_faults(written.faults)
    assert isinstance(written.value, dict)
    return written.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-3", 1e-3),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-7", -7),
        ("012", 12),
        (".inf", math.inf),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("'1'", "1"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path: Path, written: str, meant: object) -> None:
    found = _read(tmp_path, f"x: {written}\n")["x"]
    assert found == meant
    assert type(found) is type(meant)


def test_a_single_value_is_read_alike() -> None:
    assert parse_value("{name: kmeans, rate: [1e-3, no]}") == {"name": "kmeans", "rate": [1e-3, "no"]}


def test_places_are_lines_and_paths(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n\nb:\n  - c\n  - d: 2\n")
    place = read_yaml(file).places["b", 1, "d"]
    assert (place.line, place.path, place.file) == (5, "b[1].d", str(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "x.yaml:2: b.c: is said twice"),
        ("a: &x [1]\nb: *x\n", "x.yaml:1: anchors and aliases are not read"),
        ("a: [1\n", "is not YAML"),
        ("- 1\n", "a suite is a mapping"),
        ("a: !!python/object:os.system {}\n", "x.yaml:1: a: has the tag"),
        ("? [1, 2]\n: 3\n", "x.yaml:1: a key must be a word, but one here is a mapping or a list"),
        ("3: x\n", "x.yaml:1: 3: the key '3' must be a word; put it in quotes"),
        ("a: 1\nb: x\0y\n", "x.yaml:2: holds the character 0x0; remove it"),
        ('a: 1\nb: "x\\0y"\n', "x.yaml:2: b: is 'x\\x00y', which holds a character that is none"),
        ('a: "\\ud800"\n', "x.yaml:1: a: is '\\ud800'"),
        ('a: 1\nb: "\\U99999999"\n', "x.yaml:2: is not YAML"),
        ("a: 1\nb: !!int abc\n", "x.yaml:2: b: is 'abc', which is no int"),
        ("a: !!float abc\n", "x.yaml:1: a: is 'abc', which is no float"),
        ("a: !!bool 3\n", "x.yaml:1: a: is '3', which is no bool"),
        ("a: " + "9" * 5000, "x.yaml:1: a: is an integer of 5000 digits; write one of at most 18"),
        ("a:\n  " + "[" * 3000, f"x.yaml:2: is nested more than {MAX_DEPTH} deep; write it flatter"),
        ("a: " + "{a: " * 3000, f"x.yaml:1: is nested more than {MAX_DEPTH} deep"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match="fault") as refusal:
        _read(tmp_path, text)
    assert said in str(refusal.value)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_yaml(tmp_path / "no.yaml")


def test_what_is_deep_but_not_too_deep_is_read(tmp_path: Path) -> None:
    lists = MAX_DEPTH - 1
    assert _read(tmp_path, f"a: {'[' * lists}{']' * lists}")


def test_all_faults_of_keys_and_values_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\na: 2\nb: !!int x\n3: y\nc: 4\n")
    written = read_yaml(file)
    assert [fault.place.line for fault in written.faults] == [2, 3, 4]
    assert (written.value["a"], written.value["c"]) == (1, 4)


def test_every_anchor_is_told(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="2 faults"):
        _read(tmp_path, "a: &x 1\nb: &y 2\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!!int x", "is 'x', which is no int"),
        ("{a: 1, a: 2, b: !!int z}", "said twice.*no int"),
        ("[" * 3000, "nested more than"),
        ("9" * 5000, "an integer of 5000 digits"),
        ("\0", "holds the character 0x0"),
        ("[1", "is not YAML"),
    ],
)
def test_a_single_value_is_refused_alike(text: str, said: str) -> None:
    with pytest.raises(yaml.YAMLError, match=said):
        parse_value(text)
