"""Names in recon.yaml that only the channels know: a rule for a family that does not exist would never be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from recon.config.document import Document, Place, spelled
from recon.config.model import Config
from recon.ledger.channel import ChannelFacts


def unknown_names(document: Document, config: Config, channels: Mapping[str, ChannelFacts]) -> list[tuple[int, str]]:
    """Return (line, message) of every channel and family that the file names and nobody knows."""
    families = sorted({facts.family for facts in channels.values()})
    named = [(place, name, "channel", sorted(channels)) for place, name in _channels(config)]
    named += [(place, name, "channel family", families) for place, name in _families(config)]
    named += [(("windows", name), name, "channel or family", [*families, *channels]) for name in config.windows]
    return [
        (document.line(place), _told(document, place, f"{name!r} is no {what}", name, known))
        for place, name, what, known in named
        if name not in known
    ]


def _channels(config: Config) -> Iterator[tuple[Place, str]]:
    for number, source in enumerate(config.sources):
        if source.channel:
            yield ("sources", number, "channel"), source.channel


def _families(config: Config) -> Iterator[tuple[Place, str]]:
    for section, keys in (("accounts", config.accounts), ("fees", config.fees)):
        for key in keys:
            yield (section, key), key.split(":")[0]
    for name, shop in config.shops.items():
        for number, key in enumerate(shop.accounts):
            yield ("shops", name, "accounts", number), key.split(":")[0]


def _told(document: Document, place: Place, problem: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    remedy = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
    return f"{document.name}:{document.line(place)}: {spelled(place)}: {problem}. {remedy}"
