"""Made-up results: numbers that nothing was run for, with known answers, in the form that suites are collected in."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from detaux.core.hashing import content_hash
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest, describe_files
from detaux.report.api import write_report
from detaux.report.results import CURVE_COLUMNS, SCORE_COLUMNS, Results, load_results

ARMS = {"stl": "none", "detaux": "discovered", "oracle": "factor", "random": "random", "shuffled": "shuffled"}
STRENGTHS = (0.0, 1.0)
_OF_LEARN = ("parameters", "flops", "added_parameters", "added_flops", "gradient_cosine", "gradient_ratio")


class MadeUp:
    """Collects made-up runs and their scores, and gives them out as results."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []
        self.curves: list[dict[str, Any]] = []
        self.jobs: dict[str, Job] = {}
        self.suite: dict[str, Any] = {
            "suite": "made-up",
            "question": "Do made-up numbers come out as they should?",
        }

    def add(
        self,
        arm: str,
        accuracies: Sequence[float | None],
        *,
        dataset: str = "digits",
        strength: float | None = None,
        models: Sequence[str] | None = None,
        status: str = "missing",
        reason: str = "",
        measured: Mapping[str, float] | None = None,
        **config: Any,
    ) -> None:
        """Add a run a repetition; where its accuracy is None it has `status` instead of a score."""
        for repetition, accuracy in enumerate(accuracies):
            run = self._run(arm, repetition, dataset=dataset, strength=strength, models=models) | config
            run["status"] = "done" if accuracy is not None else status
            run["reason"] = "" if accuracy is not None else reason
            self.runs.append(run)
            if accuracy is not None:
                self._score(run, "learn", "test", {"accuracy": accuracy, "macro_f1": accuracy - 0.01})
            shift = 0.03 * (ord(models[repetition]) - ord("a")) if models else 0.0
            for name, value in (measured or {}).items() if accuracy is not None else ():
                self._score(run, *_place(name), {name: value + shift * name.startswith(("dci", "mig"))})

    def add_curves(self, steps: Sequence[int] = (100, 200, 300)) -> None:
        """Give every run that is done a principal loss of 1 / step, and an auxiliary loss of 2 / step beside it."""
        for run in self.runs:
            terms = {"principal": 1.0} | ({} if run["arm"] == "stl" else {"auxiliary": 2.0})
            for (term, scale), step in itertools.product(
                terms.items(), steps if run["status"] == "done" else ()
            ):
                self.curves.append(
                    {"run_id": run["run_id"], "step": step, "term": term, "value": scale / step}
                )

    def _run(
        self, arm: str, repetition: int, *, dataset: str, strength: float | None, models: Sequence[str] | None
    ) -> dict[str, Any]:
        model = content_hash([dataset, strength, models[repetition]]) if models else None
        auxiliary = ARMS.get(arm, "discovered")
        name = "-".join(
            str(part) for part in (dataset.replace(":", "-"), arm, strength, repetition, len(self.runs))
        )
        return {
            "run_id": name,
            "suite": "made-up",
            "arm": arm,
            "repetition": repetition,
            "dataset": dataset,
            "rendered": dataset.endswith(":rendered"),
            "data_key": self._key("data", dataset),
            "disentangle_key": self._key("disentangle", model) if model else None,
            "discover_key": self._key("discover", model) if model else None,
            "learn_key": self._key("learn", name),
            "measure_key": self._key("measure", model) if model and auxiliary == "discovered" else None,
            "seconds": 12.5,
            "peak_memory_bytes": 1 << 28,
            "commit": "0123456789abcdef",
            "data.dataset.name": dataset.removesuffix(":rendered"),
            "data.principal": ["shape"] if "shapes3d" in dataset else ["class"],
            "disentangle.method.strength": strength,
            "disentangle.method.pairing": "auto" if models else None,
            "learn.auxiliary.name": auxiliary,
            "learn.train_size": 1000,
        }

    def _key(self, stage: str, name: str) -> str:
        job = Job(stage=stage, config={"name": name})
        self.jobs[job.key] = job
        return job.key

    def _score(self, run: Mapping[str, Any], stage: str, split: str, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self.scores.append(
                {"run_id": run["run_id"], "stage": stage, "split": split, "name": name, "value": value}
            )

    def save(self, folder: Path) -> Path:
        """Write the results as a suite's results are written, and return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(self.runs).to_parquet(folder / "runs.parquet")
        pd.DataFrame(self.scores, columns=list(SCORE_COLUMNS)).to_parquet(folder / "scores.parquet")
        if self.curves:
            pd.DataFrame(self.curves, columns=list(CURVE_COLUMNS)).to_parquet(folder / "curves.parquet")
        (folder / "suite.json").write_text(json.dumps(self.suite))
        return folder

    def save_store(self, store: Path) -> None:
        """Write a store with made-up artifacts for the runs."""
        write_store(self, store)

    def results(self, folder: Path) -> Results:
        """Return the results as they are read back from disk."""
        return load_results(self.save(folder))


def _place(name: str) -> tuple[str, str]:
    if name == "reconstruction_error":
        return "disentangle", "validation"
    if re.fullmatch(r"auxiliary(_\d+)?_accuracy", name):
        return "learn", "validation"
    if name.startswith("weighting.") or name in _OF_LEARN:
        return "learn", "train"
    found = ("chosen_subspace", "num_clusters", "noise_share", "dead_subspaces", "silhouette")
    return ("discover" if name in found else "measure"), "train"


@pytest.fixture
def made_up() -> MadeUp:
    """An empty set of made-up results."""
    return MadeUp()


@pytest.fixture
def made_up_suite() -> MadeUp:
    """A made-up suite with everything in it that a report must cope with."""
    return make_up_suite()


@pytest.fixture(scope="session")
def made_up_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the report of the made-up suite."""
    folder = tmp_path_factory.mktemp("made-up")
    made_up = make_up_suite()
    made_up.save_store(folder / "store")
    return write_report(made_up.save(folder / "results" / "made-up"), folder / "store", folder / "report")


def make_up_suite() -> MadeUp:
    """Two data sets, five arms, five repetitions, two strengths; some runs failed, missing or without a task."""
    made_up, rng = MadeUp(), np.random.default_rng(7)
    for dataset, base in (("shapes3d:rendered", 0.80), ("digits", 0.93)):
        factors = ["shape", "wall_hue", "object_hue"] if "shapes3d" in dataset else ["class"]
        baseline = base + 0.02 * rng.standard_normal(5)
        made_up.add("stl", list(baseline), dataset=dataset, step_seconds=0.01)
        for strength, effect in zip(STRENGTHS, (0.01, 0.05), strict=True):
            gained: list[float | None] = list(
                np.minimum(baseline + effect + 0.015 * rng.standard_normal(5), 1)
            )
            if dataset == "digits" and strength == 0:
                gained[3:], models = [None, None], list("aaabb")
            else:
                models = list("aabbc") if "shapes3d" in dataset else list("aaaaa")
            nmi = {f"auxiliary.nmi.{name}": float(rng.uniform()) for name in factors}
            made_up.add(
                "detaux",
                gained,
                dataset=dataset,
                strength=strength,
                models=models,
                status="no_auxiliary_task",
                reason="HDBSCAN found 1 cluster in subspace 3; fewer than two make no task",
                measured={
                    **nmi,
                    "auxiliary.nmi.principal": nmi[f"auxiliary.nmi.{factors[0]}"],
                    "auxiliary.best_nmi": max(nmi.values()),
                    "principal_subspace.nmi": 0.97,
                    "dci_extra_trees.block.disentanglement": 0.2 + 0.5 * strength + 0.1 * rng.uniform(),
                    "mig.block": 0.1 + 0.3 * strength,
                    "reconstruction_error": 0.0041,
                    "chosen_subspace": 3,
                    "num_clusters": 8,
                    "noise_share": 0.12,
                    "dead_subspaces": 1,
                    "silhouette": 0.4,
                    "auxiliary_accuracy": 0.6 + 0.1 * strength,
                    "added_parameters": 12_345,
                    "added_flops": 2_500_000,
                    "gradient_cosine": 0.3 - 0.2 * strength,
                    "weighting.weight_auxiliary": 0.25,
                    "weighting.solver_failures_mean_taken": strength,
                },
                step_seconds=0.02,
            )
            shuffled: list[float | None] = list(baseline - 0.09 + 0.02 * rng.standard_normal(5))
            shuffled[1] = None
            made_up.add(
                "shuffled",
                shuffled,
                dataset=dataset,
                strength=strength,
                models=models,
                status="error",
                reason="DivergedError: the loss is nan at step 310",
            )
        made_up.add("random", list(baseline - 0.1 + 0.02 * rng.standard_normal(5)), dataset=dataset)
        if "shapes3d" in dataset:
            made_up.add("oracle", [*(baseline[:4] + 0.07), None], dataset=dataset)
    made_up.add_curves()
    return made_up


def write_store(made_up: MadeUp, store: Path) -> None:
    """Write a store with made-up artifacts for made-up runs."""
    files = {
        "data": "dataset.json",
        "disentangle": "traversal.png",
        "discover": "clusters.png",
        "learn": "history.json",
        "measure": "notes.json",
    }
    for run, (stage, name) in itertools.product(made_up.runs, files.items()):
        key = run[f"{stage}_key"]
        if key is not None:
            _write_artifact(store / stage / key[:2] / key, name, run, made_up.jobs[key])


def _write_artifact(folder: Path, name: str, run: Mapping[str, Any], job: Job) -> None:
    if folder.exists():
        return
    folder.mkdir(parents=True)
    if name.endswith(".png"):
        colors = np.random.default_rng(int(folder.name[:8], 16)).integers(0, 255, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(colors.repeat(16, 0).repeat(16, 1)).save(folder / name)
    elif name == "notes.json":
        warned = (
            ["dci_extra_trees: 3 samples, but under 9 its estimate is biased"]
            if run["dataset"] == "digits"
            else []
        )
        (folder / name).write_text(json.dumps(warned))
    elif name == "history.json":
        (folder / name).write_text("{}")
    else:
        described = {
            "source": "made up for a test",
            "image_shape": [32, 32, 3],
            "principal": list(run["data.principal"]),
            "num_classes": 4,
            "factor_names": ["shape", "wall_hue"] if "shapes3d" in run["dataset"] else ["class"],
            "factor_sizes": [4, 2875] if "shapes3d" in run["dataset"] else [4],
            "split": {"name": "random"},
            "num_images": {"train": 8000, "validation": 1000, "test": 2500},
        }
        (folder / name).write_text(json.dumps(described))
    Manifest(
        job=job.as_dict(),
        status="done",
        reason="",
        files=describe_files(folder),
        seconds=1.0,
        cpu_seconds=1.0,
        peak_memory_bytes=1,
        provenance={"processor": "made-up processor", "versions": {"torch": "9.9"}, "time": folder.name},
    ).write(folder)
