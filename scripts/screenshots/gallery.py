"""The pictures side by side, for whoever opens their folder on GitHub."""

from collections.abc import Iterable
from pathlib import Path

HEAD = """# The page, picture by picture

Taken by `make screenshots`, which writes this list too.
"""
WIDTHS = {True: 250, False: 420}  # of a phone and of a wide page, in pixels


def rows(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        width = WIDTHS[name.endswith("-phone")]
        shown = (f'<img src="{name}-{theme}.png" width="{width}" alt="{name}, {theme}">' for theme in ("light", "dark"))
        yield f"| {name.replace('-', ' ')} | {' | '.join(shown)} |"


def write(folder: Path, names: Iterable[str]) -> None:
    table = ["| | light | dark |", "| --- | --- | --- |", *rows(names)]
    (folder / "README.md").write_text(HEAD + "\n" + "\n".join(table) + "\n")
