"""The chart's README: its table of values is made of values.yaml, where each value is explained by a `# --` comment.

python -m scripts.chart_readme            write it
python -m scripts.chart_readme --check    fail when it is not what values.yaml says, or a value has no explanation
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

CHART = Path(__file__).parents[1] / "helm" / "todo-app"
START, END = "<!-- values: made by scripts/chart_readme.py -->", "<!-- end of values -->"
MARK = "# -- "


def explanation(lines: list[str], line: int) -> str:
    """The `# --` comment right above a line; its further lines begin with `# --` too."""
    found: list[str] = []
    while line > 0 and lines[line - 1].strip().startswith(MARK):
        line -= 1
        found.insert(0, lines[line].strip().removeprefix(MARK))
    return " ".join(found)


def values(lines: list[str], node: yaml.MappingNode, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Key, default and explanation: of a mapping as a whole where it is explained or empty, else of its entries."""
    for key, value in node.value:
        name = f"{path}.{key.value}" if path else key.value
        text = explanation(lines, key.start_mark.line)
        if isinstance(value, yaml.MappingNode) and value.value and not text:
            yield from values(lines, value, name)
        else:
            default = json.dumps(yaml.SafeLoader("").construct_document(value))
            yield name, default, text


def rows() -> list[tuple[str, str, str]]:
    text = (CHART / "values.yaml").read_text()
    node = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return list(values(text.splitlines(), node))


def table() -> str:
    def cell(text: str) -> str:
        return text.replace("|", "\\|")

    lines = [f"| `{name}` | `{cell(default)}` | {cell(text)} |" for name, default, text in rows()]
    return "\n".join(["| value | default | what it does |", "| --- | --- | --- |", *lines])


def readme() -> str:
    """The README with a fresh table."""
    old = (CHART / "README.md").read_text()
    return re.sub(f"(?s){START}.*{END}", lambda _: f"{START}\n{table()}\n{END}", old)


def problems() -> Iterator[str]:
    for name, _, text in rows():
        if not text:
            yield f"values.yaml: {name} has no '{MARK.strip()}' comment"
    if readme() != (CHART / "README.md").read_text():
        yield "helm/todo-app/README.md is older than values.yaml; run: python -m scripts.chart_readme"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        found = list(problems())
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    (CHART / "README.md").write_text(readme())
    return 0


if __name__ == "__main__":
    sys.exit(main())
