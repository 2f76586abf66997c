from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.labelled import LabelledImages
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import Batch, LabelledFacts, check_labels, open_labelled

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3), dtype=np.uint8)
LABELS = np.array([[0, 2], [1, 0], [1, 1], [0, 1], [1, 2]])
NAMES = {"kind": ("ant", "bee"), "colour": ("red", "green", "blue")}
FILE = OfficialFile(
    name="toy.bin", urls=("https://example.org/toy.bin",), algorithm="md5", digest="0", size=None
)
FACTS = LabelledFacts(
    name="toy", class_names=NAMES, num_images={"train": 3, "test": 2}, licence="none", source="made up"
)


def labelled(
    labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    class_names: tuple[str, ...] | Mapping[str, tuple[str, ...]],
) -> LabelledImages:
    return LabelledImages(
        name="toy",
        pixels=PIXELS,
        rows=np.arange(5)[::-1],
        labels=labels,
        class_names=class_names,
        licence="none",
        source="made up",
        fingerprint="0" * 64,
        official_parts={},
    )


def test_one_kind_of_classes_is_the_factor_class() -> None:
    dataset = labelled(LABELS[:, 0], ("ant", "bee"))
    assert (dataset.factor_names, dataset.factor_sizes) == (("class",), (2,))
    assert dataset.value_names == {"class": ("ant", "bee")}
    assert dataset.factors(np.array([1, 0])).tolist() == [[1], [0]]
    np.testing.assert_array_equal(dataset.images(np.array([0, 4])), PIXELS[[4, 0]])


def test_several_kinds_of_classes_are_factors_by_their_names() -> None:
    dataset = labelled(LABELS, NAMES)
    assert (dataset.factor_names, dataset.factor_sizes) == (("kind", "colour"), (2, 3))
    assert dataset.factors(np.array([4, 0, 4])).tolist() == [[1, 2], [0, 2], [1, 2]]
    assert dataset.factors(np.array([], dtype=np.int64)).shape == (0, 2)


def test_labels_without_names_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        labelled(LABELS, ("ant", "bee"))


@pytest.mark.usefixtures("empty_cache")
def test_batches_of_any_order_are_put_in_place() -> None:
    batches = [Batch(3, PIXELS[3:], LABELS[3:]), Batch(0, PIXELS[:3], LABELS[:3])]
    dataset = open_labelled(FACTS, [FILE], 4, lambda: batches, silent)
    np.testing.assert_array_equal(dataset.images(np.arange(5)), PIXELS)
    np.testing.assert_array_equal(dataset.factors(np.arange(5)), LABELS)
    assert {part: index.tolist() for part, index in dataset.official_parts.items()} == {
        "train": [0, 1, 2],
        "test": [3, 4],
    }


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("size", [4, 9])
def test_grey_is_repeated_over_the_channels(size: int) -> None:
    grey = PIXELS[..., :1]
    dataset = open_labelled(FACTS, [FILE], size, lambda: [Batch(0, grey, LABELS)], silent)
    images = dataset.images(np.arange(5))
    assert images.shape == (5, size, size, 3)
    assert (images == images[..., :1]).all()
    np.testing.assert_allclose(images.mean((1, 2, 3)), grey.mean((1, 2, 3)), atol=12)


def test_labels_out_of_range_are_refused_by_name() -> None:
    check_labels(Path("toy.bin"), FILE, np.array([1, 10]), range(1, 11))
    with pytest.raises(
        DataError,
        match=r"toy\.bin holds the label 0, where 1 to 10 are expected; download it again from https",
    ):
        check_labels(Path("toy.bin"), FILE, np.array([1, 0]), range(1, 11))
