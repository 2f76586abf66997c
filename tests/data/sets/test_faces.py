from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.splitting.by_group import GroupSplit
from tests.data.standins import faces as standin

PERSONS = ("004_o_m", "066_y_m", "140_y_f", "168_m_f")
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bilder").mkdir()
    return standin.publish(tmp_path / "bilder", monkeypatch, PERSONS)


def test_names_become_factors(home: Path) -> None:
    dataset = load_dataset("faces", path=home, image_size=4)
    everything = np.arange(48)
    assert dataset.factor_names == ("person", "age", "gender", "expression", "picture_set")
    assert dataset.factor_sizes == (4, 3, 2, 6, 2)
    assert dataset.value_names["person"] == ("004", "066", "140", "168")
    assert dataset.value_names["age"] == ("young", "middle", "old")
    labels = dataset.factors(everything)
    assert labels[:3].tolist() == [[0, 2, 1, 0, 0], [0, 2, 1, 0, 1], [0, 2, 1, 1, 0]]
    assert labels[47].tolist() == [3, 1, 0, 5, 1]
    np.testing.assert_array_equal(dataset.images(everything)[:, 0, 0, 0], everything)
    assert (dataset.image_shape, dataset.official_parts) == ((4, 4, 3), {})


def test_the_whole_set_has_171_persons(tmp_path: Path) -> None:
    standin.write(tmp_path, [f"{number:03d}_{'ymo'[number % 3]}_f" for number in range(1, 172)])
    dataset = load_dataset("faces", path=tmp_path, image_size=2)
    assert (len(dataset), dataset.factor_sizes) == (2052, (171, 3, 2, 6, 2))


def test_an_archive_of_the_folder_and_other_files_beside_the_images_are_fine(
    home: Path, tmp_path: Path
) -> None:
    (home / "Thumbs.db").write_bytes(b"")
    archive = shutil.make_archive(str(tmp_path / "faces"), "zip", tmp_path, "bilder")
    assert len(load_dataset("faces", path=archive, image_size=4)) == 48


def test_the_split_by_group_keeps_persons_together(home: Path) -> None:
    dataset = load_dataset("faces", path=home, image_size=4)
    everything = dataset.factors(np.arange(48))
    split = GroupSplit(factor="person", validation=0.25, test=0.25).split(dataset, everything[:, 3], seed=0)
    parts = [set(everything[part, 0].tolist()) for part in (split.train, split.validation, split.test)]
    assert sorted(itertools.chain(*parts)) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["004_x_m_a_a.jpg", "004_o_m_a.jpg", "004_o_m_a_c.jpg", "portrait.png"])
def test_a_wrong_file_name_is_named(home: Path, name: str) -> None:
    (home / "004_o_m_a_a.jpg").rename(home / name)
    with pytest.raises(DataError, match=f"the image {name} is not named ID_age_gender_expression_set"):
        load_dataset("faces", path=home)


def test_images_in_two_folders_are_refused(home: Path) -> None:
    (home / "more").mkdir()
    (home / "004_o_m_a_a.jpg").rename(home / "more" / "004_o_m_a_a.jpg")
    with pytest.raises(DataError, match=r"holds images in '\.' and 'more'"):
        load_dataset("faces", path=home)


def test_a_person_of_two_ages_is_refused(home: Path) -> None:
    (home / "066_y_m_s_b.jpg").rename(home / "066_o_m_s_b.jpg")
    with pytest.raises(DataError, match=r"066_o_m_s_b\.jpg and 066_y_m_a_a\.jpg give one person two ages"):
        load_dataset("faces", path=home)


def test_the_same_picture_twice_is_refused(home: Path) -> None:
    shutil.copy(home / "066_y_m_s_b.jpg", home / "066_y_m_s_b.jpeg")
    with pytest.raises(DataError, match=r"066_y_m_s_b\.jpeg and 066_y_m_s_b\.jpg are the same picture"):
        load_dataset("faces", path=home)


def test_a_missing_image_and_a_missing_person_are_told(home: Path) -> None:
    (home / "140_y_f_h_b.jpg").unlink()
    with pytest.raises(DataError, match="holds 11 of the 12 images of the person 140; get the others"):
        load_dataset("faces", path=home)
    for image in home.glob("140_*.jpg"):
        image.unlink()
    with pytest.raises(DataError, match="images of 3 persons, but FACES of 4"):
        load_dataset("faces", path=home)
    for image in [*home.glob("066_*.jpg"), *home.glob("168_*.jpg")]:
        image.unlink()
    with pytest.raises(DataError, match="images of 1 person, but FACES of 4"):
        load_dataset("faces", path=home)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="images of 0 persons, but FACES of 171"):
        load_dataset("faces", path=tmp_path / "empty")


@pytest.mark.parametrize("kept_bytes", [0, 100, 250])
def test_a_truncated_image_is_named(home: Path, kept_bytes: int) -> None:
    image = home / "168_m_f_n_a.jpg"
    image.write_bytes(image.read_bytes()[:kept_bytes])
    with pytest.raises(DataError, match=r"the image 168_m_f_n_a\.jpg cannot be decoded; mend it$"):
        load_dataset("faces", path=home)


def test_no_image_has_no_rows() -> None:
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("faces", path="anywhere", image_size=0)
