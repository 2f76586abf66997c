"""The command line: parse, call, print. Torch and Ray are imported inside commands, so that --help is quick."""

from __future__ import annotations

import sys

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Run the command line and exit: 0 done, 1 some jobs failed, 2 bad input, 130 interrupted."""
    from detaux.cli.app import app
    from detaux.core.errors import DetauxError

    try:
        sys.exit(app(standalone_mode=False))
    except DetauxError as fault:
        print(f"detaux: {fault}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except (KeyboardInterrupt, SystemExit) as stop:
        raise stop if isinstance(stop, SystemExit) else SystemExit(INTERRUPTED) from None
