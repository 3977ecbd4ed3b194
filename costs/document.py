"""Writes docs/cost.md: the words are in cost.md.j2, the tables come from here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from costs.database import busy_acu, most_acu
from costs.figures import explained
from costs.lines import Line
from costs.load import HOURS
from costs.parts import FREE
from costs.prices import Price, PriceList
from costs.stages import Priced
from costs.template import ROOT

DOCUMENT = ROOT / "docs" / "cost.md"
WORDS = "cost.md.j2"
CENT = 0.005
CHECK = "**check**"
EXACT_BELOW = 10
LEAST_SERVERLESS_GB = 0.1  # that a serverless cache is paid for


def text(priced: Sequence[Priced], prices: PriceList) -> str:
    """The document, from its first to its last line."""
    words = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, and nothing in it comes from outside
    )
    return words.get_template(WORDS).render(
        read=prices.read,
        region=prices.region,
        short=table(("stage and load", "list price", "always free", "to pay", "may cost"), map(_in_short, priced)),
        saves=_saves(priced, prices),
        bills=[_bill(each) for each in priced],
        figures=table(("figure", "value", "what it is"), _figures()),
        prices=table(("price", "USD", "for", "always free", "read from", "page of"), _prices(prices)),
        free=table(("resource", "why"), _free()),
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def usd(amount: float) -> str:
    """Dollars and cents."""
    return f"{amount:,.2f}"


def quantity(amount: float) -> str:
    """An amount that people read: whole from ten on."""
    return f"{amount:,.0f}" if amount >= EXACT_BELOW else f"{amount:,.2f}".rstrip("0").rstrip(".")


def _in_short(each: Priced) -> Sequence[str]:
    off = each.to_pay - each.bill.total
    limit = f"{each.case.limit:,.0f}" if each.case.limit else ""
    return (each.case.title, usd(each.bill.total), usd(off) if off else "", f"**{usd(each.to_pay)}**", limit)


def _saves(priced: Sequence[Priced], prices: PriceList) -> Mapping[str, str]:
    idle, busy, _, resting, awake, _ = priced
    saved = {
        "resting": awake.bill.total - resting.bill.total,
        "awake_day": (awake.bill.total - resting.bill.total) * 24 / HOURS,
        "node": prices["cache.t4g.micro"].of(HOURS),
        "serverless": _of(idle, "nodes") - prices["cache.serverless"].of(LEAST_SERVERLESS_GB * HOURS),
        "capacity": _of(busy, "capacity") - _of(idle, "capacity"),
        "traces": _of(busy, "traces"),
        "alarms": _of(idle, "metrics watched"),
        "dashboard": prices["cloudwatch.dashboard"].usd,
        "queues": _of(idle, "listening"),
        # The instance goes and its disk; the gateway needs an address as well.
        "gateway": prices["natgateway.hour"].of(HOURS) - _of(idle, "NAT instance") - _of(idle, "its disk"),
    }
    return {name: usd(amount) for name, amount in saved.items()}


def _of(priced: Priced, what: str) -> float:
    return sum(priced.bill.usd(line) for line in priced.bill.lines if line.what.startswith(what))


def _bill(each: Priced) -> Mapping[str, str | None]:
    wanted, most = busy_acu(each.month), most_acu(each.month)
    return {
        "title": each.case.title,
        "to_pay": usd(each.to_pay),
        "table": table(("part", "USD", "what makes it"), [*_parts(each), *_sums(each)]),
        "wanted": f"{wanted:.1f}" if wanted > most else None,
        "most": f"{most:g}",
    }


def _parts(each: Priced) -> Iterator[Sequence[str]]:
    parts = each.bill.parts()
    yield from ((part, usd(cost), _what(each, lines)) for part, cost, lines in parts if cost >= CENT)
    small = [(part, cost) for part, cost, _ in parts if cost < CENT]
    if small:
        yield "less than a cent", usd(sum(cost for _, cost in small)), ", ".join(part for part, _ in small)


def _sums(each: Priced) -> Iterator[Sequence[str]]:
    if not each.case.allowances:
        yield "**to pay**", f"**{usd(each.to_pay)}**", ""
        return
    taken_off = sorted(each.bill.allowances().items(), key=lambda found: -found[1])
    named = "; ".join(f"{name} {usd(cost)}" for name, cost in taken_off if cost >= CENT)
    yield "**list price**", f"**{usd(each.bill.total)}**", ""
    yield "always free", usd(each.to_pay - each.bill.total), named
    yield "**to pay**", f"**{usd(each.to_pay)}**", ""


def _what(each: Priced, lines: Iterable[Line]) -> str:
    dearest = sorted(lines, key=lambda line: -each.bill.usd(line))
    return "; ".join(
        f"{line.what} {usd(each.bill.usd(line))} ({each.bill.prices[line.price].units(quantity(line.amount))})"
        for line in dearest
        if each.bill.usd(line) >= CENT
    )


def _figures() -> Iterator[Sequence[str]]:
    for figure in explained():
        yield f"`{figure.name}`", f"{figure.value:g}", figure.why


def _prices(prices: PriceList) -> Iterator[Sequence[str]]:
    for name, price in sorted(prices.prices.items()):
        free = quantity(price.always_free) if price.always_free else ""
        yield (
            f"`{name}`",
            _exact(price.usd),
            price.units(quantity(price.per)),
            free,
            _source(price),
            price.seen or "**check**",
        )


def _exact(amount: float) -> str:
    return f"{amount:.10f}".rstrip("0").rstrip(".")


def _source(price: Price) -> str:
    site = price.source.split("/")[2]
    return f"[{site}]({price.source})" + (f". {price.note}" if price.note else "")


def _free() -> Iterator[Sequence[str]]:
    by_reason = sorted(FREE.items(), key=lambda found: (found[1], found[0]))
    for reason, kinds in groupby(by_reason, key=lambda found: found[1]):
        yield ", ".join(f"`{kind}`" for kind, _ in kinds), reason
