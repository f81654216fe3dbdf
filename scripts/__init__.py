"""The commands behind `make`: one file or package a command."""
