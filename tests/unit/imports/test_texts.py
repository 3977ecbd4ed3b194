import pytest

from huntaze.fans.model import Platform
from huntaze.imports.reading import texts


def test_a_username_is_kept_without_its_sign() -> None:
    assert texts.handle("@robin") == "robin"
    assert texts.handle("@") == "bad_username"
    assert texts.handle("r" * 201) == "too_long"


@pytest.mark.parametrize("name", ["robin", "r", "Robin_99", "a.b-c", "-x-", "zoé"])
def test_letters_digits_and_little_more_tell_who_somebody_is(name: str) -> None:
    assert texts.is_username(name)


@pytest.mark.parametrize("name", ["", "robin fan", "=1+1", "a@b", "https://x.test/robin", "a,b", '"x"', "a\tb", "x'y"])
def test_other_names_do_not(name: str) -> None:
    assert not texts.is_username(name)


@pytest.mark.parametrize("cell", ["4711", "00123", "12345678901234567890", "u-12_x", "1E5", "a" * 200])
def test_an_id_stays_as_it_is(cell: str) -> None:
    assert texts.user_id(cell) == cell


@pytest.mark.parametrize("cell", ["1,23E+11", "1.23E+11", "1E+05", "1.5e12", "123456.0", "4711,00", "a\x07b"])
def test_an_id_that_a_spreadsheet_has_rounded_is_refused(cell: str) -> None:
    assert texts.user_id(cell) == "bad_id"


def test_words_are_composed() -> None:
    assert texts.text("Zoe\u0308") == "Zoë"
    assert texts.text("two\nlines\tand 🎉") == "two\nlines\tand 🎉"


@pytest.mark.parametrize("cell", ["a\x07", "\x1b[31m", "a\x7fb", "a\x85b"])
def test_control_characters_are_refused(cell: str) -> None:
    assert texts.text(cell) == "bad_text"


@pytest.mark.parametrize("cell", ["robin", "@", "a@", "a b@c", "a@b@c", "a@b\x07"])
def test_what_is_no_address_is_refused(cell: str) -> None:
    assert texts.email(cell) == "bad_email"


def test_an_address_stays_as_it_is() -> None:
    assert texts.email("Robin+x@Example.Test") == "Robin+x@Example.Test"
    assert texts.email("a" * 320 + "@b") == "too_long"


def test_a_currency_is_three_letters() -> None:
    assert texts.currency("eur") == "EUR"
    assert {texts.currency(cell) for cell in ("$", "EURO", "E1R", "ÄÖÜ")} == {"bad_currency"}


def test_a_platform_is_one_of_ours() -> None:
    assert texts.platform("Only Fans") is Platform.ONLYFANS
    assert texts.platform("FANSLY") is Platform.FANSLY
    assert texts.platform("MySpace") == "bad_platform"


@pytest.mark.parametrize(("cell", "choice"), [("Yes", True), ("oui", True), ("WAHR", True), ("no", False)])
def test_yes_and_no_in_several_languages(cell: str, choice: bool) -> None:  # noqa: FBT001  (a case, not a switch)
    assert texts.choice(cell) is choice


@pytest.mark.parametrize("cell", ["x", "maybe", "2", "-"])
def test_what_is_neither_is_refused(cell: str) -> None:
    assert texts.choice(cell) == "bad_choice"


def test_tags_stand_between_separators_each_once() -> None:
    assert texts.tags("vip; whale ;; vip", ";,") == ("vip", "whale")
    assert texts.tags("vip, whale", ";,") == ("vip", "whale")
    assert texts.tags("a, b; c", ";,") == ("a, b", "c")
    assert texts.tags("a, b", ";") == ("a, b",)
    assert texts.tags(";", ";,") == ()


def test_too_many_or_too_long_tags_are_refused() -> None:
    assert texts.tags(";".join(map(str, range(101))), ";,") == "bad_tags"
    assert texts.tags("t" * 201, ";,") == "bad_tags"
