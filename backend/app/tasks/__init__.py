"""Tasks: model, service and routes, and the grammar that reads one from a line of text."""
