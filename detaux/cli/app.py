"""All commands of `detaux`."""

from __future__ import annotations

import typer

from detaux.cli import data, looking, running

app = typer.Typer(
    name="detaux",
    help="Do discovered auxiliary tasks help, and does disentanglement tell when?\n\nStart with: detaux run quickstart --report",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run")(running.run)
app.command("plan")(running.plan)
app.command("status")(running.status)
app.command("report")(running.report)
app.command("list")(looking.list_parts)
app.command("show")(looking.show)
app.command("doctor")(looking.doctor)
app.command("schema")(looking.schema)
app.add_typer(data.app, name="data")
