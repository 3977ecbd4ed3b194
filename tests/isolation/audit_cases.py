"""The cases of the audit log."""

from huntaze.audit.model import Action
from huntaze.audit.store import PostgresAuditTrail
from tests.isolation.cases import World, case


@case("PostgresAuditTrail.record")
def what_we_did_is_kept_in_our_chain(world: World) -> None:
    PostgresAuditTrail(world.connection, world.ours.id).record(Action.FAN_CREATED, world.theirs.of("fan"))
    entries = world.connection.execute("SELECT position FROM audit_log WHERE workspace_id = %s", [world.ours.id])
    assert sorted(entry["position"] for entry in entries) == [1, 2]
