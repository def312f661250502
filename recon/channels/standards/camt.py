"""CAMT.052, .053 and .054 (ISO 20022): all versions, by local names; nothing in a file can make it grow.

The entry is the money, its details explain it. Source: field guide of banks, 2.2.
"""

from __future__ import annotations

import re

from lxml import etree

from recon.channels.standards.records import Booked

NAMES = (
    "BookgDt", "ValDt", "Amt", "Ccy", "CdtDbtInd", "RvslInd", "Sts", "AcctSvcrRef", "NtryRef", "Batch", "EndToEndId",
    "Party", "PartyAcct", "BkTxCd", "Ustrd", "AddtlNtryInf",
)  # fmt: skip
_CONTAINERS = {
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrAcctRpt": ("camt.052", "Rpt"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
}
_TURNED = {"CRDT": "DBIT", "DBIT": "CRDT"}


class NoStatementError(ValueError):
    """The document is no statement, or is made to do harm; the message says which."""


def is_camt(start: bytes) -> bool:
    """True if the first bytes are those of an ISO 20022 document."""
    return b"iso:20022:tech:xsd:" in start.replace(b"\x00", b"")


def statements(data: bytes) -> list[tuple[str, Booked]]:
    """Return the statements of a document, each with the message (`camt.053`) it stands in.

    Raises:
        NoStatementError: for another message, a broken document, and one with a document type (entities).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise NoStatementError(f"the XML is damaged or cut short ({error.msg})") from None
    if root.getroottree().docinfo.doctype:
        raise NoStatementError("the XML has a document type, which no statement needs")
    for element in root.iter():
        element.tag = etree.QName(element).localname
    found: list[tuple[str, Booked]] = []
    for element in root.iter():
        kind = _CONTAINERS.get(re.sub(r"V\d+$", "", element.tag))
        if kind is not None:
            found += [(kind[0], _statement(one)) for one in element.iterchildren(kind[1])]
    if not found:
        raise NoStatementError("is an ISO 20022 message, but no statement of an account")
    return found


def _statement(node: etree._Element) -> Booked:
    account = _text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    balances = {_text(one, "Tp/CdOrPrtry/Cd", "Tp/Cd"): one for one in node.iterchildren("Bal")}
    entries = list(node.iterchildren("Ntry"))
    currency = _currency(node, entries, list(balances.values()))
    closed = balances.get("CLBD")
    opened = balances.get("OPBD", balances.get("PRCD"))
    booked = Booked({"account": account, "currency": currency})
    begin, end = _day(node, "FrToDt/FrDtTm", "FrToDt/FrDt"), _day(node, "FrToDt/ToDtTm", "FrToDt/ToDt")
    if begin and end:
        booked.facts["period"] = f"{begin} {end}"
    booked.facts["opening"] = _balance(opened, currency)
    booked.facts["closing"] = _balance(closed, currency)
    for name, tag in (("in", "TtlCdtNtries"), ("out", "TtlDbtNtries")):
        booked.facts[f"{name}_count"] = _text(node, f"TxsSummry/{tag}/NbOfNtries")
        booked.facts[f"{name}_sum"] = _text(node, f"TxsSummry/{tag}/Sum")
    last = (_day(closed, "Dt/Dt", "Dt/DtTm") if closed is not None else "") or end
    lines = {entry.sourceline for entry in entries}
    for place, entry in enumerate(entries, start=1):
        row = _entry(entry, last, currency)
        booked.book(row, int(entry.sourceline or place) if len(lines) == len(entries) else place)
    return booked


def _entry(entry: etree._Element, last: str, currency: str) -> dict[str, str]:
    side = _text(entry, "CdtDbtInd")
    reversed_ = _text(entry, "RvslInd").lower() in {"true", "1"}
    facing = _TURNED.get(side, side) if reversed_ else side
    party = "Dbtr" if facing == "CRDT" else "Cdtr"
    details = list(entry.iterfind("NtryDtls/TxDtls"))
    only = details[0] if len(details) == 1 else None
    value = _day(entry, "ValDt/Dt", "ValDt/DtTm")
    code = [_text(entry, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    amount = entry.find("Amt")
    printed = amount.get("Ccy", "") if amount is not None else ""
    return {
        "BookgDt": _day(entry, "BookgDt/Dt", "BookgDt/DtTm") or value or last,
        "ValDt": value,
        "Amt": _text(entry, "Amt"),
        "Ccy": printed if printed not in {"", "XXX"} else currency,
        "CdtDbtInd": side,
        "RvslInd": "true" if reversed_ else "",
        "Sts": _text(entry, "Sts/Cd", "Sts"),
        "AcctSvcrRef": _text(entry, "AcctSvcrRef"),
        "NtryRef": _text(entry, "NtryRef"),
        "Batch": _text(entry, "NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId"),
        "EndToEndId": _text(only, "Refs/EndToEndId").replace("NOTPROVIDED", ""),
        "Party": _text(only, f"RltdPties/{party}/Nm", f"RltdPties/{party}/Pty/Nm"),
        "PartyAcct": _text(only, f"RltdPties/{party}Acct/Id/IBAN", f"RltdPties/{party}Acct/Id/Othr/Id"),
        "BkTxCd": "-".join(part for part in code if part) or _text(entry, "BkTxCd/Prtry/Cd"),
        "Ustrd": " ".join(_words(one) for detail in details for one in detail.iterfind("RmtInf/Ustrd")),
        "AddtlNtryInf": _text(entry, "AddtlNtryInf"),
    }


def _currency(node: etree._Element, entries: list[etree._Element], balances: list[etree._Element]) -> str:
    """The account's own; else that of its amounts; `XXX` if none is named."""
    own = _text(node, "Acct/Ccy")
    amounts = [one.find("Amt") for one in (*balances, *entries)]
    named = [own, *(one.get("Ccy", "") for one in amounts if one is not None)]
    return next((code for code in named if code not in {"", "XXX"}), "XXX")


def _balance(node: etree._Element | None, currency: str) -> str:
    """A balance with its sign, empty if it is in another currency than the account."""
    amount = node.find("Amt") if node is not None else None
    if node is None or amount is None or amount.get("Ccy", currency) not in {currency, "XXX"}:
        return ""
    return ("-" if _text(node, "CdtDbtInd") == "DBIT" else "") + _words(amount)


def _text(node: etree._Element | None, *paths: str) -> str:
    """The text at the first path that has any."""
    for path in paths if node is not None else ():
        found = node.find(path) if node is not None else None
        words = _words(found) if found is not None else ""
        if words:
            return words
    return ""


def _words(node: etree._Element) -> str:
    return " ".join((node.text or "").split())


def _day(node: etree._Element, *paths: str) -> str:
    return _text(node, *paths)[:10]
