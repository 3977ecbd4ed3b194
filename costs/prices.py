"""The price list: a file with a date, each price with the page it was read from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Price:
    """So many dollars for so many units; AWS gives the account `always_free` of them each month, for ever."""

    usd: float
    per: float
    unit: str
    source: str
    seen: str | None  # when the page was written that says so; None where none says it with a date
    always_free: float = 0
    note: str = ""

    def of(self, amount: float) -> float:
        """What this amount costs."""
        return self.usd * amount / self.per

    def units(self, amount: str) -> str:
        """An amount with its unit."""
        return f"{amount} {self.unit}" + ("" if amount == "1" or self.unit == "GB" else "s")


@dataclass(frozen=True)
class PriceList:
    """Every price of one region, as it was read on one day."""

    region: str
    read: str
    prices: Mapping[str, Price]

    def __getitem__(self, name: str) -> Price:
        return self.prices[name]


def read_prices(file: Path = LIST) -> PriceList:
    """The price list of this repository."""
    told = json.loads(file.read_text())
    return PriceList(told["region"], told["read"], {name: _price(each) for name, each in told["prices"].items()})


def _price(told: dict[str, object]) -> Price:
    free = told.pop("alwaysFree", 0)
    return Price(**told, always_free=free)  # type: ignore[arg-type]  # the file's keys are the fields' names
