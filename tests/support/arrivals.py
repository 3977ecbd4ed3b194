"""What is sent through the deployed stack when a run of tests begins, to be judged at its end.

At the real pace forty messages take three minutes: they leave while the other tests run.
"""

from dataclasses import dataclass, field

from tests.support.deployed_creators import DeployedCreators
from tests.support.post_office import Creator

FORTY, HUNDRED, ELEVEN, NEIGHBOURS = 40, 100, 11, 30
QUICK = {"messages": 10, "seconds": 5}


@dataclass
class Begun:
    """Who sends, and what was let out in which order."""

    people: DeployedCreators
    real: Creator
    behind: Creator
    neighbours: list[Creator]
    reply: str = ""  # what was let out once a hundred waited
    let_out: dict[str, list[str]] = field(default_factory=dict)  # message ids by account

    def send(self, creator: Creator, text: str, *, fan: int = 0, priority: int = 5) -> str:
        """A person lets something out."""
        message_id = str(self.people.send(creator, text, fan=fan, priority=priority).message.id)
        self.let_out.setdefault(creator.user_id, []).append(message_id)
        return message_id


def begin(people: DeployedCreators) -> Begun:
    """Let it all out, and wait for nothing."""
    begun = Begun(
        people,
        real=people.creator(fans=4),
        behind=people.creator(fans=3, **QUICK),
        neighbours=[people.creator() for _ in range(NEIGHBOURS)],
    )
    for number in range(FORTY):
        begun.send(begun.real, f"Line {number}", fan=number % 4)
    for number in range(HUNDRED):
        begun.send(begun.behind, f"Line {number}", fan=number % 2)
    begun.reply = begun.send(begun.behind, "At once", fan=2, priority=10)
    for number in range(ELEVEN):
        for creator in begun.neighbours:
            begun.send(creator, f"Line {number}")
    return begun
