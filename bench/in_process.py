"""The functions in this process, with the settings of a deployment and without a gateway before them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from huntaze import wiring
from tests.support.functions import CLAIMS, CLIENT, ISSUER


@contextmanager
def functions_on(database_url: str) -> Iterator[wiring.Wiring]:
    """What handlers called meanwhile are made of: this database, and as many requests a minute as a bench sends."""
    before = dict(os.environ)
    os.environ.update(
        DATABASE_URL=database_url,
        USER_POOL_ID="us-east-1_bench",  # nobody signs in, but the pages are made with it
        TOKEN_ISSUER=ISSUER,
        TOKEN_CLIENT_ID=CLIENT,
        REQUESTS_PER_MINUTE="1000000000",
        LOG_LEVEL="WARNING",  # a line per request would drown the table
    )
    wiring.current.cache_clear()
    made = wiring.current()
    try:
        yield made
    finally:
        made.postgres.close()
        wiring.current.cache_clear()
        os.environ.clear()
        os.environ.update(before)


def claims_of(subject: str) -> dict[str, str]:
    """A token of this person, as the gateway hands it on."""
    return {**CLAIMS, "sub": subject}
