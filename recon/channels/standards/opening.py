"""Which file without a table is this, by its first bytes: a standard of banks, records or reports of gateways."""

from __future__ import annotations

from collections.abc import Iterator

from recon.channels.reports import opening as reports
from recon.channels.standards import acquirers, bai2, camt, headerless, mt940, norma43, ofx, qif, unionpay
from recon.channels.standards.records import Found, Records, decoded
from recon.errors import Fault, InputFault

_START = 1 << 16
_AGAIN = "Download the statement again from the bank, as it is; do not open or edit it."


def in_standard(data: bytes, name: str, digest: str) -> Iterator[Records] | None:
    """Return the statements of a file that is no table; None for any other file.

    Raises:
        InputFault: when the file is of a standard and cannot be read.
    """
    start = data[:_START].removeprefix(b"\xef\xbb\xbf")
    try:
        found = _found(data, start, name)
    except camt.NoStatementError as error:
        raise InputFault(Fault(name, 0, "", "", str(error), _AGAIN)) from None
    if found is None:
        return None
    if not found:
        raise InputFault(Fault(name, 0, "", "", "holds no statement of an account", _AGAIN))
    return _sources(found, name, digest)


def _found(data: bytes, start: bytes, name: str) -> list[Found] | None:
    """Standard, names and content of each statement."""
    if camt.is_camt(start[:4096]):
        return [(kind, camt.NAMES, one) for kind, one in camt.statements(data)]
    if ofx.is_ofx(start[:4096]):
        return [("ofx", ofx.NAMES, one) for one in ofx.statements(decoded(data))]
    if bai2.is_bai2(start):
        return [("bai2", bai2.NAMES, one) for one in bai2.statements(decoded(data))]
    if norma43.is_norma43(start[:2048]):
        return [("norma43", norma43.NAMES, one) for one in norma43.statements(decoded(data))]
    if mt940.is_mt940(start):
        return [(kind, mt940.NAMES, one) for kind, one in mt940.statements(decoded(data))]
    if qif.is_qif(start):
        return [("qif", qif.NAMES, one) for one in qif.statements(decoded(data))]
    return _by_position(data, start, name)


def _by_position(data: bytes, start: bytes, name: str) -> list[Found] | None:
    """Lists without a header."""
    if unionpay.is_zm(start):
        return [("unionpay.zm", unionpay.ZM, one) for one in unionpay.transactions(data, name)]
    if unionpay.is_rd(start):
        return [("unionpay.rd", unionpay.RD, one) for one in unionpay.summary(data)]
    lists: list[Found] = []
    if headerless.may_be_list(start):
        lists = [("", headerless.NAMES, one) for one in headerless.statements(decoded(data))]
    elif acquirers.may_be_list(start):
        found = acquirers.statements(decoded(data))
        lists = [(found[0].kind, found[0].names, found[1])] if found is not None else []
    return lists or reports.statements(data, start)


def _sources(found: list[Found], name: str, digest: str) -> Iterator[Records]:
    for number, (kind, names, one) in enumerate(found, start=1):
        label = name if len(found) == 1 else f"{name}#{number}"
        yield Records.of(one, (kind, *names) if kind else names, label, digest)
