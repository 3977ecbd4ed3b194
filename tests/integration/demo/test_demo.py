from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from local.demo.recount import disagreements
from local.demo.workspaces import DEMO, DemoWorkspace
from local.demo.writing import act_as
from local.people import MAX, ZOE
from tests.conftest import Database

Connection = psycopg.Connection[Any]


@pytest.fixture
def app(demo: Database) -> Iterator[Connection]:
    with psycopg.connect(demo.app) as connection:
        yield connection


def count(app: Connection, workspace: UUID, question: LiteralString) -> Any:
    act_as(app, str(workspace))
    row = app.execute(question).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("workspace", DEMO, ids=lambda workspace: workspace.creator.word)
def test_a_recount_agrees_with_everything(app: Connection, workspace: DemoWorkspace) -> None:
    act_as(app, workspace.creator.workspace_id)
    assert disagreements(app, workspace.creator.workspace_id) == {}


@pytest.mark.parametrize("workspace", DEMO, ids=lambda workspace: workspace.creator.word)
def test_there_is_as_much_as_was_said(app: Connection, workspace: DemoWorkspace) -> None:
    creator, amount = UUID(workspace.creator.workspace_id), workspace.amount
    assert count(app, creator, "SELECT count(*) FROM fans") == amount.fans
    assert count(app, creator, "SELECT count(*) FROM conversations") == amount.conversations
    assert count(app, creator, "SELECT count(*) FROM messages") == amount.messages
    assert count(app, creator, "SELECT count(*) FROM transactions") == amount.transactions
    assert count(app, creator, "SELECT count(*) FROM drafts") == workspace.drafts


def test_the_workspaces_have_their_names_zones_and_people(app: Connection) -> None:
    assert count(app, ZOE, "SELECT name || ' ' || timezone || ' ' || currency FROM workspaces") == (
        "Zoë Laurent Europe/Paris USD"
    )
    assert count(app, MAX, "SELECT name || ' ' || timezone || ' ' || currency FROM workspaces") == (
        "Max Rivera America/New_York USD"
    )
    assert count(app, ZOE, "SELECT count(*) FROM members WHERE display_name IS NOT NULL") == 4
    assert count(app, MAX, "SELECT count(*) FROM members WHERE display_name IS NOT NULL") == 3


def test_no_row_of_one_workspace_leads_into_the_other(app: Connection) -> None:
    act_as(app, str(ZOE))
    zoes = {row[0] for row in app.execute("SELECT id FROM fans")}
    act_as(app, str(MAX))
    assert zoes.isdisjoint(row[0] for row in app.execute("SELECT id FROM fans"))


def test_nothing_is_still_on_its_way(app: Connection) -> None:
    for workspace in (ZOE, MAX):
        assert count(app, workspace, "SELECT count(*) FROM messages WHERE status IN ('queued', 'sending')") == 0
        assert count(app, workspace, "SELECT count(*) FROM delivery_attempts WHERE outcome IS NULL") == 0


def test_what_needs_a_person_is_there_to_see(app: Connection) -> None:
    assert count(app, ZOE, "SELECT count(*) FROM messages WHERE status = 'failed'") == 2
    assert count(app, ZOE, "SELECT count(*) FROM messages WHERE status = 'unknown'") == 1
    for workspace in (ZOE, MAX):
        assert count(app, workspace, "SELECT count(*) FROM conversations WHERE unread_count > 0") >= 5
        assert count(app, workspace, "SELECT count(*) FROM drafts WHERE author = 'machine'") >= 3


def test_every_step_of_every_message_of_ours_is_recorded(app: Connection) -> None:
    for workspace in (ZOE, MAX):
        ours = count(app, workspace, "SELECT count(*) FROM messages WHERE approved_by IS NOT NULL")
        assert ours > 100
        assert count(app, workspace, "SELECT count(*) FROM message_transitions") == 3 * ours
        assert count(app, workspace, "SELECT count(*) FROM delivery_attempts") == ours


def test_who_approved_a_message_is_who_queued_it(app: Connection) -> None:
    strangers = """
        SELECT count(*) FROM message_transitions AS steps JOIN messages ON messages.id = message_id
        WHERE to_status = 'queued' AND actor_id IS DISTINCT FROM approved_by
    """
    assert count(app, ZOE, strangers) == 0


def test_the_campaign_is_over_and_sold_something(app: Connection) -> None:
    for workspace in (ZOE, MAX):
        assert count(app, workspace, "SELECT status FROM campaigns") == "completed"
        sold = """
            SELECT count(*) FROM transactions JOIN messages ON messages.id = message_id WHERE campaign_id IS NOT NULL
        """
        assert count(app, workspace, sold) > 0


def test_what_is_paid_with_a_message_is_a_part_of_all_ppv(app: Connection) -> None:
    linked = count(app, ZOE, "SELECT count(message_id) FROM transactions WHERE kind = 'ppv'")
    assert 0 < linked < count(app, ZOE, "SELECT count(*) FROM transactions WHERE kind = 'ppv'")
