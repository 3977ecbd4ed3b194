from huntaze.web.answer import POLICY, Answer, bringing_files_to

BUCKET = "https://files.s3.eu-west-1.amazonaws.com"


def _rules(policy: str) -> dict[str, str]:
    return dict(rule.strip().split(" ", 1) for rule in policy.split(";"))


def test_a_page_that_brings_files_may_send_to_one_more_origin_and_nothing_else() -> None:
    usual, wider = _rules(POLICY), _rules(bringing_files_to(BUCKET)["Content-Security-Policy"])
    widened = {name for name, allowed in wider.items() if allowed != usual[name]}

    assert wider.keys() == usual.keys()
    assert widened == {"connect-src", "form-action"}
    assert {wider[name] for name in widened} == {f"'self' {BUCKET}"}


def test_its_answer_has_that_policy_in_place_of_the_usual_one() -> None:
    told = Answer("Hello", headers=bringing_files_to(BUCKET)).as_event("", transport=True)["headers"]
    assert told["Content-Security-Policy"] == bringing_files_to(BUCKET)["Content-Security-Policy"]
    assert Answer("Hello").as_event("", transport=True)["headers"]["Content-Security-Policy"] == POLICY
