"""Translations compiled with Babel, so that a bare machine needs no gettext; `.mo` files are never committed."""

from pathlib import Path

from stack.places import ROOT


def compile_stale(root: Path = ROOT / "locale") -> list[Path]:
    """Compile each catalogue that is newer than its `.mo`; returns those compiled."""
    stale = [source for source in sorted(root.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    for source in stale:
        _compile(source)
    return stale


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    from babel.messages.mofile import write_mo  # only when there is work: it costs a tenth of a second
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file)
    fresh = source.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.rename(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_stale()
