from __future__ import annotations

import pytest

from detaux.core.errors import DataError
from detaux.data.files.part_folders import find_parts, is_like_part


@pytest.mark.parametrize(
    ("folders", "parts"),
    [
        (["test", "train"], {"train": "train", "test": "test"}),
        (["train"], {"train": "train"}),
        (["val", "train"], {"train": "train", "validation": "val"}),
        (["valid", "test", "train"], {"train": "train", "validation": "valid", "test": "test"}),
        (["validation", "train"], {"train": "train", "validation": "validation"}),
        (["ant", "bee"], {}),
        (["trains", "tests", "valley", "contest"], {}),
    ],
)
def test_parts_are_found_in_the_order_of_the_data_set(folders: list[str], parts: dict[str, str]) -> None:
    found = find_parts(folders, [], "here")
    assert list(found.items()) == list(parts.items())


@pytest.mark.parametrize("name", ["train", "Train", "test"])
def test_a_single_flat_folder_of_such_a_name_is_a_class(name: str) -> None:
    assert find_parts(["bus", "car", name], ["bus", "car", name], "here") == {}
    with pytest.raises(DataError, match="here: "):
        find_parts(["bus", "car", name], ["bus", "car"], "here")


@pytest.mark.parametrize(
    ("folders", "message"),
    [
        (["Train", "Test"], "'Test' looks like a part; call it 'test', or otherwise if it is a class"),
        (["training", "testing"], "'testing' looks like a part; call it 'test'"),
        (["Training_Set", "test"], "'Training_Set' looks like a part; call it 'train'"),
        (["train", "VAL"], "'VAL' looks like a part; call it 'validation'"),
        (["train", "val", "valid"], "'val' and 'valid' are both the part validation; keep one"),
        (
            ["train", "dev"],
            "'dev' lies beside a part; leave it out, or call it 'train', 'validation' or 'test'",
        ),
        (["test", "val"], "there is 'test' without 'train'"),
    ],
)
def test_what_is_nearly_a_part_is_refused_with_the_remedy(folders: list[str], message: str) -> None:
    with pytest.raises(DataError, match=f"^here: {message}"):
        find_parts(folders, [], "here")


def test_spellings_do_not_go_beyond_words() -> None:
    assert all(map(is_like_part, ["TRAIN", "testing", "Validation", "val set", "trainset", "test-set"]))
    assert not any(map(is_like_part, ["trains", "trained", "contest", "valley", "my train", ""]))
