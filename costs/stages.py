"""Which stages are priced under which loads, and what each may cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from costs.bill import Bill, bill
from costs.load import IDLE, MILLION, TEN_THOUSAND, Load, Month
from costs.prices import PriceList
from costs.template import Template
from infra.stage import PROD, STAGING, Stage

# Nobody tests campaigns with a day between two of their steps: `-c schedules=awake`.
AWAKE = replace(STAGING, rests=False)


@dataclass(frozen=True)
class Case:
    """A stage under a load. AWS's allowances are the account's: production has them, staging pays the list."""

    title: str
    stage: Stage
    load: Load
    limit: float | None = None
    allowances: bool = False


CASES = (
    Case("Production, idle", PROD, IDLE, limit=110, allowances=True),
    Case("Production, 10,000 messages a day", PROD, TEN_THOUSAND, limit=130, allowances=True),
    Case("Production, 1,000,000 messages a day", PROD, MILLION, allowances=True),
    Case("Staging, idle", STAGING, IDLE, limit=40),
    Case("Staging, schedules awake, idle", AWAKE, IDLE),
    Case("Staging, schedules awake, 10,000 messages a day", AWAKE, TEN_THOUSAND),
)


@dataclass(frozen=True)
class Priced:
    """A case with its bill."""

    case: Case
    month: Month
    bill: Bill

    @property
    def to_pay(self) -> float:
        """What is left of the list price."""
        return self.bill.at_best if self.case.allowances else self.bill.total


def price_all(template_of: Callable[[Stage], Template], prices: PriceList) -> list[Priced]:
    """Every case; each stage is synthesized once."""
    templates: dict[Stage, Template] = {}
    return list(_priced(template_of, templates, prices))


def _priced(
    template_of: Callable[[Stage], Template], templates: dict[Stage, Template], prices: PriceList
) -> Iterator[Priced]:
    for case in CASES:
        if case.stage not in templates:
            templates[case.stage] = template_of(case.stage)
        month = Month(templates[case.stage], case.load)
        yield Priced(case, month, bill(month, prices))
