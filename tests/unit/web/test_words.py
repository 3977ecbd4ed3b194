"""Both languages say the same things, and every sentence that is asked for is there."""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huntaze.analytics import model as analytics
from huntaze.audit.model import Action, Reason
from huntaze.campaigns import model as campaigns
from huntaze.connections.model import ConnectionState, Finding, Refusal
from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.imports import model as imports
from huntaze.imports import reasons
from huntaze.members.model import Role
from huntaze.monitoring.model import Condition, Trouble
from huntaze.sent.model import Fate
from huntaze.sessions.model import Theme
from huntaze.web import words
from huntaze.web.ai_page import CHOICES
from huntaze.web.campaigns_draft_views import STEPS
from huntaze.web.campaigns_typed import rules_typed
from huntaze.web.imports_views import LOCALES
from huntaze.web.inbox_thread import REASONS
from huntaze.web.settings import SECTIONS
from huntaze.web.texts import SHELVES
from huntaze.web.views import NAV
from huntaze.wording.model import Fault, Variable

WEB = Path(words.__file__).parent
FILES = {locale: sorted((WEB / "text" / locale).glob("*.json")) for locale in words.LOCALES}
READ = {locale: [json.loads(file.read_text("utf-8")) for file in files] for locale, files in FILES.items()}
TEXTS: dict[str, dict[str, Any]] = {
    locale: {key: text for texts in read for key, text in texts.items()} for locale, read in READ.items()
}

OF_OPERATIONS = ("database", "redis", "queue", "dead_letters", "outbox", "unknown_messages")
NEEDS = ("accounts", "trouble", "drafts", "unread")
MOVING = ("uploading", "planning", "committing", "undoing")
TEXT_KINDS = [shelf.key for shelf in SHELVES]
TEXTS_END = ["about", "new", "edit", "add", "added", "saved", "deleted", "restored"]

