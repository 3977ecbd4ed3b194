import pytest

from huntaze.money import MOST_CENTS, Money


@pytest.mark.parametrize("cents", [0, 1, MOST_CENTS])
def test_money_holds_what_a_bigint_holds(cents: int) -> None:
    assert Money(cents, "USD").cents == cents


@pytest.mark.parametrize("cents", [-1, MOST_CENTS + 1])
def test_money_is_never_negative_and_never_too_much(cents: int) -> None:
    with pytest.raises(ValueError, match="an amount of money"):
        Money(cents, "USD")
