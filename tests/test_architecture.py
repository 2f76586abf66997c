"""The house: which room may import which, and that kinds of one sort leave each other alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "detaux"
ROOMS = (
    "core",
    "data",
    "models",
    "train",
    "disentangle",
    "discover",
    "learn",
    "metrics",
    "pipeline",
    "suite",
    "report",
    "cli",
)
KINDS = (
    "data/sets",
    "data/splitting",
    "data/pairing",
    "data/corruption",
    "data/augmentation",
    "models/backbones",
    "disentangle/methods",
    "discover/criteria",
    "discover/clusterings",
    "learn/auxiliary",
    "learn/architectures",
    "learn/weightings",
    "metrics/scores",
    "pipeline/stages",
    "report/figures",
    "report/tables",
)
HEAVY = {"torch", "ray", "torchvision", "torchjd"}
WITHOUT_HEAVY = ("core", "metrics", "report")
LONGEST_FILE = 300


def imports_of(file: Path) -> Iterator[str]:
    """Yield the dotted name of every import in a file, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files(place: str) -> list[Path]:
    return sorted((PACKAGE / place).rglob("*.py"))


def test_every_folder_is_a_known_room() -> None:
    found = {place.name for place in PACKAGE.iterdir() if place.is_dir() and any(place.glob("*.py"))}
    assert found == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_to_its_left(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    for file in files(room):
        for name in imports_of(file):
            parts = name.split(".")
            if parts[0] == "detaux" and parts[1] in ROOMS:
                assert parts[1] in allowed, f"{file.relative_to(PACKAGE)} imports {name}"


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_one_kind_never_import_each_other(kind: str) -> None:
    dotted = "detaux." + kind.replace("/", ".")
    assert files(kind), f"{kind} has gone: mend the list"
    for file in files(kind):
        siblings = [name for name in imports_of(file) if name.startswith(f"{dotted}.")]
        assert not siblings, f"{file.relative_to(PACKAGE)} imports {siblings}"


@pytest.mark.parametrize("room", WITHOUT_HEAVY)
def test_light_rooms_import_neither_torch_nor_ray(room: str) -> None:
    for file in files(room):
        heavy = [name for name in imports_of(file) if name.split(".")[0] in HEAVY]
        assert not heavy, f"{file.relative_to(PACKAGE)} imports {heavy}"


def test_torchjd_is_called_from_one_file() -> None:
    callers = [
        file for file in files(".") if any(name.split(".")[0] == "torchjd" for name in imports_of(file))
    ]
    assert len(callers) == 1, callers


def test_ray_is_imported_only_by_the_ray_executor_and_doctor() -> None:
    callers = {file.relative_to(PACKAGE).as_posix() for file in files(".") if "ray" in roots(file)}
    assert all(name.startswith("suite/executors/ray") for name in callers), callers


def roots(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(file)}


@pytest.mark.parametrize(
    "module", ["detaux", "detaux.cli", "detaux.core.registry", "detaux.pipeline.store", "detaux.report"]
)
def test_light_modules_load_neither_torch_nor_ray(module: str) -> None:
    script = f"import sys, {module}; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_pickle_and_no_eval() -> None:
    forbidden = {"pickle", "cloudpickle", "dill", "joblib"}
    for file in files("."):
        assert not roots(file) & forbidden, file
        calls = [
            node.func.id
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert not {"eval", "exec", "__import__"} & set(calls), file


def test_files_stay_short() -> None:
    long = {file.name: n for file in files(".") if (n := len(file.read_text().splitlines())) > LONGEST_FILE}
    assert not long
