from __future__ import annotations

import io

import pytest
from PIL import Image

from detaux.data.files.decoding import decode_image
from detaux.data.files.image_formats import READ, is_hidden, is_image, is_unread_image


@pytest.mark.parametrize("name", ["1.png", "a/1.JFIF", "a/b.c/1.jpe", "1.x.pbm", "1.pnm", "1.apng"])
def test_endings_of_formats_that_are_read_are_images(name: str) -> None:
    assert (is_image(name), is_unread_image(name)) == (True, False)


@pytest.mark.parametrize("name", ["1.heic", "a/1.AVIF", "1.svg", "1.jp2", "1.raw", "a/b/1.ico"])
def test_endings_of_other_formats_are_told(name: str) -> None:
    assert (is_image(name), is_unread_image(name)) == (False, True)


@pytest.mark.parametrize(
    "name", ["", "png", "1.txt", ".png", "a.png/", "a.heic/", "a.png/notes", ".a/1.png", "__MACOSX/1.heic"]
)
def test_others_hidden_ones_and_folders_are_neither(name: str) -> None:
    assert (is_image(name), is_unread_image(name)) == (False, False)


def test_hidden_is_what_lies_in_a_hidden_folder() -> None:
    assert is_hidden("a/.git/x")
    assert is_hidden("__MACOSX/")
    assert not is_hidden("a.b/c")


@pytest.mark.parametrize("kind", READ)
def test_each_format_that_is_read_is_decoded(kind: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (0, 0, 255)).save(stream, kind)
    assert abs(decode_image(stream.getvalue(), 4).astype(int) - [0, 0, 255]).max() < 8


def test_each_ending_is_pillows_for_the_format() -> None:
    known = Image.registered_extensions()
    assert {(kind, ending) for kind, endings in READ.items() for ending in endings} <= {
        (kind, ending) for ending, kind in known.items()
    }
