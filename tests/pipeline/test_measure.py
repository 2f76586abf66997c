from pathlib import Path

import numpy as np
import pytest

from detaux.core.checks import Codes
from detaux.core.progress import silent
from detaux.data import load_dataset
from detaux.data.principal import principal_labels
from detaux.data.split import Split
from detaux.discover.base import Clusters
from detaux.metrics import compute_metric
from detaux.pipeline.files import save_json
from detaux.pipeline.loaded import LoadedData
from detaux.pipeline.stage import Context
from detaux.pipeline.stages import measure


class ByRow:
    """Clusters whose members are known to the fit alone."""

    def fit(self, codes: Codes, *, seed: int) -> Clusters:
        return Clusters(np.arange(len(codes)) % seed, lambda further: np.full(len(further), -1))


def test_the_principal_subspace_keeps_the_labels_of_the_fit_as_in_stage_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "build", lambda *_: ByRow())
    save_json(tmp_path / "config.json", {"config": {"clustering": {"name": "by_row"}}})
    context = Context(
        config={},
        inputs={"discover": tmp_path},
        seed=0,
        fingerprint="",
        out=tmp_path,
        work=tmp_path,
        device="cpu",
        progress=silent,
    )
    labels = measure._principal_clusters(np.zeros((4, 2), np.float32), context, seed=3)
    np.testing.assert_array_equal(labels, [0, 1, 2, 0])


def test_metrics_get_the_codes_alone_or_with_the_factors_as_they_ask() -> None:
    dataset, index = load_dataset("digits", image_size=16), np.arange(1_000)
    labels, num_classes = principal_labels(dataset, ["class"])
    data = LoadedData(
        dataset=dataset,
        split=Split(train=index, validation=index[:1] + 1_000, test=index[:1] + 1_001),
        principal=("class",),
        labels=labels,
        num_classes=num_classes,
    )
    codes = np.random.default_rng(0).normal(size=(1_000, 3, 2)).astype(np.float32)
    scores = measure._disentanglement(codes, data, index, ("mig", "total_correlation"), seed=3)
    assert set(scores) == {"mig", "mig.block", "total_correlation", "total_correlation.block"}
    assert compute_metric("mig", codes, labels[index, None], seed=3).items() <= scores.items()
    alone = measure._disentanglement(codes, data, index, ("total_correlation",), seed=3)
    assert alone.items() <= scores.items()
