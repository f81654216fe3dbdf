"""`python -m scripts.openapi [--check]`: write the API's schema to frontend/openapi.json, or say that it is stale."""

import argparse
import json
import os
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "frontend" / "openapi.json"


def schema() -> str:
    """The schema as it is committed: sorted, so that a diff shows what changed."""
    os.environ["LOG_LEVEL"] = "error"
    from app.main import app

    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is stale")
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    text = schema()
    if arguments.check:
        if arguments.output.exists() and arguments.output.read_text("utf-8") == text:
            return 0
        print(f"{arguments.output.name} is stale: run `python -m scripts.openapi`", file=sys.stderr)
        return 1
    arguments.output.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
