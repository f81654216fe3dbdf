"""Engines: what turns a conversation into words and tool calls."""
