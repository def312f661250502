"""A workspace brings channels of its own: one YAML file in channels/ and its files are read."""

from __future__ import annotations

import csv
from pathlib import Path

from recon.cli import run

SPEC = """\
channel: corner.till
side: gateway
family: corner
title: {zh: 街角收银, en: Corner till}
recognise: {header: [小票号, 收银时间, 实收, 外部单号]}
time: [收银时间]
key: {columns: [小票号]}
refs: {order_ref: 外部单号, payment_ref: 小票号}
rows:
  - entries:
      - {kind: payment, amount: 实收}
facts:
  payout: manual
"""


def test_a_channel_beside_recon_yaml_reads_its_files(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "inbox").mkdir(parents=True)
    (shop / "channels").mkdir()
    (shop / "recon.yaml").write_text("lang: en\n", encoding="utf-8")
    (shop / "channels" / "corner.till.yaml").write_text(SPEC, encoding="utf-8")
    (shop / "inbox" / "till.csv").write_text(
        "小票号,收银时间,实收,外部单号\nT1,2026-10-08 10:00:00,12.50,A1\nT2,2026-10-09 10:00:00,7.00,A2\n",
        encoding="utf-8",
    )
    assert run(["match", str(shop), "--quiet"]) == 0
    with (shop / "out" / "2026-10" / "files.csv").open(encoding="utf-8", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["channel"], line["booked_rows"], line["status"]) == ("corner.till", "2", "read")
