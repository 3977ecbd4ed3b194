"""The address of a bridge, as somebody types it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.addresses import LONGEST_ADDRESS, checked_bridge_address
from tests.support.private_places import SPELLINGS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://bridge.example.com", "https://bridge.example.com"),
        ("  https://bridge.example.com/ \n", "https://bridge.example.com"),
        ("HTTPS://Bridge.Example.COM", "https://bridge.example.com"),
        ("https://bridge.example.com.", "https://bridge.example.com"),
        ("https://bridge.example.com:443/", "https://bridge.example.com"),
        ("https://bridge.example.com:8443", "https://bridge.example.com:8443"),
        ("https://bridge.example.com/zoe/main/", "https://bridge.example.com/zoe/main"),
        ("https://bridge.example.com/v2.1/a_b~c", "https://bridge.example.com/v2.1/a_b~c"),
        ("https://93.184.215.14", "https://93.184.215.14"),
        ("https://[2606:4700:4700:0:0:0:0:1111]:8000", "https://[2606:4700:4700::1111]:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example/zoe", "https://xn--bcher-kva.example/zoe"),
        ("https://例え.jp:8443", "https://xn--r8jz45g.jp:8443"),
    ],
)
def test_it_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert checked_bridge_address(typed) == kept
    assert checked_bridge_address(kept) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://bridge.example.com", "must begin with https://"),
        ("bridge.example.com", "must begin with https://"),
        ("ftp://bridge.example.com", "must begin with https://"),
        ("", "must be an address"),
        ("https://", "must lead to a public place"),
        ("https://zoe:secret@bridge.example.com", "must not hold credentials"),
        ("https://bridge.example.com?x=1", "without ?"),
        ("https://bridge.example.com?", "without ?"),
        ("https://bridge.example.com/#", "without ?"),
        ("https://bridge.example.com/a#b", "without ?"),
        ("https://bridge.example.com/a/../b", "must have a plain path"),
        ("https://bridge.example.com/.", "must have a plain path"),
        ("https://bridge.example.com//a", "must have a plain path"),
        ("https://bridge.example.com/%2e%2e/", "must have a plain path"),
        ("https://bridge.example.com/a;b", "must have a plain path"),
        ("https://bridge.example.com:22", "must use port 443"),
        ("https://bridge.example.com:0", "must use port 443"),
        ("https://bridge.example.com:9000", "must use port 443"),
        ("https://bridge.example.com:", "must name a port"),
        ("https://bridge.example.com:70000", "must be an address"),
        ("https://bridge.example.com:\uff18443", "must be an address in ASCII"),
        ("https://straße.example", "xn--"),  # the older standard would send the token to strasse.example
        ("https://\uff42ridge.example.com", "xn--"),
        ("https://bridge。example.com", "xn--"),
        ("https://bri\u200dge.example.com", "xn--"),
        ("https://" + "ü" * 70 + ".example", "xn--"),
        ("https://bridge.example.com/zoë", "must be an address in ASCII"),
        ("https://bridge.example.com/" + "a" * LONGEST_ADDRESS, "at most 2048"),
        ("https://" + "ü" * LONGEST_ADDRESS, "at most 2048"),
        ("https://localhost:8443", "must lead to a public place"),
        ("https://bridge", "must lead to a public place"),
    ],
)
def test_what_is_wrong_is_said_in_words(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        checked_bridge_address(typed)


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_private_place_can_be_typed(host: str) -> None:
    with pytest.raises(ValueError, match="must"):
        checked_bridge_address(f"https://{host}")


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1:40321",
        "http://localhost:8080/zoe",
        "https://bridge.example.com:9443",
        "http://[::1]:5000",
        "http://10.0.0.8",
    ],
)
def test_on_one_s_own_machine_a_bridge_may_stand_anywhere(typed: str) -> None:
    assert checked_bridge_address(typed, local=True) == typed
    with pytest.raises(ValueError, match="must"):
        checked_bridge_address(typed)


@pytest.mark.parametrize(
    "typed", ["http://zoe@127.0.0.1", "http://127.0.0.1/?x", "http://", "http://[fe80::1%25eth0]/", "http://a$b/"]
)
def test_but_not_anyhow(typed: str) -> None:
    with pytest.raises(ValueError, match="must"):
        checked_bridge_address(typed, local=True)


@given(st.text())
def test_whatever_is_typed_is_answered(text: str) -> None:
    for typed in (text, f"https://{text}", f"https://bridge.example.com/{text}", f"https://{text}.example.com"):
        try:
            kept = checked_bridge_address(typed)
        except ValueError:
            continue
        assert kept == checked_bridge_address(kept)
        assert kept.isascii()
