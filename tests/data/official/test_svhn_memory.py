"""Reading SVHN holds the file, which is as large as its images, and the images; 73,257 of them take 450 MB."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import savemat

from tests.data.peak_memory import grown_mb

NUM_IMAGES = 10_000
_IMPORTS = """
from detaux.data.official.file import OfficialFile
from detaux.data.official.svhn import read_svhn

FILE = OfficialFile(name="toy.mat", urls=("http://nowhere",), algorithm="sha256", digest=None, size=None)
"""


def test_images_are_held_once_beside_their_file(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (32, 32, 3, NUM_IMAGES), dtype=np.uint8)
    path = tmp_path / "toy.mat"
    savemat(path, {"X": images, "y": np.ones((NUM_IMAGES, 1), np.uint8)}, do_compression=True)
    work = f"found, _ = read_svhn(Path({str(path)!r}), FILE, {NUM_IMAGES}); assert len(found) == {NUM_IMAGES}"
    assert 1 < grown_mb(_IMPORTS, work) / (images.nbytes / 1e6) < 2.5
