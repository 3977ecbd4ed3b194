"""Quick replies as they would read to the fan of the open thread."""

from uuid import UUID

from huntaze.errors import NotFound
from huntaze.quick_replies.model import Filters
from huntaze.web.inbox_views import Reply
from huntaze.web.visit import Visit
from huntaze.wording.model import Wording
from huntaze.wording.service import values_of

MOST = 30


def replies(visit: Visit, fan_id: UUID) -> tuple[Reply, ...]:
    """Those that are used most, filled in for this fan."""
    found = visit.parts.quick_replies.page(visit.who, Filters(None, None), MOST).items
    if not found:
        return ()
    try:
        values = values_of(visit.parts.fans.get(visit.who, fan_id), visit.parts.profiles.creator(visit.who))
    except NotFound:  # deleted meanwhile
        return ()
    return tuple(
        Reply(id=reply.id, text=Wording(reply.template).filled(values).text, category=reply.category or "")
        for reply in found
    )
