"""`detaux data`: what data sets there are, how they look, and where their official files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detaux.cli import fetching
from detaux.cli.dataset_options import DatasetName, DatasetOptions, parse_options
from detaux.cli.printing import console, print_rows
from detaux.cli.sheet_file import sheet_place, write_sheet
from detaux.core.errors import DataError

if TYPE_CHECKING:
    from detaux.core.registry import Entry
    from detaux.data.dataset import Dataset, DatasetPart
    from detaux.data.official.file import OfficialFile

app = typer.Typer(
    help="See which data sets there are and how they look, and fetch their official files.\n\n"
    "Example: detaux data show shapes3d --out sheet.png",
    no_args_is_help=True,
    rich_markup_mode=None,
)


app.command("fetch")(fetching.fetch)
app.command("verify")(fetching.verify)
app.command("path")(fetching.path)


@app.command("list")
def list_datasets() -> None:
    """List the data sets: what each is, whether its images are at hand, and where its official files come from.

    Sizes and addresses are those of the default options.

    Example: detaux data list
    """
    from detaux.data.registries import datasets

    titles = ("name", "at hand", "official files", "what it is", "source", "address")
    print_rows(titles, map(_row, datasets))


def _row(entry: Entry[type[DatasetPart]]) -> tuple[str, ...]:
    from detaux.data.fetching.named import default_files

    files = default_files(entry.part)
    return (
        entry.name,
        _at_hand(entry.part, files),
        _size(files),
        entry.summary,
        entry.source,
        _address(files),
    )


def _at_hand(part: type[DatasetPart], files: tuple[OfficialFile, ...] | None) -> str:
    from typing import get_args, get_type_hints

    if files and all(file.default_path.is_file() for file in files):
        return "yes"
    if "rendered" in get_args(get_type_hints(part).get("origin")):
        return "rendered"
    if files is None:
        return "your own"
    return "no" if files else "always"


def _size(files: tuple[OfficialFile, ...] | None) -> str:
    from rich.filesize import decimal

    sizes = [file.size for file in files or ()]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return "size unknown"
    return decimal(sum(known)) if known else "none"


def _address(files: tuple[OfficialFile, ...] | None) -> str:
    if not files:
        return ""
    others = len(files) - 1
    return files[0].urls[0] + (f" and {others} more" if others else "")


@app.command("show")
def show(
    name: DatasetName,
    out: Annotated[
        Path, typer.Option(help="PNG file to write; no file but an earlier sheet is written over.")
    ] = Path("sheet.png"),
    images: Annotated[int, typer.Option(min=1, max=4096, help="How many images to draw at random.")] = 128,
    option: DatasetOptions = None,
) -> None:
    """Write a contact sheet of randomly drawn images, and print what is known of the data set.

    Example: detaux data show folder -o path=photos.zip -o image_size=64 --out photos.png
    """
    options = parse_options(option)
    place = sheet_place(out, options.get("path"))
    dataset = _load(name, options)
    _print_facts(dataset)
    write_sheet(place, dataset, images)
    console().print(f"wrote {place}", markup=False, soft_wrap=True)


def _load(name: str, options: Mapping[str, Any]) -> Dataset:
    from detaux.data import load_dataset

    try:
        return load_dataset(name, **options)
    except (TypeError, ValueError) as fault:
        raise DataError(f"{name}: {fault}") from fault


def _print_facts(dataset: Dataset) -> None:
    sizes = ", ".join(
        f"{name} {size}" for name, size in zip(dataset.factor_names, dataset.factor_sizes, strict=True)
    )
    stdout = console()
    for line in (
        f"{dataset.name}: {len(dataset):,} {_what(dataset.image_shape)}",
        f"factors: {sizes}",
        f"licence: {dataset.licence}; source: {dataset.source}",
    ):
        stdout.print(line, markup=False)


def _what(image_shape: tuple[int, int, int]) -> str:
    from detaux.data.text.pictures import is_embedding

    height, width, channels = image_shape
    if is_embedding(image_shape):
        return f"embeddings of {width} x {channels} numbers"
    return f"images of {height} x {width} pixels"
