"""`./dev cost`: writes docs/cost.md and says what came of it."""

from costs import document
from costs.prices import read_prices
from costs.stages import price_all
from costs.template import synthesize


def main() -> None:
    """Compute every stage and load."""
    prices = read_prices()
    priced = price_all(synthesize, prices)
    document.DOCUMENT.write_text(document.text(priced, prices))
    for each in priced:
        limit = f" (may cost {each.case.limit:,.0f})" if each.case.limit else ""
        print(f"{each.to_pay:10,.2f} USD a month: {each.case.title}{limit}")


if __name__ == "__main__":
    main()
