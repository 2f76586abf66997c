"""Every suite of the checkout loads, expands, and says what it is."""

from __future__ import annotations

import io
import itertools
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from detaux.core.errors import SuiteError
from detaux.suite.api import find_suites, load_suite, run_suite, suite_file
from detaux.suite.expand import Expansion, expand
from detaux.suite.loading import read_yaml
from detaux.suite.suite import Suite
from tests.data.standins import cifar10 as standin

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "suites").rglob("*.yaml"))
CIFAR10 = ROOT / "../shared/data/cifar10-jpeg.tar.xz"


def _expanded(name: str) -> Expansion:
    return expand(load_suite(ROOT / "suites" / f"{name}.yaml"))


def _counts(name: str) -> dict[str, int]:
    return dict(_expanded(name).graph.count_by_stage())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_suite_begins_with_its_schema_and_how_to_run_it(file: Path) -> None:
    head = file.read_text().split("\n\n")[0]
    schema = os.path.relpath(ROOT / "schema" / "suite.schema.json", file.parent)
    assert head.splitlines()[0] == f"# yaml-language-server: $schema={schema}"
    data = read_yaml(file).value
    if file.parent.name != "base":
        assert f"detaux run {file.relative_to(ROOT / 'suites').with_suffix('')}" in head
        assert data["question"].endswith("?")


@pytest.fixture
def _cache_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drop the converted images, 18 to 36 MB, with the test."""
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))


def _as_folder(place: Path) -> dict[str, str]:
    """Return changes that take the images of a suite from a folder or archive."""
    return {"data.name": "folder", "data.path": str(place)}


@pytest.mark.parametrize("name", [name for name in find_suites() if "cifar10" not in name])
def test_a_suite_loads_and_expands(name: str) -> None:
    assert _arms(load_suite(name)) >= {"stl", "detaux", "random", "shuffled"}


@pytest.mark.usefixtures("_cache_of_the_test")
@pytest.mark.parametrize("name", ["ablations/sources_cifar10", "ablations/weighting_cifar10"])
def test_a_small_cifar10_suite_takes_an_archive_of_images(name: str, tmp_path: Path) -> None:
    archive = tmp_path / "cifar10.zip"
    _write_images(archive, train=6_000, test=20)
    assert _arms(load_suite(name, changes=_as_folder(archive))) >= {"stl", "detaux", "random", "shuffled"}


def _arms(suite: Suite) -> set[str]:
    return {run.arm for run in expand(suite).runs}


@pytest.mark.slow  # decodes 60,000 images the first time
@pytest.mark.skipif(not CIFAR10.is_file(), reason="needs the CIFAR-10 archive beside the checkout")
def test_the_cifar10_suite_loads_and_expands() -> None:
    counts = expand(load_suite("paper/cifar10", changes=_as_folder(CIFAR10))).graph.count_by_stage()
    assert counts == {"data": 1, "learn": 36, "disentangle": 3, "discover": 3, "measure": 3}


@pytest.mark.usefixtures("_cache_of_the_test")
def test_cifar10_has_the_labels_of_the_published_numbers(tmp_path: Path) -> None:
    archive = tmp_path / "cifar10.zip"
    _write_images(archive, train=12_000, test=20)
    changes = _as_folder(archive) | {"data.image_size": 32, "disentangle.preset": "fast"}
    expansion = expand(load_suite("paper/cifar10", changes=changes))
    sizes = [(run.columns["learn.train_size"], run.columns["learn.steps"]) for run in expansion.runs]
    assert Counter(sizes) == {(5000, 4680): 12, (10000, 9360): 12, (None, 42180): 12}
    assert expansion.graph.count_by_stage()["disentangle"] == 3


def test_cifar10_with_too_few_images_names_the_number_asked_for(tmp_path: Path) -> None:
    archive = tmp_path / "cifar10.zip"
    _write_images(archive, train=200, test=20)
    with pytest.raises(SuiteError, match=r"learn\.train_size: is 5000, but there are 180 training images"):
        load_suite("paper/cifar10", changes=_as_folder(archive))


def _write_images(archive: Path, **counts: int) -> None:
    """Write an archive of two classes in which every image is one pixel of its own colour."""
    with zipfile.ZipFile(archive, "w") as target:
        for part, number in itertools.chain(
            *(itertools.product([part], range(n)) for part, n in counts.items())
        ):
            content = io.BytesIO()
            Image.new("RGB", (1, 1), (number % 256, number // 256, 0)).save(content, "BMP")
            target.writestr(f"{part}/{'ab'[number % 2]}/{number}.bmp", content.getvalue())


def test_cifar10_without_its_images_says_how_to_fetch_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    with pytest.raises(
        SuiteError, match=r"1 fault.*\n.*cifar10\.yaml:\d+: data: .*detaux data fetch cifar10$"
    ):
        load_suite("paper/cifar10")


def test_cifar10_from_the_official_archive_has_its_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))
    path = standin.make(tmp_path, monkeypatch)["path"]
    with pytest.raises(SuiteError, match=r"learn\.train_size: is 5000, but there are 45 training images"):
        load_suite("paper/cifar10", changes={"data.path": str(path)})


def test_the_quickstart_is_what_it_says() -> None:
    expansion = _expanded("quickstart")
    arms = {
        variant: {run.arm for run in expansion.runs if run.variant == variant}
        for variant in ("shapes3d", "digits")
    }
    assert arms["shapes3d"] == {"stl", "detaux", "oracle", "random", "shuffled"}
    assert arms["digits"] == {"stl", "detaux", "random", "shuffled"}
    assert len({run.repetition for run in expansion.runs}) >= 3
    found = {run.columns["disentangle.method.strength"] for run in expansion.runs if run.arm == "detaux"}
    assert found == {0, 1}


def test_the_strength_ablation_trains_each_disentangler_once() -> None:
    counts = _counts("ablations/strength")
    assert counts["disentangle"] == 6 * 5
    assert counts["learn"] == (3 * 6 + 2) * 5


def test_changes_reach_every_variant() -> None:
    expansion = expand(load_suite("quickstart", changes={"learn.steps": 7, "seeds": 1}))
    assert {run.columns["learn.steps"] for run in expansion.runs} == {7}
    assert {run.repetition for run in expansion.runs} == {0}


def test_a_faulty_change_is_told_as_one() -> None:
    with pytest.raises(SuiteError, match=r"--set:1: learn\.stps: unknown key 'stps'; did you mean 'steps'"):
        load_suite("smoke", changes={"learn.stps": 7})


def test_names_are_found_here_and_in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert suite_file("smoke") == ROOT / "suites" / "smoke.yaml"
    own = tmp_path / "suites" / "smoke.yaml"
    own.parent.mkdir()
    own.touch()
    assert suite_file("smoke") == Path("suites/smoke.yaml")


@pytest.mark.slow
def test_the_smoke_suite_runs_and_is_not_run_again(tmp_path: Path) -> None:
    first = run_suite(
        "smoke", store=tmp_path / "store", results=tmp_path, executor="inline", device="cpu", progress=False
    )
    assert set(first.runs["status"]) == {"done"}
    assert set(first.scores["stage"]) == {"disentangle", "discover", "learn", "measure"}
    again = run_suite(
        "smoke", store=tmp_path / "store", results=tmp_path, executor="inline", device="cpu", progress=False
    )
    assert again.report is not None
    assert not again.report.done
    assert again.scores.equals(first.scores)
