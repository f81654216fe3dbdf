"""Who asks: a browser with a guest cookie, or a program with a bearer token."""

from app.identity.identity import CurrentIdentity, Identity, Scope, WritingIdentity, verify_token

__all__ = ["CurrentIdentity", "Identity", "Scope", "WritingIdentity", "verify_token"]
