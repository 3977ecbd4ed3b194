"""Which addresses media may be at: public ones on the internet, in the one usual spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.addresses import LONGEST_ADDRESS
from huntaze.attachments.model import Media, MediaType, checked

TAKEN = [
    "https://media.example.com/zoe/001.jpg",
    "https://media.example.com:443/a?b=c&d=%20#e",
    "HTTPS://Media.Example.COM/x",
    "https://xn--bcher-kva.example/buch.png",
    "https://localhost.example.com/",
    "https://internal.example.com/",
    "https://93.184.215.14/a.jpg",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a.jpg",
    "https://[::ffff:93.184.215.14]/a.jpg",
    "https://3com.example.com/",
    "https://a-1.b_2.example.com./",
]
PRIVATE = [
    "127.0.0.1",
    "127.1",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep the credentials of a machine
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0x7F.1",
    "0X7f.0.0.1",
    "127.0.0.1.",
    "093.184.215.14",
    "1.2.3.256",
    "1.2.3.4.5",
    "999999999999",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2001:db8::1]",
    "[fec0::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
    "[v1.fe80::a]",
    "[127.0.0.1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "printer.local",
    "metadata.google.internal",
    "db.corp",
    "router.lan",
    "nas.home.arpa",
    "intranet",
    "onlyfans",
    "",
    ".",
    "..example.com",
    "-a.example.com",
    "a..example.com",
    "a" * 64 + ".example.com",
    ("a" * 60 + ".") * 5 + "example.com",
]
ODD = [
    "",
    "https:",
    "https://",
    "https:///a.jpg",
    "http://media.example.com/a.jpg",
    "//media.example.com/a.jpg",
    "media.example.com/a.jpg",
    "ftp://media.example.com/a.jpg",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "https:media.example.com",
    "https:/media.example.com",
    "https://zoe:secret@media.example.com/a.jpg",
    "https://zoe@media.example.com/a.jpg",
    "https://media.example.com@127.0.0.1/",
    "https://media.example.com:8443/a.jpg",
    "https://media.example.com:0/a.jpg",
    "https://media.example.com:22/",
    "https://media.example.com:99999/",
    "https://media.example.com:/a.jpg",
    "https://media.example.com:443:443/",
    "https://media.example.com\\@127.0.0.1/",
    "https://media.example.com\t/a.jpg",
    "https://media.exam\nple.com/a.jpg",
    "https://media.example.com/a\0.jpg",
    "https://media.example.com/a b.jpg",
    " https://media.example.com/a.jpg",
    "https://media.example.com/a.jpg\r\n",
    'https://media.example.com/"><script>',
    "https://méd.example.com/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://127。0。0。1/",
    "https://①②⑦.0.0.1/",
    "https://media.example.com/é.jpg",
    "https://media.example.com/\u202e.jpg",
    "https://[::1/",
    "https://::1]/",
    "https://%31%32%37.0.0.1/",
    "https://localhost%2eexample.com/",
    "https://media.example.com/" + "a" * LONGEST_ADDRESS,
]


def refusal(url: str) -> str | None:
    try:
        checked(url)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("url", TAKEN)
def test_a_public_address_is_taken_as_it_is(url: str) -> None:
    assert checked(url) == url


@pytest.mark.parametrize("host", PRIVATE)
def test_a_place_that_is_not_public_is_refused_in_every_spelling(host: str) -> None:
    for url in (f"https://{host}/a.jpg", f"https://{host}:443/a.jpg", f"https://{host}"):
        assert refusal(url) is not None, url


@pytest.mark.parametrize("url", ODD)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    assert refusal(url) is not None


@given(st.integers(0, 2**32 - 1))
def test_an_address_as_a_number_is_refused_in_every_base(number: int) -> None:
    for spelling in (str(number), hex(number), f"0{number:o}"):
        assert refusal(f"https://{spelling}/") is not None


@given(st.text())
def test_whatever_comes_is_answered(text: str) -> None:
    for url in (text, f"https://{text}", f"https://media.example.com/{text}"):
        assert refusal(url) is None or refusal(url)


def test_what_is_stored_says_no_more_than_was_given() -> None:
    assert Media("https://a.example.com").as_json() == {"url": "https://a.example.com"}
    assert Media("https://a.example.com", MediaType.AUDIO).as_json() == {
        "url": "https://a.example.com",
        "type": "audio",
    }
