"""The composition root: what this process is made of, each part made when it is first asked for."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
import os
from functools import cache

from huntaze.wiring.campaigns import CampaignParts
from huntaze.wiring.imports import ImportParts
from huntaze.wiring.outgoing import OutgoingParts
from huntaze.wiring.people import PeopleParts
from huntaze.wiring.webhooks import WebhookParts

_log = logging.getLogger(__name__)


class Wiring(WebhookParts, CampaignParts, OutgoingParts, PeopleParts, ImportParts):
    """The parts of one process."""

    def migrate(self) -> list[str]:
        """Bring the database up to date; the names of the migrations that were applied."""
        from huntaze.migrations.runner import migrate
        from huntaze.runtime.conninfo import conninfo, password

        admin = conninfo(self.secrets.value(self.settings.migrator_database_url))
        applied = migrate(admin, password(self.secrets.value(self.settings.database_url)))
        _log.info("migrated", extra={"migrations": applied})
        return applied


@cache
def current() -> Wiring:
    """The wiring of this process."""
    return Wiring(os.environ)
