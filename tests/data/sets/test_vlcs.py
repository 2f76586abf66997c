from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.sets.vlcs import VLCS
from detaux.metrics import compute_metric
from tests.data.standins.domains import publish

CLASSES = ("bird", "car", "chair", "dog", "person")
DOMAINS = ("Caltech101", "LabelMe", "SUN09", "VOC2007")
EVERYTHING = np.arange(20)
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One image of each class in each domain, as many as the set then has, of grey levels 0, 10, 20 and so on."""
    publish(VLCS, monkeypatch, count=5)
    for level, (domain, label) in enumerate(itertools.product(DOMAINS, CLASSES)):
        folder = tmp_path / "VLCS" / domain / label
        folder.mkdir(parents=True)
        Image.new("L", (12, 9), 10 * level).save(folder / f"{level}.jpg", quality=100)
    return tmp_path / "VLCS"


def test_the_published_numbers() -> None:
    assert (sum(VLCS.facts.num_images.values()), len(VLCS.facts.classes)) == (10_729, 5)


def test_folders_become_class_and_domain(home: Path) -> None:
    dataset = load_dataset("vlcs", path=home, image_size=4)
    assert (dataset.name, dataset.factor_names, dataset.factor_sizes) == ("vlcs", ("class", "domain"), (5, 4))
    assert dataset.value_names == {"class": CLASSES, "domain": DOMAINS}
    domain, label = np.unravel_index(EVERYTHING, (4, 5))
    np.testing.assert_array_equal(dataset.factors(EVERYTHING), np.stack([label, domain], axis=1))
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 10 * EVERYTHING)


def test_labelme_is_left_out_unless_another_is_named(home: Path) -> None:
    parts = load_dataset("vlcs", path=home, image_size=4).official_parts
    assert parts["test"].tolist() == [5, 6, 7, 8, 9]
    assert parts["train"].tolist() == [*range(5), *range(10, 20)]
    parts = load_dataset("vlcs", path=home, image_size=4, test_domain="VOC2007").official_parts
    assert parts["test"].tolist() == [15, 16, 17, 18, 19]


def test_every_class_in_every_domain_is_a_group(home: Path) -> None:
    dataset = load_dataset("vlcs", path=home, image_size=4)
    labels = dataset.factors(EVERYTHING)
    against = np.column_stack([labels[:, 0], dataset.groups(EVERYTHING)])
    scores = compute_metric("worst_group", np.where(EVERYTHING == 7, 0, labels[:, 0]), against)
    assert scores == {"worst_group_accuracy": 0, "worst_group_size": 1, "num_groups": 20}


def test_an_archive_holds_the_same_set(home: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "VLCS"), "gztar", tmp_path, home.name)
    dataset = load_dataset("vlcs", path=archive, image_size=4)
    np.testing.assert_array_equal(dataset.images(EVERYTHING)[:, 0, 0, 0], 10 * EVERYTHING)


def test_the_fingerprint_changes_with_an_image(home: Path) -> None:
    first = load_dataset("vlcs", path=home, image_size=4).fingerprint
    assert load_dataset("vlcs", path=home, image_size=4).fingerprint == first
    Image.new("L", (12, 9), 1).save(home / "SUN09" / "dog" / "13.jpg")
    assert load_dataset("vlcs", path=home, image_size=4).fingerprint != first


def test_the_layout_by_part_and_number_is_refused(home: Path) -> None:
    (home / "SUN09").rename(home / "SUN")
    (home / "LabelMe" / "bird").rename(home / "LabelMe" / "0")
    with pytest.raises(DataError) as refused:
        load_dataset("vlcs", path=home)
    assert "no domain is called 'SUN' as in SUN/bird/10.jpg; rename" in str(refused.value)
    assert "no class is called '0' as in LabelMe/0/5.jpg; rename" in str(refused.value)
    assert "SUN09 has 0 images where 5 are expected" in str(refused.value)


@pytest.mark.parametrize("kept_bytes", [0, 100, 250])
def test_a_truncated_image_is_named(home: Path, kept_bytes: int) -> None:
    image = home / "Caltech101" / "car" / "1.jpg"
    image.write_bytes(image.read_bytes()[:kept_bytes])
    with pytest.raises(DataError, match=r"the image Caltech101/car/1\.jpg cannot be decoded; mend it$"):
        load_dataset("vlcs", path=home)


def test_wrong_options_are_refused() -> None:
    with pytest.raises(ValueError, match="test_domain must be one of Caltech101, LabelMe, SUN09, VOC2007"):
        VLCS(path="anywhere", test_domain="V")  # type: ignore[arg-type]  # a wrong value is what is tested
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("vlcs", path="anywhere", image_size=0)
