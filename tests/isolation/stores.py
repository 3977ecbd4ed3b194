"""Which stores there are and what they run, found by looking, so that none is forgotten."""

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

HUNTAZE = Path(__file__).parent.parent.parent / "layers" / "shared" / "python" / "huntaze"

# The filter as every statement spells it; the second is for the one table whose own id is the workspace's.
FILTER = re.compile(r"\b(?:(?:\w+\.)?workspace_id|workspaces\.id) = %\(workspace_id\)s")

# Statements that belong to no workspace, each with its reason.
WITHOUT_WORKSPACE = {
    "huntaze.sessions.store.SESSION_OF": "asks whose session a token is; bound to the token",
    **dict.fromkeys(
        (
            f"huntaze.sessions.store.{name}"
            for name in ("DROP_ENDED", "NOTE_USE", "CHOOSE", "END", "END_OTHERS", "END_ALL")
        ),
        "sessions belong to people: filtered by the subject, and by row-level security again",
    ),
    "huntaze.members.store.MEMBERSHIPS_OF": "asks which workspaces there are, before one is chosen; bound to a person",
    "huntaze.team.store.INVITATIONS_OF": "asks who is invited where, before there is a place; bound to an address",
    "huntaze.waitlist.store.ADD": "adds to what belongs to nobody; the application cannot read it",
    "huntaze.fans.store.TOTALS": "the function behind it takes the workspace from the transaction",
    "huntaze.fans.store.SELECTED": "the same; and LOCK filters what it answers",
    "huntaze.erasures.store.PATIENCE": "sets how long the transaction may take, and reads nothing",
    "huntaze.erasures.store.UNFINISHED": "asks in all workspaces what is left to do; answers ids alone",
    "huntaze.exports.store.FORGOTTEN": "the same",
    "huntaze.webhooks.store.FORGOTTEN": "the same",
    "huntaze.webhooks.store.WITH_OLD_WORDS": "the same",
    "huntaze.webhooks.store.WORKSPACE_OF": "asks whose connection it is, before there is a workspace; bound to its id",
    "huntaze.webhooks.store.WAIT": "takes a lock that the workspace is part of the name of, and reads nothing",
    **dict.fromkeys(
        ("huntaze.outgoing.store.OUTBOX_AGE", "huntaze.outgoing.store.UNKNOWN", "huntaze.outgoing.store.ACTIVITY"),
        "asks in all workspaces together; answers one number",
    ),
    "huntaze.delivery.accounts.TO_SEND": "asks for the accounts that permits name, which may be of any workspace",
    "huntaze.delivery.accounts.TO_WAKE": "asks in all workspaces whom to wake; answers ids alone",
    "huntaze.delivery.accounts.IN_DOUBT": "asks in all workspaces what nobody saw the end of; answers ids alone",
    "huntaze.campaigns.tending.TO_RUN": "asks in all workspaces what the schedule sees to; answers ids alone",
    "huntaze.campaigns.tending.FOLD": "the function behind it takes the workspace from the transaction",
    "huntaze.analytics.recounts.TO_COUNT": "asks in all workspaces where something is stale; answers ids alone",
    "huntaze.analytics.recounts.ALONE": "takes a lock that the workspace is part of the name of, and reads nothing",
    "huntaze.analytics.recounts.PATIENCE": "sets how long a statement may take, and reads nothing",
    "huntaze.imports.store.FORGOTTEN": "asks in all workspaces what nobody works on; answers ids alone",
    "huntaze.imports.store.OVER": "the same for what is kept no longer",
    "huntaze.imports.plan_rows.FORGET": "the function behind it takes the workspace from the transaction",
    "huntaze.imports.doing.UNDO": "the same",
    "huntaze.imports.doing.WAIT": "takes a lock that the workspace is part of the name of, and reads nothing",
    "huntaze.imports.doing.KNOW": "has tables counted that all workspaces share, and answers nothing",
    "huntaze.idempotency.store.WAIT": "takes a lock that the workspace is part of the name of, and reads nothing",
    "huntaze.erasures.store.KEEP_EXPORTS_AWAY": "the same",
    "huntaze.exports.store.WAIT_FOR_ERASURES": "the same",
    "huntaze.campaigns.audiences.ONE_BY_ONE": "the same",
    "huntaze.followers.store.WAIT_FOR_IMPORTS": "the same",
}


def modules() -> list[ModuleType]:
    """Every module that runs SQL of the application."""
    found = (path for path in HUNTAZE.glob("*/*.py") if path.parent.name not in {"migrations", "runtime"})
    names = [f"huntaze.{path.parent.name}.{path.stem}" for path in found if _runs_sql(path)]
    return [importlib.import_module(name) for name in sorted(names)]


def operations() -> set[str]:
    """Every public method of every store, as `Class.method`."""
    return {
        f"{store.__name__}.{name}"
        for module in modules()
        for _, store in inspect.getmembers(module, inspect.isclass)
        if store.__module__ == module.__name__
        for name, _ in inspect.getmembers(store, inspect.isfunction)
        if not name.startswith("_")
    }


def statements(module: ModuleType) -> dict[str, str]:
    """The SQL constants of a module that are whole statements, by name."""
    return {name: value for name, value in vars(module).items() if isinstance(value, str) and _is_statement(value)}


def _runs_sql(path: Path) -> bool:
    return (
        path.name == "store.py"
        or re.search(r"^\s*(?:import|from) psycopg\b", path.read_text(), re.MULTILINE) is not None
    )


def _is_statement(text: str) -> bool:
    return re.match(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|MERGE)\b", text) is not None
