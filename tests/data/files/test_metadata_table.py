from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.files.metadata_table import open_metadata

TABLE = ",file,y,split\n0,a/0.png,1,0\n1,b/1.png,0,2\n"
NUMBERS = {"y": range(2), "split": range(3)}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A table beside the two files that it lists."""
    root = tmp_path / "set"
    for file in ("a/0.png", "b/1.png"):
        (root / file).parent.mkdir(parents=True)
        (root / file).write_bytes(b"")
    (root / "metadata.csv").write_text(TABLE)
    return root


def test_columns_are_read_as_text_and_whole_numbers(home: Path) -> None:
    rows = open_metadata(str(home)).read(NUMBERS, texts=["file"])
    assert rows.columns.tolist() == ["file", "y", "split"]
    assert rows.to_numpy().tolist() == [["a/0.png", 1, 0], ["b/1.png", 0, 2]]
    assert rows.dtypes[["y", "split"]].tolist() == ["int64", "int64"]


@pytest.mark.parametrize("text", [TABLE.encode("utf-8-sig"), TABLE.replace("\n", "\r\n").encode()])
def test_marks_of_other_systems_are_no_content(home: Path, text: bytes) -> None:
    (home / "metadata.csv").write_bytes(text)
    assert open_metadata(str(home)).read(NUMBERS)["y"].tolist() == [1, 0]


@pytest.mark.parametrize("kind", ["folder", "zip", "gztar"])
def test_a_folder_that_wraps_all_is_in_the_names(home: Path, kind: str) -> None:
    place = str(home.parent)
    if kind != "folder":
        place = shutil.make_archive(str(home.parent / "packed"), kind, home.parent, "set")
        shutil.rmtree(home)
    table = open_metadata(place)
    assert table.find(["b/1.png", "a/0.png"]) == (["set/b/1.png", "set/a/0.png"], [])
    assert table.read(NUMBERS)["split"].tolist() == [0, 2]


def test_the_table_nearest_to_the_top_counts(home: Path) -> None:
    (home / "a" / "metadata.csv").write_text("other\n")
    assert open_metadata(str(home)).home == ""
    (home / "metadata.csv").rename(home / "b" / "metadata.csv")
    with pytest.raises(
        DataError, match=r"metadata\.csv more than once, as a/metadata\.csv and b/metadata\.csv"
    ):
        open_metadata(str(home))


def test_a_missing_table_and_a_link_to_nothing_are_told(home: Path) -> None:
    (home / "metadata.csv").unlink()
    with pytest.raises(DataError, match=r"holds no metadata\.csv; let the option 'path'"):
        open_metadata(str(home))
    (home / "metadata.csv").symlink_to("nothing")
    with pytest.raises(DataError, match=r"metadata\.csv is a link to nothing"):
        open_metadata(str(home))


def test_a_pipe_is_not_waited_for(home: Path) -> None:
    (home / "metadata.csv").unlink()
    os.mkfifo(home / "metadata.csv")
    with pytest.raises(DataError, match=r"metadata\.csv is no regular file"):
        open_metadata(str(home))


def test_the_hash_is_of_the_text(home: Path) -> None:
    first = open_metadata(str(home)).content_hash()
    (home / "metadata.csv").write_text(TABLE.replace(",2", ",1"))
    assert open_metadata(str(home)).content_hash() != first
    (home / "metadata.csv").write_text(TABLE)
    assert open_metadata(str(home)).content_hash() == first


@pytest.mark.parametrize("cell", ["3", "-1", "0.5", "two", "", "NA", "nan", "inf", "9" * 30])
def test_a_cell_that_is_no_allowed_number_is_named(home: Path, cell: str) -> None:
    (home / "metadata.csv").write_text(TABLE.replace(",2", f",{cell}"))
    told = f"'split' holds '{cell}.* in row 2, one of 1 such rows, but it takes whole numbers from 0 to 2"
    with pytest.raises(DataError, match=told):
        open_metadata(str(home)).read(NUMBERS)


def test_all_columns_with_faults_are_told(home: Path) -> None:
    table = open_metadata(str(home))
    with pytest.raises(DataError, match=r"no column 'place'; it has .*file, y, split\n  .*no column 'tumor'"):
        table.read({"place": range(2), "tumor": range(2)})
    with pytest.raises(DataError, match=r"'y' holds '1' in row 1.*\n  .*'split' holds '2' in row 2"):
        table.read({"y": range(1), "split": range(2)})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "metadata.csv is no table: .*; get it anew"),
        (b"\xff\xfe\x00", "metadata.csv is no table: .*utf-8"),
        (TABLE.encode() + b"2,c,1,0,0,0\n", "metadata.csv is no table: .*line 4"),
        (b",file,y,split\n0,a/0.png,1,0,0\n", "rows have more cells than its header"),
        (TABLE.encode() + b"2,c,1\n", "'split' holds .* in row 3"),
    ],
)
def test_what_is_no_table_is_refused(home: Path, text: bytes, told: str) -> None:
    (home / "metadata.csv").write_bytes(text)
    with pytest.raises(DataError, match=told):
        open_metadata(str(home)).read(NUMBERS)


def test_a_table_without_rows_gives_columns_without_rows(home: Path) -> None:
    (home / "metadata.csv").write_text("file,y,split\n")
    rows = open_metadata(str(home)).read(NUMBERS, texts=["file"])
    assert rows.shape == (0, 3)
    assert rows["y"].dtype == "int64"


@pytest.mark.parametrize("file", ["a/2.png", "../b/1.png", "/b/1.png", "", "A/0.png", "a"])
def test_a_path_that_is_no_file_there_is_a_fault(home: Path, file: str) -> None:
    table = open_metadata(str(home))
    _, faults = table.find(["a/0.png", file])
    assert len(faults) == 1
    assert f"1 images that are not in its folder, the first {file!r}" in faults[0]


def test_all_faults_of_paths_are_told(home: Path) -> None:
    table = open_metadata(str(home))
    names, faults = table.find(["a/0.png", "a/0.png", "c"])
    assert names == ["a/0.png", "a/0.png", "c"]
    with pytest.raises(
        DataError, match=r"set: metadata\.csv cannot be used: .*first 'c'.*\n  .*lists 1 images more"
    ):
        table.check(faults)
