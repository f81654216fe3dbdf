"""Which provider a key or an address means, and what to ask it for when no model is named."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Preset:
    """`base_url` is where a key alone leads; who is chosen by the address needs none."""

    name: str
    model: str
    hosts: tuple[str, ...] = ()
    key_prefixes: tuple[str, ...] = ()
    base_url: str = ""
    # Servers that refuse `stream_options` get no token counts.
    counts_tokens: bool = True


# Ordered: the longer key prefixes stand before the shorter ones that they begin with.
PRESETS = (
    Preset("anthropic", "claude-haiku-4-5", ("api.anthropic.com",), ("sk-ant-",), "https://api.anthropic.com/v1"),
    Preset("openrouter", "openai/gpt-5-mini", ("openrouter.ai",), ("sk-or-",), "https://openrouter.ai/api/v1"),
    Preset(
        "gemini",
        "gemini-2.5-flash",
        ("generativelanguage.googleapis.com",),
        ("AIza", "AQ."),
        "https://generativelanguage.googleapis.com/v1beta/openai",
    ),
    Preset("groq", "openai/gpt-oss-120b", ("api.groq.com",), ("gsk_",), "https://api.groq.com/openai/v1"),
    Preset("openai", "gpt-5-mini", ("api.openai.com",), ("sk-",), "https://api.openai.com/v1"),
    Preset("deepseek", "deepseek-chat", ("api.deepseek.com",)),
    # Servers of one's own, known by the port that they use unless told otherwise.
    Preset("ollama", "qwen3", (":11434",)),
    Preset("lmstudio", "local-model", (":1234",)),
)
OPENAI = next(preset for preset in PRESETS if preset.name == "openai")
# vLLM, llama.cpp and whatever else speaks the same: their ports are everybody's.
CUSTOM = Preset("custom", "default", counts_tokens=False)


def preset_for(key: str | None, base_url: str | None) -> Preset:
    """The address decides; without one the key's prefix does; a key of no known shape is taken for OpenAI's."""
    if base_url:
        address = urlsplit(base_url)
        names = (address.hostname, f":{address.port}")
        return next((preset for preset in PRESETS if any(name in preset.hosts for name in names)), CUSTOM)
    return next((preset for preset in PRESETS if key and key.startswith(preset.key_prefixes)), OPENAI)
