import io

import pytest

from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.records import LONGEST, Broken, Record, Records


def _records(text: str, delimiter: str = ",") -> list[Record]:
    return list(Records(io.StringIO(text, newline="").readline, delimiter))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_record(end: str) -> None:
    assert _records(end.join(["a,b", '"c', 'd",e', "", "f,g"])) == [["a", "b"], [f"c{end}d", "e"], [], ["f", "g"]]


def test_line_ends_may_be_mixed() -> None:
    assert _records("a\rb\nc\r\nd") == [["a"], ["b"], ["c"], ["d"]]


def test_other_separators_of_lines_are_text() -> None:
    assert _records("a\u2028b\x85c\x0bd\n") == [["a\u2028b\x85c\x0bd"]]


def test_the_line_that_tells_the_delimiter_is_no_record() -> None:
    assert _records("\ufeffsep=;\r\na;b\r\n", ";") == [["a", "b"]]
    assert _records('"sep=;"\na;b\n', ";") == [["a", "b"]]


def test_quotes_within_quotes_and_behind_blanks() -> None:
    assert _records('"say ""hi""", "a, b",5" tall\n') == [['say "hi"', "a, b", '5" tall']]


def test_a_bad_quote_rejects_its_line_alone() -> None:
    assert _records('a,b\nc,"d"e\nf,g\n') == [["a", "b"], Broken("bad_quotes", 1, ("c", '"d"e')), ["f", "g"]]  # type: ignore[arg-type]


def test_lines_that_a_bad_quote_drew_in_are_read_by_themselves() -> None:
    assert _records('a,"b\nc,d\ne,"f"\ng,h\n') == [
        Broken("bad_quotes", 1, ("a", '"b')),  # type: ignore[arg-type]
        ["c", "d"],
        ["e", "f"],
        ["g", "h"],
    ]


def test_the_tail_of_a_broken_record_is_no_row() -> None:
    assert _records('a,"say "hi" to\nher",b\nc,d\n') == [
        Broken("bad_quotes", 1, ("a", '"say "hi" to')),  # type: ignore[arg-type]
        Broken("bad_quotes", 0, ('her"', "b")),  # type: ignore[arg-type]
        ["c", "d"],
    ]


def test_a_record_of_several_lines_after_a_broken_one_is_whole() -> None:
    assert _records('a,"b"c"\nd,"e\nf"\n')[1:] == [["d", "e\nf"]]


@pytest.mark.parametrize(
    ("text", "column"), [('a,b\nc,"d\ne,f\n', "B"), ('a,b\n"c\nd","e,f\n', "B"), ('a,b\n"c', "A"), ('x,"a""', "B")]
)
def test_a_quote_that_is_never_closed_is_told_with_its_column(text: str, column: str) -> None:
    with pytest.raises(Unreadable) as told:
        _records(text)
    assert told.value.at(1, ["A", "B"]).column == column
    assert told.value.at(1, []).column == {"A": "1", "B": "2"}[column]


def test_a_quote_that_is_not_closed_for_long_is_never_closed() -> None:
    with pytest.raises(Unreadable) as told:
        _records('a,"' + "b\n" * LONGEST)
    assert (told.value.code, told.value.at(1, []).column) == ("open_quote", "2")


def test_a_long_cell_rejects_its_line_alone() -> None:
    long = "x" * 200_000
    assert _records(f"a,{long},b\nc,d,e\n") == [Broken("too_long", 1, ("a", long, "b")), ["c", "d", "e"]]  # type: ignore[arg-type]


def test_a_line_of_more_than_a_million_letters_ends_it_all() -> None:
    assert len(_records(",".join(["x" * 99_999] * 10) + "\n")[0]) == 10
    with pytest.raises(Unreadable) as told:
        _records("a,b\n" + "x," * LONGEST)
    assert told.value.code == "line_too_long"


def test_many_bad_quotes_take_no_more_time_than_as_many_lines() -> None:
    asked = 0
    text = io.StringIO('"x\n' * 5_000 + '"\n', newline="")

    def readline(limit: int) -> str:
        nonlocal asked
        asked += 1
        return text.readline(limit)

    assert all(isinstance(record, Broken) for record in list(Records(readline, ","))[:-1])
    assert asked < 5_010
