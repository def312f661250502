"""A rerun says which matches of the last result no longer hold, and lists them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from recon.cli import run
from tests.cli.command import PROJECT, recon

ORDERS = PROJECT / "samples" / "channels" / "taobao.orders" / "export-2018.csv"
BILL = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
    "交易渠道,业务类型,备注"
)
WITHOUT_NUMBER, NUMBERED = "3300000000000000101", "3300000000000000102"
LAST = "3300000000000000103"


def orders(*listed: tuple[str, str, str]) -> bytes:
    """A Taobao order report: number, amount, day of payment and of receipt."""
    header = ORDERS.read_bytes().decode("gb18030").splitlines()[0]
    names = [name.strip() for name in header.split(",")]
    lines = [header]
    for number, amount, day in listed:
        cells = {
            "订单编号": f'="{number}"', "买家应付货款": amount, "买家应付邮费": "0.00", "总金额": amount,
            "买家实际支付金额": amount, "订单状态": "交易成功", "订单创建时间": f"{day} 09:00:00",
            "订单付款时间": f"{day} 09:00:12", "店铺Id": "0", "店铺名称": "旗舰店", "退款金额": "0.00",
            "确认收货时间": f"{day} 20:00:00", "打款商家金额": f"{amount}元",
        }  # fmt: skip
        lines.append(",".join(cells.get(name, "") for name in names))
    return "\n".join([*lines, ""]).encode("gb18030")


def bill(account: str, *listed: tuple[str, str, str, str]) -> bytes:
    """An Alipay bill of October: its own number, the order's number, amount, day."""
    lines = [
        "#支付宝账务明细查询", f"#账号：[{account}0156]",
        "#起始日期：[2026年10月01日 00:00:00]   终止日期：[2026年10月31日 23:59:59]", "#--账务明细列表--", BILL,
    ]  # fmt: skip
    balance = 0
    for line, order, amount, day in listed:
        balance += int(amount.replace(".", ""))
        lines.append(
            f"{line},20261001220011000000{line[-8:]},{order},商品,{day} 20:01:00,***,{amount},,"
            f"{balance // 100}.{balance % 100:02d},支付宝,在线支付,"
        )
    return "\n".join([*lines, ""]).encode("gb18030")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def told(rows: Sequence[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An order whose payment prints no number, one whose payment does, and the last day of the month."""
    folder = tmp_path / "october"
    folder.mkdir()
    days = ("2026-10-05", "2026-10-06", "2026-10-30")
    amounts = ("99.00", "50.00", "20.00")
    listed = zip((WITHOUT_NUMBER, NUMBERED, LAST), amounts, days, strict=True)
    paid = zip((f"202610010000000{n}" for n in range(3)), ("", NUMBERED, LAST), amounts, days, strict=True)
    (folder / "orders.csv").write_bytes(orders(*listed))
    (folder / "bill.csv").write_bytes(bill("2088110000000011", *paid))
    return folder


def test_a_second_equal_payment_revokes_a_pair_and_the_rerun_says_so(shop: Path) -> None:
    out = shop.parent / "october-recon"
    assert recon("match", shop, "--lang", "en").code == 0
    was = {row["order_ref"]: row for row in table(out / "matches.csv") if row["side"] == "order"}
    assert was[WITHOUT_NUMBER]["basis"] == "unique"
    assert not (out / "changes.csv").exists()

    (shop / "more.csv").write_bytes(bill("2088110000000033", ("2026100100000009", "", "99.00", "2026-10-05")))
    ended = recon("match", shop, "--lang", "en")
    assert "Matches of the last result: 1 no longer hold, 0 hold in another form: changes.csv" in ended.out
    rows = table(out / "changes.csv")
    (found,) = [row["break_id"] for row in table(out / "breaks.csv") if row["code"] == "ambiguous"]
    head = ("order-gateway", was[WITHOUT_NUMBER]["match_id"], "by-amount-and-day", "proved", "unique")
    end = ("break", "", f"ambiguous {found}", "99.00", "another partner came that may be its own")
    asked = ("leg", "was_match", "was_rule", "was_verdict", "was_basis", "now", "now_match", "now_rule", "amount")
    assert told(rows, *asked, "cause") == [head + end] * 2
    assert sorted(row["order_ref"] for row in rows) == ["", WITHOUT_NUMBER]
    still = {row["order_ref"]: row for row in table(out / "matches.csv") if row["side"] == "order"}
    assert still[NUMBERED] == was[NUMBERED]

    before = {path.name: path.read_bytes() for path in out.iterdir()}
    ended = recon("match", shop, "--lang", "en")
    assert "last result" not in ended.out
    del before["changes.csv"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_same_in_chinese(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", str(shop), "--quiet"]) == 0
    (shop / "more.csv").write_bytes(bill("2088110000000033", ("2026100100000009", "", "99.00", "2026-10-05")))
    assert run(["match", str(shop)]) == 0
    assert "上次结果中的匹配，不再成立的 1 组，有变动的 0 组：changes.csv" in capsys.readouterr().out
    rows = table(shop.parent / "october-recon" / "changes.csv")
    assert told(rows, "cause") == [("出现了其他可能的对方",)] * 2


@pytest.mark.parametrize("harm", ["missing", "cut", "other columns"])
def test_a_damaged_result_is_told_and_replaced(shop: Path, capsys: pytest.CaptureFixture[str], harm: str) -> None:
    assert run(["match", str(shop), "--quiet"]) == 0
    matches = shop.parent / "october-recon" / "matches.csv"
    whole = matches.read_bytes()
    if harm == "missing":
        matches.unlink()
    else:
        matches.write_bytes(whole[:-9] if harm == "cut" else whole.replace(b"match_id,leg", b"leg,match_id"))
    assert run(["match", str(shop), "--quiet"]) == 0
    said = "matches.csv: is missing or no table as recon wrote it, so what changed cannot be told."
    assert said in capsys.readouterr().err
    assert matches.read_bytes() == whole
    assert not (matches.parent / "changes.csv").exists()
