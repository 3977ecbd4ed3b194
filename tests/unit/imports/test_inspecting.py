import pytest

from huntaze.imports.model import Field
from huntaze.imports.reading.inspecting import inspect
from huntaze.imports.reading.sources import Held
from tests.support.sheets import ENCODINGS, encoded, layout, unreadable

HEADER = "Username,Display Name\n"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8 with mark", "utf-8"),
        ("UTF-16 LE", "utf-16-le"),
        ("UTF-16 BE", "utf-16-be"),
        ("UTF-16 LE without mark", "utf-16-le"),
        ("UTF-16 BE without mark", "utf-16-be"),
        ("Windows-1252", "windows-1252"),
    ],
)
def test_encodings_are_recognised(name: str, encoding: str) -> None:
    seen = layout(encoded(HEADER + "zoe,Zoë\n", name))
    assert (seen.encoding, seen.header) == (encoding, ("Username", "Display Name"))
    assert seen.sample == (("zoe", "Zoë"),)
    assert set(ENCODINGS) >= {name}


def test_a_header_of_windows_is_read_as_one() -> None:
    assert layout("Pseudo;Total dépensé\nzoe;12\n".encode("windows-1252")).mapping == {
        Field.USERNAME: "Pseudo",
        Field.SPENT: "Total dépensé",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_recognised(delimiter: str) -> None:
    assert layout(f"Username{delimiter}Notes\na{delimiter}b\n").delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Username;Total Spent, USD;Email\na;1;b@c\n", ";"),
        ("Username,a;b,Email\nx,y,z\n", ","),
        ('"Username","a;b;c;d"\nx,y\n', ","),
        ("sep=;\nUsername,Email;x\na;b\n", ";"),
        ("sep=|\r\nUsername|Email\r\na|b\r\n", "|"),
        ("fan;mail, work\na;b\nc;d\n", ";"),
        ("Username\na\n", ","),
    ],
)
def test_the_delimiter_is_the_one_of_which_most_is_understood(text: str, delimiter: str) -> None:
    assert layout(text).delimiter == delimiter


def test_blank_lines_before_the_header_are_passed_over() -> None:
    assert layout("\n,,\nUsername,Email\na,b@c\n").header == ("Username", "Email")


def test_the_sample_is_short() -> None:
    seen = layout(HEADER + "\n,\n" + f"a,{'b' * 1_000}\n" * 100)
    assert seen.sample == (("a", "b" * 200),) * 5


def test_names_of_columns_lose_blanks_and_the_apostrophe_of_an_export() -> None:
    assert layout("Username, '-x ,\na,b,\n").header == ("Username", "-x", "")


def test_a_mapping_that_a_person_chose_holds() -> None:
    seen = inspect(Held((HEADER + "a,b\n").encode()), {Field.NAME: "Username"}, {"displayname": Field.USERNAME})
    assert seen.mapping == {Field.NAME: "Username"}


def test_what_names_nobody_is_no_fault() -> None:
    assert layout("fan,mail x\na,b\n").mapping == {}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", ("empty", None, None)),
        ("\ufeff", ("empty", None, None)),
        (" \r\n\n", ("empty", None, None)),
        ("sep=;\n", ("empty", None, None)),
        ("Username,Email", ("header_alone", None, None)),
        ("Username,Email\n\n,,\n", ("header_alone", None, None)),
        ("Username,Email,username\na,b,c\n", ("same_header_twice", None, "username")),
        ("E-Mail;email\na;b\n", ("same_header_twice", None, "email")),
        (",".join(f"c{n}" for n in range(201)) + "\n1\n", ("too_many_columns", None, None)),
        (",".join(f"c{n}" for n in range(10_000)) + "\n1\n", ("too_many_columns", None, None)),
        (f"{'n' * 201},b\n1,2\n", ("header_too_long", None, "n" * 200)),
        ('Username,"Em"ail\na,b\n', ("bad_header", None, "2")),
        ('Username,"Email\na,b\n', ("open_quote", None, "2")),
        ('Username,Email\na,b@c\nd,"e@f\ng,h@i\n', ("open_quote", 2, "Email")),
        ("User\x00name,Email\na,b\n" + "c,d\n" * 20, ("not_text", None, None)),
        ("\x00" * 100, ("not_text", None, None)),
        (bytes(range(256)) * 4, ("not_text", None, None)),
        (b"PK\x03\x04" + bytes(100), ("archive", None, None)),
        (b"\x1f\x8b\x08" + bytes(100), ("archive", None, None)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), ("archive", None, None)),
        (b"7z\xbc\xaf\x27\x1c" + bytes(9), ("archive", None, None)),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), ("picture", None, None)),
        (b"\xff\xd8\xff\xe0" + bytes(9), ("picture", None, None)),
        (b"GIF89a" + bytes(9), ("picture", None, None)),
        (b"RIFF\x01\x02\x03\x04WEBP", ("picture", None, None)),
        ("<svg xmlns=''/>", ("picture", None, None)),
        ("%PDF-1.7\n", ("not_csv", None, None)),
        ("<!DOCTYPE html><table>", ("not_csv", None, None)),
        ("<html><table>", ("not_csv", None, None)),
        ('{"fans": []}', ("not_csv", None, None)),
        ('[{"name": 1}]', ("not_csv", None, None)),
        (b"\x7fELF\x02\x01", ("not_text", None, None)),
        ("x" * 1_100_000, ("line_too_long", None, None)),
        ("Username\na\n" + "x" * 1_100_000, ("line_too_long", 2, None)),
        ("Username\na\nZoë\n".encode() + "Zoë\n".encode("windows-1252"), ("mixed_encodings", 3, None)),
        (b"Username\n" + "é\n\n".encode("windows-1252") + "é\n".encode(), ("mixed_encodings", 3, None)),
        (b"\xef\xbb\xbf" + "Username\né\n".encode("windows-1252"), ("mixed_encodings", 1, None)),
        ("Username\né\na".encode("utf-16") + b"\x00", ("mixed_encodings", 2, None)),
        ("Username\na\n".encode("utf-16-le") + b"\x01\xd8a\x00", ("mixed_encodings", 2, None)),
        (b"Username\na\nb\x81\n", ("unknown_encoding", 2, None)),
        ("Username\na\n".encode("utf-32"), ("not_text", None, None)),
    ],
)
def test_what_cannot_be_read_is_told_with_row_and_column(
    content: bytes | str, fault: tuple[str, int | None, str | None]
) -> None:
    assert unreadable(content) == fault
