"""The command line: parse, call, print. Torch and Ray are imported inside commands, so that --help is quick."""

from __future__ import annotations

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Run the command line and exit: 0 done, 1 some jobs failed, 2 bad input, 130 interrupted."""
    from detaux.cli.app import app

    app()
