"""Stage `data`: which images belong to which part, and which label is principal."""

from __future__ import annotations

from typing import Any

from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.principal import principal_labels
from detaux.data.registries import splits
from detaux.data.split import Split
from detaux.pipeline.files import save_array, save_json
from detaux.pipeline.loaded import check_fingerprint, load_dataset_of
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context


def run(context: Context) -> None:
    """Write train.npy, validation.npy, test.npy (image indices) and dataset.json.

    Config: `dataset` {name, options}, `principal` [factor names], `split` {name, options}.

    Raises:
        DataError: If the data set is no longer the one that was planned with.
    """
    dataset = load_dataset_of(context.config["dataset"])
    check_fingerprint(dataset, context.fingerprint)
    principal = tuple(context.config["principal"])
    labels, num_classes = principal_labels(dataset, principal)
    split = build(splits, context.config["split"]).split(
        dataset, labels, seed=derive_seed("split", context.seed)
    )
    for part, index in split.parts.items():
        save_array(context.out / f"{part}.npy", index)
    asked = {"dataset": dict(context.config["dataset"]), "split": dict(context.config["split"])}
    task = {"principal": list(principal), "num_classes": num_classes}
    save_json(context.out / "dataset.json", asked | task | _describe(dataset) | _describe_split(split))


def _describe(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "rendered": dataset.rendered,
        "licence": dataset.licence,
        "source": dataset.source,
        "fingerprint": dataset.fingerprint,
        "image_shape": list(dataset.image_shape),
        "factor_names": list(dataset.factor_names),
        "factor_sizes": list(dataset.factor_sizes),
        "value_names": {name: list(values) for name, values in dataset.value_names.items()},
    }


def _describe_split(split: Split) -> dict[str, Any]:
    return {
        "split_hash": split.hash,
        "num_images": {part: len(index) for part, index in split.parts.items()},
    }
