"""`./dev found STAGE`: the first workspace of a stage, or one more, and the invitation of its owner."""

import json
from collections.abc import Mapping
from typing import Any

from infra.functions import FOUNDING
from local.cloud.account import Aws, NotReady, stage_named

_MAILS = {
    "sent": "{owner} has got a mail with a first password, which lasts 7 days.",
    "has_account": "{owner} has an account already: the invitation waits where they sign in.",
    "not_sent": "The mail to {owner} was not sent: see the log of huntaze-founding. The same command sends it again.",
    None: "{owner} has joined it already: nothing was to be done.",
}


def found(stage: str, aws: Aws, about: Mapping[str, str]) -> int:
    """Found it and say what became of the mail; the same command again repeats what failed."""
    founded = ask(stage, aws, FOUNDING.name, about)
    news = "Founded" if founded["isNew"] else "There already:"
    print(f"{news} {about['name']!r} ({founded['workspaceId']}).")
    print(_MAILS[founded["mail"]].format(owner=founded["owner"]))
    return 0


def ask(stage: str, aws: Aws, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Call one of the functions that answer operators; NotReady with its words when it refuses."""
    name = stage_named(stage).physical(function)
    functions = aws.client("lambda")
    try:
        answered = functions.invoke(FunctionName=name, Payload=json.dumps(dict(event)).encode())
    except functions.exceptions.ResourceNotFoundException as error:
        raise NotReady(f"There is no function {name} in {aws.place}: deploy {stage} first.") from error
    answer = json.loads(answered["Payload"].read() or b"null")
    if answered.get("FunctionError") or not isinstance(answer, dict):
        raise NotReady(f"{name} failed: {json.dumps(answer)[:500]}")
    if why := answer.get("refused") or answer.get("failed"):
        raise NotReady(f"{name}: {why}")
    return answer
