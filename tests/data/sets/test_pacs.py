from __future__ import annotations

import itertools
import shutil
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.sets.pacs import PACS
from detaux.data.splitting.official import OfficialSplit
from detaux.metrics import compute_metric
from tests.data.standins.domains import publish

CLASSES = ("dog", "elephant", "giraffe", "guitar", "horse", "house", "person")
DOMAINS = ("art_painting", "cartoon", "photo", "sketch")
EVERYTHING = np.arange(56)
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two images of each class in each domain, as many as the set then has, of grey levels 0, 4, 8 and so on."""
    publish(PACS, monkeypatch, count=14)
    for level, (domain, label, number) in enumerate(itertools.product(DOMAINS, CLASSES, (1, 2))):
        folder = tmp_path / "copy" / "kfold" / domain / label
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("L", (9, 9), 4 * level).save(folder / f"pic_00{number}.png")
    return tmp_path / "copy"


def test_the_published_numbers() -> None:
    assert (sum(PACS.facts.num_images.values()), len(PACS.facts.classes)) == (9991, 7)


def test_folders_become_class_and_domain(home: Path) -> None:
    dataset = load_dataset("pacs", path=home, image_size=4)
    assert (len(dataset), dataset.image_shape) == (56, (4, 4, 3))
    assert (dataset.factor_names, dataset.factor_sizes) == (("class", "domain"), (7, 4))
    assert dataset.value_names == {"class": CLASSES, "domain": DOMAINS}
    domain, label, _ = np.unravel_index(EVERYTHING, (4, 7, 2))
    np.testing.assert_array_equal(dataset.factors(EVERYTHING), np.stack([label, domain], axis=1))
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 4 * EVERYTHING)


@pytest.mark.parametrize(("options", "first"), [({}, 42), ({"test_domain": "photo"}, 28)])
def test_one_domain_is_left_out(home: Path, options: dict[str, Any], first: int) -> None:
    parts = load_dataset("pacs", path=home, image_size=4, **options).official_parts
    assert parts.keys() == {"train", "test"}
    assert parts["test"].tolist() == list(range(first, first + 14))
    np.testing.assert_array_equal(parts["train"], np.setdiff1d(EVERYTHING, parts["test"]))


def test_choices_are_made_by_a_share_of_the_training_domains(home: Path) -> None:
    dataset = load_dataset("pacs", path=home, image_size=4)
    labels = dataset.factors(EVERYTHING)
    split = OfficialSplit(validation=1 / 3).split(dataset, labels[:, 0], seed=0)
    assert set(labels[split.test, 1].tolist()) == {3}
    assert 3 not in labels[np.concatenate([split.train, split.validation]), 1]
    assert np.bincount(labels[split.validation, 0]).tolist() == [2] * 7


def test_every_class_in_every_domain_is_a_group(home: Path) -> None:
    dataset = load_dataset("pacs", path=home, image_size=4)
    labels = dataset.factors(EVERYTHING)
    np.testing.assert_array_equal(dataset.groups(EVERYTHING), labels[:, 1:])
    guesses = labels[:, 0].copy()
    guesses[30] = 6
    against = np.column_stack([labels[:, 0], dataset.groups(EVERYTHING)])
    assert compute_metric("worst_group", guesses, against) == {
        "worst_group_accuracy": 0.5,
        "worst_group_size": 2,
        "num_groups": 28,
    }


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_an_archive_holds_the_same_set(home: Path, tmp_path: Path, kind: str) -> None:
    archive = shutil.make_archive(str(tmp_path / "PACS"), kind, home)
    dataset = load_dataset("pacs", path=archive, image_size=4)
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 4 * EVERYTHING)


def test_images_are_decoded_once_for_all_domains_left_out(home: Path, empty_cache: Path) -> None:
    first = load_dataset("pacs", path=home, image_size=4)
    other = load_dataset("pacs", path=home, image_size=4, test_domain="photo")
    assert first.fingerprint == other.fingerprint
    assert len(list(empty_cache.rglob("array.npy"))) == 1


def test_pixels_size_and_classes_change_the_fingerprint(home: Path) -> None:
    found = {load_dataset("pacs", path=home, image_size=size).fingerprint for size in (4, 5)}
    photos = home / "kfold" / "photo"
    Image.new("L", (9, 9), 7).save(photos / "dog" / "pic_001.png")
    found.add(load_dataset("pacs", path=home, image_size=4).fingerprint)
    (photos / "dog" / "pic_001.png").rename(photos / "horse" / "pic_003.png")
    found.add(load_dataset("pacs", path=home, image_size=4).fingerprint)
    assert len(found) == 4


def test_all_that_is_unlike_the_published_set_is_told(home: Path) -> None:
    shutil.rmtree(home / "kfold" / "photo" / "house")
    (home / "kfold" / "sketch" / "dog").rename(home / "kfold" / "sketch" / "cat")
    (home / "kfold" / "cartoon" / "dog" / "pic_001.png").unlink()
    with pytest.raises(DataError) as refused:
        load_dataset("pacs", path=home)
    assert str(refused.value).split("\n  ") == [
        f"{home} cannot be used, it is not pacs as published: "
        "no class is called 'cat' as in kfold/sketch/cat/pic_001.png; rename or remove it, known are "
        + ", ".join(CLASSES),
        "cartoon has 13 images where 14 are expected; get it anew",
        "photo has 12 images where 14 are expected, and none of 'house'; get it anew",
        "sketch has 12 images where 14 are expected, and none of 'dog'; get it anew",
    ]


def test_a_file_that_is_no_image_is_named(home: Path) -> None:
    (home / "kfold" / "photo" / "dog" / "pic_002.png").write_text("no image")
    with pytest.raises(
        DataError, match=r"the image kfold/photo/dog/pic_002\.png cannot be decoded; mend it$"
    ):
        load_dataset("pacs", path=home)


def test_an_archive_that_leads_out_is_refused(home: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "PACS.tar", "w") as archive:
        archive.add(home, "PACS")
        archive.add(home / "kfold" / "photo" / "dog" / "pic_001.png", "../photo/dog/pic_001.png")
    with pytest.raises(DataError, match="leads out of the archive"):
        load_dataset("pacs", path=tmp_path / "PACS.tar")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no folder and no archive at .*nowhere"):
        load_dataset("pacs", path=tmp_path / "nowhere")


def test_wrong_options_are_refused() -> None:
    with pytest.raises(ValueError, match="test_domain must be one of art_painting, cartoon, photo, sketch"):
        PACS(path="anywhere", test_domain="Sketch")  # type: ignore[arg-type]  # a wrong value is what is tested
    with pytest.raises(
        ValueError, match=r"test_domain .*should be 'art_painting', 'cartoon', 'photo' or 'sketch'"
    ):
        load_dataset("pacs", path="anywhere", test_domain="art")
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("pacs", path="anywhere", image_size=0)
