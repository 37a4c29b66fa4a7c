"""`manage.py livia`: measure Lívia on written cases, and play recorded turns again."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from agent.evaluation import SUITES, own_set
from agent.evaluation.cases import CaseError, read_cases, write_lines
from agent.evaluation.report import Report
from agent.evaluation.running import JUDGES, predict, prediction_of


class Command(BaseCommand):
    help = "Lívia: evaluate her on cases, predict for another judge, replay recorded turns."
    requires_system_checks: list[str] = []  # the suites about words start at once

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        judge = actions.add_parser("evaluate", help="Run a suite and print how well she does.")
        _add_source(judge)
        judge.add_argument("--json", action="store_true", help="figures and misses for machines")
        judge.add_argument("-l", "--list", action="store_true", help="show every miss (as -v 2)")
        judge.add_argument(
            "--fail-under", type=float, metavar="SHARE", help="exit with 1 if fewer are fully right, e.g. 0.97"
        )
        write = actions.add_parser("predict", help="Run a suite and write what she makes of each case.")
        _add_source(write)
        write.add_argument("--out", type=Path, required=True, metavar="PRED.jsonl")
        again = actions.add_parser("replay", help="Play recorded turns through today's code and show differences.")
        again.add_argument("--since", metavar="WHEN", help="a date, a date with time, or a span such as 7d or 24h")
        again.add_argument("--limit", type=int, metavar="N", help="the newest N turns")
        again.add_argument("--json", action="store_true", help="for machines")

    def run_from_argv(self, argv: list[str]) -> None:
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # either way what was made is taken down again
        super().run_from_argv(argv)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        actions: dict[str, Callable[..., None]] = {
            "evaluate": self._evaluate,
            "predict": self._predict,
            "replay": self._replay,
        }
        try:
            with translation.override("en"):  # the operator's language, as all commands speak
                actions[action](**options)
        except CaseError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Left.", returncode=130) from None

    def _evaluate(self, *, suite: str, file: Path | None, **options: Any) -> None:
        cases = read_cases(suite, file or own_set(suite))
        report = JUDGES[suite](cases, predict(suite, cases, workers=options["workers"]))
        self.stdout.write(
            json.dumps(report.as_dict(), ensure_ascii=False) if options["json"] else _text(report, options)
        )
        floor = options["fail_under"]
        if floor is not None and report.share < floor:
            raise CommandError(f"{suite}: {report.share:.3f} is under {floor}")

    def _predict(self, *, suite: str, file: Path | None, out: Path, **options: Any) -> None:
        cases = read_cases(suite, file or own_set(suite), judged=False)
        rows = predict(suite, cases, workers=options["workers"])
        write_lines(out, [prediction_of(suite, row) for row in rows])
        broken = [f"{row['id']}: {row['error']}" for row in rows if "error" in row]
        self.stderr.write("\n".join([*broken, f"{len(cases)} predictions of {suite} are in {out}"]))

    def _replay(self, *, since: str | None, limit: int | None, **options: Any) -> None:
        from agent.evaluation.replay import Summary, moment, recorded, replay  # only here rows are needed

        try:
            turns = recorded(moment(since) if since else None, limit)
        except ValueError as error:
            raise CommandError(str(error)) from error
        summary, told = Summary(), []
        for turn in turns.iterator(chunk_size=200):
            replayed = replay(turn)
            summary.count(replayed)
            if replayed.changes or replayed.skipped:
                told.append(replayed.as_dict())
                if not options["json"]:
                    self.stdout.write("\n".join(replayed.lines()))
        if options["json"]:
            self.stdout.write(json.dumps({**summary.as_dict(), "differences": told}, ensure_ascii=False))
        else:
            self.stdout.write(_counts(summary.as_dict()))


def _add_source(parser: CommandParser) -> None:
    parser.add_argument("suite", choices=SUITES, metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="JSON Lines; the project's own set if left out"
    )
    parser.add_argument("--workers", type=int, help="processes that play dialogues and faults")


def _text(report: Report, options: dict[str, Any]) -> str:
    shown = report.misses if options["list"] or options["verbosity"] > 1 else []
    listed = ["MISS " + json.dumps(miss, ensure_ascii=False) for miss in shown]
    return "\n".join([*listed, report.headline, *report.details])


def _counts(counts: dict[str, Any]) -> str:
    line = "{turns} turns: {same} the same, {different} different, {skipped} skipped".format(**counts)
    by_field = sorted(counts["by_field"].items(), key=lambda pair: -pair[1])
    return "\n".join([line, *(f"  {name:22s} {count}" for name, count in by_field)])
