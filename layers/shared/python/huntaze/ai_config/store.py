"""The AI configuration in PostgreSQL."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.ai_config.model import AiConfig, AiPlatform, CustomResponse, ResponseLength, ResponseStyle, Tone

GET = """
SELECT personality, response_style, tone, response_length, platforms, custom_responses, pricing, enabled, updated_at
FROM ai_configs WHERE workspace_id = %(workspace_id)s
"""
# The workspace's row, because a configuration that is not there yet cannot be locked.
LOCK = """
SELECT id FROM workspaces WHERE workspaces.id = %(workspace_id)s FOR NO KEY UPDATE
"""
SAVE = """
INSERT INTO ai_configs (
    workspace_id, personality, response_style, tone, response_length, platforms, custom_responses, pricing, enabled
) VALUES (
    %(workspace_id)s, %(personality)s, %(response_style)s, %(tone)s, %(response_length)s, %(platforms)s,
    %(custom_responses)s, %(pricing)s, %(enabled)s
)
ON CONFLICT (workspace_id) DO UPDATE SET
    personality = excluded.personality, response_style = excluded.response_style, tone = excluded.tone,
    response_length = excluded.response_length, platforms = excluded.platforms,
    custom_responses = excluded.custom_responses, pricing = excluded.pricing, enabled = excluded.enabled
RETURNING
    personality, response_style, tone, response_length, platforms, custom_responses, pricing, enabled, updated_at
"""
DELETE = """
DELETE FROM ai_configs WHERE workspace_id = %(workspace_id)s
"""
CHOICES = {"response_style": ResponseStyle, "tone": Tone, "response_length": ResponseLength}


class PostgresAiConfig:
    """The AI configuration of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def get(self) -> AiConfig:
        """The configuration; one that is switched off when there is none."""
        rows = self._run(GET)
        return _config(rows[0]) if rows else AiConfig()

    def get_to_change(self) -> AiConfig:
        """The same, and nobody else changes it before this transaction ends, nor makes one."""
        self._run(LOCK)
        return self.get()

    def save(self, config: AiConfig) -> AiConfig:
        """Keep it in place of what was there."""
        lists = {
            "platforms": Jsonb(list(config.platforms)),
            "custom_responses": Jsonb([asdict(response) for response in config.custom_responses]),
            "pricing": Jsonb(dict(config.pricing)),
        }
        return _config(self._run(SAVE, **{**asdict(config), **lists})[0])

    def delete(self) -> bool:
        """Drop it; whether there was one."""
        return self._connection.execute(DELETE, {"workspace_id": self._workspace_id}).rowcount > 0

    def _run(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()


def _config(row: dict[str, Any]) -> AiConfig:
    chosen = {name: choice(row[name]) if row[name] else None for name, choice in CHOICES.items()}
    lists = {
        "platforms": tuple(map(AiPlatform, row["platforms"])),
        "custom_responses": tuple(CustomResponse(**response) for response in row["custom_responses"]),
    }
    return AiConfig(**{**row, **chosen, **lists})
