"""Every sample as a dot: one line a series, the peer's below in grey, on a logarithmic axis of seconds."""

import math
from typing import Any
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, LINE, TOP = 960, 330, 20, 22, 34
LOW, HIGH = 0.01, 300.0


def _x(seconds: float) -> float:
    share = (math.log10(min(max(seconds, LOW), HIGH)) - math.log10(LOW)) / (math.log10(HIGH) - math.log10(LOW))
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _dots(samples: list[float], y: float, colour: str) -> str:
    return "".join(
        f'<circle cx="{_x(v):.1f}" cy="{y:.1f}" r="3" fill="{colour}" fill-opacity="0.55"/>' for v in samples
    )


def svg(run: dict[str, Any]) -> str:
    """The plot as one SVG document; series that are not times are not in it."""
    scale = {"s": 1.0, "ms": 0.001}
    parts, y = [], float(TOP)
    for entry in run["series"]:
        if entry["unit"] not in scale:
            continue
        factor = scale[entry["unit"]]
        for label, samples, colour in (
            (entry["what"], entry["samples"], "#0b6e4f"),
            (entry["peer"] or "", entry["peer_samples"], "#8a8f98"),
        ):
            if samples:
                y += LINE
                parts.append(
                    f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end" fill="{colour}">{escape(label)}</text>'
                )
                parts.append(_dots([value * factor for value in samples], y, colour))
    height = y + LINE
    grid = []
    for tick in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300):
        grid.append(f'<line x1="{_x(tick):.1f}" y1="{TOP}" x2="{_x(tick):.1f}" y2="{height:.0f}" stroke="#d9dcd8"/>')
        grid.append(f'<text x="{_x(tick):.1f}" y="{TOP - 8}" text-anchor="middle" fill="#5b6068">{tick:g} s</text>')
    style = 'font-family="system-ui, sans-serif" font-size="12"'
    box = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    background = f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>{background}{"".join(grid)}{"".join(parts)}</svg>\n'
