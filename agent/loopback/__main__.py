"""`python -m agent.loopback --port 9009`: the loopback Groq by hand, until Ctrl-C."""

import argparse
import json
import sys
import threading

from agent.loopback import Endpoint, Talker
from agent.loopback.rules import Rules


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m agent.loopback", description=__doc__)
    parser.add_argument("--port", type=int, default=9009)
    parser.add_argument("--delay", type=float, default=0.4, help="seconds the model thinks")
    parser.add_argument("--fault", type=json.loads, help="a scripted response instead: '{\"status\": 503}'")
    options = parser.parse_args()
    rules: Rules | dict[str, object] = options.fault or Talker(delay_s=options.delay)
    with Endpoint(rules, port=options.port) as endpoint:
        sys.stdout.write(f"GROQ_BASE_URL={endpoint.url} GROQ_API_KEY=loopback\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
