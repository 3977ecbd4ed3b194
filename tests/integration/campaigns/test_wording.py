"""The database fills in a text as `wording` does: what people try out and what is sent are the same words."""

import pytest
from psycopg.types.json import Jsonb

from huntaze.campaigns.kept import parts_of
from huntaze.fans.model import Fan
from huntaze.wording.model import Wording
from huntaze.wording.service import values_of
from tests.support.campaigns import Ground

NAMES = [
    "Robin",
    "Robin van der Berg",
    "  Robin   Fan ",
    "Robin\u00a0Fan",
    "Robin\tFan\nThird",
    "Ro\u2003bin\u3000Fan",
    "{name}",
    "a|b {handle|c}",
    "Zoë Élodie",
    "\u200bRobin",  # no space, though nobody sees it
    "   ",
    "O'Neil \\ %s",
]
TEXTS = ["Hi {name|you}!", "{full_name}, {handle|dear} on {platform|here}", "{{name}} {creator}: {name}", "{name|}."]


@pytest.mark.parametrize("name", NAMES)
def test_each_text_is_the_same_for_each_name(ground: Ground, name: str) -> None:
    handled, bare = ground.more_fans(2)
    ground.run("UPDATE fans SET name = %s WHERE workspace_id = %s", name, ground.workspace_id)
    ground.run("UPDATE fans SET handle = 'robin_1' WHERE id = %s", handled)
    for fan_id in (handled, bare):
        fan: Fan = ground.parts.fans.get(ground.owner, fan_id)
        for text in TEXTS:
            [(made,)] = ground.run(
                "SELECT worded(%s, fans) FROM fans WHERE id = %s", Jsonb(parts_of(text, "Zoë")), fan_id
            )
            assert made == Wording(text).filled(values_of(fan, "Zoë")).text
