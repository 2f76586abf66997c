from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import UnknownNameError
from detaux.core.registry import Registry
from detaux.data import augmentation, corruption, load_dataset, pairing, sets, splitting
from detaux.data.registries import augmentations, corruptions, datasets, pairings, splits


@pytest.mark.parametrize(
    ("registry", "package"),
    [
        (datasets, sets),
        (splits, splitting),
        (pairings, pairing),
        (corruptions, corruption),
        (augmentations, augmentation),
    ],
)
def test_each_built_in_part_has_the_name_of_its_file_and_says_what_it_is(
    registry: Registry[Any], package: ModuleType
) -> None:
    files = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert files == set(registry.names())
    assert all(entry.summary and entry.source for entry in registry)


@pytest.mark.parametrize("name", ["digits", "dsprites", "mpi3d", "shapes3d"])
@pytest.mark.usefixtures("empty_cache")
def test_a_set_that_needs_no_files_has_as_many_images_as_told(name: str) -> None:
    assert datasets.get(name).num_images == len(load_dataset(name))


@pytest.mark.parametrize("name", datasets.names())
def test_a_set_tells_its_licence_and_the_number_of_its_summary(name: str) -> None:
    entry = datasets.entry(name)
    assert entry.part.licence.strip()
    numbers = re.findall(r"\d[\d,]{3,}", entry.summary)
    told = entry.part.num_images
    assert (told is None) == (name in {"folder", "manifest"})
    assert told is None or told in [int(number.replace(",", "")) for number in numbers]


def test_a_wrong_name_is_answered_with_a_near_miss() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'shapes3d'"):
        load_dataset("shape3d")


def test_a_wrong_option_is_answered_with_a_near_miss() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'image_size'"):
        load_dataset("digits", imagesize=16)


def test_options_reach_the_part() -> None:
    assert load_dataset("digits", image_size=16).images(np.arange(2)).shape == (2, 16, 16, 3)


def test_importing_the_room_does_not_import_torch() -> None:
    program = "import sys, detaux.data, detaux.data.split; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
