import json
from pathlib import Path

import pytest

from detaux.core.errors import ArtifactError
from detaux.disentangle.linear import LinearArchitecture
from detaux.disentangle.saving import load, save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(LinearArchitecture(image_shape=(4, 4, 3), subspaces=2).build(), tmp_path)
    return tmp_path


def test_a_saved_model_is_read(folder: Path) -> None:
    assert not load(folder, "cpu").training


@pytest.mark.parametrize("name", ["architecture.json", "model.safetensors"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match=f"no model in .*: {name} is not there"):
        load(folder, "cpu")


@pytest.mark.parametrize(
    "content", ["{", "[]", "7", '{"kind": "os.system"}', '{"no": "kind"}', '{"kind": "ConvNet"}']
)
def test_an_architecture_that_is_none_is_refused(folder: Path, content: str) -> None:
    (folder / "architecture.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"damaged .*; make it anew"):
        load(folder, "cpu")


def test_weights_of_another_model_or_none_are_refused(folder: Path) -> None:
    plain = json.loads((folder / "architecture.json").read_text())
    (folder / "architecture.json").write_text(json.dumps({**plain, "subspaces": 3}))
    with pytest.raises(ArtifactError, match="damaged"):
        load(folder, "cpu")
    (folder / "model.safetensors").write_bytes(b"000")
    with pytest.raises(ArtifactError, match="damaged"):
        load(folder, "cpu")
