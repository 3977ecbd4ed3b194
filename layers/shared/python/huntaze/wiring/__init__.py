"""The composition root: what this process is made of, each part made when it is first asked for."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
import os
from functools import cache

from huntaze.errors import Misconfigured
from huntaze.wiring.campaigns import CampaignParts
from huntaze.wiring.imports import ImportParts
from huntaze.wiring.outgoing import OutgoingParts
from huntaze.wiring.people import PeopleParts
from huntaze.wiring.webhooks import WebhookParts

_log = logging.getLogger(__name__)


class Wiring(WebhookParts, CampaignParts, OutgoingParts, PeopleParts, ImportParts):
    """The parts of one process."""

    def migrate(self, *, with_next_password: bool = False) -> list[str]:
        """Bring the database up to date, the password of its application too; the names of what was applied.

        `with_next_password` takes the one over that is about to be in force (`./dev rotate`).
        """
        from huntaze.migrations.runner import migrate
        from huntaze.runtime.conninfo import conninfo, password

        admin, app = self.settings.migrator_database_url, self.settings.database_url
        for setting in (app, admin):
            self.secrets.forget(setting)  # what a warm process remembers may be the password of before
        login = self.secrets.next_value(app) if with_next_password else self.secrets.value(app)
        if login is None:
            raise Misconfigured("The secret of DATABASE_URL has no next password.")
        applied = migrate(conninfo(self.secrets.value(admin)), password(login))
        _log.info("migrated", extra={"migrations": applied})
        return applied


@cache
def current() -> Wiring:
    """The wiring of this process."""
    return Wiring(os.environ)
