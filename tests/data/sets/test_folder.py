from __future__ import annotations

import io
import os
import shutil
import struct
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.splitting.official import OfficialSplit

CIFAR10 = Path(__file__).parents[4] / "shared" / "data" / "cifar10-jpeg.tar.xz"
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.mark.parametrize("kind", [None, "zip", "gztar", "xztar"])
def test_a_folder_and_its_archives_hold_the_same_images(
    image_folder: Path, tmp_path: Path, kind: str | None
) -> None:
    path = (
        image_folder
        if kind is None
        else Path(shutil.make_archive(str(tmp_path / "set"), kind, tmp_path, "insects"))
    )
    dataset = load_dataset("folder", path=str(path), image_size=4)
    everything = np.arange(60)
    np.testing.assert_array_equal(
        dataset.images(everything), np.broadcast_to(everything[:, None, None, None], (60, 4, 4, 3))
    )
    assert np.bincount(dataset.factors(everything)[:, 0]).tolist() == [25, 35]
    assert dataset.official_parts["train"].tolist() == list(range(50))
    assert dataset.official_parts["test"].tolist() == list(range(50, 60))
    assert dataset.name == ("folder:insects" if kind is None else "folder:set")
    assert dataset.value_names == {"class": ("ant", "bee")}


def test_classes_at_the_top_make_no_official_parts(image_folder: Path) -> None:
    dataset = load_dataset("folder", path=str(image_folder / "train"), image_size=4)
    assert (len(dataset), dataset.official_parts) == (50, {})


def test_images_are_decoded_once(image_folder: Path, empty_cache: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        load_dataset("folder", path=str(image_folder), progress=lambda _, text: told.append(text.split()[0]))
    assert told == 60 * ["reading"] + 60 * ["decoding"] + 60 * ["reading"]
    assert len(list(empty_cache.rglob("array.npy"))) == 1


def test_the_fingerprint_goes_with_images_order_and_size(image_folder: Path) -> None:
    def fingerprint(size: int = 8) -> str:
        return load_dataset("folder", path=str(image_folder), image_size=size).fingerprint

    first = fingerprint()
    assert fingerprint(4) != first
    (image_folder / "notes.txt").write_text("no image")
    assert fingerprint() == first
    (image_folder / "train" / "ant" / "000.png").rename(image_folder / "train" / "ant" / "999.png")
    assert fingerprint() != first


def test_a_corrupt_image_stops_the_load_by_name(image_folder: Path) -> None:
    (image_folder / "train" / "bee" / "003.png").write_bytes(b"no png at all")
    with pytest.raises(
        DataError, match=r"train/bee/003\.png cannot be decoded; mend it, or set on_error to 'skip'"
    ):
        load_dataset("folder", path=str(image_folder))


def test_a_corrupt_image_is_left_out_if_asked(image_folder: Path) -> None:
    corrupt = image_folder / "train" / "bee" / "003.png"
    corrupt.write_bytes(corrupt.read_bytes()[:50])
    dataset = load_dataset("folder", path=str(image_folder), image_size=4, on_error="skip")
    assert np.bincount(dataset.factors(np.arange(59))[:, 0]).tolist() == [25, 34]
    assert dataset.images(np.array([22, 23, 58]))[:, 0, 0, 0].tolist() == [22, 24, 59]
    assert dataset.official_parts["test"].tolist() == list(range(49, 59))


def test_skipping_once_does_not_hide_the_fault_later(image_folder: Path) -> None:
    (image_folder / "test" / "ant" / "000.png").write_bytes(b"")
    load_dataset("folder", path=str(image_folder), on_error="skip")
    with pytest.raises(DataError, match=r"test/ant/000\.png"):
        load_dataset("folder", path=str(image_folder), on_error="stop")


@pytest.mark.parametrize("kind", ["link", "letters"])
def test_any_image_that_gives_nothing_is_left_out_if_asked(image_folder: Path, kind: str) -> None:
    broken = image_folder / "train" / "bee" / "003.png"
    broken.unlink()
    if kind == "link":
        broken.symlink_to("/proc/self/mem")
    else:
        stream = io.BytesIO()
        Image.new("RGB", (8, 8)).save(stream, "TIFF")
        content = stream.getvalue()
        place = content.index(struct.pack("<H", 273)) + 2  # kind of number that tells where the pixels lie
        broken.write_bytes(content[:place] + b"\x02" + content[place + 1 :])
    assert len(load_dataset("folder", path=str(image_folder), image_size=4, on_error="skip")) == 59
    with pytest.raises(
        DataError, match=r"the image train/bee/003\.png cannot be .*, or set on_error to 'skip'"
    ):
        load_dataset("folder", path=str(image_folder), image_size=4)


def test_todays_folder_decides_whatever_was_cached(image_folder: Path) -> None:
    load_dataset("folder", path=str(image_folder), image_size=4)
    (image_folder / "train" / "cat").mkdir()
    with pytest.raises(DataError, match="class folder train/cat/ holds no image"):
        load_dataset("folder", path=str(image_folder), image_size=4)
    (image_folder / "train" / "cat" / "list.txt").write_text("no image")
    with pytest.raises(DataError, match="class folder train/cat/ holds no image"):
        load_dataset("folder", path=str(image_folder), image_size=4)
    (image_folder / "train" / "cat" / "1.heic").write_bytes(b"")
    with pytest.raises(DataError, match=r"'train/cat/1\.heic' is of a format that is not read"):
        load_dataset("folder", path=str(image_folder), image_size=4)


def test_a_validation_folder_is_an_official_part(image_folder: Path) -> None:
    (image_folder / "test").rename(image_folder / "val")
    dataset = load_dataset("folder", path=str(image_folder), image_size=4)
    parts = {name: index.tolist() for name, index in dataset.official_parts.items()}
    assert parts == {"train": list(range(50)), "validation": list(range(50, 60))}
    assert dataset.images(np.arange(60))[:, 0, 0, 0].tolist() == list(range(60))


def test_three_parts_make_the_official_split(image_folder: Path) -> None:
    shutil.copytree(image_folder / "test", image_folder / "validation")
    dataset = load_dataset("folder", path=str(image_folder), image_size=4)
    split = OfficialSplit().split(dataset, dataset.factors(np.arange(70)), seed=0)
    assert (len(split.train), split.validation.tolist()) == (50, list(range(50, 60)))
    assert split.test.tolist() == list(range(60, 70))


def test_parts_in_other_spellings_are_no_classes(image_folder: Path) -> None:
    for part in ("train", "test"):
        (image_folder / part).rename(image_folder / part.capitalize())
    with pytest.raises(DataError, match="'Test' looks like a part; call it 'test'"):
        load_dataset("folder", path=str(image_folder))


@pytest.mark.parametrize("kind", ["gztar", "xztar", "bztar"])
def test_a_cut_checksum_is_told(image_folder: Path, tmp_path: Path, kind: str) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "set"), kind, image_folder))
    load_dataset("folder", path=str(path), image_size=4)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(DataError, match=f"cannot read {path}"):
        load_dataset("folder", path=str(path), image_size=4)


