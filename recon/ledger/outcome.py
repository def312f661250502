"""What a reconciliation found: matches, what waits, what is excluded, findings; and the proof that it all foots.

Everything points into one entries table by position (`row`), which is sorted by entry_id, so that the same facts give
the same positions whatever the order of files and rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from recon.errors import ConservationError
from recon.ledger.alarm import Alarms
from recon.ledger.channel import ChannelFacts
from recon.ledger.measured import Measured
from recon.ledger.statement import Statement, Unread
from recon.ledger.stretch import Stretch
from recon.ledger.view import View

ORDER_GATEWAY = "order-gateway"
PAYOUT = "payout"
GATEWAY_BANK = "gateway-bank"
TRADE_CASH = "trade-cash"
FILE = "file"
LEGS = (ORDER_GATEWAY, PAYOUT, GATEWAY_BANK)

MATCHED, IN_TRANSIT, BREAK, EXCLUDED = 1, 2, 3, 4
#: Residual reasons that a rule of the company accepts; beside another reason they stand last, after `;`.
TOLERANCE, WRITE_OFF = "tolerance", "write_off"

#: One line per match. `match` is its number inside this run (0..n-1); amounts are minor units. accepted_paid,
#: accepted_returned: what of the residual the tolerance or a write-off accepts, of the payments and of the refunds.
MATCHES = (
    "match", "leg", "rule", "verdict", "basis", "residual", "residual_reason", "accepted_paid", "accepted_returned",
    "tolerance", "explanation", "on",
)  # fmt: skip
#: One line per member: match, row, weight (+1 order side or payout lines, -1 the partner), applied (minor units).
MEMBERS = ("match", "row", "weight", "applied")
#: In transit and excluded: leg, row, reason, due_date, rule.
WAITING = ("leg", "row", "reason", "due_date", "rule")

#: One line per finding. finding is its number; expected, actual minor units, difference = actual - expected;
#: refs are the sorted values of the owned (else linked) rows joined by ";".
FINDINGS = (
    "finding", "break_id", "leg", "code", "severity", "side", "channel", "account", "shop", "occurred_at",
    "value_date", "due_date", "age_days", "order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref",
    "expected", "actual", "difference", "currency", "cause", "symptoms", "reach_rows", "reach_amount", "status",
    "owner", "decision", "note", "explanation", "source_file", "source_row",
)  # fmt: skip
#: One line per learned fee rule, a proposal for recon.yaml. account: "family:number". since, until: days it holds;
#: changed_after: last day of the rule before that is seen in the rows. fixed, minimum, maximum: minor units.
#: only: the card brands or categories it is for, joined by ";". It
#: explains `explained` of `rows` payments; not_identifiable: its parts that these rows cannot tell, joined by ";".
FEE_RULES = (
    "account", "currency", "kind", "detail", "changed_after", "since", "until", "rate", "fixed", "minimum", "maximum",
    "rounding", "base", "on_refund", "settles_after", "only", "explained", "rows", "not_identifiable",
)  # fmt: skip
#: Which rows a finding owns (`owned` true) or only shows.
FINDING_ROWS = ("finding", "leg", "row", "owned")


@dataclass(frozen=True)
class Outcome:
    """The result of one run, as values only.

    entries: `schema.ENTRY` as pandas (categories for dictionary columns, Arrow-backed for the others), sorted by
    entry_id. matches, members, in_transit, excluded, findings, finding_rows: columns as named above.
    `measured`: per rule how often its pairs by amount and day may be wrong.
    `notes`: what a reader of the result must know, one line each. `alarms`: what to look into beside the findings.
    `fee_rules`: what was learned of fees.
    `stretches`: which days the files of each account cover.
    """

    entries: pd.DataFrame
    statements: tuple[Statement, ...]
    unread: tuple[Unread, ...]
    channels: Mapping[str, ChannelFacts]
    matches: pd.DataFrame
    members: pd.DataFrame
    in_transit: pd.DataFrame
    excluded: pd.DataFrame
    findings: pd.DataFrame
    finding_rows: pd.DataFrame
    as_of: date
    period: str
    zone: str
    lang: str
    notes: tuple[str, ...] = field(default=())
    measured: tuple[Measured, ...] = ()
    alarms: Alarms = field(default_factory=Alarms)
    fee_rules: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FEE_RULES)))
    stretches: tuple[Stretch, ...] = ()
    view: View | None = field(default=None, repr=False, compare=False)  # of `entries`, where it was made already

    def groups(self, leg: str) -> tuple[np.ndarray, np.ndarray]:
        """Return for each entry its group in a leg and the number behind it.

        Returns:
            group: int8, 0 when the leg does not own the entry, else MATCHED, IN_TRANSIT, BREAK or EXCLUDED.
            index: int64, the match or finding number, else the line of in_transit or excluded; -1 where group is 0.

        Raises:
            ConservationError: when an entry stands in two groups of the leg.
        """
        group = np.zeros(len(self.entries), dtype=np.int8)
        index = np.full(len(self.entries), -1, dtype=np.int64)
        match_numbers = self.matches["match"].to_numpy()[(self.matches["leg"] == leg).to_numpy()]
        in_leg = np.isin(self.members["match"].to_numpy(), match_numbers)
        owned = self.finding_rows[(self.finding_rows["leg"] == leg) & self.finding_rows["owned"]]
        waits = self.in_transit[self.in_transit["leg"] == leg]
        out = self.excluded[self.excluded["leg"] == leg]
        parts = (
            (MATCHED, self.members["row"].to_numpy()[in_leg], self.members["match"].to_numpy()[in_leg]),
            (BREAK, owned["row"].to_numpy(), owned["finding"].to_numpy()),
            (IN_TRANSIT, waits["row"].to_numpy(), waits.index.to_numpy()),
            (EXCLUDED, out["row"].to_numpy(), out.index.to_numpy()),
        )
        for code, rows, numbers in parts:
            twice = len(rows) and np.bincount(rows, minlength=len(group)).max() > 1
            if twice or (len(rows) and group[rows].any()):
                raise ConservationError(f"leg {leg}: an entry stands in two groups")
            group[rows] = code
            index[rows] = numbers
        return group, index
