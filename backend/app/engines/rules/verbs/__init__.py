"""Verbs as data, a file a language."""
