"""What files are made of: encodings, quotes, archives, workbooks, pages, and what only looks like a table."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from recon.channels.delimited import Delimited
from recon.channels.sheets import cell_text
from recon.ledger.statement import Statement, Unread

AT = datetime.fromisoformat("2026-10-01T09:00:00")  # a cell has no zone
FIVE_PAST = datetime.fromisoformat("2026-10-01T09:05:00")
HEADER = "订单编号,买家应付货款,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题"
ROW = "{0},5.00,5.00,交易成功,2026-10-01 09:00:00,2026-10-01 09:00:01,{1}"


def bill(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *rows]) + end


def orders(statement: Statement) -> list[tuple[str, int]]:
    table = statement.table
    return list(zip(table["order_ref"].to_pylist(), table["source_row"].to_pylist(), strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings(statement: Callable[..., Statement], encoding: str) -> None:
    data = bill(ROW.format("101", "书架𠮷"), ROW.format("102", "x"))
    raw = data.encode(encoding)
    raw = b"\xff\xfe" + raw if encoding == "utf-16-le" else raw
    found = statement(raw)
    assert orders(found) == [("101", 2), ("102", 3)]
    assert found.table["state"].to_pylist() == ["completed", "completed"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(statement: Callable[..., Statement], end: str) -> None:
    assert orders(statement(bill(ROW.format("101", "a"), ROW.format("102", "b"), end=end))) == [("101", 2), ("102", 3)]


def test_tabs_between_cells(statement: Callable[..., Statement]) -> None:
    assert orders(statement(bill(ROW.format("101", "a")).replace(",", "\t"))) == [("101", 2)]


def test_rows_are_counted_as_a_person_counts(statement: Callable[..., Statement]) -> None:
    rows = [ROW.format("101", '"first\nsecond, ""third"""'), "", ROW.format("102", "x"), "\n", ROW.format("103", "y")]
    assert orders(statement(bill(*rows))) == [("101", 2), ("102", 5), ("103", 8)]
    assert orders(statement(bill(*rows, end="\r\n").encode("gb18030"))) == [("101", 2), ("102", 5), ("103", 8)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_cells_over_two_lines_in_a_file_of_several_blocks(statement: Callable[..., Statement], encoding: str) -> None:
    title = '"' + "书架，橡木\n" * 12 + '"'
    rows = [ROW.format(number, title) for number in range(10**5, 10**5 + 30_000)]
    found = orders(statement(bill(*rows).encode(encoding)))
    assert found == [(str(10**5 + place), 2 + 13 * place) for place in range(30_000)]


def test_a_quote_inside_a_cell_is_a_character(statement: Callable[..., Statement]) -> None:
    found = statement(bill(ROW.format('="101"', '5" screen'), ROW.format('"=""102"""', "a"), ROW.format("103", "b")))
    assert [number for number, _ in orders(found)] == ["101", "102", "103"]


def test_a_line_of_another_length_is_quarantined_and_the_rest_read(statement: Callable[..., Statement]) -> None:
    found = statement(bill(ROW.format("101", "a"), ROW.format("102", "a,b"), ROW.format("103", "c"), "104,1.00"))
    assert orders(found) == [("101", 2), ("103", 4)]
    assert [(fault.row, fault.problem) for fault in found.quarantined] == [
        (3, "the line has 8 cells, the header has 7"),
        (5, "the line has 2 cells, the header has 7"),
    ]


def test_a_comma_at_the_end_of_every_row_is_no_cell(statement: Callable[..., Statement]) -> None:
    assert orders(statement(bill(ROW.format("101", "a,"), ROW.format("102", "b,")))) == [("101", 2), ("102", 3)]


def test_bytes_that_are_not_in_the_encoding_do_not_stop_the_others(statement: Callable[..., Statement]) -> None:
    data = bill(*[ROW.format(str(number), "x") for number in range(9000)]).encode("gb18030")
    data += ROW.format("9001", "y").encode("gb18030").replace("交易成功".encode("gb18030"), b"\xff\xff")
    found = statement(data)
    assert found.booked_rows == 9000
    assert [(fault.row, fault.column) for fault in found.quarantined] == [(9002, "订单状态")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_encoding_is_told_by_the_whole_file_where_its_beginning_is_plain(encoding: str) -> None:
    data = "a,b\n" * 70_000 + "订单,1\n"
    assert Delimited.of(data.encode(encoding), "x.csv", "", 5).encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_column_that_becomes_rich_far_down_is_read_alike(statement: Callable[..., Statement], encoding: str) -> None:
    paid = ["5.00"] * 40_000 + [f"{number}.00" for number in range(40_000, 70_000)]
    paid[50_000], paid[60_000] = "五元", ""
    row = "{0},{1},{1},交易成功,2026-10-01 09:00:00,2026-10-01 09:00:01,书架"
    found = statement(bill(*(row.format(10**5 + place, sum_) for place, sum_ in enumerate(paid))).encode(encoding))
    assert [(fault.row, fault.value) for fault in found.quarantined] == [(50_002, "五元"), (60_002, "")]
    read = zip(found.table["order_ref"].to_pylist(), found.table["amount"].to_pylist(), strict=True)
    assert list(read) == [
        (str(10**5 + place), 100 * int(sum_[:-3])) for place, sum_ in enumerate(paid) if place not in {50_000, 60_000}
    ]


def test_the_header_may_stand_below_other_lines(statement: Callable[..., Statement]) -> None:
    found = statement("导出时间,2026\n\n" + bill(ROW.format("101", "a")))
    assert orders(found) == [("101", 4)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return memory.getvalue()


def test_each_member_of_an_archive_is_a_file(read: Callable[..., list[Statement | Unread]]) -> None:
    one, two = bill(ROW.format("101", "a")).encode(), bill(ROW.format("102", "b")).encode()
    found = read(zipped(("b/two.csv", two), ("one.csv", one), ("__MACOSX/._one.csv", b"x"), ("b/", b"")), "all.zip")
    assert [one.file for one in found] == ["all.zip/b/two.csv", "all.zip/one.csv"]
    inner = read(zipped(("inner.zip", zipped(("one.csv", one)))), "outer.zip")
    assert [one.file for one in inner] == ["outer.zip/inner.zip/one.csv"]


def test_a_zip_cut_short_says_so(unread: Callable[..., Unread]) -> None:
    data = zipped(("one.csv", bill(*[ROW.format(str(n), "x") for n in range(500)]).encode()))
    found = unread(data[: len(data) // 2], "cut.zip")
    assert found.status == "unreadable"
    assert found.fault.problem == "the zip archive is damaged or cut short"


def test_a_damaged_member_does_not_hide_the_others(read: Callable[..., list[Statement | Unread]]) -> None:
    data = bytearray(
        zipped(
            ("a.csv", bill(*[ROW.format(str(n), "x") for n in range(500)]).encode()),
            ("b.csv", bill(ROW.format("101", "a")).encode()),
        )
    )
    data[60:80] = b"\x00" * 20
    found = read(bytes(data), "all.zip")
    assert [isinstance(one, Statement) for one in found] == [False, True]


def test_gzip(statement: Callable[..., Statement], unread: Callable[..., Unread]) -> None:
    data = gzip.compress(bill(ROW.format("101", "a")).encode())
    assert statement(data, "bill.csv.gz").file == "bill.csv.gz/bill.csv"
    assert "cut short" in unread(data[:-12], "bill.gz").fault.problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 50, "is a JPEG picture, not a table"),
        (b"%PDF-1.7\n", "is a PDF document, not a table"),
        (b"<xml><return_msg><![CDATA[No Bill Exist]]></return_msg></xml>", "error answer"),
        (b'{"code":"NO_STATEMENT_EXIST","message":"x"}', "is an answer in JSON, not a bill"),
        (b"<html><body>Please sign in</body></html>", "is a web page without a table"),
        (b"a,b\n\x00\x01\x02", "is no text in UTF-8, UTF-16 or GB18030"),
        (b"PK\x03\x04 broken", "the zip archive is damaged or cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "is no readable workbook"),
    ],
    ids=["empty", "blank", "jpeg", "pdf", "xml", "json", "html", "binary", "zip", "ole"],
)  # fmt: skip
def test_what_is_no_table_is_told(unread: Callable[..., Unread], data: bytes, problem: str) -> None:
    found = unread(data)
    assert found.status == "unreadable"
    assert problem in found.fault.problem
    assert found.fault.remedy


def test_the_error_answer_shows_the_words_of_the_service(unread: Callable[..., Unread]) -> None:
    assert unread(b"<xml><return_msg><![CDATA[No Bill Exist]]></return_msg></xml>").fault.value == "No Bill Exist"


def test_a_header_without_rows_is_a_statement(statement: Callable[..., Statement]) -> None:
    found = statement(bill())
    assert (found.rows, found.booked_rows, found.table.num_rows, found.accounts) == (0, 0, 0, ())


def test_half_the_columns_names_the_nearest_channel(unread: Callable[..., Unread]) -> None:
    found = unread("订单编号,买家应付货款,订单状态\n1,2,3\n")
    assert found.status == "unknown"
    assert "nearest is taobao.orders" in found.fault.problem
    assert "买家实际支付金额/买家实付金额, 订单创建时间" in found.fault.problem


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def test_a_workbook(statement: Callable[..., Statement]) -> None:
    header = HEADER.split(",")
    found = statement(
        workbook(["notes"], header, ["101", 5, 0.1 + 0.2, "交易成功", AT, "2026-10-01 09:00:01", "a"]),
        "orders.xlsx",
    )
    assert orders(found) == [("101", 3)]
    assert found.table["amount"].to_pylist() == [30]


def test_a_number_that_excel_has_cut_is_refused(statement: Callable[..., Statement]) -> None:
    header = HEADER.split(",")
    row = [330000000000000000123, 5, 5, "交易成功", "2026-10-01 09:00:00", "2026-10-01 09:00:01", "a"]
    found = statement(workbook(header, row, ["102", *row[1:]]), "orders.xlsx")
    assert [(fault.row, fault.column) for fault in found.quarantined] == [(2, "订单编号")]
    assert "do not open it in Excel" in found.quarantined[0].remedy
    assert orders(found) == [("102", 3)]


def test_one_far_cell_does_not_end_the_program(unread: Callable[..., Unread]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "订单编号"
    sheet["XFD1048576"] = 1
    memory = io.BytesIO()
    book.save(memory)
    found = unread(memory.getvalue(), "bomb.xlsx")
    assert "claims 1048576 rows and 16384 columns but holds 2 cells" in found.fault.problem


def test_sheets_of_notes_are_passed_over(read: Callable[..., list[Statement | Unread]]) -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes["A1"] = "please read"
    other = book.create_sheet("别的")
    other.append(["a", "b", "c"])
    sheet = book.create_sheet("订单")
    sheet.append(HEADER.split(","))
    sheet.append(ROW.format("101", "a").split(","))
    memory = io.BytesIO()
    book.save(memory)
    found = read(memory.getvalue(), "orders.xlsx")
    assert [(one.file, type(one)) for one in found] == [("orders.xlsx#别的", Unread), ("orders.xlsx#订单", Statement)]


def test_spreadsheetml_named_xls(statement: Callable[..., Statement]) -> None:
    def line(cells: str) -> str:
        return "<Row>" + "".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in cells.split(",")) + "</Row>"

    sheets = "".join(f"<Worksheet><Table>{rows}</Table></Worksheet>" for rows in (
        line(HEADER) + line(ROW.format("101", "a")), line(ROW.format("102", "b"))
    ))  # fmt: skip
    text = f'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">{sheets}</Workbook>'
    assert orders(statement(text, "orders.xls")) == [("101", 2), ("102", 3)]


def test_a_page_named_xls(statement: Callable[..., Statement]) -> None:
    rows = "".join(
        "<tr>" + "".join(f"<td> {cell} </td>" for cell in line.split(",")) + "</tr>"
        for line in (HEADER, ROW.format("101", "a"))
    )
    page = f"<html><body><table>{rows}</table></body></html>"
    assert orders(statement(page.encode("gb18030"), "orders.xls")) == [("101", 2)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x", "x"), (None, ""), (True, "TRUE"), (5.0, "5"), (0.1 + 0.2, "0.3"), (1e-05, "0.00001"), (-12.5, "-12.5"),
        (123456789012345, "123456789012345"), (3.3e18, "3.30000000000000E+18"), (date(2026, 10, 1), "2026-10-01"),
        (FIVE_PAST, "2026-10-01 09:05:00"), (time(9, 5), "09:05:00"), (timedelta(hours=1), "1:00:00"),
    ],
)  # fmt: skip
def test_cells_are_shown_as_excel_shows_them(cell: object, text: str) -> None:
    assert cell_text(cell) == text
