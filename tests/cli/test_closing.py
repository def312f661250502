"""What a run says at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recon.cli.closing import close
from recon.outputs.changes import Changed

SUMMARY: dict[str, Any] = {
    "lang": "zh",
    "period": "2026-10",
    "as_of": "2026-10-31",
    "assumed": True,
    "breaks": [
        {"code": "missing_payment", "title": "平台有单网关无款", "high": 2, "medium": 1, "low": 0, "info": 0,
         "count": 3, "amount": "12345.60", "currency": "CNY"},
        {"code": "cutoff", "title": "跨期", "high": 0, "medium": 0, "low": 0, "info": 1, "count": 1, "amount": "0.00",
         "currency": "CNY"},
    ],
    "first": [
        {"break_id": "B1", "severity": "high", "title": "平台有单网关无款", "difference": "-12000.00",
         "currency": "CNY", "age_days": 5, "order_ref": "2026100100000000001",
         "explanation": "订单 [1] 应收 12000.00，没有收款"},
    ],
    "oldest": {"break_id": "B2", "severity": "low", "title": "退款无原单", "difference": "-1.00", "currency": "CNY",
               "age_days": 29, "order_ref": None, "explanation": "退款 -1.00"},
    "severity": {"high": 2, "medium": 1, "low": 0, "info": 1},
    "open_amount": {"CNY": "12345.60", "USD": "3.00"},
    "booked_elsewhere": [
        {"counterparty": "房东", "currency": "CNY", "amount": "-6000.00", "count": 2},
        {"counterparty": None, "currency": "CNY", "amount": "7.00", "count": 1},
    ],
    "alarms": [],
    "in_transit": {"count": 12, "amount": {"USD": "1.00", "CNY": "-3456.78"}},
    "vouchers": {"count": 4, "lines": 17},
    "controls": [{"state": "ok"}, {"state": "open"}, {"state": "not computable"}],
    "notes": ["未设置制单人"],
    "files": [{"status": "read"}, {"status": "unknown"}, {"status": "read"}],
}  # fmt: skip


def test_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    close(SUMMARY, Path("out"), Path("out/reconciliation.xlsx"), Changed(lost=2, altered=1))
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "2026-10 对账，截至 2026-10-31",
        "差异                              高  中  低  提示    |差额| 合计",
        "missing_payment 平台有单网关无款   2   1            12,345.60 CNY",
        "cutoff 跨期                                      1       0.00 CNY",
        "合计                               2   1         1  12,345.60 CNY",
        "                                                         3.00 USD",
        "先看：",
        "1.  [高] 平台有单网关无款  -12,000.00 CNY  5 天  订单 2026100100000000001",
        "    订单 [1] 应收 12000.00，没有收款",
        "最早的：",
        "    [低] 退款无原单  -1.00 CNY  29 天",
        "    退款 -1.00",
        "其他业务的银行流水 3 条，2 个对方：房东 -6,000.00 CNY；（无户名） 7.00 CNY",
        "在途 12 笔: -3,456.78 CNY, 1.00 USD",
        "凭证草稿 4 张，17 行",
        "勾稽 3 项，不平 1 项",
        "文件 3 个: 已读 2, 未识别 1",
        "说明 1 条，见工作簿汇总页",
        "默认科目，未经确认：请在 recon.yaml 中设置 postings。",
        "上次结果中的匹配，不再成立的 2 组，有变动的 1 组：changes.csv",
        "全部差异：recon breaks out",
        "工作簿：",
        "out/reconciliation.xlsx",
    ]


def test_english_without_anything_found(capsys: pytest.CaptureFixture[str]) -> None:
    summary = {
        **SUMMARY, "lang": "en", "assumed": False, "breaks": [], "first": [], "oldest": None,
        "notes": [], "booked_elsewhere": [],
        "in_transit": {"count": 0, "amount": {}},
    }  # fmt: skip
    close(summary, Path("out"), None, Changed())
    assert capsys.readouterr().out.splitlines() == [
        "2026-10 reconciled as of 2026-10-31",
        "No breaks.",
        "In transit (0)",
        "Draft vouchers: 4 with 17 lines",
        "Controls: 3, of which open: 1",
        "Files (3): read 2, unknown 1",
        "No readable file; tables:",
        "out",
    ]


ALARM = {"title": "缺账单", "account": "icbc:1234", "shop": None, "day": "2026-10-03"}


@pytest.mark.parametrize(
    ("lang", "count", "line"),
    [
        ("zh", 1, "警报 1 项：缺账单 icbc:1234 2026-10-03"),
        (
            "zh",
            4,
            "警报 4 项：缺账单 icbc:1234 2026-10-03；缺账单 icbc:1234 2026-10-03；缺账单 icbc:1234 2026-10-03；…",
        ),
        ("en", 2, "Alarms: 2: 缺账单 icbc:1234 2026-10-03; 缺账单 icbc:1234 2026-10-03"),
    ],
)
def test_alarms_take_one_line(lang: str, count: int, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    close({**SUMMARY, "lang": lang, "alarms": [ALARM] * count}, Path("out"), None, Changed())
    assert line in capsys.readouterr().out.splitlines()


def test_the_oldest_is_not_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    close({**SUMMARY, "lang": "en", "oldest": SUMMARY["first"][0]}, Path("my out"), None, Changed())
    out = capsys.readouterr().out.splitlines()
    assert "The oldest is no. 1." in out
    assert sum("没有收款" in line for line in out) == 1
    assert "All breaks: recon breaks 'my out'" in out
