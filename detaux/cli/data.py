"""`detaux data`: what data sets there are, how they look, and where their official files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detaux.cli import fetching
from detaux.cli.dataset_files import at_hand, size_words
from detaux.cli.dataset_options import DatasetName, DatasetOptions, parse_options
from detaux.cli.listing import append_cut, cut
from detaux.cli.printing import console
from detaux.cli.sheet_file import sheet_place, write_sheet
from detaux.core.errors import DataError

if TYPE_CHECKING:
    from detaux.core.registry import Entry
    from detaux.data.dataset import Dataset, DatasetPart

_ROW = "{:<14} {:>9}  {:<10}  {:<14}  "

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
    """List the data sets: images, whether they are at hand, size of official files, licence, what each is and its source.

    All is told of the default options. A file at hand is held against its published size, where there is one; a set is
    `converted` if it can be opened though its files are gone. `detaux list datasets NAME` tells options and addresses.

    Example: detaux data list
    """
    from detaux.data.registries import datasets

    typer.echo(append_cut(_ROW.format("name", "images", "at hand", "official files"), "licence"))
    for entry in datasets:
        typer.echo(_row(entry))
        typer.echo(cut(entry.summary, 2))
        typer.echo(cut(f"from {entry.source}", 2))


def _row(entry: Entry[type[DatasetPart]]) -> str:
    from detaux.data.fetching.named import default_files

    part, files = entry.part, default_files(entry.part)
    images = "" if part.num_images is None else f"{part.num_images:,}"
    cells = _ROW.format(entry.name, images, at_hand(part, files), size_words(files))
    return append_cut(cells, part.licence)


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
    from detaux.cli.dataset_facts import fact_lines

    options = parse_options(option)
    place = sheet_place(out, options.get("path"))
    dataset = _load(name, options)
    stdout = console()
    for line in fact_lines(dataset):
        stdout.print(line, markup=False)
    stdout.print(write_sheet(place, dataset, images), markup=False)
    stdout.print(f"wrote {place}", markup=False, soft_wrap=True)


def _load(name: str, options: Mapping[str, Any]) -> Dataset:
    from detaux.data import load_dataset

    try:
        return load_dataset(name, **options)
    except (TypeError, ValueError) as fault:
        raise DataError(f"{name}: {fault}; `detaux list datasets {name}` tells of each option") from fault
