"""The containers' health check: does this process serve (`live`: does it answer at all)? Exit code 0 or an error."""

import os
import sys
import urllib.request

asked = sys.argv[1] if len(sys.argv) > 1 else "ready"
host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip("*.") or "localhost"
request = urllib.request.Request(f"http://127.0.0.1:8000/health/{asked}", headers={"Host": host})
urllib.request.urlopen(request, timeout=5).close()
