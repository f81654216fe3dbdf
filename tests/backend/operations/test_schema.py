"""The committed schema is the one that this code serves."""

import json
from pathlib import Path

from app.main import app

COMMITTED = Path(__file__).resolve().parents[3] / "frontend" / "openapi.json"


def test_the_committed_schema_is_not_stale() -> None:
    stale = "run `python -m scripts.openapi` and `npm run types` in frontend/"
    assert json.loads(COMMITTED.read_text("utf-8")) == json.loads(json.dumps(app.openapi())), stale
