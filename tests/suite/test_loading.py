from __future__ import annotations

import math
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.loading import parse_value, read_yaml


def _read(tmp_path: Path, text: str) -> dict[str, object]:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    data, _ = read_yaml(file)
    assert isinstance(data, dict)
    return data


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
    _, places = read_yaml(file)
    place = places["b", 1, "d"]
    assert (place.line, place.path, place.file) == (5, "b[1].d", str(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "x.yaml:2: b.c: is said twice"),
        ("a: &x [1]\nb: *x\n", "x.yaml:1: anchors and aliases are not read"),
        ("a: [1\n", "is not YAML"),
        ("- 1\n", "a suite is a mapping"),
        ("a: !!python/object:os.system {}\n", "x.yaml:1"),
        ("? [1, 2]\n: 3\n", "x.yaml:1"),
        ("3: x\n", "x.yaml:1"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match="fault") as refusal:
        _read(tmp_path, text)
    assert said in str(refusal.value)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_yaml(tmp_path / "no.yaml")
