"""Stage `data`: which images belong to which part, and which label is principal."""

from __future__ import annotations

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.principal import principal_labels
from detaux.data.registries import splits
from detaux.pipeline.files import save_array, save_json
from detaux.pipeline.loaded import load_dataset_of
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context


def run(context: Context) -> None:
    """Write train.npy, validation.npy, test.npy (image indices) and dataset.json.

    Config: `dataset` {name, options}, `principal` [factor names], `split` {name, options}.

    Raises:
        DataError: If the data set is no longer the one that was planned with.
    """
    dataset = load_dataset_of(context.config["dataset"])
    if dataset.fingerprint != context.fingerprint:
        raise DataError(
            f"{dataset.name}: the data have changed since this run was planned; run the suite again"
        )
    principal = tuple(context.config["principal"])
    labels, num_classes = principal_labels(dataset, principal)
    split = build(splits, context.config["split"]).split(
        dataset, labels, seed=derive_seed("split", context.seed)
    )
    for part, index in split.parts.items():
        save_array(context.out / f"{part}.npy", index)
    save_json(
        context.out / "dataset.json",
        {
            "dataset": dict(context.config["dataset"]),
            "name": dataset.name,
            "rendered": dataset.rendered,
            "licence": dataset.licence,
            "source": dataset.source,
            "fingerprint": dataset.fingerprint,
            "image_shape": list(dataset.image_shape),
            "factor_names": list(dataset.factor_names),
            "factor_sizes": list(dataset.factor_sizes),
            "value_names": {name: list(values) for name, values in dataset.value_names.items()},
            "principal": list(principal),
            "num_classes": num_classes,
            "split": dict(context.config["split"]),
            "split_hash": split.hash,
            "num_images": {part: len(index) for part, index in split.parts.items()},
        },
    )
