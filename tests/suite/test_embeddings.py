"""Suites on a data set of embeddings: what takes pictures is refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from detaux.core.errors import SuiteError
from detaux.suite import load_suite
from tests.data.standins.civil_comments import make

DOCUMENT = """
suite: comments
question: Does an identity help?
seeds: 3
data: {name: civil_comments, principal: [toxic], split: official}
disentangle: {method: detaux, preset: fast, subspaces: 3}
discover: {subspace: cosine, clustering: kmeans}
learn:
  train_size: 16
  batch_size: 8
  steps: 2
  backbone: mlp
  arms:
    - {name: stl, auxiliary: none}
    - {name: oracle, auxiliary: "factor:black"}
"""


def written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETAUX_CACHE", str(folder / "cache"))
    document = yaml.safe_load(DOCUMENT)
    document["data"] |= make(folder, monkeypatch)
    document["data"]["path"] = str(document["data"]["path"])
    path = folder / "comments.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


def test_an_mlp_learns_from_embeddings_and_needs_no_net_of_stage_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_suite(written(tmp_path, monkeypatch))


def test_what_takes_pictures_is_refused_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arms = [
        {"name": "stl", "auxiliary": "none"},
        *(
            {"name": arm, "auxiliary": arm}
            for arm in ("discovered", "random", "shuffled", "rotation", "maxl", "auxilearn")
        ),
    ]
    changes = {
        "learn.backbone": "small_cnn",
        "learn.corruption": "crop",
        "learn.augmentation": "crop",
        "learn.arms": arms,
    }
    with pytest.raises(SuiteError) as caught:
        load_suite(written(tmp_path, monkeypatch), changes=changes)
    text = str(caught.value)
    for words in (
        "use the backbone mlp; see learn.backbone",
        "use the corruption gaussian, salt_and_pepper or none; see learn.corruption",
        "use the augmentation none; see learn.augmentation",
        "leave out arms that need discovery; see disentangle.preset",
        "learn.arms: rotation needs square images, but these have 1 x ",
        "take an auxiliary task whose labels are not learnt",
    ):
        assert words in text
