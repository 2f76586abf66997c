from __future__ import annotations

from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.official.file import OfficialFile
from detaux.data.official.places import check_places, file_place, folder_places
from tests.data.standins.writing import as_official


def file(name: str) -> OfficialFile:
    return OfficialFile(
        name=f"toy-{name}", urls=(f"https://example.org/{name}",), algorithm="sha256", digest=None, size=None
    )


@pytest.fixture
def places(tmp_path: Path) -> dict[OfficialFile, Path]:
    """Three published files in a folder."""
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode())
    files = [as_official(file(name), tmp_path / name) for name in "abc"]
    return folder_places(files, str(tmp_path), "toy-")


def test_files_lie_in_the_folder_or_the_cache(tmp_path: Path, empty_cache: Path) -> None:
    assert folder_places([file("a")], str(tmp_path), "toy-") == {file("a"): tmp_path / "a"}
    assert folder_places([file("a")], None, "toy-") == {file("a"): empty_cache / "toy-a"}
    assert file_place(file("a"), None) == empty_cache / "toy-a"
    assert file_place(file("a"), str(tmp_path / "mine")) == tmp_path / "mine"


def test_published_files_pass_and_their_reading_is_told_of(places: dict[OfficialFile, Path]) -> None:
    told: list[str] = []
    check_places(places, lambda _, text: told.append(text))
    assert told == ["checking a", "checking b", "checking c"]


def test_all_missing_files_are_told_before_any_is_read(
    places: dict[OfficialFile, Path], tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"damaged")
    for name in "bc":
        (tmp_path / name).unlink()
    with pytest.raises(DataError) as caught:
        check_places(places, lambda *_: pytest.fail("a file was read"))
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"there is no file {tmp_path}/b; download https://example.org/b there (sha256 ")
    assert second.startswith(f"there is no file {tmp_path}/c; download https://example.org/c there (sha256 ")


def test_a_file_of_another_content_is_named(places: dict[OfficialFile, Path], tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"c")
    with pytest.raises(DataError, match=rf"^{tmp_path}/b has the sha256 .*; download it again from https"):
        check_places(places)
