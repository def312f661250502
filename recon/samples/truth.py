"""What a case must lead to: the findings and the items in transit of the events that were planted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from recon.samples.columns import Cells, Times, day, money, row_texts
from recon.samples.dice import Ints

_BREAKS: Final = (
    "code,leg,severity,order_ref,payment_ref,refund_ref,batch_ref,expected,actual,difference,currency,cause,symptoms"
)
_TRANSIT: Final = "leg,reason,side,kind,amount,order_ref,payment_ref,due_date"
ORDERS: Final = "order-gateway"
PAYOUTS: Final = "gateway-bank"
BOOKS: Final = "trade-cash"
FILE: Final = "file"


@dataclass(frozen=True)
class Finding:
    """One expected row of breaks.csv; amounts in minor units, ledger signs; references of the owned entries."""

    code: str
    leg: str
    severity: str
    expected: int
    actual: int
    order_ref: Iterable[str] = ()
    payment_ref: Iterable[str] = ()
    refund_ref: Iterable[str] = ()
    batch_ref: Iterable[str] = ()
    cause: str = ""
    symptoms: str = ""


@dataclass(frozen=True)
class Waiting:
    """Entries in transit for one reason; columns of equal length, amounts in minor units, a due day may be never."""

    leg: str
    reason: str
    side: str
    kind: str
    amount: Ints
    order_ref: Cells
    payment_ref: Cells
    due: Times


@dataclass
class Truth:
    """Collects what was planted and writes `expected/`."""

    findings: list[Finding] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def finds(self, *findings: Finding) -> None:
        """Note findings."""
        self.findings.extend(findings)

    def waits(self, *waiting: Waiting) -> None:
        """Note entries in transit."""
        self.waiting.extend(w for w in waiting if len(w.amount))

    def payout_waits(self, reason: str, amount: int, number: str, due: str) -> None:
        """Note a payout in transit; amount in minor units above zero, due day as text."""
        moved, day_due = np.array([-amount], dtype=np.int64), np.array([due], dtype="datetime64[s]")
        self.waits(Waiting(PAYOUTS, reason, "gateway", "payout", moved, "", number, day_due))

    def write(self, folder: Path) -> None:
        """Write `expected/breaks.csv` and `expected/in_transit.csv`: UTF-8, LF, amounts in major units."""
        expected = folder / "expected"
        expected.mkdir(parents=True, exist_ok=True)
        lines = sorted(_line(finding) for finding in self.findings)
        (expected / "breaks.csv").write_text("\n".join([_BREAKS, *lines]) + "\n", encoding="utf-8", newline="\n")
        rows = sorted(line for w in self.waiting for line in _waiting_lines(w))
        (expected / "in_transit.csv").write_text("\n".join([_TRANSIT, *rows]) + "\n", encoding="utf-8", newline="\n")


def _line(finding: Finding) -> str:
    refs = (finding.order_ref, finding.payment_ref, finding.refund_ref, finding.batch_ref)
    amounts = (finding.expected, finding.actual, finding.actual - finding.expected)
    cells = [finding.code, finding.leg, finding.severity]
    cells += [";".join(sorted(set(ref))) for ref in refs]
    cells += money(np.array(amounts, dtype=np.int64)).to_pylist()
    return ",".join([*cells, "CNY", finding.cause, finding.symptoms])


def _waiting_lines(w: Waiting) -> list[str]:
    cells = (w.leg, w.reason, w.side, w.kind, money(w.amount), w.order_ref, w.payment_ref, day(w.due))
    return row_texts(cells, 0, len(w.amount))
