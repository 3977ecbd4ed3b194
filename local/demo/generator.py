"""The generator: fans and all that happened with them, for the demo as for the benches, one fan at a time."""

from collections.abc import Iterator
from datetime import datetime

from local.demo.conversations import Conversations
from local.demo.creator import Creator
from local.demo.crowd import Amount, Crowd, Place
from local.demo.dice import Dice
from local.demo.lives import Life, draw_life
from local.demo.mailing import Mailing
from local.demo.messages import Setting, platform_message_id
from local.demo.names import Name, draw_email, draw_handle, draw_name, draw_phone
from local.demo.remarks import draw_about, draw_notes, draw_tags
from local.demo.rows import FanRow, Story, Thread, TransactionRow
from local.demo.season import MINUTE, Season, moment

_WITH_EMAIL = 0.12
_WITH_PHONE = 0.03
_NOT_TO_BE_CONTACTED = 0.01
_FIRST_PLATFORM_ID = 100_000_000
_PLATFORM_ID_STEP = 97
_IMPORTED_CENTS = 2500  # what who spends least may have spent before


def generate(creator: Creator, amount: Amount, *, seed: int, now: datetime) -> Iterator[Story]:
    """Everything of a workspace, the same for the same seed and moment; nothing is kept, so it may be millions."""
    stories = _Stories(creator, Season(creator.zone, now), Dice(f"{seed} {creator.workspace_id}"), amount)
    yield from stories.told()


class _Stories:
    """Tells the fans' stories, from the oldest fan to the newest."""

    def __init__(self, creator: Creator, season: Season, dice: Dice, amount: Amount) -> None:
        self._creator = creator
        self._season = season
        self._dice = dice
        self._amount = amount
        self._conversations = Conversations(creator, season, dice)
        self._mailing = Mailing(creator, creator.campaign, season, dice) if creator.campaign else None

    def told(self) -> Iterator[Story]:
        for number, place in enumerate(Crowd(self._amount, self._dice)):
            yield self._story(number, place)

    def _story(self, number: int, place: Place) -> Story:
        dice = self._dice
        life = draw_life(dice, self._season, self._creator, place)
        fan_id, name = dice.new_id(life.joined), draw_name(dice)
        life.language = name.language
        untouchable = dice.chance(_NOT_TO_BE_CONTACTED)
        recipient = self._mailing is not None and self._mailing.wants(life, place.messages)
        thread = self._thread(life, fan_id, name, place, mailed=recipient and not untouchable)
        baseline = self._baseline(place)
        value = baseline + sum(purchase.cents for purchase in life.purchases)
        fan = self._fan(number, life, fan_id, name)._replace(
            tags=draw_tags(dice, self._season, life, value),
            value_cents=value,
            last_message_at=thread.conversation.last_message_at if thread else None,
            do_not_contact=untouchable,
            metadata={"source": "import", "baselineCents": baseline} if baseline else {},
        )
        story = Story(fan, self._transactions(life, fan_id), thread)
        story.notes = draw_notes(dice, self._season, self._creator, life, fan_id=fan_id, value_cents=value)
        if recipient and self._mailing:
            story.recipient = self._mailing.row(fan_id, _mailed(thread))
        return story

    def _fan(self, number: int, life: Life, fan_id: str, name: Name) -> FanRow:
        dice, joined = self._dice, moment(life.joined)
        return FanRow(
            workspace_id=self._creator.workspace_id,
            id=fan_id,
            name=name.shown,
            platform=life.platform,
            platform_id=str(_FIRST_PLATFORM_ID + number * _PLATFORM_ID_STEP + dice.between(0, _PLATFORM_ID_STEP - 1)),
            handle=draw_handle(dice, name),
            email=draw_email(dice, name) if dice.chance(_WITH_EMAIL) else None,
            phone=draw_phone(dice) if dice.chance(_WITH_PHONE) else None,
            currency=self._creator.currency,
            subscription_status=life.status,
            last_seen_at=moment(life.seen),
            notes=draw_about(dice),
            created_at=joined,
            updated_at=joined,
        )

    def _thread(self, life: Life, fan_id: str, name: Name, place: Place, *, mailed: bool) -> Thread | None:
        if not place.messages:
            return None
        setting = Setting(
            self._dice.new_id(life.joined + MINUTE), fan_id, name.familiar, self._creator.accounts.get(life.platform)
        )
        mailing = self._mailing.message(life) if mailed and self._mailing else None
        return self._conversations.draw(setting, life, place.messages, mailing)

    def _baseline(self, place: Place) -> int:
        """What a file said was spent before anything was recorded."""
        if not place.spending or not self._dice.chance(self._amount.imported):
            return 0
        return int(_IMPORTED_CENTS * place.spending * (0.4 + self._dice.random()))

    def _transactions(self, life: Life, fan_id: str) -> list[TransactionRow]:
        rows = []
        for purchase in life.purchases:
            at, row_id = moment(purchase.at), self._dice.new_id(purchase.at)
            rows.append(
                TransactionRow(
                    workspace_id=self._creator.workspace_id,
                    id=row_id,
                    fan_id=fan_id,
                    message_id=purchase.message_id,
                    platform_message_id=purchase.message_id and platform_message_id(purchase.message_id),
                    platform=life.platform,
                    platform_transaction_id=f"txn_{row_id[19:].replace('-', '')}",
                    kind=purchase.kind,
                    amount_cents=purchase.cents,
                    currency=self._creator.currency,
                    occurred_at=at,
                    created_at=at,
                )
            )
        return rows


def _mailed(thread: Thread | None) -> str | None:
    messages = thread.messages if thread else []
    return next((message.id for message in messages if message.campaign_id), None)
