import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze import cursors


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), max_size=4))
def test_a_cursor_gives_back_what_went_in_and_is_safe_in_an_address(parts: list[str]) -> None:
    cursor = cursors.encode(*parts)
    assert cursors.decode(cursor) == tuple(parts)
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def _packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    ["!", "a", "é", "AAAA", "\0", _packed({}), _packed("x"), _packed([1]), _packed([["x"]]), "A" * 1025, "W1tb" * 200],
)
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="not one we gave"):
        cursors.decode(cursor)


FOREIGN = ["2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+00:00:01", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("part", ["2026-01-02T03:04:05", "2026-01-02", "yesterday", "", *FOREIGN])
def test_a_time_in_a_cursor_is_one_we_wrote(part: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cursors.moment(part)
