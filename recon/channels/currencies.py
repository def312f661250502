"""What files call a currency -> its ISO 4217 code."""

from __future__ import annotations

import re

_WORDS = {
    "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "元": "CNY", "美元": "USD", "美金": "USD", "港币": "HKD",
    "港元": "HKD", "港幣": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "新加坡元": "SGD", "加拿大元": "CAD",
    "澳大利亚元": "AUD", "瑞士法郎": "CHF",
}  # fmt: skip


def currency_code(word: str) -> str | None:
    """Return the code of a currency's name or code as printed (`人民币元`, `usd`), None if it is neither."""
    name = _WORDS.get(word.strip(), word.strip().upper())
    return name if re.fullmatch(r"[A-Z]{3}", name) else None
