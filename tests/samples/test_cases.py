"""The generator: same seed same files, files that foot by a check of their own, every plant at the least size."""

import csv
import io
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from recon.samples import CASES, MINIMUM, write_case

COMMITTED = {"taobao-alipay-bank": 100, "wechat-shop": 120, "douyin": 100}
SAMPLES = Path(__file__).parents[2] / "samples" / "cases"

EVERY_CASE = {
    "ambiguous",
    "amount_mismatch",
    "cutoff",
    "duplicate_payment",
    "duplicate_refund",
    "excess_refund",
    "fee_mismatch",
    "late_settlement",
    "missing_file",
    "missing_payment",
    "missing_payout",
    "missing_refund",
    "payout_mismatch",
    "status_mismatch",
    "suggested",
    "unknown_debit",
    "unknown_payment",
    "unknown_receipt",
    "unknown_refund",
}
CODES = {
    "taobao-alipay-bank": EVERY_CASE | {"wrong_account"},
    "wechat-shop": EVERY_CASE | {"wrong_account", "settlement_gap"},
    "douyin": EVERY_CASE | {"subsidy_mismatch", "settlement_gap"},
}
REASONS = {
    "taobao-alipay-bank": {
        "not due",
        "inside the window",
        "beyond the files",
        "part paid",
        "order file older than the money",
    },
    "wechat-shop": {"inside the window", "beyond the files"},
    "douyin": {"not due", "inside the window", "beyond the files"},
}


