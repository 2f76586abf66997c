"""`detaux data`: what data sets there are, and how they look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detaux.cli.printing import console, print_rows
from detaux.core.errors import DataError

if TYPE_CHECKING:
    from detaux.data.dataset import Dataset

app = typer.Typer(
    help="See which data sets there are, and how they look.\n\nExample: detaux data show shapes3d --out sheet.png",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_COLUMNS = 16


@app.command("list")
def list_datasets() -> None:
    """List the data sets, with what each is and where it comes from.

    Example: detaux data list
    """
    from detaux.data.registries import datasets

    print_rows(
        ("name", "what it is", "source"), [(entry.name, entry.summary, entry.source) for entry in datasets]
    )


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Name of a data set, as `detaux data list` shows it.")],
    out: Annotated[Path, typer.Option(help="PNG file to write.")] = Path("sheet.png"),
    images: Annotated[int, typer.Option(min=1, max=4096, help="How many images to draw at random.")] = 128,
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="Option of the data set, as key=value in YAML.")
    ] = None,
) -> None:
    """Write a contact sheet of randomly drawn images, and print what is known of the data set.

    Example: detaux data show folder -o path=photos.zip -o image_size=64 --out photos.png
    """
    dataset = _load(name, option or [])
    _print_facts(dataset)
    _write_sheet(dataset, out, images)
    console().print(f"wrote {out}")


def _load(name: str, written: list[str]) -> Dataset:
    from detaux.data import load_dataset

    try:
        return load_dataset(name, **dict(map(_parsed, written)))
    except (TypeError, ValueError) as fault:
        raise DataError(f"{name}: {fault}") from fault


def _parsed(text: str) -> tuple[str, Any]:
    import yaml

    key, equals, value = text.partition("=")
    if not equals:
        raise DataError(f"--option {text!r} is no key=value; write, for example, -o image_size=32")
    try:
        return key, yaml.safe_load(value)
    except yaml.YAMLError as fault:
        raise DataError(f"--option {text!r}: its value is no YAML ({fault})") from fault


def _print_facts(dataset: Dataset) -> None:
    sizes = ", ".join(
        f"{name} {size}" for name, size in zip(dataset.factor_names, dataset.factor_sizes, strict=True)
    )
    stdout = console()
    stdout.print(
        f"{dataset.name}: {len(dataset):,} images of {dataset.image_shape[0]} x {dataset.image_shape[1]} pixels"
    )
    stdout.print(f"factors: {sizes}")
    stdout.print(f"licence: {dataset.licence}; source: {dataset.source}")


def _write_sheet(dataset: Dataset, out: Path, count: int) -> None:
    import numpy as np
    from PIL import Image

    from detaux.data.sheet import contact_sheet

    index = np.sort(np.random.default_rng(0).choice(len(dataset), min(count, len(dataset)), replace=False))
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(contact_sheet(dataset.images(index), columns=_COLUMNS)).save(out)
