"""`./dev smoke STAGE`: whether a deployed stage does what it is for, seen from outside. Nothing leaves it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from local.cloud.account import Aws
from local.cloud.deployed import Deployed, deployed
from local.cloud.http import ask
from local.cloud.reading_logs import newest_errors
from local.cloud.trying_person import Person, Skipped, person_of, sign_in, try_message

LOOK_BACK_SECONDS = 15 * 60


class Result(Enum):
    """What became of one check."""

    WELL = "ok"
    SKIPPED = "skipped"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Finding:
    """One check, and what it found."""

    check: str
    result: Result
    told: str = ""

    def __str__(self) -> str:
        return f"  {self.result.value:<8} {self.check}{f': {self.told}' if self.told else ''}"


class Failed(Exception):
    """A check found something wrong; carries what."""


def smoke(name: str, aws: Aws, *, since: float | None = None, person: Person | None = None) -> int:
    """Try a stage out and print each finding; the exit status is 1 if one failed.

    Errors in the logs count from the beginning, or since then: a deployment asks from its own beginning on.
    """
    stage = deployed(name, aws)
    print(f"Trying out {name} at {stage.url}", flush=True)
    findings = []
    for finding in all_findings(stage, person or person_of(name), since or time.time()):
        print(finding, flush=True)
        findings.append(finding)
    if all(finding.result is not Result.FAILED for finding in findings):
        return 0
    print("Something is wrong. What to do: docs/operations.md, “When a deployment goes wrong”.")
    return 1


def all_findings(stage: Deployed, person: Person | None, since: float) -> Iterator[Finding]:
    """Every check in its turn; one that fails does not keep the others from being made."""
    yield found("the description of the API is served", lambda: _openapi(stage))
    yield found("the page to sign in is served", lambda: _sign_in_page(stage))
    yield found("nobody comes in without a token", lambda: _closed(stage))
    yield from _with_person(stage, person)
    yield found("no function has logged an error meanwhile", lambda: _quiet(stage, since))


def found(check: str, act: Callable[[], str]) -> Finding:
    """Make one check; whatever it raises is its finding."""
    try:
        return Finding(check, Result.WELL, act())
    except Skipped as why:
        return Finding(check, Result.SKIPPED, str(why))
    except Exception as error:  # noqa: BLE001 - a check that cannot be made has failed
        return Finding(check, Result.FAILED, str(error) or type(error).__name__)


def _openapi(stage: Deployed) -> str:
    answer = ask("GET", f"{stage.url}/api/openapi.json")
    if answer.status != 200 or "paths" not in answer.json():  # noqa: PLR2004
        raise Failed(str(answer))
    return f"{len(answer.json()['paths'])} paths"


def _sign_in_page(stage: Deployed) -> str:
    answer = ask("GET", f"{stage.url}/sign-in")
    if answer.status != 200 or b'name="password"' not in answer.body:  # noqa: PLR2004
        raise Failed(str(answer))
    return ""


def _closed(stage: Deployed) -> str:
    answer = ask("GET", f"{stage.url}/api/crm/fans")
    if answer.status != 401:  # noqa: PLR2004
        raise Failed(f"it should answer 401, and answers {answer}")
    return ""


def _with_person(stage: Deployed, person: Person | None) -> Iterator[Finding]:
    """What takes somebody: a token is got once, and nothing else is tried without."""
    if person is None:
        yield Finding("a person signs in", Result.SKIPPED, "HUNTAZE_SMOKE_EMAIL and HUNTAZE_SMOKE_PASSWORD are not set")
        return
    tokens: list[str] = []

    def signs_in() -> str:
        tokens.append(sign_in(stage, person))
        return ""

    yield found("a person signs in", signs_in)
    for token in tokens:
        yield found("they see their fans", lambda token=token: _fans(stage, token))  # type: ignore[misc]
        yield found(
            "a message to a held account waits, and is withdrawn",
            lambda token=token: try_message(stage, token),  # type: ignore[misc]
        )


def _fans(stage: Deployed, token: str) -> str:
    answer = ask("GET", f"{stage.url}/api/crm/fans?limit=1", token=token)
    if answer.status != 200:  # noqa: PLR2004
        raise Failed(str(answer))
    return ""


def _quiet(stage: Deployed, since: float) -> str:
    lines = newest_errors(stage.stage, stage.aws, since - LOOK_BACK_SECONDS)
    for line in lines:
        print(f"           {line}")
    if any(line.at >= since for line in lines):
        raise Failed("the newest stand above")
    return "those above are older" if lines else ""
