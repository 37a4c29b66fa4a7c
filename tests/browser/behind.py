"""Run inside the product's own `manage shell`: one process that does what tests ask for behind every page's back.

Each request is a line of JSON, the code; each answer one too: what it printed, and how it failed.
"""

import contextlib
import io
import json
import sys
import traceback

from django.db import close_old_connections


def serve() -> None:
    for line in sys.stdin:
        printed, error = io.StringIO(), ""
        close_old_connections()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(json.loads(line), "<test>", "exec"), {"__name__": "__test__"})
        except Exception:
            error = traceback.format_exc()
        sys.stdout.write(json.dumps({"printed": printed.getvalue(), "error": error}) + "\n")
        sys.stdout.flush()