# Keys that code puts together, and every end they can have.
PUT_TOGETHER = {
    "platform.": [platform.value for platform in Platform],
    "status.": [status.value for status in SubscriptionStatus],
    "role.": [role.value for role in Role],
    "team.role_is.": [role.value for role in Role],
    "appearance.": [theme.value for theme in Theme],
    "nav.": [item.key for item in NAV],
    "settings.section.": [section.key for section in SECTIONS],
    "privacy.how.": [f"{step}{part}" for step in ("find", "hold", "stop", "erase") for part in ("", ".title")],
    "privacy.": ["kept", *(f"removed.{kind}" for kind in ("messages", "notes", "conversations", "drafts"))],
    "merge.refused.": ["currency", "tags", "value"],
    "column.": ["name", "platform", "tags", "value", "seen", "added"],
    "sort.": ["seen", "value", "added", "name"],
    "months.": ["short", "long"],
    "kind.": ["subscription", "ppv", "tip"],
    "event.": ["subscription", "ppv", "tip", "note", "added"],
    "audit.did.": [action.value for action in Action],
    "audit.kind.": [action.object_kind for action in Action],
    "audit.reason.": [reason.value for reason in Reason],
    "audit.": ["since", "until"],
    "keys.": ["move", "open", "select", "search", "archive", "about", "save", "leave", "all"],
    "home.": [*(f"{key}{end}" for key in NEEDS for end in ("", ".all")), *("yesterday.nothing", "last_month.nothing")],
    "home.start.": [f"{key}{end}" for key in ("connect", "fans", "invite") for end in ("", ".text")],
    "pace.": [state.value for state in ConnectionState if state not in {"active", "held"}],
    "sent.state.": [fate.value for fate in Fate],
    "sent.": ["since", "until", *(f"{kind}.{part}" for kind in ("none", "nothing") for part in ("title", "text"))],
    "error.": [f"{kind}.{part}" for kind in (400, 403, 404, 429, 500, 503, "form") for part in ("title", "text")],
    **{f"{kind}.": [*TEXTS_END, *(f"none.{part}" for part in ("title", "text", "do"))] for kind in TEXT_KINDS},
    "inbox.show.": ["unread", "unanswered", "archived"],
    "inbox.filter.": ["since", "until"],
    "inbox.chip.": ["tag", "min_value", "since", "until"],
    "inbox.": [f"{kind}.{part}" for kind in ("none", "nothing") for part in ("title", "text")],
    "write.problem.": ["text", "price", "media"],
    "talk.reason.": [*REASONS, "other"],
    "campaigns.state.": [*campaigns.Status, "any"],
    "campaigns.outcome.": list(campaigns.Outcome),
    "campaigns.reason.": list(campaigns.Reason),
    "campaigns.rests.": [f"{reason}{end}" for reason in campaigns.PauseReason for end in ("", ".do")],
    "campaigns.still.": [*(set(campaigns.AccountState) - {campaigns.AccountState.ACTIVE})],
    "campaigns.did.": ["pause", "resume", "cancel", "retry"],
    "campaigns.step.": list(STEPS),
    "campaigns.problem.": ["content", "media", "price"],
    "campaigns.": [
        *(f"{name}{end}" for name in ("bought", "replied") for end in ("", ".yes", ".no")),
        *("seen_after", "seen_before"),
    ],
    "campaigns.rule.": [f"{rule}{end}" for rule in rules_typed(campaigns.Rules()) for end in ("", ".hint")],
    "campaigns.quiet_zone.": ["creator", "fan"],
    "campaigns.result.": [*("sent", "failed", "unknown", "skipped", "replies", "buyers", "revenue")],
    "campaigns.fact.": ["name", "include", "exclude", "rules", "text", "variant", "times"],
    "campaigns.told.": [
        *("min_value", "max_value", "seen_after", "seen_before"),
        *("quiet_creator", "quiet_fan"),
    ],
    "operations.all.": [condition for condition in Condition if condition != "unknown"],
    "operations.is.": list(Condition),
    "operations.part.": OF_OPERATIONS,
    "operations.about.": [*OF_OPERATIONS, "platform"],
    "operations.trouble.": [
        *(trouble for trouble in Trouble if trouble is not Trouble.NO_ANSWER),
        *(f"no_answer.{part}" for part in ("database", "redis", "queue", "dead_letters")),
    ],
    "operations.work.": ["import", "export", "campaign"],
    "connections.state.": [state.value for state in ConnectionState],
    "connections.resumed.": ["none"],
    "connections.disconnected.": ["none"],
    "connections.banner.": ["paused", "held", "expired"],
    "connections.found.": [finding.value for finding in Finding],
    "connections.refused.": [refusal.value for refusal in Refusal],
    "connections.problem.": ["consent", "address", "token_refused"],
    "duration.": ["seconds", "minutes", "hours", "days"],
    "weekday.": [str(day) for day in range(1, 8)],
    "numbers.": ["from", "to"],
    "numbers.range.": [preset.value for preset in analytics.Preset],
    "numbers.step.": [step.value for step in analytics.Step],
    "numbers.card.": ["revenue", "offered", "active", "new", "lost", "worth", "ppv", "messages", "speed"],
    "numbers.hours.": ["in", "out", "paid"],
    "numbers.best_fans.": ["paid", "value"],
    "numbers.chatters.": ["sent", "answers", "median", "mean", "earned"],
    "imports.state.": list(imports.Status),
    "imports.policy.": [f"{policy}{end}" for policy in imports.Policy for end in ("", ".hint")],
    "imports.locale.": [str(place) for place in range(1, len(LOCALES) + 2)],
    "imports.field.": list(imports.Field),
    "imports.reason.": [*reasons.ROW, *reasons.SKIPPED, *reasons.FILE],
    "imports.now.": [*MOVING],
    "imports.leave.": [*MOVING],
    "imports.done.": ["committed", "undone"],
    "imports.did.": [*imports.Action, "created", "updated", "removed", "restored", "stayed"],
    "imports.part.": [*imports.Action, "created", "updated", "removed", "restored", "stayed"],
    "imports.does.": list(imports.Action),
    "imports.why.": ["skip", "reject"],
    "texts.field.": ["name", "template", "text", "category", "price", "attachments"],
    "variable.": [f"{variable}{end}" for variable in Variable for end in ("", ".else")],
    "wording.": [fault.value for fault in Fault],
    "ai.": [*CHOICES, *(f"{name}.{choice}" for name, choices in CHOICES.items() for choice in choices)],
    "form.field.": [
        *("name", "platform", "platform_id", "handle", "value", "email", "phone"),
        *("subscription_status", "tags", "notes", "do_not_contact"),
    ],
}


