from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.sets.office_home import OfficeHome
from detaux.metrics import compute_metric
from tests.data.standins.domains import publish

CLASSES = ("Alarm_Clock", "Exit_Sign", "TV")
DOMAINS = ("Art", "Clipart", "Product", "Real World")
EVERYTHING = np.arange(12)
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One image of each of three classes in each domain, as many as the set then has, of grey levels 0, 20, 40."""
    publish(OfficeHome, monkeypatch, count=3, classes=CLASSES)
    root = tmp_path / "OfficeHomeDataset_10072016"
    for level, (domain, label) in enumerate(itertools.product(DOMAINS, CLASSES)):
        (root / domain / label).mkdir(parents=True)
        Image.new("L", (9, 12), 20 * level).save(root / domain / label / "00001.jpg", quality=100)
    (root / "ImageInfo.csv").write_text("Domain,Folder\n")
    return root


def test_the_published_numbers() -> None:
    assert (sum(OfficeHome.facts.num_images.values()), len(set(OfficeHome.facts.classes))) == (15_588, 65)


def test_folders_become_class_and_domain(home: Path) -> None:
    dataset = load_dataset("office_home", path=home, image_size=4)
    assert (dataset.factor_names, dataset.factor_sizes) == (("class", "domain"), (3, 4))
    assert dataset.value_names == {"class": CLASSES, "domain": DOMAINS}
    domain, label = np.unravel_index(EVERYTHING, (4, 3))
    np.testing.assert_array_equal(dataset.factors(EVERYTHING), np.stack([label, domain], axis=1))
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 20 * EVERYTHING)


@pytest.mark.parametrize("folder", ["Real_World", "RealWorld", "real_world"])
def test_the_folder_of_photographs_may_be_spelled_otherwise(home: Path, folder: str) -> None:
    (home / "Real World").rename(home / folder)
    dataset = load_dataset("office_home", path=home, image_size=4, test_domain="Real World")
    assert dataset.value_names["domain"] == DOMAINS
    assert dataset.official_parts["test"].tolist() == [9, 10, 11]


@pytest.mark.parametrize(("domain", "folder"), [("Art", "art"), ("Real World", "AAA/Real World")])
def test_images_keep_their_order_where_folders_are_in_another(home: Path, domain: str, folder: str) -> None:
    (home / "AAA").mkdir()
    (home / domain).rename(home / folder)
    dataset = load_dataset("office_home", path=home, image_size=4)
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 20 * EVERYTHING)


def test_two_spellings_at_once_are_refused(home: Path) -> None:
    shutil.copytree(home / "Real World" / "TV", home / "Real_World" / "TV")
    with pytest.raises(
        DataError, match=r"(?s)'Real World/TV', 'Real_World/TV'; keep one.*Real World has 4 images"
    ):
        load_dataset("office_home", path=home)


def test_clip_art_is_left_out_unless_another_is_named(home: Path) -> None:
    parts = load_dataset("office_home", path=home, image_size=4).official_parts
    assert parts["test"].tolist() == [3, 4, 5]
    assert parts["train"].tolist() == [0, 1, 2, 6, 7, 8, 9, 10, 11]


def test_every_class_in_every_domain_is_a_group(home: Path) -> None:
    dataset = load_dataset("office_home", path=home, image_size=4)
    labels = dataset.factors(EVERYTHING)
    against = np.column_stack([labels[:, 0], dataset.groups(EVERYTHING)])
    scores = compute_metric("worst_group", labels[:, 0], against)
    assert scores == {"worst_group_accuracy": 1, "worst_group_size": 1, "num_groups": 12}


def test_an_archive_holds_the_same_set(home: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "office_home"), "zip", tmp_path, home.name)
    dataset = load_dataset("office_home", path=archive, image_size=4)
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 20 * EVERYTHING)


def test_the_fingerprint_changes_with_an_image(home: Path) -> None:
    first = load_dataset("office_home", path=home, image_size=4).fingerprint
    assert load_dataset("office_home", path=home, image_size=4).fingerprint == first
    Image.new("L", (9, 12), 1).save(home / "Art" / "TV" / "00001.jpg")
    assert load_dataset("office_home", path=home, image_size=4).fingerprint != first


def test_a_part_in_between_and_a_missing_class_are_told(home: Path) -> None:
    (home / "Art" / "train").mkdir()
    (home / "Art" / "TV").rename(home / "Art" / "train" / "TV")
    with pytest.raises(DataError) as refused:
        load_dataset("office_home", path=home)
    assert "no domain is called 'train' as in Art/train/TV/00001.jpg; rename" in str(refused.value)
    assert "Art has 2 images where 3 are expected, and none of 'TV'; get it anew" in str(refused.value)


def test_a_file_that_is_no_image_is_named(home: Path) -> None:
    (home / "Product" / "TV" / "00001.jpg").write_text("no image")
    with pytest.raises(DataError, match=r"the image Product/TV/00001\.jpg cannot be decoded; mend it$"):
        load_dataset("office_home", path=home)


def test_wrong_options_are_refused() -> None:
    with pytest.raises(ValueError, match="test_domain must be one of Art, Clipart, Product, Real World"):
        OfficeHome(path="anywhere", test_domain="Real")  # type: ignore[arg-type]  # a wrong value is what is tested
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("office_home", path="anywhere", image_size=0)
