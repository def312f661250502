"""How often alarms speak on trade on which nothing is wrong, per kind and shape.

    python -m tests.benchmarks.alarm_rate                          all shapes
    python -m tests.benchmarks.alarm_rate --worlds 20 --first 100  fewer worlds, other seeds

Each world (`quality/clean_trade.py`) is run every fortnight from its tenth week on, as its shop would: a gateway
account with stated periods and the order list of one shop. Every alarm is false. The report goes to
build/quality/alarms.json and repeats byte for byte.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.breaks.alarms.raised import alarms
from recon.breaks.alarms.scope import Scope
from recon.breaks.coverage import coverage
from recon.ledger.channel import ChannelFacts
from recon.ledger.merge import frame
from recon.ledger.outcome import FINDING_ROWS, FINDINGS
from recon.ledger.schema import ENTRY, READ
from recon.ledger.statement import AccountFacts, Statement
from recon.ledger.view import View, view
from tests.benchmarks.quality.clean_trade import DAY, DAYS, SHAPES, Shape, Trade, trade

ROOT = Path(__file__).resolve().parents[2]
ZONE = "Asia/Shanghai"
#: Seeds of the figures that are reported; nobody looks at them while tuning.
FIRST_SEED = 9_500
STEP, FIRST_RUN = 14, 69
CHANNELS = {
    "wechatpay.trade": ChannelFacts("wechatpay.trade", "gateway", "wechatpay", "微信支付", "WeChat Pay"),
    "shop.orders": ChannelFacts(
        "shop.orders", "order", "shop", "订单", "Orders", comparison="plain", settles_via=("wechatpay",)
    ),
}


def ledger(world: Trade) -> View:
    """The world as the two parties saw it."""
    sale = ~world.refund
    payouts = len(world.payouts)
    kinds = np.where(world.refund, "refund", "payment")
    moment = np.r_[world.moment, world.payouts * DAY + 7_200, world.moment[sale]]
    amount = np.r_[world.amount, np.full(payouts, -1), world.amount[sale]]
    size = len(moment)
    side = np.repeat(["gateway", "order"], [size - int(sale.sum()), int(sale.sum())])
    columns: dict[str, Any] = {
        "entry_id": np.char.zfill(np.arange(size).astype(str), 10),
        "side": side,
        "channel": np.where(side == "order", "shop.orders", "wechatpay.trade"),
        "account": np.where(side == "order", "shop.orders:default", "1900000109"),
        "kind": np.r_[kinds, np.repeat("payout", payouts), np.repeat("sale", int(sale.sum()))],
        "occurred_at": pa.array((moment - 8 * 3600) * 1_000_000, pa.timestamp("us", tz="UTC")),
        "value_date": pa.array((moment // DAY).astype(np.int32), pa.date32()),
        "amount": amount,
        "currency": np.repeat("CNY", size),
        "shop": pa.array(np.where(side == "order", "旗舰店", ""), mask=side != "order"),
        "proven": np.ones(size, dtype=bool),
        "source_file": np.repeat("file", size),
        "source_row": np.arange(size, dtype=np.int32),
    }
    table = pa.table(
        [pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(size, f.type) for f in ENTRY],
        schema=ENTRY,
    )
    return view(frame(table), CHANNELS)


def runs(world: Trade, lang: str = "en") -> Iterator[Scope]:
    """The runs of a world, a fortnight each."""
    seen = ledger(world)
    day = date(1970, 1, 1) + timedelta(days=world.first)
    for end in range(FIRST_RUN, DAYS, STEP):
        facts = AccountFacts("1900000109", "CNY", day, day + timedelta(days=end), period_stated=True)
        listed = AccountFacts("shop.orders:default", "CNY", None, None, period_stated=False)
        files = [
            Statement("a", "", "wechatpay.trade", "gateway", None, READ.empty_table(), 1, 1, accounts=(facts,)),
            Statement("b", "", "shop.orders", "order", None, READ.empty_table(), 1, 1, accounts=(listed,)),
        ]
        last = world.first + end
        yield Scope(
            seen,
            files,
            CHANNELS,
            coverage(seen, files, CHANNELS, ZONE),
            seen.day <= last,
            since=last - STEP + 1,
            as_of=last,
            zone=ZONE,
            lang=lang,
        )


def measure(shape: Shape, seeds: Sequence[int]) -> dict[str, dict[str, int]]:
    """Per kind: how often it was judged and how often it spoke."""
    findings, rows = pd.DataFrame(columns=list(FINDINGS)), pd.DataFrame(columns=list(FINDING_ROWS))
    told: dict[str, dict[str, int]] = {}
    for seed in seeds:
        for scope in runs(trade(shape, seed)):
            found = alarms(scope, findings, rows)
            for rate in found.rates:
                told.setdefault(rate.kind, {"judged": 0, "raised": 0})["judged"] += rate.judged
            for alarm in found.raised:
                told.setdefault(alarm.kind, {"judged": 0, "raised": 0})["raised"] += 1
    return told


def main(words: Sequence[str] | None = None) -> int:
    """Measure every shape; print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--first", type=int, default=FIRST_SEED)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "quality")
    arguments = parser.parse_args(words)
    told: dict[str, Any] = {}
    total: dict[str, dict[str, int]] = {}
    for shape in SHAPES:
        worlds = arguments.worlds if shape.orders < 1000 else max(arguments.worlds // 10, 2)
        told[shape.name] = measure(shape, range(arguments.first, arguments.first + worlds))
        for kind, figures in told[shape.name].items():
            sums = total.setdefault(kind, {"judged": 0, "raised": 0})
            for name, number in figures.items():
                sums[name] += number
        print(f"{shape.name}: {json.dumps(told[shape.name], sort_keys=True)}", flush=True)
    print(f"all: {json.dumps(total, sort_keys=True)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(told | {"all": total}, sort_keys=True, indent=1) + "\n"
    (arguments.out / "alarms.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
