"""Keys in the wrong place are answered with the right one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.hints import fetching
from detaux.suite.parts import build_part
from detaux.suite.suite import Suite, read_suite

Read = Callable[..., Suite]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("data: {pairs: same_class}", "data.pairs: unknown key 'pairs'; write it as disentangle.pairing"),
        ("data: {pairing: group}", "data.pairing: unknown key 'pairing'; write it as disentangle.pairing"),
        (
            "data: [{name: digits, principal: [class], pairs: group}]",
            "data[0].pairs: unknown key 'pairs'; write it as disentangle.pairing",
        ),
        (
            "variants: {a: {data: {pairs: group}}}",
            "variants.a.data.pairs: unknown key 'pairs'; write it as disentangle.pairing",
        ),
        (
            "learn: {label_fraction: 0.1}",
            "learn.label_fraction: unknown key 'label_fraction'; write the share as data.split.label_fraction, or",
        ),
        (
            """
            learn:
              arms:
                - {name: stl, auxiliary: none}
                - {name: oracle, auxiliary: factor, factor: colour}
            """,
            "learn.arms[1].factor: unknown key 'factor'; write auxiliary: factor:colour",
        ),
        ("learn: {stepz: 3}", "learn.stepz: unknown key 'stepz'; did you mean 'steps'"),
    ],
)
def test_a_key_in_the_wrong_place_is_one_fault_that_names_the_right_one(
    read: Read, text: str, fault: str
) -> None:
    with pytest.raises(SuiteError) as refusal:
        read(text)
    title, told = str(refusal.value).splitlines()
    assert title.startswith("1 fault,")
    assert f": {fault}" in told


def test_a_base_is_extended(write: Callable[[str], Path]) -> None:
    with pytest.raises(SuiteError, match=r"yaml:1: base: unknown key 'base'; write extends"):
        read_suite(write("base: ../base/x.yaml"))


@pytest.mark.parametrize(
    ("name", "options", "hint"),
    [
        ("cifar10", {"image_size": 64}, "; or run: detaux data fetch cifar10"),
        ("mpi3d", {"version": "real"}, "; or run: detaux data fetch mpi3d -o version=real"),
        ("cifar10", {"path": "mine.tar.gz"}, ""),
        ("dsprites", {"origin": "rendered"}, ""),
        ("digits", {}, ""),
    ],
)
def test_what_can_be_fetched_is_told(
    name: str, options: dict[str, object], hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    assert fetching(build_part("datasets", name, options)) == hint


def test_what_is_here_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    cifar10 = build_part("datasets", "cifar10", {})
    (file,) = cifar10.built.official_files()
    file.default_path.touch()
    assert fetching(cifar10) == ""
