import csv
import io
from datetime import UTC, datetime, timedelta, timezone

from huntaze.exports.sheet import COLUMNS, sheet
from huntaze.fans.model import Fan, Platform
from huntaze.spreadsheets import original
from tests.support.export_fakes import some_fans

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " '=1", "＝1", "x\";=cmd|' /C calc'!A0", "a,b\r\n=1", "O'Neil"]  # noqa: RUF001  (fullwidth is what this is about)


def _read(*pages: tuple[Fan, ...]) -> list[dict[str, str]]:
    text = "".join(sheet(pages))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_fan_is_a_row_of_what_the_table_shows_and_ids() -> None:
    (fan,) = some_fans(
        1,
        NOON,
        name="Robin",
        handle="robin",
        platform=Platform.FANSLY,
        platform_id="u-1",
        tags=("vip", "berlin"),
        value_cents=123_456,
        currency="EUR",
        last_seen_at=datetime(2026, 4, 30, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
        do_not_contact=True,
    )
    assert _read((fan,)) == [
        {
            "Display Name": "Robin",
            "Username": "robin",
            "Platform": "fansly",
            "Tags": "vip; berlin",
            "Total Spent": "1234.56",
            "Currency": "EUR",
            "Last Seen": "2026-05-01T04:30:00Z",
            "Added": "2026-05-01T12:00:00Z",
            "Do Not Contact": "yes",
            "User ID": "u-1",
            "Fan ID": str(fan.id),
        }
    ]


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = _read(some_fans(1, NOON, handle=None, platform_id=None, last_seen_at=None))
    assert {name for name, cell in row.items() if not cell} == {"Username", "Tags", "Last Seen", "User ID"}


def test_nobody_is_a_file_of_headers() -> None:
    assert "".join(sheet([])) == "\ufeff" + ",".join(COLUMNS) + "\r\n"


def test_pages_follow_one_another_in_their_order() -> None:
    pages = [some_fans(3, NOON), some_fans(2, NOON)]
    assert [row["Fan ID"] for row in _read(*pages)] == [str(fan.id) for page in pages for fan in page]


def test_hostile_words_are_no_formulas_and_come_back() -> None:
    fans = [some_fans(1, NOON, name=words, handle=words, tags=(words,), platform_id=words) for words in HOSTILE]
    rows = _read(*fans)
    for column in ("Display Name", "Username", "Tags", "User ID"):
        assert [original(row[column]) for row in rows] == HOSTILE
        assert not [row[column] for row in rows if row[column].strip(' \t\r\n"')[:1] in set("=+-@＝")]  # noqa: RUF001  (the same)
