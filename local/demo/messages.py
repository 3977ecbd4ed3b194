"""Messages as rows: the fan's, those typed in the platform's own app, and those a person approved here."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from local.demo.creator import Creator
from local.demo.dice import Dice
from local.demo.rows import DeliveryAttemptRow, MessageRow
from local.demo.season import Season, moment
from local.demo.threads import Said

_LEASE = timedelta(seconds=30)
_TOKEN_AWAY = timedelta(seconds=60)
_TYPED_IN_THE_APP = 0.1
_SUGGESTED = 0.15
_CLAIMED_AFTER = 500  # milliseconds
_PICTURES = 200

Media = tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all messages of one conversation share."""

    conversation_id: str
    fan_id: str
    familiar: str
    account_id: str | None


class Writer:
    """Writes the messages of one workspace."""

    def __init__(self, creator: Creator, season: Season, dice: Dice) -> None:
        self._creator = creator
        self._season = season
        self._dice = dice
        self._here_since = season.now - int(creator.here_for.total_seconds()) * 1000

    def incoming(self, setting: Setting, said: Said, *, read: bool) -> MessageRow:
        """What the fan wrote."""
        return self._message(setting, said, said.line.text, read=read)

    def outgoing(self, setting: Setting, said: Said) -> tuple[MessageRow, DeliveryAttemptRow | None]:
        """What went to the fan, with the attempt that brought it there if it was ours."""
        text, media = said.line.text.replace("{name}", setting.familiar), self._media(said)
        offer = {"direction": "out", "status": "sent", "price_cents": said.price_cents, "attachments": media}
        ours = said.at >= self._here_since and (said.campaign or not self._dice.chance(_TYPED_IN_THE_APP))
        if setting.account_id is None or not ours:
            return self._message(setting, said, text, sent_elsewhere=True, sent_at=moment(said.at), **offer), None
        approval = self._approval(said)
        approved = content_hash(
            setting.fan_id, setting.account_id, text, said.price_cents, self._creator.currency, media
        )
        attempt_id = self._dice.new_id(said.at + _CLAIMED_AFTER)
        message = self._message(
            setting,
            said,
            text,
            content_hash=approved,
            approved_hash=approved,
            queued_at=moment(said.at),
            sent_at=moment(said.at + self._dice.between(900, 3500)),
            attempt_id=attempt_id,
            claims=1,
            **approval,
            **self._suggestion(said, text),
            **offer,
        )
        return message, _accepted(message, attempt_id, setting.account_id)

    def _approval(self, said: Said) -> dict[str, Any]:
        campaign = said.campaign
        if campaign:
            return {
                "campaign_id": campaign.id,
                "approved_by": campaign.approved_by,
                "approved_at": moment(self._season.now) - campaign.launched,
            }
        return {"approved_by": self._dice.of(self._creator.approvers), "approved_at": moment(said.at)}

    def _suggestion(self, said: Said, text: str) -> dict[str, Any]:
        """Some words come from a machine and were approved as they were."""
        if said.campaign or not self._dice.chance(_SUGGESTED):
            return {}
        return {"sent_by_ai": True, "ai_suggestion": text}

    def _message(self, setting: Setting, said: Said, text: str, **others: Any) -> MessageRow:
        message_id, at = self._dice.new_id(said.at), moment(said.at)
        return MessageRow(
            workspace_id=self._creator.workspace_id,
            id=message_id,
            conversation_id=setting.conversation_id,
            fan_id=setting.fan_id,
            account_id=setting.account_id,
            currency=self._creator.currency,
            text=text,
            occurred_at=at,
            created_at=at,
            updated_at=at,
            platform_message_id=platform_message_id(message_id),
            bought_at=moment(said.purchase.at) if said.purchase else None,
            **others,
        )

    def _media(self, said: Said) -> Media:
        if said.campaign:
            return tuple({"url": url} for url in said.campaign.media_urls)  # as campaigns keep what hangs on them
        if not said.price_cents:
            return ()
        number = self._dice.between(1, _PICTURES)
        return (_picture(f"https://media.example.com/{self._creator.word}/{number:03}.jpg"),)


def _picture(url: str) -> dict[str, str]:
    # Keys in the order in which PostgreSQL writes them: the hash is over its text.
    return {"url": url, "type": "image"}


def content_hash(*content: object) -> str:
    """What message_hash gives in the database for the same arguments, as a bytea is written."""
    return "\\x" + sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def platform_message_id(message_id: str) -> str:
    """What the platform calls one of our messages."""
    return str(int(message_id[-12:], 16))


def _accepted(message: MessageRow, attempt_id: str, account_id: str) -> DeliveryAttemptRow:
    answered_at = message.sent_at or message.occurred_at
    claimed_at = message.occurred_at + timedelta(milliseconds=_CLAIMED_AFTER)
    return DeliveryAttemptRow(
        workspace_id=message.workspace_id,
        id=attempt_id,
        message_id=message.id,
        account_id=account_id,
        claimed_at=claimed_at,
        lease_until=claimed_at + _LEASE,
        token_returns_at=answered_at + _TOKEN_AWAY,
        answered_at=answered_at,
        settled_at=answered_at,
        outcome="accepted",
        detail=None,
    )
