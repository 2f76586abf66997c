from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.files.decoded_images import DecodedImages, Decoding, open_decoded
from detaux.data.files.folder_source import FolderSource

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Images of grey levels 0 to 2."""
    (tmp_path / "set").mkdir()
    for level in range(3):
        Image.new("L", (6, 4), level).save(tmp_path / "set" / f"{level}.png")
    return tmp_path / "set"


def opened(home: Path, names: list[str], **options: Any) -> DecodedImages:
    decoding = Decoding(**{"place": "set", "image_size": 4, **options})
    return open_decoded("toy", decoding, FolderSource(home), names, silent)


def test_named_images_lie_by_sorted_name(home: Path) -> None:
    images = opened(home, ["2.png", "0.png"])
    assert images.row_of == {"0.png": 0, "2.png": 1}
    assert images.pixels.shape == (2, 4, 4, 3)
    assert images.pixels[:, 0, 0, 0].tolist() == [0, 2]
    assert images.damaged == {}


def test_facts_go_with_names_content_and_size_but_not_order(home: Path) -> None:
    def facts(*names: str, size: int = 4) -> Any:
        return opened(home, list(names), image_size=size).facts

    first = facts("0.png", "1.png")
    assert facts("1.png", "0.png") == first
    assert facts("0.png", "2.png") != first
    assert facts("0.png", "1.png", size=5) != first
    (home / "0.png").write_bytes((home / "2.png").read_bytes())
    assert facts("0.png", "1.png") != first


@pytest.mark.parametrize(("on_error", "end"), [("stop", ", or set on_error to 'skip'"), (None, "")])
def test_a_damaged_image_stops_even_where_it_was_skipped_before(
    home: Path, on_error: str | None, end: str
) -> None:
    (home / "1.png").write_bytes(b"")
    skipped = opened(home, ["0.png", "1.png"], on_error="skip")
    assert skipped.damaged == {"1.png": "cannot be decoded; mend it"}
    assert not skipped.pixels[1].any()
    with pytest.raises(DataError, match=rf"^set: the image 1\.png cannot be decoded; mend it{end}$"):
        opened(home, ["0.png", "1.png"], on_error=on_error)


def test_a_stopped_decoding_leaves_nothing(home: Path, empty_cache: Path) -> None:
    (home / "1.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"1\.png"):
        opened(home, ["0.png", "1.png"])
    assert not list(empty_cache.rglob("array.npy"))


@pytest.mark.parametrize("options", [{"image_size": 0}, {"on_error": "ignore"}])
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        Decoding(**{"place": "set", "image_size": 4, **options})
