"""UnionPay files of a merchant for one clearing day: ZM, its transactions by byte position, and RD, a printed summary.

Widths count bytes of GBK, so lines are cut before they are decoded. Times print no year and the clearing day stands in
the file's name alone, so a renamed file is refused. Source: field guide of gateways, 3.1 (two real files).
"""

from __future__ import annotations

import re
from datetime import date
from itertools import accumulate, pairwise

from recon.channels.standards.records import Booked
from recon.errors import Fault, InputFault

_LENGTH = 607
_BLANKS = (3, 15, 27, 34, 45)
#: Of all 41 fields. Some say that files of V2.5 have no blanks between them: such a line is spread first.
_WIDTHS = (
    3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2,
    6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 131,
)  # fmt: skip
#: Name, first byte, width; a blank stands behind each field.
_FIELDS = (
    ("交易代码", 0, 3), ("系统跟踪号", 28, 6), ("账号", 46, 19), ("交易金额", 66, 12), ("查询流水号", 87, 21),
    ("商户订单号", 112, 32), ("支付卡类型", 145, 2), ("商户手续费", 166, 13), ("结算金额", 180, 13),
    ("支付方式", 194, 4), ("交易类型", 215, 2), ("业务类型", 221, 6), ("原交易查询流水号", 271, 21),
    ("商户代码", 293, 15), ("清算净额", 374, 13), ("终端号", 388, 8), ("商户自定义域", 397, 32),
)  # fmt: skip
_TIME = (35, 10)
_LETTERED = ("商户手续费", "结算金额", "清算净额")
_OUT = frozenset({"04", "31"})
ZM = ("交易时间", "清算日期", *(name for name, _, _ in _FIELDS))
RD = ("交易类型", "交易笔数", "交易金额借", "交易金额贷", "费用借", "费用贷", "差额借", "差额贷")
_NAMED = re.compile(r"INN(\d{2})(\d{2})(\d{2})\d{2}ZM_")
_ZIPPED = re.compile(r"_20(\d{2})(\d{2})(\d{2})\.zip")


def is_zm(start: bytes) -> bool:
    """True if the first line has the length and the blanks of a ZM record, or the length without them."""
    line = _spread(start.split(b"\n", 1)[0].rstrip(b"\r"))
    return len(line) == _LENGTH and all(line[place] == 0x20 for place in _BLANKS) and line[66:78].isdigit()


def is_rd(start: bytes) -> bool:
    """True for the printed summary."""
    return "中国银联全渠道商户交易汇总表".encode("gbk") in start[:400]


def transactions(data: bytes, name: str) -> list[Booked]:
    """Return the records of a ZM file, amounts in fen; fees and settlements with the sign of the merchant's view.

    Raises:
        InputFault: when neither the file's name nor that of its archive tells the clearing day.
    """
    cleared = _clearing_day(name)
    booked = Booked({"period": f"{cleared} {cleared}"})
    for number, line in enumerate(data.split(b"\n"), start=1):
        record = _spread(line.rstrip(b"\r"))
        if record.strip():
            booked.book(_record(record, cleared), number)
    return [booked]


def summary(data: bytes) -> list[Booked]:
    """Return the lines of the printed summary (RD); they are totals of the ZM file beside it."""
    booked = Booked()
    for number, line in enumerate(data.decode("gbk", errors="replace").splitlines(), start=1):
        cells = line.split()
        account = re.search(r"商户代码[:：](\S+)", line)
        if account:
            booked.facts["account"] = account.group(1)
        if len(cells) == len(RD) and all(re.fullmatch(r"-?[\d.]+", cell) for cell in cells[1:]):
            booked.book(dict(zip(RD, cells, strict=True)), number)
    return [booked]


def _clearing_day(name: str) -> date:
    found = _NAMED.search(name) or _ZIPPED.search(name)
    try:
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return date(2000 + year, month, day)
    except ValueError:
        problem = "the clearing day stands in the name alone, and this name has none"
        remedy = "Give the file the name back that it came with (INNyymmdd88ZM_merchant)."
        raise InputFault(Fault(name, 0, "", "", problem, remedy)) from None


def _spread(line: bytes) -> bytes:
    """A record with a blank behind each field; others as they are."""
    if len(line) != sum(_WIDTHS):
        return line
    ends = tuple(accumulate(_WIDTHS, initial=0))
    return b" ".join(line[start:end] for start, end in pairwise(ends))


def _record(record: bytes, cleared: date) -> dict[str, str]:
    row = {
        field: record[place : place + width].decode("gbk", errors="replace").strip() for field, place, width in _FIELDS
    }
    for field in _LETTERED:
        row[field] = _signed(row[field])
    if row["交易类型"] in _OUT and row["交易金额"].isdigit():
        row["交易金额"] = f"-{row['交易金额']}"
    row["清算日期"] = cleared.isoformat()
    row["交易时间"] = _moment(record[_TIME[0] : sum(_TIME)].decode("ascii", errors="replace"), cleared)
    return row


def _signed(text: str) -> str:
    """`D000000002861`: taken from the merchant, negative; `C…`: paid to it."""
    return f"-{text[1:]}" if text.startswith("D") else text.removeprefix("C")


def _moment(text: str, cleared: date) -> str:
    """MMDDhhmmss with the year that brings it next to the clearing day; what is no time comes back as it stands."""
    if not re.fullmatch(r"\d{10}", text):
        return text
    month, day, clock = int(text[:2]), int(text[2:4]), f"{text[4:6]}:{text[6:8]}:{text[8:]}"
    near: list[tuple[int, date]] = []
    for year in (cleared.year - 1, cleared.year, cleared.year + 1):
        try:
            one = date(year, month, day)
        except ValueError:
            continue
        near.append((abs((one - cleared).days), one))
    return f"{min(near)[1]} {clock}" if near else text
