from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from huntaze.exports.sheet import sheet
from huntaze.fans.model import Platform
from huntaze.imports.model import Field
from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.inspecting import inspect
from huntaze.imports.reading.rows import Rejected, Row, rows
from huntaze.imports.reading.sources import Held
from tests.support.export_fakes import some_fans
from tests.support.sheets import read, row, rules

MOMENT = datetime(2025, 4, 3, 10, 20, 30, tzinfo=UTC)


def test_every_column_of_the_contract() -> None:
    text = (
        "Platform,Do Not Contact,Tags,Currency,Last Seen,Total Spent,"
        "Subscription Tier,Email,Display Name,User ID,Username\n"
        'fansly,yes,"vip, whale",eur,2025-04-03T10:20:30Z,"1.234,56 €",Gold,r@x.test,Robin,4711,@robin\n'
    )
    assert read(text) == [
        Row(
            number=1,
            platform=Platform.FANSLY,
            platform_id="4711",
            handle="robin",
            name="Robin",
            email="r@x.test",
            tier="Gold",
            spent_cents=123_456,
            currency="EUR",
            last_seen_at=MOMENT,
            tags=("vip", "whale"),
            do_not_contact=True,
        )
    ]


def test_empty_cells_say_nothing() -> None:
    assert read("Username,Platform,Email,Total Spent,Last Seen,Tags\nrobin, ,,,,\n") == [row(1, handle="robin")]


def test_the_platform_is_the_one_that_was_chosen() -> None:
    assert read("Username\nrobin\n", rules(platform=Platform.PATREON)) == [
        row(1, platform=Platform.PATREON, handle="robin")
    ]


def test_the_first_fault_of_a_row_is_told() -> None:
    text = "Last Seen,Username,Total Spent,Currency\nnever,a b,free,$\n2025-04-03,a b,free,USD\n2025-04-03,a b,1,USD\n"
    assert [(each.column, each.reason) for each in read(text) if isinstance(each, Rejected)] == [
        ("Currency", "bad_currency"),
        ("Total Spent", "bad_amount"),
        ("Username", "bad_username"),
    ]


def test_blank_rows_count_and_are_passed_over() -> None:
    assert [each.number for each in read("Username,Email\na,\n\n , \n,,,,\nb,\n")] == [1, 5]


def test_blank_cells_behind_the_last_column_are_nothing() -> None:
    assert read("Username,Email\na,,, \n") == [row(1, handle="a")]


def test_rows_of_another_width_are_rejected() -> None:
    assert read("Username,Email\na\nb,,c\n") == [
        Rejected(1, None, "too_few_cells", ("a",)),
        Rejected(2, None, "too_many_cells", ("b", "", "c")),
    ]


def test_somebody_needs_a_name() -> None:
    assert read("Username,User ID,Email\n,,a@b\n,7,\n") == [
        Rejected(1, "Username", "no_name", ("", "", "a@b")),
        row(2, platform_id="7"),
    ]


def test_what_is_no_username_needs_an_id_beside_it() -> None:
    assert read("Username,User ID\nRobin Fan,\nRobin Fan,7\n=1+1,\n") == [
        Rejected(1, "Username", "bad_username", ("Robin Fan", "")),
        row(2, handle="Robin Fan", platform_id="7"),
        Rejected(3, "Username", "bad_username", ("=1+1", "")),
    ]


def test_the_amount_is_in_the_currency_of_its_row() -> None:
    assert read("Username,Total Spent,Currency\na,$1,\nb,€1,EUR\nc,€1,\nd,$1,CAD\n") == [
        row(1, handle="a", spent_cents=100),
        row(2, handle="b", spent_cents=100, currency="EUR"),
        Rejected(3, "Total Spent", "other_currency", ("c", "€1", "")),
        row(4, handle="d", spent_cents=100, currency="CAD"),
    ]


