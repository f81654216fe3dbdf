"""A second zygote: a fork of the first that has also imported the part of the application that nobody edits."""

from __future__ import annotations

import sys
from pathlib import Path

from warm import bytecode, preload, tree
from warm.channel import Channel, Message
from warm.import_graph import CHANGED, REACHES, kept
from warm.options import Options
from warm.preload import own_modules
from warm.zygote import Birth, Zygote


def run(options: Options, order: Message, channel: Channel) -> Birth | None:
    """Import what may stay, say so, and fork from then on; like `Zygote.run`.

    Nothing is kept ("unkept", with the reason) when an import fails, reaches a module that must not stay, or the source
    changed meanwhile.
    """
    zygote = Zygote(channel)
    bytecode.install(options.roots, Path(order["code"]))
    reason, paths = _import(options, order)
    if reason:
        channel.send({"event": "unkept", "reason": reason})
        return None
    zygote.settle()
    channel.send({"event": "kept", "paths": paths})
    return zygote.run()


def _import(options: Options, order: Message) -> tuple[str, list[str]]:
    """Why nothing can be kept, or nothing and the files of what is imported now."""
    own: dict[str, str] = order["own"]
    target = options.target.partition(":")[0]
    try:
        names = kept(own, order["edited"], target=target, deep=order["deep"])
    except (OSError, SyntaxError):
        return CHANGED, []
    for name in names:
        if name not in sys.modules and (problems := preload.load(name)):
            culprit, why = next(iter(problems.items()))
            return f"{culprit} {why}", []
    if set(own_modules(options.roots)) - set(names):
        return REACHES, []
    if tree.fingerprint(tree.snapshot(options.roots)) != order["fingerprint"]:
        return CHANGED, []
    return "", [own[name] for name in names]
