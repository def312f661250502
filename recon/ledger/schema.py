"""The one schema: what an entry is, and the tables that pass between the rooms.

A ledger is a table with one row per movement of money as one party saw it. A gateway row with a fee becomes two
entries (payment +100.00, fee -0.60), so the sum over an account is its change of balance.
"""

from __future__ import annotations

import pyarrow as pa

SIDES = ("order", "gateway", "bank")
KINDS = (
    "sale", "refund", "payment", "fee", "commission", "subsidy", "shipping", "deposit", "payout", "receipt",
    "disbursement", "transfer", "chargeback", "adjustment", "tax", "interest",
)  # fmt: skip
BOOKS = ("trade", "cash", "copy")
STATES = ("unpaid", "paid", "shipped", "completed", "closed")
AFTER_SALES = ("none", "partial", "full", "open")

CATEGORY = pa.dictionary(pa.int32(), pa.string())
MOMENT = pa.timestamp("us", tz="UTC")
RATE = pa.decimal128(18, 8)

#: What `design` calls the ledger. Amounts are int64 minor units, + is towards the merchant; moments are instants
#: (shown in the workspace's zone), value_date is the day in the channel's own zone.
ENTRY = pa.schema(
    [
        pa.field("entry_id", pa.string(), nullable=False),
        pa.field("side", CATEGORY, nullable=False),
        pa.field("channel", CATEGORY, nullable=False),
        pa.field("account", CATEGORY, nullable=False),
        pa.field("kind", CATEGORY, nullable=False),
        ("occurred_at", MOMENT),
        ("value_date", pa.date32()),
        pa.field("amount", pa.int64(), nullable=False),
        pa.field("currency", CATEGORY, nullable=False),
        ("order_ref", pa.string()),
        ("sub_ref", pa.string()),
        ("payment_ref", pa.string()),
        ("refund_ref", pa.string()),
        ("batch_ref", pa.string()),
        ("line_ref", pa.string()),
        ("shop", CATEGORY),
        ("book", CATEGORY),
        ("state", CATEGORY),
        ("paid_at", MOMENT),
        ("shipped_at", MOMENT),
        ("confirmed_at", MOMENT),
        ("order_amount", pa.int64()),
        ("released", pa.int64()),
        ("after_sale", CATEGORY),
        ("detail", CATEGORY),
        ("fee_rate", RATE),
        ("orig_amount", pa.int64()),
        ("orig_currency", CATEGORY),
        ("rate", RATE),
        ("balance_after", pa.int64()),
        ("seq", pa.int32()),
        pa.field("proven", pa.bool_(), nullable=False),
        ("counterparty", pa.string()),
        ("counterparty_account", pa.string()),
        ("memo", pa.string()),
        ("status", pa.string()),
        pa.field("source_file", CATEGORY, nullable=False),
        pa.field("source_row", pa.int32(), nullable=False),
    ]
)

#: Beside the ledger columns, while files are being merged (`ledger.merge`): which source row an entry comes from
#: and which version of that row it is. Dropped afterwards.
#: row_key: identity of the row (channel, account, natural key, occurrence), row_hash: identity of its content,
#: row_stamp: the latest moment the row itself prints, row_rank: state rank x 2^48 + refund in minor units.
VERSION = pa.schema(
    [
        pa.field("row_key", pa.uint64(), nullable=False),
        pa.field("row_hash", pa.uint64(), nullable=False),
        ("row_stamp", MOMENT),
        pa.field("row_rank", pa.int64(), nullable=False),
    ]
)
READ = pa.schema(list(ENTRY) + list(VERSION))

QUARANTINE = ("source_file", "source_row", "column", "value", "channel", "problem", "remedy")
SKIPPED = ("source_file", "source_row", "reason")
FILES = (
    "source_file", "sha256", "channel", "account", "period_from", "period_to", "rows", "booked_rows", "repeated",
    "skipped", "quarantined", "entries", "control_total", "balance_chain", "status",
)  # fmt: skip
