"""Every page there is. What is spelled out stands before what has gaps: the first that fits answers."""

from collections.abc import Callable
from importlib import import_module

from huntaze.web import (
    account,
    accounts_at_hand,
    ai_page,
    audit_page,
    campaigns_draft,
    campaigns_list,
    campaigns_page,
    campaigns_what,
    campaigns_when,
    campaigns_whom,
    connections_page,
    entrance,
    fan_form,
    fan_merge,
    fan_page,
    fan_person,
    fan_tags,
    fans_deleted,
    fans_exports,
    fans_list,
    home_page,
    inbox_about,
    inbox_acts,
    inbox_composer,
    inbox_drafts,
    inbox_page,
    invitations_page,
    numbers_page,
    privacy,
    profile_page,
    security_page,
    sent_page,
    settings,
    team_page,
    texts_form,
    texts_list,
)
from huntaze.web.answer import Answer
from huntaze.web.connections_views import PATH as CONNECTIONS
from huntaze.web.site import Route
from huntaze.web.visit import Visit

_IMPORTS = f"{CONNECTIONS}/onlyfans/imports"
_IMPORT = f"{_IMPORTS}/{{import_id}}"


def _later(page: str, name: str) -> Callable[[Visit], Answer]:
    """A handler of a page that few people open: it is loaded when somebody does."""

    def handler(visit: Visit) -> Answer:
        answer: Answer = getattr(import_module(f"huntaze.web.{page}"), name)(visit)
        return answer

    return handler


_OF_IMPORTS = (
    Route("GET", _IMPORTS, _later("imports_list", "show_imports")),
    Route("POST", _IMPORTS, _later("imports_list", "bring")),
    Route("POST", f"{_IMPORTS}/upload", _later("imports_list", "announce")),
    Route("GET", _IMPORT, _later("imports_page", "show_import")),
    Route("GET", f"{_IMPORT}/rejected.csv", _later("imports_page", "fetch_rejected")),
    Route("POST", f"{_IMPORT}/plan", _later("imports_page", "plan")),
    Route("POST", f"{_IMPORT}/commit", _later("imports_page", "commit")),
    Route("POST", f"{_IMPORT}/undo", _later("imports_page", "undo")),
)
_OF_OPERATIONS = (
    Route("GET", "/operations", _later("operations_page", "show_operations")),
    Route("POST", "/operations/redrive", _later("operations_page", "redrive")),
)

ROUTES = (
    *account.ROUTES,
    *entrance.ROUTES,
    *fans_list.ROUTES,
    *fans_exports.ROUTES,
    *fans_deleted.ROUTES,
    *fan_merge.ROUTES,
    *fan_person.ROUTES,
    *fan_tags.ROUTES,
    *fan_form.ROUTES,
    *fan_page.ROUTES,
    *home_page.ROUTES,
    *accounts_at_hand.ROUTES,
    *sent_page.ROUTES,
    *campaigns_list.ROUTES,
    *campaigns_whom.ROUTES,
    *campaigns_what.ROUTES,
    *campaigns_when.ROUTES,
    *campaigns_draft.ROUTES,
    *campaigns_page.ROUTES,
    *numbers_page.ROUTES,
    *inbox_page.ROUTES,
    *inbox_composer.ROUTES,
    *inbox_about.ROUTES,
    *inbox_drafts.ROUTES,
    *inbox_acts.ROUTES,
    *privacy.ROUTES,
    *settings.ROUTES,
    *security_page.ROUTES,
    *team_page.ROUTES,
    *invitations_page.ROUTES,
    *profile_page.ROUTES,
    *texts_list.ROUTES,
    *texts_form.ROUTES,
    *ai_page.ROUTES,
    *_OF_IMPORTS,
    *_OF_OPERATIONS,
    *connections_page.ROUTES,
    *audit_page.ROUTES,
)
