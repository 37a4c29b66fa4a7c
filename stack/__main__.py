"""The commands behind `run.py`, run by the environment's own Python."""

import argparse
import os
import sys

from stack.manage import manage
from stack.start import start


def main() -> int:
    if sys.argv[1:2] == ["manage"]:
        return manage(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="run.py", description="Start Lívia CRM. Also: test, manage, setup.")
    parser.add_argument("command", nargs="?", choices=["start"], default="start", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--reset", action="store_true", help="delete the local data first")
    parser.add_argument("--yes", action="store_true", help="do not ask before deleting")
    options = parser.parse_args()
    return start(port=options.port, reset=options.reset, sure=options.yes)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(f"Lívia CRM could not start: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
