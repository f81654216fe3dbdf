"""The addresses that GitHub gives the forwarded ports of a Codespace."""

from collections.abc import Mapping


def forwarded_host(port: int, env: Mapping[str, str]) -> str | None:
    """The host by which a browser reaches the port; None outside a Codespace."""
    name = env.get("CODESPACE_NAME")
    return f"{name}-{port}.{env.get('GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN') or 'app.github.dev'}" if name else None
