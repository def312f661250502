"""A scored set: how many true answers were found and how, what was posted wrongly, every miss with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Score:
    """One question put to a set: `name`, what counts as `true`, and what recon answered.

    found: answer -> number of true items that got it (proved, pool, a code, in transit ...). right: answers that are
    the true ones. wrong: what was posted and must not be. misses: item, and the reason as recon gives it. notes: what
    else a reader should know.
    """

    name: str
    right: frozenset[str]
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    misses: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, item: str, answer: str, reason: str) -> None:
        """Count the answer to one true item; one that is not right is a miss."""
        self.found[answer] += 1
        if answer not in self.right:
            self.misses.append((item, f"{answer}: {reason}" if reason else answer))

    @property
    def true(self) -> int:
        """How many true items there are."""
        return self.found.total()

    @property
    def hits(self) -> int:
        """How many of them were answered rightly."""
        return sum(self.found[answer] for answer in self.right)

    def text(self, most: int) -> str:
        """Return the score as lines; of misses with one reason the first `most` are named."""
        counts = ", ".join(f"{answer} {count}" for answer, count in sorted(self.found.items()))
        lines = [f"{self.name}: {self.hits} of {self.true} right ({counts}); wrongly posted {len(self.wrong)}"]
        lines += [f"    {note}" for note in self.notes]
        lines += [f"    WRONG {one}" for one in self.wrong]
        by_reason: dict[str, list[str]] = {}
        for item, reason in self.misses:
            by_reason.setdefault(reason, []).append(item)
        for reason, items in sorted(by_reason.items()):
            shown = ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
            lines.append(f"    miss ({len(items)}) {shown}: {reason}")
        return "\n".join(lines)