def test_a_tar_cut_between_images_is_no_smaller_data_set(image_folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "set"), "tar", image_folder))
    with tarfile.open(path) as archive:
        end = archive.getmember("./train/bee/020.png").offset
    path.write_bytes(path.read_bytes()[:end])
    with pytest.raises(DataError, match=f"cannot read {path}: it ends too early"):
        load_dataset("folder", path=str(path), image_size=4)


def test_an_empty_class_folder_is_refused(image_folder: Path) -> None:
    (image_folder / "train" / "cat").mkdir()
    with pytest.raises(DataError, match="class folder train/cat/ holds no image"):
        load_dataset("folder", path=str(image_folder))


def test_a_class_of_which_no_image_is_left_is_refused(image_folder: Path) -> None:
    for path in (image_folder / "test" / "bee").iterdir():
        path.write_bytes(b"no png at all")
    with pytest.raises(
        DataError,
        match=r"no image of the class 'bee' is left; the first, test/bee/000\.png, cannot be decoded",
    ):
        load_dataset("folder", path=str(image_folder), on_error="skip")


def test_a_folder_of_which_no_image_is_left_is_refused(image_folder: Path) -> None:
    for path in image_folder.rglob("*.png"):
        path.write_bytes(b"no png at all")
    with pytest.raises(
        DataError, match=r"no image of the class 'ant' is left; the first, train/ant/000\.png"
    ):
        load_dataset("folder", path=str(image_folder), on_error="skip")


def test_a_pipe_and_a_link_to_nothing_are_damaged_images(image_folder: Path) -> None:
    os.mkfifo(image_folder / "train" / "ant" / "pipe.png")
    (image_folder / "train" / "bee" / "link.png").symlink_to("nowhere.png")
    assert len(load_dataset("folder", path=str(image_folder), image_size=4, on_error="skip")) == 60
    with pytest.raises(
        DataError, match=r"train/ant/pipe\.png is no regular file; remove it, or set on_error"
    ):
        load_dataset("folder", path=str(image_folder), image_size=4)


def test_a_class_folder_may_be_a_link(image_folder: Path) -> None:
    for part in ("train", "test"):
        (image_folder / part / "cat").symlink_to(image_folder / part / "ant")
    dataset = load_dataset("folder", path=str(image_folder), image_size=4)
    assert dataset.value_names == {"class": ("ant", "bee", "cat")}
    assert np.bincount(dataset.factors(np.arange(85))[:, 0]).tolist() == [25, 35, 25]


def test_grey_of_16_bits_keeps_its_brightness(image_folder: Path) -> None:
    deep = np.full((4, 6), 30_000, np.uint16)
    Image.fromarray(deep).save(image_folder / "train" / "ant" / "000.png")
    dataset = load_dataset("folder", path=str(image_folder), image_size=4)
    assert (dataset.images(np.array([0])) == 117).all()


@pytest.mark.parametrize("options", [{"image_size": 0}, {"on_error": "ignore"}])
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        load_dataset("folder", path="anywhere", **options)


@pytest.mark.slow
@pytest.mark.skipif(not CIFAR10.exists(), reason="the archive of CIFAR-10 is not at hand")
def test_cifar10_loads_from_its_archive() -> None:
    dataset = load_dataset("folder", path=str(CIFAR10))
    train, test = (dataset.official_parts[part] for part in ("train", "test"))
    assert (len(train), len(test), dataset.name) == (50_000, 10_000, "folder:cifar10-jpeg")
    assert (np.bincount(dataset.factors(train)[:, 0]) == 5000).all()
    means = dataset.images(train).mean((0, 1, 2)) / 255
    np.testing.assert_allclose(means, [0.4914, 0.4822, 0.4465], atol=5e-4)
