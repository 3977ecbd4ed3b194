"""Amounts of money as people and their programs write them. What is read is exact; what has two readings is refused."""

import re

from huntaze.imports.reading.faults import Fault
from huntaze.money import MOST_CENTS

_LONGEST = 64
# Blanks of every kind between thousands, both apostrophes of the Swiss, the minus of typesetters.
_ALIKE = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " ") | {"’": "'", "−": "-"})  # noqa: RUF001

# What nearly every amount looks like, in one reading everywhere: 1234.56, $1,234.56.
_COMMON = re.compile(r"([$]?)([0-9]{1,15}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})[.]([0-9]{2})")

# What may stand around a number: one sign or bracket, one word of currency, in either order.
_PARTS = re.compile(r"([^0-9.,']*)([0-9.,'](?:[0-9.,' ]*[0-9])?)([^0-9.,']*)")
_BEFORE = re.compile(r"([-+(]?)([^-+()]*)([-+(]?) *")
_AFTER = re.compile(r" *([-)]?)([^-+()]*)([-)]?)")
_SIGNS = {"": False, "+": False, "-": True, "()": True}

_PLAIN = re.compile(r"([0-9]*)(?:[.,]([0-9]+))?")  # 1234, 1234.56, .56
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")  # 1,234, 1 234.56
_TWO_READINGS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1.234: a thousand and more, or one and a little

_DOLLARS = frozenset(
    {
        *("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "DOP", "BBD", "BMD"),
        *("BND", "BSD", "BZD", "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD"),
    }
)
_WORDS: dict[str, frozenset[str]] = {
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "₩": frozenset({"KRW"}),
    "₽": frozenset({"RUB"}),
    "₺": frozenset({"TRY"}),
    "₴": frozenset({"UAH"}),
    "₱": frozenset({"PHP"}),
    "₫": frozenset({"VND"}),
    "฿": frozenset({"THB"}),
    "ZŁ": frozenset({"PLN"}),
    "KČ": frozenset({"CZK"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "FT": frozenset({"HUF"}),
    "R$": frozenset({"BRL"}),
}
_OF_DOLLARS = {"US": "USD", "C": "CAD", "CA": "CAD", "A": "AUD", "AU": "AUD", "NZ": "NZD", "HK": "HKD", "S": "SGD"}
_OF_DOLLARS |= {"MX": "MXN", "NT": "TWD"}
_WORDS |= {f"{letters}$": frozenset({code}) for letters, code in _OF_DOLLARS.items()}  # US$
_WORDS |= {f"${letters}": frozenset({code}) for letters, code in _OF_DOLLARS.items()}  # $US
_CODE = re.compile(r"[A-Z]{3}")


def cents(text: str, currency: str, decimal_mark: str | None) -> int | Fault:
    """An amount in cents of this currency. Never rounded; without a decimal mark told, `1.234` is refused."""
    if (common := _COMMON.fullmatch(text)) and (not common[1] or currency in _DOLLARS):
        return int(common[2].replace(",", "") + common[3])
    parts = _PARTS.fullmatch(text.translate(_ALIKE)) if len(text) <= _LONGEST else None
    if parts is None:
        return Fault("bad_amount")
    before, after = _BEFORE.fullmatch(parts[1]), _AFTER.fullmatch(parts[3])
    if before is None or after is None:
        return Fault("bad_amount")
    negative = _SIGNS.get(before[1] + before[3] + after[1] + after[3])
    fault = _fault_of(before[2], currency) or _fault_of(after[2], currency)
    if negative is None or fault:
        return fault or Fault("bad_amount")
    amount = _number(parts[2], decimal_mark)
    # Also where it could be read in two ways: no locale would make it positive.
    return Fault("negative_amount") if negative and (amount == "ambiguous_amount" or amount) else amount


def _fault_of(word: str, currency: str) -> Fault | None:
    """What is wrong with a sign or code of currency. Any dollar is written $."""
    word = word.replace(" ", "").upper()
    if not word or word == currency or currency in _WORDS.get(word, ()):
        return None
    return Fault("other_currency" if word in _WORDS or _CODE.fullmatch(word) else "bad_amount")


def _number(digits: str, decimal_mark: str | None) -> int | Fault:
    """Cents of a bare number."""
    if _TWO_READINGS.fullmatch(digits) and decimal_mark is None:
        return Fault("ambiguous_amount")
    if grouped := _GROUPED.fullmatch(digits):
        whole, mark, rest = grouped.groups()
        if rest is not None or mark != decimal_mark or digits.count(mark) > 1:
            return _exact(whole.replace(mark, ""), rest or "")
    if plain := _PLAIN.fullmatch(digits):
        return _exact(plain[1], plain[2] or "")
    return Fault("bad_amount")


def _exact(whole: str, rest: str) -> int | Fault:
    if rest[2:].strip("0"):
        return Fault("fraction_of_a_cent")
    amount = int(whole or "0") * 100 + int(rest[:2].ljust(2, "0"))
    return amount if amount <= MOST_CENTS else Fault("too_much")
