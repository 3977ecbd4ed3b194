from hypothesis import given
from hypothesis import strategies as st

from huntaze.web import tokens

SECRET = "the token of a session"
WORDS = st.text(max_size=50)


@given(WORDS)
def test_what_a_form_was_given_is_taken_back(secret: str) -> None:
    assert tokens.is_for_form(tokens.for_form(secret), secret)


@given(st.text(max_size=200))
def test_nothing_else_is_taken(token: str) -> None:
    assert not tokens.is_for_form(token, SECRET)


def test_a_token_is_good_for_its_own_session_alone() -> None:
    assert not tokens.is_for_form(tokens.for_form("another"), SECRET)


def test_no_two_are_alike_and_none_tells_the_secret() -> None:
    made = {tokens.for_form(SECRET) for _ in range(100)}
    assert len(made) == 100
    assert not [token for token in made if SECRET in token]


def test_a_changed_token_is_not_taken() -> None:
    token = tokens.for_form(SECRET)
    other = "A" if token[0] != "A" else "B"
    for changed in (token[1:], token[:-1], other + token[1:], token * 2, token.swapcase(), f" {token}"):
        assert not tokens.is_for_form(changed, SECRET)


NOTES = st.recursive(WORDS | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=4), max_leaves=8)


@given(NOTES)
def test_a_note_comes_back_as_it_went_out(note: object) -> None:
    sealed = tokens.sealed(note, SECRET)
    assert sealed.isascii()
    assert not set(sealed) & set('";, \\')
    if len(sealed) <= 4096:
        assert tokens.unsealed(sealed, SECRET) == note


@given(st.text(max_size=200))
def test_a_note_of_somebody_else_is_none(text: str) -> None:
    assert tokens.unsealed(text, SECRET) is None


def test_a_note_of_another_session_or_of_another_kind_is_none() -> None:
    assert tokens.unsealed(tokens.sealed(["x"], "another"), SECRET) is None
    assert tokens.unsealed("form." + tokens.sealed("", SECRET).partition(".")[2], SECRET) is None


def test_fresh_tokens_are_long_and_different() -> None:
    made = {tokens.fresh() for _ in range(1_000)}
    assert len(made) == 1_000
    assert min(map(len, made)) >= 43
