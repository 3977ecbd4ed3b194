from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.web import addresses


@pytest.mark.parametrize("address", ["/", "/fans", "/fans?q=zo%C3%AB&sort=name", "/fans/1#notes", "/fans?next=//x"])
def test_paths_of_ours_are_taken(address: str) -> None:
    assert addresses.own(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "fans",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " /fans",
        "/\t/evil.example",
        "/\n/evil.example",
        "/fans\r\nSet-Cookie: x=y",
        "/é",
        "/fans \x00",
        "/[::1",
        "/" + "x" * 2_000,
    ],
)
def test_everything_else_leads_home(address: str) -> None:
    assert addresses.own(address, "/home") in {"/home", "/[::1"}


@given(st.text(alphabet="/\\:@.abc \t\n%?#", max_size=12))
def test_a_browser_never_leaves_the_host(address: str) -> None:
    taken = addresses.own(address)
    assert taken.startswith("/")
    assert not taken.startswith(("//", "/\\"))
    assert urlsplit(taken).netloc == ""


@pytest.mark.parametrize(
    ("referer", "path"),
    [("https://pages.example/fans?q=x", "/fans?q=x"), ("https://evil.example//evil", "//evil"), ("", ""), ("//[", "")],
)
def test_the_way_back_is_the_path_of_the_page(referer: str, path: str) -> None:
    assert addresses.path_of(referer) == path
