from __future__ import annotations

import pytest

from detaux.core.errors import DataError
from detaux.data.files.class_folders import find_classes

PARTED = ["train/bee/2.jpg", "train/bee/1.JPG", "train/ant/1.png", "test/ant/9.png", "test/bee/8.png"]


def test_parts_classes_and_names_are_in_order() -> None:
    folders = find_classes(PARTED, place="here")
    assert folders.classes == ("ant", "bee")
    assert folders.ordered() == [
        "train/ant/1.png",
        "train/bee/1.JPG",
        "train/bee/2.jpg",
        "test/ant/9.png",
        "test/bee/8.png",
    ]
    assert folders.counts() == {"train": [1, 2], "test": [1, 1]}


def test_classes_may_lie_at_the_top() -> None:
    folders = find_classes(["b/1.png", "a/deep/2.png", "a/1.png"], place="here")
    assert folders.counts() == {"all": [2, 1]}
    assert folders.ordered() == ["a/1.png", "a/deep/2.png", "b/1.png"]


def test_a_validation_part_lies_between_the_others() -> None:
    names = [name.replace("test/", "val/") for name in PARTED if name.startswith("test/")]
    folders = find_classes(names + PARTED, place="here")
    assert folders.counts() == {"train": [1, 2], "validation": [1, 1], "test": [1, 1]}
    assert folders.ordered()[3:5] == ["val/ant/9.png", "val/bee/8.png"]


def test_a_class_may_have_the_name_of_a_part() -> None:
    assert find_classes(["bus/1.png", "train/1.png"], place="here").classes == ("bus", "train")


@pytest.mark.parametrize("wrapping", ["set/", "set/v1/"])
def test_folders_around_everything_do_not_matter(wrapping: str) -> None:
    folders = find_classes([wrapping, *(wrapping + name for name in PARTED)], place="here")
    assert folders.counts() == {"train": [1, 2], "test": [1, 1]}


def test_other_and_hidden_files_do_not_matter() -> None:
    noise = [
        "README.md",
        "train/ant/.hidden.png",
        "__MACOSX/train/ant/1.png",
        "train/ant/labels.csv",
        "train/.cache/",
        "train/.cache/1.heic",
        "__MACOSX/",
        "docs/",
        "docs/index.html",
    ]
    assert find_classes(PARTED + noise, place="here") == find_classes(PARTED, place="here")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "here holds no image; it should hold train"),
        (["a/x.txt", "b/"], "holds no image"),
        (["a/1.png", "a/2.png"], "in no class folder|single class"),
        (["train/a/1.png"], "single class, 'a'"),
        ([*PARTED, "train/cat/"], "class folder train/cat/ holds no image"),
        ([*PARTED, "train/cat/1.png"], "test lacks the class folder 'cat'"),
        ([*PARTED, "train/1.png"], r"image train/1\.png lies in no class folder"),
        ([*PARTED, "val/ant/1.png"], "validation lacks the class folder 'bee'"),
        ([*PARTED, "dev/ant/1.png"], "'dev' lies beside a part"),
        ([*PARTED, "val/"], "the folder val/ holds no image; fill it or remove it"),
        (["train/a/1.png", "train/b/1.png", "test/x.csv"], "the folder test/ holds no image"),
        ([*PARTED, "Val/notes.txt"], "the folder Val/ holds no image"),
        ([*PARTED, "train/cat/list.npy"], "class folder train/cat/ holds no image"),
        ([*PARTED, "test/ant/3.heic"], r"'test/ant/3\.heic' is of a format that is not read; convert it"),
        (["a/1.png", "b/1.svg", "b/2.AVIF"], r"'b/1\.svg', like 1 more, is of a format that is not read"),
        (["Train/a/1.png", "Train/b/1.png"], "'Train' looks like a part; call it 'train'"),
        (["a/1.png", "b/\udcff.png"], r"the name 'b/\\udcff.png' is not UTF-8"),
        (["test/a/1.png", "test/b/1.png"], "'test' without 'train'"),
    ],
)
def test_what_is_not_laid_out_by_class_is_refused(names: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        find_classes(names, place="here")
