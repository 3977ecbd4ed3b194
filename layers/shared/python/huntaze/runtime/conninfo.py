"""How to reach PostgreSQL, from either form a setting may have."""

import json
from functools import lru_cache

from huntaze.errors import Misconfigured

_PARTS = {"username": "user", "password": "password", "host": "host", "port": "port", "dbname": "dbname"}


def conninfo(value: str) -> str:
    """A libpq connection string from a secret's JSON or from an address that already is one."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  (drivers are loaded at first use)

    if not value.lstrip().startswith("{"):
        return make_conninfo(value)
    return make_conninfo(**_parts(value))


@lru_cache(maxsize=2)  # each page of a list asks, and the driver takes its time
def password(value: str) -> str:
    """Only the password of the same."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  (drivers are loaded at first use)

    return str(conninfo_to_dict(conninfo(value)).get("password") or "")


def _parts(value: str) -> dict[str, str]:
    try:
        secret = json.loads(value)
        # Aurora's own secret says nothing of TLS; only the secret of a local server may turn it off.
        sslmode = str(secret.get("sslmode", "require"))
        return {"sslmode": sslmode} | {ours: str(secret[theirs]) for theirs, ours in _PARTS.items()}
    except (ValueError, KeyError, TypeError):
        # `from None`: the original error quotes the secret.
        raise Misconfigured("A database secret needs username, password, host, port and dbname.") from None
