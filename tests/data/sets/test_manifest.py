from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from tests.data.standins.manifest import COLUMNS, write_images, write_table

pytestmark = pytest.mark.usefixtures("empty_cache")
ROWS = [
    ("b/0.png", "red", "10", "test"),
    ("a/1.png", "blue", "9", "train"),
    ("a/0.png", "red", "10", "validation"),
    ("b/1.png", "NA", "9", "train"),
]
FACTORS = ("colour", "size")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Images of grey levels 0 to 3 in folders a and b, and the table that lists them."""
    root = tmp_path / "shots"
    write_images(root, ("a/0.png", "a/1.png", "b/0.png", "b/1.png"))
    write(root / "list.csv")
    return root


def write(path: Path, rows: Sequence[Any] = ROWS, columns: Sequence[str] = COLUMNS) -> Path:
    return write_table(path, rows, columns)


def load(table: Path, **options: Any) -> Dataset:
    return load_dataset("manifest", **{"path": table, "factors": FACTORS, "image_size": 4, **options})


def levels(dataset: Dataset) -> list[int]:
    return [int(image[0, 0, 0]) for image in dataset.images(np.arange(len(dataset)))]


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.parquet"])
def test_each_kind_of_table_gives_images_labels_and_parts_in_its_order(home: Path, name: str) -> None:
    dataset = load(write(home / name), part_column="part")
    assert levels(dataset) == [2, 1, 0, 3]
    assert (dataset.factor_names, dataset.factor_sizes) == (FACTORS, (3, 2))
    assert dataset.value_names == {"colour": ("NA", "blue", "red"), "size": ("9", "10")}
    assert dataset.factors(np.arange(4)).tolist() == [[2, 1], [1, 0], [2, 1], [0, 0]]
    assert {part: index.tolist() for part, index in dataset.official_parts.items()} == {
        "train": [1, 3],
        "validation": [2],
        "test": [0],
    }
    assert dataset.name == "manifest:list"


def test_groups_are_the_values_of_the_named_factors(home: Path) -> None:
    dataset = load(write(home / "list.csv"), groups=("size",))
    assert dataset.groups(np.arange(4)).tolist() == [[1], [0], [1], [0]]
    assert load(home / "list.csv").groups(np.arange(4)).shape == (4, 0)
    with pytest.raises(ValueError, match="groups must be named in factors too, but 'path' is not"):
        load(home / "list.csv", groups=("path",))


def test_numbers_of_a_parquet_file_are_labels_too(home: Path) -> None:
    table = pd.DataFrame(
        {"path": [row[0] for row in ROWS], "size": [10.0, 9, 10, 9], "big": [True, False] * 2}
    )
    table.to_parquet(home / "list.parquet")
    dataset = load(home / "list.parquet", factors=("size", "big"))
    assert dataset.value_names == {"size": ("9", "10"), "big": ("False", "True")}
    assert dataset.official_parts == {}


@pytest.mark.parametrize("name", ["list.csv", "list.parquet"])
def test_whole_numbers_with_a_point_are_those_without(home: Path, name: str) -> None:
    table = pd.DataFrame({"path": [row[0] for row in ROWS], "size": [1.0, 2.0, 2.0, 1.0]})
    if name == "list.csv":
        table.to_csv(home / name)
    else:
        table.to_parquet(home / name)
    assert load(home / name, factors=("size",)).value_names == {"size": ("1", "2")}


def test_numbers_too_large_to_be_written_out_are_refused(home: Path) -> None:
    table = pd.DataFrame({"path": [row[0] for row in ROWS], "size": [1e300, 2.0, 1e300, 2.0]})
    table.to_parquet(home / "list.parquet")
    with pytest.raises(DataError, match="'size' holds numbers that are not whole, or not written out"):
        load(home / "list.parquet", factors=("size",))


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        (("01", "2", "1", "1"), "the number 1 as '01' and as '1'; write it in one way"),
        (("1", "nan", "2", "1"), "'nan', which is no number"),
        (("1", "-inf", "1", "1"), "'-inf', which is no number"),
        (("1", "red\x07", "1", "1"), r"characters that do not show, as in 'red\\x07'"),
        (("1", "1\u200b", "1", "1"), r"characters that do not show, as in '1\\u200b'"),
        (("a", "b", "c", "d"), "a value of its own for each image"),
    ],
)
def test_labels_that_are_no_classes_are_refused(home: Path, sizes: Sequence[str], told: str) -> None:
    write(home / "list.csv", [(row[0], row[1], size, row[3]) for row, size in zip(ROWS, sizes, strict=True)])
    with pytest.raises(DataError, match=f"'size' holds {told}"):
        load(home / "list.csv")


def test_header_cells_may_have_spaces_and_columns_no_name(home: Path) -> None:
    lines = [", path, colour , size,"] + [f"0,{row[0]},{row[1]},{row[2]}," for row in ROWS]
    (home / "list.csv").write_text("\n".join(lines))
    assert load(home / "list.csv").factor_names == FACTORS
    with pytest.raises(DataError, match="no column 'Unnamed: 0'; it has path, colour, size"):
        load(home / "list.csv", factors=("Unnamed: 0",))


@pytest.mark.parametrize("columns", ["path,size,size", "path,size, size"])
def test_columns_of_one_name_are_refused(home: Path, columns: str) -> None:
    (home / "list.csv").write_text(f"{columns}\n" + "".join(f"{row[0]},1,2\n" for row in ROWS))
    with pytest.raises(DataError, match="2 columns are called 'size'; rename one"):
        load(home / "list.csv", factors=("size",))


@pytest.mark.parametrize("name", ["pipe.csv", "pipe.parquet"])
def test_a_pipe_is_not_waited_for(home: Path, name: str) -> None:
    os.mkfifo(home / name)
    with pytest.raises(DataError, match=f"cannot read the table .*{name} is no regular file"):
        load(home / name)


def test_a_link_to_a_table_is_followed(home: Path) -> None:
    (home / "link.csv").symlink_to(home / "list.csv")
    assert levels(load(home / "link.csv")) == [2, 1, 0, 3]


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_images_may_lie_in_an_archive_beside_more_files(home: Path, tmp_path: Path, kind: str) -> None:
    archive = shutil.make_archive(str(tmp_path / "packed"), kind, home)
    table = write(tmp_path / "few.csv", ROWS[:2])
    assert levels(load(table, images=archive)) == [2, 1]


def test_paths_may_be_written_as_on_windows(home: Path) -> None:
    rows = [(".\\" + row[0].replace("/", "\\"), *row[1:]) for row in ROWS]
    assert levels(load(write(home / "list.csv", rows))) == [2, 1, 0, 3]


def test_a_link_in_a_folder_is_followed(home: Path) -> None:
    shutil.move(home / "a", home.parent / "elsewhere")
    (home / "a").symlink_to(home.parent / "elsewhere")
    assert levels(load(home / "list.csv")) == [2, 1, 0, 3]


def test_another_order_of_the_table_decodes_nothing_anew(home: Path, empty_cache: Path) -> None:
    first, second = load(home / "list.csv"), load(write(home / "other.csv", ROWS[::-1]))
    assert levels(second) == levels(first)[::-1]
    assert len(list(empty_cache.rglob("array.npy"))) == 1
    assert first.fingerprint != second.fingerprint


def test_the_fingerprint_goes_with_labels_and_parts_but_no_other_column(home: Path) -> None:
    def fingerprint(old: str, new: str) -> str:
        rows = [tuple(new if cell == old else cell for cell in row) for row in ROWS]
        return load(write(home / "list.csv", rows), part_column="part").fingerprint

    first = fingerprint("", "")
    assert len({first, fingerprint("red", "blue"), fingerprint("validation", "test")}) == 3
    wider = [(*row, "seen") for row in ROWS]
    write(home / "list.csv", wider, [*COLUMNS, "remark"])
    assert load(home / "list.csv", part_column="part").fingerprint == first


def test_all_faults_are_told_at_once(home: Path) -> None:
    rows = [
        ("a/0.png", "red", "1.5", "train"),
        ("./a/0.png", "", "2.5", "dev"),
        ("../secret.png", "red", "3", ""),
        ("/etc/x.png", "red", "1", "test"),
        *((f"c/{number}.png", "red", "1", "test") for number in range(7)),
    ]
    with pytest.raises(DataError) as error:
        load(write(home / "list.csv", rows), factors=("colour", "size", "shap"), part_column="part")
    told = str(error.value)
    assert "cannot be used: there is no column 'shap'" in told.splitlines()[0]
    for expected in (
        "there is no column 'shap'; it has path, colour, size, part",
        "the column 'colour' is empty in row 2",
        "the column 'part' is empty in row 3",
        "but not paths '../secret.png', '/etc/x.png'",
        "no files 'c/0.png', 'c/1.png', 'c/2.png', 'c/3.png', 'c/4.png' and 2 more among the images",
        "more than one row has image 'a/0.png'",
        "the column 'part' holds part 'dev'; the parts are train, validation, test",
        "the column 'colour' holds the single value 'red'",
        "the column 'size' holds numbers that are not whole",
    ):
        assert expected in told


def test_a_missing_column_is_answered_with_a_near_miss(home: Path) -> None:
    with pytest.raises(DataError, match="no column 'color'; did you mean 'colour'"):
        load(home / "list.csv", factors=("color",))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"path,colour,size\n", "holds no row"),
        (b"", "No columns"),
        (b"path,colour,size\na/0.png,red,1,more\n", "Expected 3 fields in line 2, saw 4"),
        (b"path,colour,size\na/0.png,red,1\na/1.png,red,1,2\n", "Expected 3 fields"),
        (b"path,colour,size\na/0.png,\xff,1\n", "utf-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(home: Path, content: bytes, told: str) -> None:
    (home / "list.csv").write_bytes(content)
    with pytest.raises(DataError, match=told):
        load(home / "list.csv")


def test_short_rows_have_empty_cells(home: Path) -> None:
    (home / "list.csv").write_text("path,colour,size\na/0.png,red\na/1.png,blue,2\n")
    with pytest.raises(DataError, match="'size' is empty in row 1;"):
        load(home / "list.csv")


def test_a_broken_parquet_file_and_a_missing_table_are_refused(home: Path) -> None:
    (home / "list.parquet").write_bytes(b"PAR1 no more")
    for name in ("list.parquet", "none.csv"):
        with pytest.raises(DataError, match=f"cannot read the table .*{name}"):
            load(home / name)


def test_missing_images_are_told_by_their_option(home: Path) -> None:
    with pytest.raises(DataError, match="look after the option 'images'"):
        load(home / "list.csv", images=home / "nowhere")


@pytest.mark.parametrize("content", [b"", b"no image", None])
def test_a_damaged_image_stops_or_is_left_out(home: Path, content: bytes | None) -> None:
    image = home / "a" / "0.png"
    image.write_bytes(image.read_bytes()[:44] if content is None else content)
    dataset = load(home / "list.csv", on_error="skip", part_column="part")
    assert levels(dataset) == [2, 1, 3]
    assert dataset.official_parts["train"].tolist() == [1, 2]
    with pytest.raises(DataError, match=r"a/0\.png cannot be decoded; mend it, or set on_error to 'skip'"):
        load(home / "list.csv")


def test_a_label_of_which_no_image_is_left_is_refused(home: Path) -> None:
    (home / "b" / "1.png").write_bytes(b"no image")
    with pytest.raises(DataError, match="no image of colour 'NA' is left"):
        load(home / "list.csv", on_error="skip")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"factors": ()}, "at least one"),
        ({"factors": ("size", "size")}, "none twice"),
        ({"factors": ("part",), "part_column": "part"}, "nor those"),
        ({"path": "list.xlsx"}, re.escape(".csv, .tsv, .parquet")),
        ({"image_size": 0}, "image_size"),
        ({"on_error": "ignore"}, "on_error"),
    ],
)
def test_impossible_options_are_refused(home: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load(home / "list.csv", **options)


def test_the_table_may_lie_in_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    assert len(load_dataset("manifest", path="~/list.csv", factors=["size"])) == 4
