import huntaze.errors
from huntaze.errors import Forbidden, HuntazeError, Invalid, NotFound, Unauthenticated


def _tree() -> list[type[HuntazeError]]:
    return HuntazeError.__subclasses__()


def test_every_error_is_drawn_in_the_tree_with_its_code() -> None:
    drawing = huntaze.errors.__doc__ or ""
    for error in _tree():
        assert any(error.__name__ in line and f" {error.code} " in line for line in drawing.splitlines()), error


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in _tree()]
    assert len(set(codes)) == len(codes)


def test_what_is_missing_and_who_is_not_proven_are_told_in_one_way_only() -> None:
    assert str(NotFound()) == str(NotFound())
    assert str(Unauthenticated()) == str(Unauthenticated())


def test_an_invalid_input_names_its_fields() -> None:
    failing = Invalid.field("name", "Must not be blank")
    assert [(field.field, field.message) for field in failing.fields] == [("name", "Must not be blank")]


def test_a_refusal_says_why() -> None:
    assert Forbidden("Analysts may not.").detail == "Analysts may not."
