from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.checks import Codes
from detaux.core.progress import silent
from detaux.data import load_dataset
from detaux.discover.base import Clusters
from detaux.pipeline.files import load_json, save_array, save_json
from detaux.pipeline.stage import Context
from detaux.pipeline.stages import measure
from detaux.pipeline.stages.data import run as make_data

WITHOUT_SCORES = (
    "gave no scores: there is too little to compare "
    "(factors that vary: 1, subspaces: 3, coordinates of each: 2)"
)
ONE_FACTOR = "only one factor varies in the samples measured: scores that compare factors are absent"


class ByRow:
    """Clusters whose members are known to the fit alone."""

    def fit(self, codes: Codes, *, seed: int) -> Clusters:
        return Clusters(np.arange(len(codes)) % seed, lambda further: np.full(len(further), -1))


def context_of(folder: Path, config: Mapping[str, Any] | None = None, *, fingerprint: str = "") -> Context:
    """Return a context whose inputs and outputs lie in one folder."""
    return Context(
        config=config or {},
        inputs=dict.fromkeys(("data", "disentangle", "discover"), folder),
        seed=0,
        fingerprint=fingerprint,
        out=folder,
        work=folder,
        device="cpu",
        progress=silent,
    )


def test_the_principal_subspace_keeps_the_labels_of_the_fit_as_in_stage_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "build", lambda *_: ByRow())
    save_json(tmp_path / "config.json", {"config": {"clustering": {"name": "by_row"}}})
    labels = measure._principal_clusters(np.zeros((4, 2), np.float32), context_of(tmp_path), seed=3)
    np.testing.assert_array_equal(labels, [0, 1, 2, 0])


def test_metrics_without_scores_are_noted_with_what_there_was_to_compare() -> None:
    codes, generator = np.zeros((4, 3, 2)), np.random.default_rng(0)
    one = np.stack([np.arange(4) % 2, np.zeros(4, int)], axis=1)
    scores = {"mig": 0.1, "dci_lasso.completeness": 0.2}
    names = ("beta_vae", "dci_lasso", "mig", "modularity")
    assert measure._absences(names, scores, codes, one) == {
        f"beta_vae {WITHOUT_SCORES}",
        f"modularity {WITHOUT_SCORES}",
        ONE_FACTOR,
    }
    two = generator.permuted(np.repeat(np.arange(4)[:, None], 2, axis=1), axis=0)
    assert measure._absences(("dci_lasso", "mig"), scores, codes, two) == set()
    assert measure._absences(("total_correlation",), {"total_correlation.block": 1.0}, codes, one) == set()


def test_the_notes_of_the_stage_name_metrics_that_one_factor_leaves_without_scores(tmp_path: Path) -> None:
    digits = load_dataset("digits", image_size=16)
    config = {
        "dataset": {"name": "digits", "image_size": 16},
        "principal": ["class"],
        "split": {"name": "random"},
        "metrics": ["mig", "modularity"],
    }
    context = context_of(tmp_path, config, fingerprint=digits.fingerprint)
    make_data(context)
    count = len(np.load(tmp_path / "train.npy"))
    save_array(tmp_path / "codes_train.npy", np.random.default_rng(0).normal(size=(count, 3, 2)))
    save_array(tmp_path / "labels_train.npy", np.arange(count)[:, None] % 3)
    save_json(tmp_path / "config.json", {"config": {"clustering": {"name": "kmeans", "num_clusters": 3}}})
    measure.run(context)
    assert load_json(tmp_path / "notes.json") == [f"modularity {WITHOUT_SCORES}", ONE_FACTOR]
