"""Time and memory of the tables at a million matches of three members; run by hand.

python tests/outputs/scale.py [MATCHES]
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa

from recon.ledger.match_ids import match_ids
from recon.ledger.merge import frame
from recon.ledger.outcome import FINDING_ROWS, FINDINGS, MATCHES, MEMBERS, ORDER_GATEWAY, WAITING, Outcome
from recon.ledger.schema import ENTRY, READ
from recon.ledger.statement import Statement
from recon.outputs.conservation import prove
from recon.outputs.summary import Books, summarise
from recon.outputs.tables import write_tables


def arrow(values: pa.Array) -> pd.Series:
    return pd.Series(values, dtype=pd.ArrowDtype(values.type))


def outcome(matches: int) -> Outcome:
    """Every order has one payment and one commission, in random order of ids."""
    count = 3 * matches
    random = np.random.default_rng(1)
    numbers = np.arange(count) // 3
    part = np.arange(count) % 3
    amount = random.integers(100, 100_000, matches)[numbers]
    amount = np.where(part == 2, -(amount * 6 // 1000), amount)
    moment = 1_790_000_000_000_000 + numbers.astype(np.int64) * 2_000_000
    ids = [f"{value:016x}" for value in random.permutation(count).astype(np.uint64) * np.uint64(6364136223846793005)]

    def word(choices: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(part.astype(np.int32)), choices)

    refs = pa.array([f"28{number:016d}" for number in numbers])
    columns = {
        "entry_id": pa.array(ids),
        "side": word(["order", "gateway", "gateway"]),
        "channel": word(["taobao.orders", "alipay.cash", "alipay.cash"]),
        "account": word(["taobao.orders:default", "2088000000000001", "2088000000000001"]),
        "kind": word(["sale", "payment", "commission"]),
        "occurred_at": pa.array(moment, pa.timestamp("us", tz="UTC")),
        "value_date": pa.array((moment // 86_400_000_000).astype(np.int32), pa.date32()),
        "amount": pa.array(amount),
        "currency": word(["CNY", "CNY", "CNY"]),
        "order_ref": refs,
        "payment_ref": pa.array([f"20260901220014{number:014d}" for number in numbers]),
        "proven": pa.repeat(True, count),
        "source_file": word(["orders.csv", "alipay.csv", "alipay.csv"]),
        "source_row": pa.array(numbers.astype(np.int32)),
    }
    table = pa.table([columns.get(f.name, pa.nulls(count, f.type)) for f in ENTRY], schema=None, names=ENTRY.names)
    entries = frame(table.cast(pa.schema([pa.field(f.name, f.type) for f in ENTRY])))
    by_row = entries["source_row"].to_numpy().astype(np.int64)
    kind = entries["kind"].astype(str).to_numpy()
    explained = pa.array([f"订单 28{n:016d}：应有 = 实有，同一订单号，手续费随之" for n in range(matches)])
    days = pa.array(20_700 + np.arange(matches, dtype=np.int32) // 50_000, pa.date32())
    heads = pd.DataFrame(
        {
            "match": np.arange(matches), "leg": ORDER_GATEWAY, "rule": "by-order-number", "verdict": "proved",
            "basis": "key", "residual": np.zeros(matches, np.int64), "residual_reason": None,
            "accepted_paid": np.zeros(matches, np.int64), "accepted_returned": np.zeros(matches, np.int64),
            "tolerance": np.zeros(matches, np.int64), "explanation": arrow(explained), "on": arrow(days),
        }
    )[list(MATCHES)]  # fmt: skip
    weight = np.where(kind == "sale", 1, -1)
    members = pd.DataFrame(
        {
            "match": by_row, "row": np.arange(count), "weight": weight,
            "applied": np.where(kind == "commission", 0, entries["amount"].to_numpy()),
        }
    )[list(MEMBERS)]  # fmt: skip
    waiting = pd.DataFrame({name: [] for name in WAITING}).astype({"row": "int64"})
    sources = tuple(
        Statement(file, "", channel, side, None, READ.empty_table(), rows, rows)
        for file, channel, side, rows in (
            ("orders.csv", "taobao.orders", "order", matches), ("alipay.csv", "alipay.cash", "gateway", 2 * matches)
        )
    )  # fmt: skip
    shown = pd.DataFrame({name: [] for name in FINDING_ROWS}).astype({"row": "int64", "owned": "bool"})
    return Outcome(
        entries=entries, statements=sources, unread=(), channels={}, matches=heads, members=members,
        in_transit=waiting, excluded=waiting, findings=pd.DataFrame({name: [] for name in FINDINGS}),
        finding_rows=shown, as_of=date(2026, 10, 31), period="2026-10", zone="Asia/Shanghai", lang="zh",
    )  # fmt: skip


def main() -> None:
    matches = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    case = outcome(matches)
    process = psutil.Process()
    before = process.memory_info().rss
    peak, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    threading.Thread(target=watch, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        write_tables(Path(name), case, match_ids(case), currency="CNY")
        seconds = time.perf_counter() - start
        size = (Path(name) / "matches.csv").stat().st_size
    sys.stdout.write(f"tables {seconds:.1f} s, {size / 1e6:.0f} MB" + "\n")
    start = time.perf_counter()
    summarise(case, prove(case), Books(), titles={}, currency="CNY")
    sys.stdout.write(f"proof and summary {time.perf_counter() - start:.1f} s" + "\n")
    done.set()
    sys.stdout.write(f"peak above start {(peak[0] - before) / 1e6:.0f} MB" + "\n")


if __name__ == "__main__":
    main()
