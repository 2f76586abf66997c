from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.sets import waterbirds
from detaux.data.splitting.official import OfficialSplit
from detaux.metrics.compute import compute_metric

pytestmark = pytest.mark.usefixtures("empty_cache")
PUBLISHED = waterbirds._NUM_IMAGES
GROUPS = {"train": (2, 1, 1, 2), "validation": (1, 1, 1, 1), "test": (2, 2, 1, 1)}
ROWS = [
    (split, group // 2, group % 2)
    for split, sizes in enumerate(GROUPS.values())
    for group, size in enumerate(sizes)
    for _ in range(size)
]
SPLITS, CLASSES, PLACES = np.random.default_rng(0).permutation(ROWS).T


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sixteen images of grey levels 0 to 15, as many as the set then has."""
    monkeypatch.setattr(waterbirds, "_NUM_IMAGES", GROUPS)
    root = tmp_path / "waterbird_complete95_forest2water2"
    lines = ["img_id,img_filename,y,split,place,place_filename"]
    for level, (split, y, place) in enumerate(zip(SPLITS, CLASSES, PLACES, strict=True)):
        file = f"{level % 3:03d}.Bird_{level % 3}/Bird_{level:04d}.jpg"
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (10, 8), level).save(root / file, quality=100)
        lines.append(f"{level + 1},{file},{y},{split},{place},/o/ocean/{level:08d}.jpg")
    (root / "metadata.csv").write_text("\n".join(lines) + "\n")
    return root


def replace(home: Path, old: str, new: str) -> None:
    text = (home / "metadata.csv").read_text()
    assert old in text
    (home / "metadata.csv").write_text(text.replace(old, new, 1))


def test_class_and_place_are_factors_in_the_order_of_the_table(home: Path) -> None:
    dataset = load_dataset("waterbirds", path=home, image_size=4)
    everything = np.arange(16)
    assert dataset.value_names == {"class": ("landbird", "waterbird"), "place": ("land", "water")}
    np.testing.assert_array_equal(dataset.factors(everything), np.stack([CLASSES, PLACES], axis=1))
    np.testing.assert_array_equal(dataset.images(everything)[:, 0, 0, 0], everything)
    assert dataset.image_shape == (4, 4, 3)


def test_the_official_split_has_three_parts(home: Path) -> None:
    dataset = load_dataset("waterbirds", path=home, image_size=4)
    split = OfficialSplit().split(dataset, CLASSES, seed=0)
    for number, index in enumerate((split.train, split.validation, split.test)):
        np.testing.assert_array_equal(np.sort(index), np.flatnonzero(number == SPLITS))


def test_one_who_looks_at_the_place_has_a_worst_group_of_none_right(home: Path) -> None:
    dataset = load_dataset("waterbirds", path=home, image_size=4)
    test = dataset.official_parts["test"]
    groups = np.column_stack([CLASSES[test], dataset.groups(test)])
    of_place = compute_metric("worst_group", PLACES[test], groups)
    assert of_place == {"worst_group_accuracy": 0, "worst_group_size": 2, "num_groups": 4}
    guesses = CLASSES[test].copy()
    guesses[np.flatnonzero((CLASSES[test] == 0) & (PLACES[test] == 1))[0]] = 1
    assert compute_metric("worst_group", guesses, groups)["worst_group_accuracy"] == 0.5
    assert compute_metric("accuracy", guesses, CLASSES[test])["accuracy"] == pytest.approx(5 / 6)


def test_the_published_counts_are_those_that_the_authors_script_makes_of_cub() -> None:
    in_training, in_test = 5994, 5794
    sums = {part: sum(sizes) for part, sizes in PUBLISHED.items()}
    assert sums == {"train": in_training - 1199, "validation": round(0.2 * in_training), "test": in_test}
    for part, share_on_water in {"train": (0.05, 0.95), "validation": (0.5, 0.5), "test": (0.5, 0.5)}.items():
        land, water, others_on_land, others_on_water = PUBLISHED[part]
        assert water == round(share_on_water[0] * (land + water))
        assert others_on_water == round(share_on_water[1] * (others_on_land + others_on_water))


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_the_archive_of_the_folder_holds_the_same(home: Path, kind: str) -> None:
    archive = shutil.make_archive(str(home.parent / "packed"), kind, home.parent, home.name)
    shutil.rmtree(home)
    dataset = load_dataset("waterbirds", path=archive, image_size=4)
    assert dataset.images(np.arange(16))[:, 0, 0, 0].tolist() == list(range(16))
    np.testing.assert_array_equal(dataset.factors(np.arange(16))[:, 1], PLACES)


def test_the_table_and_the_images_make_the_fingerprint(home: Path, empty_cache: Path) -> None:
    first = load_dataset("waterbirds", path=home, image_size=4).fingerprint
    assert load_dataset("waterbirds", path=home, image_size=4).fingerprint == first
    replace(home, "/o/ocean/00000003.jpg", "/o/ocean/3.jpg")
    second = load_dataset("waterbirds", path=home, image_size=4).fingerprint
    assert len(list(empty_cache.rglob("array.npy"))) == 1
    Image.new("L", (10, 8), 99).save(home / "000.Bird_0" / "Bird_0003.jpg")
    third = load_dataset("waterbirds", path=home, image_size=4).fingerprint
    assert len({first, second, third}) == 3


def test_other_groups_than_published_are_refused(home: Path) -> None:
    group = f"{CLASSES[0]},{SPLITS[0]},{PLACES[0]}"
    other = f"{CLASSES[0]},{SPLITS[0]},{1 - PLACES[0]}"
    replace(home, f"Bird_0000.jpg,{group}", f"Bird_0000.jpg,{other}")
    part = list(GROUPS)[SPLITS[0]]
    with pytest.raises(DataError, match=rf"the groups of {part} have \(.*open a variant .* 'manifest'$"):
        load_dataset("waterbirds", path=home)


def test_missing_rows_and_images_are_told_at_once(home: Path) -> None:
    (home / "001.Bird_1" / "Bird_0004.jpg").unlink()
    replace(home, "\n1,000.Bird_0/Bird_0000.jpg", "\n1,../Bird_0000.jpg")
    replace(home, "Bird_0006.jpg", "Bird_0003.jpg")
    text = (home / "metadata.csv").read_text()
    (home / "metadata.csv").write_text("".join(text.splitlines(keepends=True)[:-1]))
    told = r"the groups of .*\n  it lists 2 images .* '\.\./Bird_0000\.jpg'.*\n  it lists 1 images more than once"
    with pytest.raises(DataError, match=told):
        load_dataset("waterbirds", path=home)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("place,place_filename", "background,place_filename", "there is no column 'place'; it has img_id"),
        ("img_filename", "file", "there is no column 'img_filename'"),
        ("Bird_0000.jpg,", "Bird_0000.jpg,2", "'y' holds '2[01]' in row 1"),
        ("Bird_0000.jpg", "Bird_0000.jpg,landbird", "rows have more cells|is no table|'y' holds"),
    ],
)
def test_a_changed_table_is_refused(home: Path, old: str, new: str, told: str) -> None:
    replace(home, old, new)
    with pytest.raises(DataError, match=told):
        load_dataset("waterbirds", path=home)


@pytest.mark.parametrize("kept_bytes", [0, 100, 250])
def test_a_truncated_image_is_named(home: Path, kept_bytes: int) -> None:
    image = home / "002.Bird_2" / "Bird_0002.jpg"
    image.write_bytes(image.read_bytes()[:kept_bytes])
    with pytest.raises(DataError, match=r"the image 002\.Bird_2/Bird_0002\.jpg cannot be decoded; mend it$"):
        load_dataset("waterbirds", path=home)


def test_no_image_has_no_rows() -> None:
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("waterbirds", path="anywhere", image_size=0)
