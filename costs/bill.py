"""A month's bill: what a template holds under a load, times the prices."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from costs.lines import Line, Unpriced
from costs.load import Month
from costs.parts import FREE, PRICED
from costs.prices import PriceList


@dataclass(frozen=True)
class Bill:
    """Lines and prices, and what comes of them."""

    lines: Sequence[Line]
    prices: PriceList

    def usd(self, line: Line) -> float:
        """What a line costs by the list."""
        return self.prices[line.price].of(line.amount)

    @property
    def total(self) -> float:
        """All lines by the list, without any allowance."""
        return sum(self.usd(line) for line in self.lines)

    def allowances(self) -> dict[str, float]:
        """What AWS takes off again, for ever and for every account, by price."""
        used: dict[str, float] = defaultdict(float)
        for line in self.lines:
            used[line.price] += line.amount
        taken_off = {name: self._allowance(name, amount) for name, amount in used.items()}
        return {name: usd for name, usd in taken_off.items() if usd}

    def _allowance(self, name: str, amount: float) -> float:
        price = self.prices[name]
        return price.of(min(amount, price.always_free))

    @property
    def at_best(self) -> float:
        """What is left for a stage that has its account to itself."""
        return self.total - sum(self.allowances().values())

    def parts(self) -> list[tuple[str, float, list[Line]]]:
        """Lines by their part, the dearest first."""
        together: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            together[line.part].append(line)
        found = [(part, sum(map(self.usd, lines)), lines) for part, lines in together.items()]
        return sorted(found, key=lambda each: -each[1])


def bill(month: Month, prices: PriceList) -> Bill:
    """The bill of a month."""
    return Bill([line for line in _lines(month) if line.amount], prices)


def _lines(month: Month) -> Iterator[Line]:
    for kind in sorted(month.template.types()):
        if kind in PRICED:
            yield from PRICED[kind](month)
        elif kind not in FREE:
            raise Unpriced(f"{kind} is new: give it a price or say why it is free, in costs/parts.py")
