"""Texts with variables: what can be filled in is, in one pass, and everything else is refused by name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.wording.model import MAY_BE_MISSING, Fault, Filled, IllWorded, Variable, Wording
from huntaze.wording.service import for_fan, values_of
from tests.support.fakes import FakeStores
from tests.support.people import new_fan
from tests.unit.desk.people import NOON

ROBIN = {Variable.NAME: "Robin", Variable.FULL_NAME: "Robin Smith", Variable.CREATOR: "Zoë"}


@pytest.mark.parametrize(
    ("text", "filled", "missing"),
    [
        ("", "", ()),
        ("Hi there", "Hi there", ()),
        ("Hi {name|there}", "Hi Robin", ()),
        ("Hi {name}", "Hi Robin", ()),
        ("Hi { name |there}", "Hi Robin", ()),
        ("Hi {handle|there}", "Hi there", (Variable.HANDLE,)),
        ("Hi{handle|}!", "Hi!", (Variable.HANDLE,)),
        ("{handle|a|b} {handle|c}", "a|b c", (Variable.HANDLE,)),
        ("{{name}} {{}}", "{name} {}", ()),
        ("{{{name}}}", "{Robin}", ()),
        ("{name}{full_name}\n{creator}", "RobinRobin Smith\nZoë", ()),
    ],
)
def test_a_text_is_filled_in(text: str, filled: str, missing: tuple[Variable, ...]) -> None:
    assert Wording(text).filled(ROBIN) == Filled(filled, missing)


@pytest.mark.parametrize(
    ("text", "fault", "variable"),
    [
        ("{nmae|there}", Fault.UNKNOWN, "nmae"),
        ("{Name|there}", Fault.UNKNOWN, "Name"),
        ("{}", Fault.UNKNOWN, ""),
        ("{|there}", Fault.UNKNOWN, ""),
        ("Hi {name|there", Fault.UNCLOSED, "name"),
        ("Hi {", Fault.UNCLOSED, ""),
        ("{name|{handle}}", Fault.UNCLOSED, "name"),
        ("Hi name} there", Fault.STRAY, "name"),
        ("{{name}", Fault.STRAY, "name"),
        ("{name}}", Fault.STRAY, ""),
        ("{handle}", Fault.WITHOUT_FALLBACK, "handle"),
        ("{platform}", Fault.WITHOUT_FALLBACK, "platform"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_by_the_variable(text: str, fault: Fault, variable: str) -> None:
    with pytest.raises(IllWorded) as raised:
        Wording(text)
    assert (raised.value.fault, raised.value.variable) == (fault, variable)
    assert variable in str(raised.value)


@given(st.text())
def test_any_text_can_be_said_as_it_is(text: str) -> None:
    assert Wording(text.replace("{", "{{").replace("}", "}}")).filled({}).text == text


@given(st.text())
def test_any_text_is_either_filled_in_or_refused(text: str) -> None:
    with suppress(IllWorded):
        Wording(text).filled(ROBIN)


@given(st.sampled_from(Variable), st.text(min_size=1))
def test_what_a_fan_is_called_is_never_a_variable_again(variable: Variable, name: str) -> None:
    assert Wording(f"<{{{variable}|x}}>").filled({variable: name}).text == f"<{name}>"


def test_what_every_fan_has_needs_no_fallback() -> None:
    for variable in set(Variable) - MAY_BE_MISSING:
        assert Wording(f"{{{variable}}}").filled({}).missing == (variable,)


def test_a_fan_is_greeted_by_the_first_part_of_their_name() -> None:
    stores = FakeStores()
    about = {"name": "  Robin  van\nDoorn ", "handle": "robin", "platform": Platform.FANSLY}
    fan = stores.fans.add(new_fan(**about), new_id(), NOON)
    text = "{name}/{full_name}/{handle|x}/{platform|x}/{creator}"
    assert for_fan(stores, text, fan.id).text == "Robin/Robin van Doorn/robin/Fansly/Luna Vale"
    other = stores.fans.add(new_fan(name=" ", platform=Platform.OTHER), new_id(), NOON)
    assert not any(values_of(other, "").values())
    with pytest.raises(NotFound):
        for_fan(stores, text, new_id())


def test_a_text_that_was_kept_ill_worded_is_told_and_not_sent() -> None:
    stores = FakeStores()
    fan = stores.fans.add(new_fan(), new_id(), NOON)
    with pytest.raises(Conflict):
        for_fan(stores, "Hi {gone}", fan.id)
