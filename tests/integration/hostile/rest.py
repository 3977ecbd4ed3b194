"""What else can be filled: what members tell of themselves, what an account is called, and who pays."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from huntaze.connections.notice import notice
from tests.integration.hostile.house import House, address
from tests.integration.pages.numbers_at_hand import Till
from tests.support.fake_connections import ZOE_S, FakeBridge, FakeKeys, FakeSender

COMPOSER = "/api/crm/conversations/{}/composer"


def fill_the_rest(house: House) -> None:
    """Field by field, as the house does it."""
    _pay(house)
    _tell_of_ourselves(house)
    _write_half(house)
    _connect_another(house)
    Till(house.place, house.who).counts()


def _pay(house: House) -> None:
    """Everybody pays, so that everybody is among those who pay most."""
    for number, (guest, text) in enumerate(zip(house.guests, house.strings, strict=False)):
        house.place.advance(timedelta(seconds=1))
        ((platform_id,),) = house.place.run("SELECT platform_id FROM fans WHERE id = %s", guest.fan_id)
        paid = {"fan": {"id": platform_id}, "amountCents": 700 + number, "currency": "USD"}
        for kind, named in (("tip.received", "tipId"), ("subscription.started", "subscriptionId")):
            house.doors.tell(kind, paid | {named: f"{number} {text}"[:200]}, {named: text})


def _tell_of_ourselves(house: House) -> None:
    """One person and one workspace can be called one thing at a time: as much of everything as fits."""
    biting = [family[0] for family in house.families]
    every, many = " ".join(biting), house.strings[:: max(1, len(house.strings) // 20)][:20]
    profile = {"displayName": every[:200], "bio": every[:5_000], "niche": every[:100], "avatarUrl": address(every)}
    goals = {"goals": [text[:200] for text in many]}
    house.doors.offer("desk", "PUT", "/api/crm/profile", profile | goals, {"displayName": "Ana"})
    house.doors.offer("desk", "PUT", "/api/crm/workspace", {"name": every[:100]}, {"name": "Luna Vale"})
    answers = [{"trigger": text[:200], "response": text[:500]} for text in many]
    ai = {"personality": every[:2_000], "customResponses": answers}
    house.doors.offer("desk", "PUT", "/api/crm/ai-config", ai, {})


def _write_half(house: House) -> None:
    """What somebody has begun to write to each of some fans."""
    for guest, text in zip(house.guests, house.strings[:20], strict=False):
        house.doors.offer("desk", "PUT", COMPOSER.format(guest.talk_id), {"text": text}, {"text": "x"})


def _connect_another(house: House) -> None:
    """A bridge that calls its account something, which is paused for a reason."""
    parts, every = house.place.parts, " ".join(family[0] for family in house.families)
    facts = replace(ZOE_S, platform="fansly", user_id=every[:200], username=every[:200])
    for made in ("doors", "vault", "connections", "connecting", "_around_connections"):
        vars(parts).pop(made, None)  # the doors of the house open one account alone
    parts.platform = lambda _: FakeBridge(facts)  # type: ignore[method-assign,assignment,return-value]
    parts.keys, parts.sender = FakeKeys(), FakeSender()  # type: ignore[assignment]  # keep the same Protocols
    asked = {"platform": "fansly", "bridgeUrl": "https://bridge.example.com", "token": every[:500]}
    asked |= {"consent": {"agreed": True, "notice": notice().version}}  # type: ignore[dict-item]  # JSON
    made = house.doors.offer("connections", "POST", "/api/onlyfans/connections", asked, {"token": "a-token"})
    pause = f"/api/onlyfans/connections/{UUID(made['id'])}/pause"
    house.doors.offer("connections", "POST", pause, {"reason": every[:200]}, {"reason": "x"})
