import pytest

from huntaze.exports.sheet import COLUMNS
from huntaze.imports.model import Field
from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.headers import mapped, names_the_fan, normalised


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Username", Field.USERNAME),
        ("  user_name ", Field.USERNAME),
        ("USER-NAME:", Field.USERNAME),
        ("Nom d\u2019utilisateur", Field.USERNAME),
        ("Handle", Field.USERNAME),
        ("Pseudo", Field.USERNAME),
        ("userId", Field.USER_ID),
        ("Display name", Field.NAME),
        ("E-mail", Field.EMAIL),
        ("Subscription Tier", Field.TIER),
        ("TOTAL SPENT", Field.SPENT),
        ("Total dépensé", Field.SPENT),
        ("total depense", Field.SPENT),
        ("Lifetime value", Field.SPENT),
        ("LTV", Field.SPENT),
        ("Last active", Field.LAST_SEEN),
        ("Dernière visite", Field.LAST_SEEN),
        ("Währung", Field.CURRENCY),
        ("ユーザー名", Field.USERNAME),
        ("do_not_contact", Field.DO_NOT_CONTACT),
    ],
)
def test_names_are_known_in_any_writing(header: str, field: Field) -> None:
    assert mapped([header, "x"], None, {}) == {field: header}


@pytest.mark.parametrize("header", ["Name", "ID", "Fan", "Amount", "Date", "Since", "Notes", ""])
def test_what_may_mean_several_things_is_left_to_a_person(header: str) -> None:
    assert mapped([header], None, {}) == {}


def test_of_two_candidates_the_name_of_the_contract_wins() -> None:
    assert mapped(["Handle", "Username"], None, {}) == {Field.USERNAME: "Username"}


def test_two_candidates_of_one_rank_are_left_to_a_person() -> None:
    assert mapped(["LTV", "Total"], None, {}) == {}


def test_what_was_remembered_wins_over_names() -> None:
    remembered = {"anotherone": Field.USERNAME, "total": Field.NAME}
    assert mapped(["Username", "Another one", "Total"], None, remembered) == {
        Field.USERNAME: "Another one",
        Field.NAME: "Total",
    }


def test_what_is_chosen_is_all_there_is() -> None:
    header = ["Username", "Notes", "Email"]
    assert mapped(header, {Field.NAME: "notes"}, {"email": Field.EMAIL}) == {Field.NAME: "Notes"}


def test_an_unknown_column_is_told() -> None:
    with pytest.raises(Unreadable) as told:
        mapped(["Username"], {Field.NAME: "Nom"}, {})
    assert (told.value.code, told.value.row, told.value.column) == ("unknown_column", None, "Nom")


def test_names_of_nothing_but_punctuation_stay_apart() -> None:
    assert normalised("#") != normalised("%")


def test_somebody_is_named_by_username_or_id() -> None:
    assert names_the_fan({Field.USERNAME: "a"})
    assert names_the_fan({Field.USER_ID: "a"})
    assert not names_the_fan({Field.NAME: "a", Field.EMAIL: "b"})


def test_the_columns_of_our_own_export_are_known() -> None:
    mapping = mapped(list(COLUMNS), None, {})
    assert set(mapping) == set(Field) - {Field.EMAIL, Field.TIER}
    assert set(COLUMNS) - set(mapping.values()) == {"Added", "Fan ID"}
