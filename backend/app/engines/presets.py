"""Which provider a key or an address means, and what to ask it for when no model is named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    base_url: str
    model: str
    key_prefixes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    # Servers that refuse `stream_options` get no token counts.
    counts_tokens: bool = True


# Ordered: the longer key prefixes stand before the shorter ones that they begin with.
PRESETS = (
    Preset("anthropic", "https://api.anthropic.com/v1", "claude-haiku-4-5", ("sk-ant-",), ("api.anthropic.com",)),
    Preset("openrouter", "https://openrouter.ai/api/v1", "openai/gpt-5-mini", ("sk-or-",), ("openrouter.ai",)),
    Preset(
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "gemini-2.5-flash",
        ("AIza", "AQ."),
        ("generativelanguage.googleapis.com",),
    ),
    Preset("groq", "https://api.groq.com/openai/v1", "openai/gpt-oss-120b", ("gsk_",), ("api.groq.com",)),
    Preset("deepseek", "https://api.deepseek.com/v1", "deepseek-chat", (), ("api.deepseek.com",)),
    Preset("ollama", "http://localhost:11434/v1", "qwen3", (), (":11434",)),
    Preset("lmstudio", "http://localhost:1234/v1", "local-model", (), (":1234",)),
    Preset("vllm", "http://localhost:8000/v1", "default", (), ()),
    Preset("openai", "https://api.openai.com/v1", "gpt-5-mini", ("sk-",), ("api.openai.com",)),
)
CUSTOM = Preset("custom", "", "default", counts_tokens=False)


def preset_for(key: str | None, base_url: str | None) -> Preset:
    """The address decides; without one the key's prefix does; a key of no known shape is taken for OpenAI's."""
    if base_url:
        return next((p for p in PRESETS if any(host in base_url for host in p.hosts)), CUSTOM)
    for preset in PRESETS:
        if key and key.startswith(preset.key_prefixes or ("\0",)):
            return preset
    return PRESETS[-1]
