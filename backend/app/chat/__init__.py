"""Conversations and the turns in them."""
