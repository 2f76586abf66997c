"""`detaux list KIND NAME`: what a part is, where it comes from, and what may be set of it."""

from __future__ import annotations

import inspect
from typing import Any

import typer

from detaux.cli.listing import filled
from detaux.cli.part_options import PartOption, options_of


def print_part(kind: str, name: str) -> None:
    """Print all there is to know of one registered part.

    Raises:
        UnknownNameError: If there is none of that name; near misses are named.
    """
    from detaux.suite.catalogue import registry

    entry = registry(kind).entry(name)
    typer.echo(filled(f"{entry.name}: {entry.summary}"))
    typer.echo(filled(f"source: {entry.source}"))
    if kind == "datasets":
        typer.echo(filled(f"licence: {entry.part.licence}"))
    typer.echo(f"\n{filled(inspect.getdoc(entry.part) or '')}\n")
    _print_options(entry.part)
    if kind == "datasets":
        _print_files(entry.part)


def print_suite(name: str) -> None:
    """Print the question of a suite and where its file is.

    Raises:
        UnknownNameError: If there is none of that name; near misses are named.
    """
    from detaux.core.errors import UnknownNameError
    from detaux.core.registry import unknown_name
    from detaux.suite import find_suites
    from detaux.suite.bases import read_document

    files = find_suites()
    if name not in files:
        raise UnknownNameError(unknown_name(name, tuple(files), kind="suites"))
    typer.echo(filled(f"{name}: {read_document(files[name]).data.get('question', '')}"))
    typer.echo(f"file: {files[name]}\nall that it sets: detaux show {name}")


def _print_options(part: Any) -> None:
    options = list(options_of(part))
    typer.echo("options:" if options else "options: none")
    for option in options:
        typer.echo(f"  {option.name}: {option.type}; {_default(option)}")
        if option.text:
            typer.echo(filled(option.text, 6))


def _default(option: PartOption) -> str:
    return "must be given" if option.default is None else f"{option.default} by default"


def _print_files(part: Any) -> None:
    from detaux.cli.dataset_files import size_words
    from detaux.data.fetching.named import default_files

    files = default_files(part) or ()
    if files:
        typer.echo("\nofficial files, with default options:")
    for file in files:
        typer.echo(f"  {file.name}: {size_words([file])}, {file.algorithm} {file.digest or 'not published'}")
        for url in file.urls:
            typer.echo(f"      {url}")
