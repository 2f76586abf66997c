"""All commands of `detaux`."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from detaux.cli import BAD_INPUT, INTERRUPTED, data, looking, reporting, running, standing
from detaux.core.errors import DetauxError


class Commands(TyperGroup):
    """Commands whose faults end in one message and the right exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command.

        Raises:
            SystemExit: With 2 after bad input, which is said on stderr; with 130 if the user stopped it.
        """
        try:
            return super().invoke(ctx)
        except DetauxError as fault:
            typer.echo(f"detaux: {fault}", err=True)
            raise SystemExit(BAD_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("detaux: stopped; give the same command again to go on", err=True)
            raise SystemExit(INTERRUPTED) from None


app = typer.Typer(
    name="detaux",
    cls=Commands,
    help="Do discovered auxiliary tasks help, and does disentanglement tell when?\n\nStart with: detaux run quickstart --report",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run")(running.run)
app.command("plan")(running.plan)
app.command("status")(standing.status)
app.command("report")(reporting.report)
app.command("list")(looking.list_parts)
app.command("show")(looking.show)
app.command("doctor")(looking.doctor)
app.command("schema")(looking.schema)
app.add_typer(data.app, name="data")
