from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.text import comments_table
from detaux.metrics.compute import compute_metric

pytestmark = pytest.mark.usefixtures("empty_cache")
IDENTITIES = ("male", "female", "LGBTQ", "christian", "muslim", "other_religions", "black", "white")
PARTS = ("train",) * 6 + ("val",) * 2 + ("test",) * 4
TOXIC = (0.0, 0.5, 1.0, 0.49, 0.0, 0.8, 0.0, 1.0, 0.0, 0.6, 0.0, 0.7)
MENTIONED = np.random.default_rng(0).random((12, 8)) < 0.4
COMMENTS = [f'word{number % 4} and, a "word"\nof line {number}' for number in range(11)] + [""]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve comments in the columns of the official file, six to train, as many as the set then has."""
    monkeypatch.setattr(comments_table, "_PART_SIZES", {"train": 6, "validation": 2, "test": 4})
    path = tmp_path / "all_data_with_identities.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["", "id", "split", "comment_text", *IDENTITIES, "identity_any", "toxicity"])
        for row, (part, comment, toxic) in enumerate(zip(PARTS, COMMENTS, TOXIC, strict=True)):
            shares = np.where(MENTIONED[row], 0.5, 0.25)
            writer.writerow([row, 7000 + row, part, comment, *shares, 1, toxic])
    return path


def load(table: Path, **options: Any) -> Dataset:
    return load_dataset("civil_comments", path=str(table), **options)


def edit(path: Path, row: int, column: str, cell: str) -> None:
    with path.open(newline="") as stream:
        rows = list(csv.reader(stream))
    rows[row][rows[0].index(column)] = cell
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)


def test_half_of_the_raters_make_a_yes(table: Path) -> None:
    dataset = load(table)
    assert dataset.factor_names == ("toxic", *IDENTITIES)
    assert set(dataset.value_names.values()) == {("no", "yes")}
    factors = dataset.factors(np.arange(12))
    assert factors[:, 0].tolist() == [0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1]
    np.testing.assert_array_equal(factors[:, 1:], MENTIONED)


def test_an_empty_share_is_a_no_as_in_the_code_of_wilds(table: Path) -> None:
    edit(table, 2, "toxicity", "")
    assert load(table).factors(np.array([0, 1, 2]))[:, 0].tolist() == [0, 0, 1]


def test_the_parts_are_those_of_the_table(table: Path) -> None:
    parts = load(table).official_parts
    assert {name: index.tolist() for name, index in parts.items()} == {
        "train": [0, 1, 2, 3, 4, 5],
        "validation": [6, 7],
        "test": [8, 9, 10, 11],
    }


def test_each_mention_makes_a_group_with_toxic_or_not(table: Path) -> None:
    dataset = load(table)
    everything = np.arange(12)
    groups = dataset.groups(everything)
    np.testing.assert_array_equal(groups, np.where(MENTIONED, 1, -1))
    labels = dataset.factors(everything)[:, 0]
    scores = compute_metric("worst_group", np.zeros(12, np.int64), np.column_stack([labels, groups]))
    assert scores["worst_group_accuracy"] == 0
    assert scores["worst_group_size"] == MENTIONED[labels == 1].sum(axis=0).max()
    assert scores["num_groups"] == sum(MENTIONED[labels == toxic].any(axis=0).sum() for toxic in (0, 1))


def test_our_own_embeddings_are_one_row_of_pixels(table: Path) -> None:
    dataset = load(table)
    images = dataset.images(np.arange(12))
    assert dataset.image_shape == images.shape[1:] == (1, 2, 3)  # six training comments give six numbers
    same_words = (images[:, None] == images).all(axis=(2, 3, 4))[:10, :10]
    np.testing.assert_array_equal(same_words, np.arange(10)[:, None] % 4 == np.arange(10) % 4)


def test_embeddings_of_another_encoder_are_read_from_a_file(table: Path, tmp_path: Path) -> None:
    made = np.linspace(0, 1, 12 * 4).reshape(12, 4)
    np.save(tmp_path / "made.npy", made)
    dataset = load(table, embeddings=str(tmp_path / "made.npy"))
    pixels = dataset.images(np.arange(12)).reshape(12, 6)
    low, high = np.percentile(made[:6], (0.1, 99.9), axis=0)
    np.testing.assert_array_equal(pixels[:, :4], np.rint((made - low) / (high - low) * 255).clip(0, 255))
    assert not pixels[:, 4:].any()


def test_embeddings_are_made_once_and_again_for_other_files(
    table: Path, tmp_path: Path, empty_cache: Path
) -> None:
    file = tmp_path / "made.npy"
    np.save(file, np.eye(12))
    prints = [load(table).fingerprint for _ in range(2)] + [load(table, embeddings=str(file)).fingerprint]
    np.save(file, np.eye(12) * 2)
    prints.append(load(table, embeddings=str(file)).fingerprint)
    edit(table, 1, "toxicity", "0.9")
    prints.append(load(table).fingerprint)
    assert prints[0] == prints[1]
    assert len(set(prints)) == len(list(empty_cache.rglob("array.npy"))) == 4


@pytest.mark.parametrize("rows_at_once", [5, 8192])
def test_all_faults_of_a_table_are_told_at_once(
    table: Path, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments_table, "CHUNK", rows_at_once)
    edit(table, 3, "split", "dev")
    edit(table, 5, "split", "holdout")
    edit(table, 4, "toxicity", "much")
    edit(table, 6, "white", "2")
    edit(table, 7, "black", "nan")
    with pytest.raises(DataError, match=r"cannot be used, get it anew: ") as caught:
        load(table)
    headline, *others, wanted = str(caught.value).splitlines()
    assert (
        wanted.strip()
        == "a row needs a split of train, val, test, and numbers of at most 1, or nothing, elsewhere"
    )
    first = headline.partition("anew: ")[2]
    assert {first, *(line.strip() for line in others)} == {
        "row 4 of comments has the toxicity 'much'",
        "row 7 of comments has the black 'nan'",
        "row 6 of comments has the white '2'",
        "row 3 of comments has the split 'dev'",
        "the part train must have 6 comments, but has 4",
    }


def test_missing_columns_are_named(table: Path) -> None:
    for column in ("split", "LGBTQ"):
        edit(table, 0, column, "other")
    with pytest.raises(DataError, match=r"cannot read the table .* not found: .*get it anew") as caught:
        load(table)
    assert [name in str(caught.value) for name in ("'split'", "'LGBTQ'", "'white'")] == [True, True, False]


def test_a_table_without_texts_is_told(table: Path) -> None:
    edit(table, 0, "comment_text", "text")
    with pytest.raises(DataError, match=r"not found: \['comment_text'\]"):
        load(table)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'split,toxicity\n"train'])
def test_what_is_no_table_is_told(table: Path, content: bytes) -> None:
    table.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read the table .*get it anew"):
        load(table)


def test_missing_files_are_told(table: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*nowhere\.npy"):
        load(table, embeddings=str(tmp_path / "nowhere.npy"))
    with pytest.raises(DataError, match=r"cannot read the table .*nowhere\.csv"):
        load(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="cannot read the table"):
        load(tmp_path)


def test_a_pipe_is_not_waited_for(table: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for files in ({"table": pipe}, {"table": table, "embeddings": str(pipe)}):
        with pytest.raises(DataError, match=r"cannot read .*pipe is no regular file"):
            load(**files)


def test_embeddings_of_other_rows_are_refused(table: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "made.npy", np.eye(11))
    with pytest.raises(DataError, match=r"floats of shape \(12, E\)"):
        load(table, embeddings=str(tmp_path / "made.npy"))
