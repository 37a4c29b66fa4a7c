"""Write cities.txt from the municipality list of an unpacked npm package; README.md beside it tells which.

usage: python make_cities.py UNPACKED_PACKAGE
"""

import re
import sys
from pathlib import Path

_ENTRY = re.compile(r"\[[`\"']([^`\"]+?)[`\"'],[`\"'](\d{7})[`\"']\]")
# The first two digits of an IBGE code are the state.
_UF = dict(
    zip(
        "11 12 13 14 15 16 17 21 22 23 24 25 26 27 28 29 31 32 33 35 41 42 43 50 51 52 53".split(),
        "RO AC AM RR PA AP TO MA PI CE RN PB PE AL SE BA MG ES RJ SP PR SC RS MS MT GO DF".split(),
        strict=True,
    )
)
_HEADER = "# Municipalities of Brazil, IBGE: name;UF;IBGE code. Source, licence and recipe: README.md\n"


def main(package: Path) -> None:
    source = next(package.glob("dist/cities-*.js")).read_text(encoding="utf-8")
    entries = sorted({(code, name.strip()) for name, code in _ENTRY.findall(source)})
    if not 5_560 < len(entries) < 5_600 or len({code for code, _ in entries}) != len(entries):
        raise SystemExit(f"{len(entries)} municipalities read, some 5,570 expected: has the package's form changed?")
    lines = [f"{name};{_UF[code[:2]]};{code}\n" for code, name in entries]
    Path(__file__).with_name("cities.txt").write_text(_HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