def test_the_locale_decides() -> None:
    text = "Username;Total Spent;Last Seen\na;1.234;03/04/2025\n"
    assert read(text, rules()) == [Rejected(1, "Total Spent", "ambiguous_amount", ("a", "1.234", "03/04/2025"))]
    assert read(text, rules(locale="de-DE")) == [
        row(1, handle="a", spent_cents=123_400, last_seen_at=datetime(2025, 4, 3, tzinfo=UTC))
    ]
    assert read("Username;Last Seen\na;03/04/2025\n", rules(locale="en-US")) == [
        row(1, handle="a", last_seen_at=datetime(2025, 3, 4, tzinfo=UTC))
    ]


def test_nobody_was_seen_in_the_future() -> None:
    assert [type(each) for each in read("Username,Last Seen\na,2026-06-02\nb,2026-06-02T00:01Z\n")] == [Row, Rejected]


def test_a_row_with_a_nul_is_rejected_wherever_it_stands() -> None:
    assert read("Username,Notes\na,b\x00c\n") == [Rejected(1, "Notes", "nul", ("a", "b␀c"))]


def test_cells_that_an_export_made_harmless_are_read_as_they_were() -> None:
    assert read("Username,Display Name,Total Spent\n'@robin,'=1+1,\nann,O'Neil,'-5\n") == [
        row(1, handle="robin", name="=1+1"),
        Rejected(2, "Total Spent", "negative_amount", ("ann", "O'Neil", "'-5")),
    ]


def test_one_column_may_say_two_things() -> None:
    chosen = {Field.USERNAME: "Who", Field.NAME: "Who"}
    assert read("Who\nrobin\n", chosen=chosen) == [row(1, handle="robin", name="robin")]


def test_reading_goes_on_behind_a_row() -> None:
    text = 'Username,Display Name\na,"two\nlines"\n\nb,x"\n"c"d,\ne,f\n'
    whole = read(text)
    assert [each.number for each in whole] == [1, 3, 4, 5]
    for after in range(7):
        assert read(text, after=after) == [each for each in whole if each.number > after]


def test_how_far_reading_is() -> None:
    source = Held(("Username\n" + "robin\n" * 50_000).encode())
    reading = rows(source, inspect(source, None, {}), rules())
    assert reading.bytes_read == 0
    places = [reading.bytes_read for _ in reading]
    assert places == sorted(places)
    assert 0 < places[0] < source.size // 2
    assert places[-1] == source.size


def test_our_own_export_is_read_unchanged() -> None:
    (fan,) = some_fans(
        1,
        MOMENT,
        name='=Robin; "the" O\'Neil',
        handle="-robin",
        platform=Platform.FANSLY,
        platform_id="00123",
        tags=("vip", "a, b", "+1"),
        value_cents=123_456_789,
        currency="EUR",
        last_seen_at=MOMENT,
        do_not_contact=True,
    )
    silent = replace(fan, handle=None, tags=(), last_seen_at=None, do_not_contact=False)
    assert read("".join(sheet([[fan], [silent]]))) == [
        row(
            1,
            platform=Platform.FANSLY,
            platform_id="00123",
            handle="-robin",
            name=fan.name,
            tags=fan.tags,
            spent_cents=123_456_789,
            currency="EUR",
            last_seen_at=MOMENT,
            do_not_contact=True,
        ),
        row(
            2,
            platform=Platform.FANSLY,
            platform_id="00123",
            name=fan.name,
            spent_cents=123_456_789,
            currency="EUR",
            do_not_contact=False,
        ),
    ]


@given(st.text(max_size=200))
def test_whatever_stands_below_a_header_is_read_or_refused(text: str) -> None:
    content = ("Username,Total Spent,Last Seen\n" + text).encode("utf-8", "replace")
    try:
        numbers = [each.number for each in read(content)]
    except Unreadable as fault:
        numbers = []
        assert fault.code in {"header_alone", "open_quote", "not_text"}  # noqa: PT017  (anything may be read, or one of these)
    assert numbers == sorted(set(numbers))
