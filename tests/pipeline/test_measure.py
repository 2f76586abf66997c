from pathlib import Path

import numpy as np
import pytest

from detaux.core.checks import Codes
from detaux.core.progress import silent
from detaux.discover.base import Clusters
from detaux.pipeline.files import save_json
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
