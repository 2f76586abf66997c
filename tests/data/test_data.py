from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from detaux.core.errors import UnknownNameError
from detaux.data import load_dataset
from detaux.data.registries import corruptions, datasets, pairings, splits


def test_built_in_parts_are_found_and_say_what_they_are() -> None:
    assert datasets.names() == ("digits", "folder", "shapes3d")
    assert splits.names() == ("compositional", "official", "random")
    assert {"one_factor", "random", "same_class"} <= set(pairings.names())
    assert corruptions.names() == ("none", "salt_and_pepper")
    for registry in (datasets, splits, pairings, corruptions):
        assert all(entry.summary and entry.source for entry in registry)


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
