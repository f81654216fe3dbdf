"""The application whose turns may take ten minutes, so that ten thousand connections have the time to come."""

from app.main import app

app.state.turns.deadline = 600.0