def content(folder: Path) -> dict[str, object]:
    """Every file of a case; of an archive its members, whose packing may differ between builds of zlib."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found[path.name] = {info.filename: archive.read(info) for info in archive.infolist()}
        elif path.is_file():
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", CASES)
def test_same_seed_gives_the_same_bytes(case: str, tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_case(case, seed, 200, tmp_path / name)
    one = {p.relative_to(tmp_path / "one"): p.read_bytes() for p in (tmp_path / "one").rglob("*") if p.is_file()}
    two = {p.relative_to(tmp_path / "two"): p.read_bytes() for p in (tmp_path / "two").rglob("*") if p.is_file()}
    assert one == two
    assert content(tmp_path / "one") != content(tmp_path / "three")


@pytest.mark.parametrize("case", CASES)
def test_committed_sample_is_what_the_generator_makes(case: str, tmp_path: Path) -> None:
    write_case(case, 1, COMMITTED[case], tmp_path / case)
    assert content(tmp_path / case) == content(SAMPLES / case)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", CASES)
def test_every_plant_is_there_at_the_least_size(case: str, seed: int, tmp_path: Path) -> None:
    write_case(case, seed, MINIMUM, tmp_path)
    breaks, transit = (table(tmp_path / "expected" / f"{name}.csv") for name in ("breaks", "in_transit"))
    assert {row["code"] for row in breaks} == CODES[case]
    assert {row["reason"] for row in transit} == REASONS[case]
    for row in breaks:
        assert Decimal(row["actual"]) - Decimal(row["expected"]) == Decimal(row["difference"]), row


@pytest.mark.parametrize("case", CASES)
def test_plants_grow_with_the_size(case: str, tmp_path: Path) -> None:
    write_case(case, 1, 5000, tmp_path)
    found = Counter(row["code"] for row in table(tmp_path / "expected" / "breaks.csv"))
    assert found["missing_payment"] % 5 == 0 < found["missing_payment"]
    assert found["fee_mismatch"] in {5, 10}
    assert found["missing_payout"] <= 2


@pytest.mark.parametrize("case", CASES)
def test_one_row_of_the_order_files_for_each_order(case: str, tmp_path: Path) -> None:
    write_case(case, 3, 300, tmp_path)
    inbox, rows = tmp_path / "inbox", 0
    patterns = {"taobao-alipay-bank": "Export*", "wechat-shop": "orders*", "douyin": "订单*"}
    encoding = "gbk" if case == "taobao-alipay-bank" else "utf-8-sig"
    numbers = set()
    for path in inbox.glob(patterns[case]):
        with path.open(encoding=encoding, newline="") as stream:
            lines = list(csv.reader(stream, quoting=csv.QUOTE_NONE))
        assert {len(line) for line in lines} == {len(lines[0])}
        numbers |= {line[1 if case == "douyin" else 0] for line in lines[1:]}
        rows += len(lines) - 1
    assert rows == len(numbers) == 300


def test_alipay_bills_foot_and_their_balances_run_on(tmp_path: Path) -> None:
    write_case("taobao-alipay-bank", 5, 400, tmp_path)
    balances: dict[str, Decimal] = {}
    for path in sorted((tmp_path / "inbox").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            names = {info.filename.encode("cp437").decode("gbk"): info for info in archive.infolist()}
            assert all(info.flag_bits & 0x800 == 0 for info in names.values())
            detail, summary = sorted(names, key=len)
            lines = archive.read(names[detail]).decode("gb18030").split("\r\n")
            total = archive.read(names[summary]).decode("gb18030").split("\r\n")[-4].split(",")
        assert lines[0] == "#支付宝账务明细查询"
        assert len(lines[4].split(",")) == 16
        rows = [line.split(",") for line in lines[5:] if line and not line.startswith("#")]
        money_in, money_out = (sum((Decimal(row[i]) for row in rows), Decimal("0.00")) for i in (6, 7))
        assert f"共{money_in}元" in lines[-3]
        assert f"#支出合计：{sum(Decimal(row[7]) != 0 for row in rows)}笔，共{money_out}元" == lines[-4]
        assert (total[0], total[2], total[4]) == ("合计", str(money_in), str(money_out))
        account = lines[1]
        for row in rows:
            before = balances.get(account, Decimal(row[8]) - Decimal(row[6]) - Decimal(row[7]))
            assert before + Decimal(row[6]) + Decimal(row[7]) == Decimal(row[8])
            balances[account] = Decimal(row[8])
    assert len(balances) == 2


@pytest.mark.parametrize("case", ["taobao-alipay-bank", "douyin"])
def test_icbc_balances_run_on_and_jump_where_days_are_missing(case: str, tmp_path: Path) -> None:
    write_case(case, 5, 200, tmp_path)
    last = {}
    for path in sorted((tmp_path / "inbox").glob("historydetail*")):
        text = path.read_bytes().decode("gb18030")
        lines = text.split("\r\n")
        assert lines[0] == "[HISTORYDETAIL]"
        rows = [line.split(",") for line in lines[2:-1]][::-1]
        balance = None
        for row in rows:
            amount = Decimal(row[6] or 0) - Decimal(row[5] or 0)
            assert balance is None or balance + amount == Decimal(row[11])
            balance = Decimal(row[11])
        last[path.name] = (Decimal(rows[0][11]) - Decimal(rows[0][6] or 0) + Decimal(rows[0][5] or 0), balance)
    before, after = last["historydetail5432-1.csv"][1], last["historydetail5432-2.csv"][0]
    found = [row for row in table(tmp_path / "expected" / "breaks.csv") if row["code"] == "missing_file"]
    assert [(Decimal(row["expected"]), Decimal(row["actual"])) for row in found] == [(before, after)]


def test_wechat_bills_foot_and_the_fund_balance_runs_on(tmp_path: Path) -> None:
    write_case("wechat-shop", 5, 300, tmp_path)
    trades = sorted((tmp_path / "inbox").glob("19*All*"))
    assert len(trades) == 33 + 1
    for path in trades:
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
        rows = [line[1:].split(",`") for line in lines[1:-3]]
        assert {len(row) for row in rows} == {27}
        sums = [sum((Decimal(row[i]) for row in rows), Decimal(0)) for i in (12, 16, 17, 22, 24, 25)]
        assert [Decimal(cell) for cell in lines[-2][1:].split(",`")] == [Decimal(len(rows)), *sums]
    balance = None
    for path in sorted((tmp_path / "inbox").glob("fundflow*")):
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
        rows = [line[1:].split(",`") for line in lines[1:-3]]
        for row in rows:
            amount = Decimal(row[6]) if row[5] == "收入" else -Decimal(row[6])
            assert balance is None or balance + amount == Decimal(row[7])
            balance = Decimal(row[7])
        spent = sum((Decimal(row[6]) for row in rows if row[5] == "支出"), Decimal(0))
        assert lines[-2].endswith(f"`{spent}")


def test_a_small_shop_has_monthly_wechat_bills(tmp_path: Path) -> None:
    write_case("wechat-shop", 1, MINIMUM, tmp_path)
    assert len(list((tmp_path / "inbox").glob("1900000109All*"))) == 2


def test_douyin_rows_add_up_but_for_the_planted_ones(tmp_path: Path) -> None:
    write_case("douyin", 5, 2000, tmp_path)
    path = next((tmp_path / "inbox").glob("动账明细*"))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    parts = list(rows[0])[16:35]
    gaps = []
    for row in rows:
        net = Decimal(row["动账金额"]) * (1 if row["动账方向"] == "入账" else -1)
        if row["动账场景"].startswith("提现"):
            continue
        if sum(Decimal(row[name]) for name in parts) != net:
            gaps.append(row["动帐流水号"][1:])
    expected = [row for row in table(tmp_path / "expected" / "breaks.csv") if row["code"] == "settlement_gap"]
    assert sorted(gaps) == sorted(row["payment_ref"] for row in expected)
    assert len(gaps) == 2


@pytest.mark.parametrize("case", CASES)
def test_the_files_alone_say_everything(case: str, tmp_path: Path) -> None:
    write_case(case, 1, MINIMUM, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "expected"}


def test_an_unknown_case_and_too_few_orders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown case 'jd'; one of taobao-alipay-bank, wechat-shop, douyin"):
        write_case("jd", 1, 100, tmp_path)
    with pytest.raises(ValueError, match="59 orders are too few; at least 60"):
        write_case("douyin", 1, 59, tmp_path)


def test_from_the_command_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "recon.samples", "douyin", "--seed", "2", "--orders", "60", str(tmp_path / "a")]
    subprocess.run(command, check=True)
    write_case("douyin", 2, 60, tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")
