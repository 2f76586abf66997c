from pathlib import Path

import pytest

from detaux.core.errors import LocationError
from detaux.core.folders import check_writable


def test_a_folder_that_can_be_made_passes_and_is_not_made(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b", "--results")
    check_writable(tmp_path, "--results")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file", "file/below", "dangling", "dangling/below", "x" * 300, "a\0b"])
def test_a_place_that_cannot_serve_is_named_with_its_option(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(LocationError, match=r"^--results .*cannot be used.*name another with --results$"):
        check_writable(tmp_path / name, "--results")


def test_a_folder_of_the_kernel_takes_no_files() -> None:
    with pytest.raises(LocationError, match="/proc/x"):
        check_writable(Path("/proc/x"), "--reports")
