"""How the cost of a request grows, as one SVG: a line for each thing that there is more of."""

import math
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 420, 60, 180, 30, 50
COLOURS = {"users": "#0b6e4f", "tasks": "#9a3b12", "replicas": "#35518f"}


def svg(growth: dict[str, list[dict[str, Any]]]) -> str:
    """Milliseconds of a processor for a request, by how many there are of each; the numbers on a logarithmic axis."""
    points = {
        name: [(level["count"], level["cost"], level["p99"]) for level in levels] for name, levels in growth.items()
    }
    most = max(count for line in points.values() for count, _, _ in line)
    top = math.ceil(1.2 * max(cost for line in points.values() for _, cost, _ in line))

    def x(count: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(count) / math.log10(most)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * cost / top

    parts = [_text(LEFT, 18, "ms of a processor for a request (backend and PostgreSQL)", "start")]
    for exponent in range(int(math.log10(most)) + 1):
        at = x(10**exponent)
        parts += [_line([(at, TOP), (at, HEIGHT - BOTTOM)], "#d9dcd8"), _text(at, HEIGHT - 30, f"{10**exponent:,}")]
    for cost in range(0, top + 1, max(1, top // 6)):
        parts += [
            _line([(LEFT, y(cost)), (WIDTH - RIGHT, y(cost))], "#d9dcd8"),
            _text(LEFT - 8, y(cost) + 4, cost, "end"),
        ]
    for name, line in points.items():
        parts.append(_line([(x(count), y(cost)) for count, cost, _ in line], COLOURS[name], 2))
        parts += [
            f'<circle cx="{x(count):.1f}" cy="{y(cost):.1f}" r="4" fill="{COLOURS[name]}">'
            f"<title>{count:,} {name}: {cost:.1f} ms; p99 {p99:.0f} ms</title></circle>"
            for count, cost, p99 in line
        ]
    for row, name in enumerate(points):
        parts.append(_text(WIDTH - RIGHT + 14, TOP + 20 + 20 * row, f"by the number of {name}", "start", COLOURS[name]))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    style = 'font-family="system-ui, sans-serif" font-size="12"'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>{paper}{"".join(parts)}</svg>\n'


def _line(points: list[tuple[float, float]], colour: str, width: int = 1) -> str:
    shown = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{shown}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: object, anchor: str = "middle", colour: str = "#5b6068") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