def _spelled_out() -> Iterator[str]:
    """Every string in code and templates that is a key in so many letters."""
    known = set(TEXTS["en"])
    for template in (WEB / "templates").glob("*.html"):
        yield from known & set(re.findall(r"""["']([a-z_.0-9]+)["']""", template.read_text("utf-8")))
    for module in WEB.glob("*.py"):
        tree = ast.walk(ast.parse(module.read_text("utf-8")))
        constants = (node.value for node in tree if isinstance(node, ast.Constant))
        yield from known & {value for value in constants if isinstance(value, str)}


def _asked_for() -> Iterator[str]:
    """Every key that is asked for by name, whether it is there or not."""
    for template in (WEB / "templates").glob("*.html"):
        yield from re.findall(r"""\bt\(["']([a-z_.0-9]+)["'][,)]""", template.read_text("utf-8"))
        for choice in re.findall(r"""\bt\((["'][^()]*?\bif\b[^()]*)\)""", template.read_text("utf-8")):
            yield from (
                key for key in re.findall(r"""["']([a-z_.0-9]+)["']""", choice) if "." in key or key in TEXTS["en"]
            )
    for module in WEB.glob("*.py"):
        yield from re.findall(r"""\bSays\(\s*"([a-z_.0-9]+)\"""", module.read_text("utf-8"))


def _gaps(text: object) -> set[str]:
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms if isinstance(form, str) for _, name, _, _ in string.Formatter().parse(form) if name}


@pytest.mark.parametrize("locale", words.LOCALES)
def test_no_sentence_stands_in_two_files(locale: str) -> None:
    assert len(TEXTS[locale]) == sum(map(len, READ[locale]))


def test_both_languages_say_the_same_things() -> None:
    assert list(TEXTS["en"]) == list(TEXTS["fr"])


@pytest.mark.parametrize("key", list(TEXTS["en"]))
def test_a_sentence_has_the_same_shape_in_both_languages(key: str) -> None:
    english, french = TEXTS["en"][key], TEXTS["fr"][key]
    assert type(english) is type(french)
    assert _gaps(english) == _gaps(french)
    if isinstance(english, dict):
        assert english.keys() == french.keys() == {"one", "other"}
    if isinstance(english, list):
        assert len(english) == len(french) == 12


def test_every_sentence_that_is_asked_for_is_there() -> None:
    together = {start + end for start, ends in PUT_TOGETHER.items() for end in ends}
    assert (set(_asked_for()) | together) - set(TEXTS["en"]) == set()


def test_no_sentence_is_there_for_nothing() -> None:
    together = {start + end for start, ends in PUT_TOGETHER.items() for end in ends}
    assert set(TEXTS["en"]) - set(_spelled_out()) - together == set()


def test_nothing_is_singular_in_french() -> None:
    counts = {"en": ["0 fans", "1 fan", "2 fans"], "fr": ["0 fan", "1 fan", "2 fans"]}
    for locale, expected in counts.items():
        assert [words.words(locale).say("fans.count", count=number) for number in range(3)] == expected


def test_a_name_written_from_right_to_left_does_not_turn_its_sentence() -> None:
    said = words.words("en").say("toast.fan_added", name="عبد الرحمن")
    assert said == "\u2068عبد الرحمن\u2069 was added."


def test_braces_in_a_name_are_no_gaps() -> None:
    assert words.words("en").say("toast.fan_added", name="{count} {0}") == "{count} {0} was added."
