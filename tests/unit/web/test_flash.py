from huntaze.web import flash
from huntaze.web.views import Says, Toast, Undo

SECRET = "the token of a session"


def test_what_is_said_comes_back_with_its_way_back() -> None:
    undo = Undo(action="/fans/bulk/tags/undo", fields={"fans": "a,b", "do": "remove"})
    toast = Toast(says=Says("toast.tagged", {"count": 2, "tag": 'é"; Path=/'}), tone="warning", undo=undo)
    assert flash.read(flash.written(toast, SECRET), SECRET) == toast


def test_somebody_elses_words_are_not_said() -> None:
    written = flash.written(Toast(says=Says("toast.note_saved")), SECRET)
    for value in (None, "", "x", written[:-1], "A" + written):
        assert flash.read(value, SECRET) is None
    assert flash.read(written, "another session") is None


def test_what_would_outgrow_a_cookie_is_cut() -> None:
    ids = ",".join("0" * 32 for _ in range(200))
    toast = Toast(says=Says("toast.tagged", {"tag": "x" * 10_000}), undo=Undo(action="/undo", fields={"fans": ids}))
    written = flash.written(toast, SECRET)
    assert len(written) < 3_900
    assert flash.read(written, SECRET) == Toast(says=Says("toast.tagged", {"tag": "x" * 200}))
