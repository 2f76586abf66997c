"""`detaux data show`: where its sheet may be written, which is found out before anything is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from detaux.cli.app import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of images, a photograph, a file and a pipe, where the commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))
    for number in range(4):
        image = tmp_path / "pets" / ("cat", "dog")[number % 2] / f"{number}.png"
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number, 0, 0)).save(image)
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    (tmp_path / "link.png").symlink_to("photo.png")
    (tmp_path / "file").touch()
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    return tmp_path


def show(out: str | Path, *words: str) -> Result:
    options = words or ("folder", "-o", "path=pets", "-o", "image_size=8")
    return CliRunner().invoke(app, ("data", "show", *options, "--out", str(out)))


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("o.txt", "does not end in .png"),
        ("noext", "does not end in .png"),
        ("", "does not end in .png"),
        ("/dev/full", "does not end in .png"),
        ("/proc/x/o.png", ""),
        ("file/x.png", "a file is in the way"),
        ("~nosuchuser/x.png", ""),
        ("photo.png", "no sheet"),
        ("link.png", "no sheet"),
        ("folder.png", "no sheet"),
        ("pipe.png", "no sheet"),
        ("pets/cat/0.png", "the data set's own folder"),
        ("pets/new.png", "the data set's own folder"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused_first(home: Path, out: str, why: str) -> None:
    before = content(home)
    refused = show(out)
    assert refused.exit_code == 2, refused.output
    assert refused.stderr.startswith("detaux: --out '")
    for words in ("cannot be used", why, "name another with --out"):
        assert words in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stdout == ""
    assert content(home) == before


def test_a_sheet_is_written_over_and_its_folder_made(home: Path) -> None:
    sheet = home / "home" / "sheets" / "Sheet.PNG"
    for place in ("~/sheets/Sheet.PNG", sheet):
        shown = show(place)
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.endswith(f"wrote {sheet}\n")
        with Image.open(sheet) as image:
            assert (image.format, image.size) == ("PNG", (16 * 10 - 2, 8))
    assert not (home / "~").exists()


def test_embeddings_are_told_as_such(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.data.standins.civil_comments import make

    table = make(home, monkeypatch)["path"]
    refused = show("sheet.png", "civil_comments", "-o", f"path={table}")
    assert refused.stdout.startswith("civil_comments: 56 embeddings of 11 x 3 numbers\n")
    assert "there is no sheet of them" in refused.stderr
    assert refused.exit_code == 2
