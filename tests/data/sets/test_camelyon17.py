from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.sets import camelyon17
from detaux.data.splitting.by_group import GroupSplit
from detaux.data.splitting.official import OfficialSplit
from detaux.metrics.compute import compute_metric

pytestmark = pytest.mark.usefixtures("empty_cache")
HEADER = ",patient,node,x_coord,y_coord,tumor,slide,center,split"
ROWS = (
    ("004", 4, 3328, 21792, 1, 0, 0, 0),
    ("004", 4, 3328, 21824, 0, 0, 0, 1),
    ("010", 1, 32, 64, 0, 3, 0, 0),
    ("020", 4, 1, 2, 1, 10, 1, 0),
    ("021", 3, 1, 2, 0, 11, 1, 1),
    ("042", 3, 5, 6, 1, 23, 2, 0),
    ("051", 2, 5, 6, 0, 26, 2, 1),
    ("060", 3, 7, 8, 0, 30, 3, 0),
    ("061", 0, 7, 8, 1, 32, 3, 1),
    ("099", 4, 9, 1, 1, 49, 4, 0),
)
FACTORS = np.array([(tumor, center, slide) for *_, tumor, slide, center, _ in ROWS])


def file_of(row: int) -> str:
    patient, node, x, y, *_ = ROWS[row]
    return f"patches/patient_{patient}_node_{node}/patch_patient_{patient}_node_{node}_x_{x}_y_{y}.png"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten patches of grey levels 0 to 9, as many as the set then has, with a fourth channel as the originals have."""
    published = {"train": 4, "validation": 2, "test": 2, "left out": 2}
    monkeypatch.setattr(camelyon17, "_NUM_IMAGES", published)
    root = tmp_path / "camelyon17_v1.0"
    for row in range(len(ROWS)):
        path = root / file_of(row)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGBA", (8, 8), (row, row, row, 255)).save(path)
    lines = [HEADER, *(",".join(map(str, (row, *cells))) for row, cells in enumerate(ROWS))]
    (root / "metadata.csv").write_text("\n".join(lines) + "\n")
    return root


def replace(home: Path, old: str, new: str) -> None:
    text = (home / "metadata.csv").read_text()
    assert old in text
    (home / "metadata.csv").write_text(text.replace(old, new, 1))


def test_tumor_center_and_slide_are_factors_in_the_order_of_the_table(home: Path) -> None:
    dataset = load_dataset("camelyon17", path=home, image_size=4)
    everything = np.arange(10)
    assert (dataset.factor_names, dataset.factor_sizes) == (("tumor", "center", "slide"), (2, 5, 50))
    assert dataset.value_names["tumor"] == ("no", "yes")
    assert dataset.value_names["slide"][49] == "49"
    np.testing.assert_array_equal(dataset.factors(everything), FACTORS)
    np.testing.assert_array_equal(dataset.images(everything)[:, 0, 0, 0], everything)
    assert dataset.image_shape == (4, 4, 3)


def test_hospitals_make_the_parts_and_patches_kept_back_are_in_none(home: Path) -> None:
    dataset = load_dataset("camelyon17", path=home, image_size=4)
    parts = {part: index.tolist() for part, index in dataset.official_parts.items()}
    assert parts == {"train": [0, 2, 7, 9], "validation": [3, 4], "test": [5, 6]}
    split = OfficialSplit().split(dataset, FACTORS[:, 0], seed=0)
    assert [sorted(split.parts[part].tolist()) for part in parts] == list(parts.values())


def test_the_published_counts_add_up() -> None:
    assert sum(camelyon17._NUM_IMAGES.values()) == 455_954


def test_classes_and_hospitals_make_the_groups(home: Path) -> None:
    dataset = load_dataset("camelyon17", path=home, image_size=4)
    everything = np.arange(10)
    groups = np.column_stack([FACTORS[:, 0], dataset.groups(everything)])
    right = compute_metric("worst_group", FACTORS[:, 0], groups)
    assert right == {"worst_group_accuracy": 1, "worst_group_size": 2, "num_groups": 9}
    guesses = FACTORS[:, 0].copy()
    guesses[1] = 1
    wrong = compute_metric("worst_group", guesses, groups)
    assert wrong == {"worst_group_accuracy": 0.5, "worst_group_size": 2, "num_groups": 9}
    test = dataset.official_parts["test"]
    assert compute_metric("worst_group", guesses[test], groups[test])["num_groups"] == 2


def test_the_split_by_group_keeps_slides_together(home: Path) -> None:
    dataset = load_dataset("camelyon17", path=home, image_size=4)
    split = GroupSplit(factor="slide", validation=0.2, test=0.3).split(dataset, FACTORS[:, 0], seed=0)
    slides = [set(FACTORS[part, 2].tolist()) for part in (split.train, split.validation, split.test)]
    assert sorted(slide for part in slides for slide in part) == sorted(set(FACTORS[:, 2].tolist()))


@pytest.mark.parametrize("kind", ["zip", "gztar"])
@pytest.mark.parametrize("inside", ["wrapped", "bare"])
def test_the_archive_of_the_folder_holds_the_same(home: Path, kind: str, inside: str) -> None:
    top = (home.parent, home.name) if inside == "wrapped" else (home, ".")
    archive = shutil.make_archive(str(home.parent / "packed"), kind, *top)
    shutil.rmtree(home)
    dataset = load_dataset("camelyon17", path=archive, image_size=4)
    assert dataset.images(np.arange(10))[:, 0, 0, 0].tolist() == list(range(10))


def test_patients_without_leading_zeros_are_the_same(home: Path) -> None:
    for patient in ("004", "004", "010"):
        replace(home, f",{patient},", f",{int(patient)},")
    dataset = load_dataset("camelyon17", path=home, image_size=4)
    assert dataset.images(np.arange(10))[:, 0, 0, 0].tolist() == list(range(10))


def test_the_table_and_the_images_make_the_fingerprint(home: Path, empty_cache: Path) -> None:
    first = load_dataset("camelyon17", path=home, image_size=4).fingerprint
    assert load_dataset("camelyon17", path=home, image_size=4).fingerprint == first
    replace(home, "3328,21824,0", "3328,21824,1")
    second = load_dataset("camelyon17", path=home, image_size=4).fingerprint
    assert len(list(empty_cache.rglob("array.npy"))) == 1
    Image.new("RGBA", (8, 8), (99, 99, 99, 255)).save(home / file_of(3))
    third = load_dataset("camelyon17", path=home, image_size=4).fingerprint
    assert len({first, second, third}) == 3


def test_a_row_of_two_hospitals_and_all_that_follows_from_it_are_told_at_once(home: Path) -> None:
    replace(home, "5,6,1,23,2,0", "5,6,1,23,3,0")
    (home / file_of(8)).unlink()
    told = (
        r"'slide' and 'center' contradict each other in row 6, one of 1 such rows.*\n"
        r"  .*'patient' and 'center' contradict each other in row 6.*\n"
        r"  its parts have {'train': 5, 'validation': 2, 'test': 1, 'left out': 2} images.*\n"
        r"  it lists 1 images that are not in its folder, the first 'patches/patient_061_node_0/.*_x_7_y_8\.png'"
    )
    with pytest.raises(DataError, match=told):
        load_dataset("camelyon17", path=home)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tumor", "label", "there is no column 'tumor'; it has .*patient"),
        ("5,6,1,23", "5,6,2,23", "'tumor' holds '2' in row 6"),
        ("5,6,1,23,2", "5,6,1,50,2", "'slide' holds '50' in row 6"),
        ("5,6,1,23,2", "5,6,1,23,5", "'center' holds '5' in row 6"),
        ("23,2,0", "23,2,", "'split' holds '' in row 6"),
        (",042,", ",../x,", r"'patient' holds '\.\./x' in row 6"),
        (",042,3,5,6", ",042,3,-5,6", "'x_coord' holds '-5' in row 6"),
        ("5,042,3,5,6,1,23,2,0\n", "", "its parts have .*'test': 1"),
        ("004,4,3328,21824", "004,4,3328,21792", "it lists 1 images more than once, the first 'patches/"),
    ],
)
def test_a_changed_table_is_refused(home: Path, old: str, new: str, told: str) -> None:
    replace(home, old, new)
    with pytest.raises(DataError, match=told):
        load_dataset("camelyon17", path=home)


@pytest.mark.parametrize("kept_bytes", [0, 30, 50])
def test_a_truncated_image_is_named(home: Path, kept_bytes: int) -> None:
    image = home / file_of(5)
    image.write_bytes(image.read_bytes()[:kept_bytes])
    with pytest.raises(
        DataError, match=r"the image patches/.*042_node_3_x_5_y_6\.png cannot be decoded; mend it$"
    ):
        load_dataset("camelyon17", path=home)


def test_no_image_has_no_rows() -> None:
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("camelyon17", path="anywhere", image_size=0)
