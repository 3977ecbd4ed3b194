"""Campaigns for the tests of pages: fans, drafts, launches, and a platform that takes what waits."""

import re
from uuid import UUID

from huntaze.campaigns.model import Audience, Campaign, Plan, Rules, Variant
from huntaze.fans.model import Platform
from huntaze.members.model import Principal
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.campaigns import CLAIMED, ENDED

BULK = "/messages/bulk"
NO_RULES = Rules(active_chat_minutes=0)


def fans(place: Place, who: Principal, *names: str, **about: object) -> list[UUID]:
    made = [place.fan(who, name=name, platform=Platform.ONLYFANS, platform_id=f"of {name}", **about) for name in names]
    place.run("UPDATE fans SET created_at = now() - interval '1 day' WHERE workspace_id = %s", who.workspace_id)
    return [fan.id for fan in made]


def campaign_of(page: Page) -> str:
    """The id in the address of a campaign's page."""
    found = re.search(rf"{BULK}/([0-9a-f-]{{36}})", page.path)
    assert found is not None, page.path
    return found[1]


def began(browser: Browser, **typed: object) -> str:
    browser.get(f"{BULK}/new")
    return campaign_of(browser.submit(f"{BULK}/new", **typed))


def draft(place: Place, who: Principal, content: str = "Hi {name|you}", **about: object) -> Campaign:
    plan = {"name": "Spring", "variants": (Variant(content=content),), "audience": Audience(rules=NO_RULES), **about}
    return place.parts.campaigns.create(who, Plan(**plan))  # type: ignore[arg-type]  # as a test says it


def launched(place: Place, who: Principal, content: str = "Hi {name|you}", **about: object) -> Campaign:
    campaign = draft(place, who, content, **about)
    return place.parts.launching.launch(who, campaign.id, campaign.content_hash).campaign


def sends(place: Place, who: Principal, count: int, status: str = "sent", reason: str | None = None) -> None:
    """The platform takes so many of what waits."""
    waiting = "SELECT id FROM messages WHERE workspace_id = %s AND status = 'queued' ORDER BY queued_at, id LIMIT %s"
    ids = [message_id for (message_id,) in place.run(waiting, who.workspace_id, count)]
    with place.parts.unit_of_work.transaction(who.workspace_id) as connection:
        connection.execute(CLAIMED, {"ws": who.workspace_id, "ids": ids})
        connection.execute(ENDED, {"ws": who.workspace_id, "ids": ids, "status": status, "reason": reason})
