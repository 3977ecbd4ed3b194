"""Every function: what it is given, how much of it may run, and what starts it."""

from dataclasses import dataclass
from enum import Enum, auto


class Need(Enum):
    """What a function may be given: environment variables together with the right to use what they name."""

    DATABASE = auto()
    DATABASE_ADMIN = auto()
    CACHE = auto()
    PERMITS = auto()
    DEAD_LETTERS = auto()
    PERMIT_FIGURES = auto()
    EXPORTS = auto()
    EXPORT_FILES = auto()
    EXPORT_QUEUE = auto()
    IMPORTS = auto()
    IMPORT_FILES = auto()
    IMPORT_QUEUE = auto()
    WEBHOOK_QUEUE = auto()
    ANALYTICS_QUEUE = auto()
    ERASED_FILES = auto()
    ERASURE_KEY = auto()
    CONNECTION_KEY_TO_LOCK = auto()
    CONNECTION_KEY_TO_OPEN = auto()
    PEOPLE = auto()
    INVITATIONS = auto()


PERMIT_QUEUE = "huntaze-rate-limiter-queue"
EXPORT_QUEUE = "huntaze-exports"
IMPORT_QUEUE = "huntaze-imports"
WEBHOOK_QUEUE = "huntaze-webhooks"
ANALYTICS_QUEUE = "huntaze-analytics"

# An answer within the gateway's own limit of 30 seconds, also when a paused staging database has to wake up first.
HTTP_TIMEOUT_S = 29


@dataclass(frozen=True)
class FunctionSpec:
    """One function of `functions/<folder>`.

    Each execution holds one database connection, so `at_once` is a bound: of the event source for what consumes a
    queue, and else reserved for the function.
    """

    folder: str
    purpose: str
    needs: tuple[Need, ...] = ()
    at_once: int | None = None
    memory_mb: int = 512
    timeout_s: int = HTTP_TIMEOUT_S
    consumes: str | None = None
    feeds_itself: bool = False
    at_a_time: int = 10
    every_minutes: int | None = None
    serves_pages: bool = False
    called_by_hand: bool = False  # by a deployment or an operator, and by nothing that goes on all the time

    @property
    def name(self) -> str:
        """The function's name outside any stage."""
        return f"huntaze-{self.folder.replace('_', '-')}"

    @property
    def construct_id(self) -> str:
        """Its place in the stack."""
        return self.folder.title().replace("_", "")

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for its answer: it serves requests."""
        return self.consumes is None and self.every_minutes is None and self.folder != "migrate"

    @property
    def joins_network(self) -> bool:
        """Whether it talks to the database or the cache, which live in the private network."""
        return bool(set(self.needs) & {Need.DATABASE, Need.DATABASE_ADMIN, Need.CACHE})


MIGRATE = FunctionSpec(
    "migrate",
    "Brings the database to the schema of this deployment",
    needs=(Need.DATABASE, Need.DATABASE_ADMIN),
    at_once=1,
    timeout_s=900,
    called_by_hand=True,
)

FOUNDING = FunctionSpec(
    "founding",
    "Founds a workspace for an operator, and invites its owner",
    needs=(Need.DATABASE, Need.INVITATIONS),
    at_once=1,
    called_by_hand=True,
)

FUNCTIONS = (
    MIGRATE,
    FOUNDING,
    FunctionSpec("fans", "The fans of a workspace", needs=(Need.DATABASE, Need.CACHE, Need.ERASURE_KEY), at_once=20),
    FunctionSpec(
        "privacy",
        "Forgets people for good",
        needs=(Need.DATABASE, Need.CACHE, Need.ERASURE_KEY, Need.ERASED_FILES),
        at_once=5,
    ),
    FunctionSpec(
        "team",
        "The people of a workspace, and their invitations",
        needs=(Need.DATABASE, Need.CACHE, Need.INVITATIONS),
        at_once=5,
    ),
    FunctionSpec(
        "conversations",
        "The inbox: conversations, messages and drafts",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS),
        at_once=20,
    ),
    FunctionSpec(
        "onlyfans",
        "Messages on their way: sending, looking after them, deciding about them",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS, Need.DEAD_LETTERS),
        at_once=20,
    ),
    FunctionSpec(
        "campaigns",
        "Campaigns: writing, launching and steering them, and what came of them",
        # a launch wakes its accounts, and forgets nobody who was erased among those it names
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS, Need.ERASURE_KEY),
        at_once=20,
    ),
    FunctionSpec(
        "insights",
        "Numbers: who pays and why, when, and through whom",
        needs=(Need.DATABASE, Need.CACHE),
        at_once=10,
    ),
    FunctionSpec("desk", "What people have on their desk", needs=(Need.DATABASE, Need.CACHE), at_once=20),
    FunctionSpec(
        "audit", "What people did, and whether the log of it is whole", needs=(Need.DATABASE, Need.CACHE), at_once=4
    ),
    FunctionSpec(
        "connections",
        "The accounts that messages leave through",
        needs=(
            *(Need.DATABASE, Need.CACHE, Need.CONNECTION_KEY_TO_LOCK, Need.CONNECTION_KEY_TO_OPEN),
            Need.PERMITS,  # what may leave again is woken at once
        ),
        at_once=4,
    ),
    FunctionSpec(
        "importing",
        "Fans from a file: uploading it, what it would do, doing that, and undoing it",
        needs=(Need.DATABASE, Need.CACHE, Need.IMPORTS, Need.ERASURE_KEY),
        at_once=5,
        memory_mb=1024,  # a small file is read and imported while somebody waits
    ),
    FunctionSpec(
        "monitoring",
        "Says whether all that sending needs is well",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMIT_FIGURES, Need.CONNECTION_KEY_TO_OPEN),
        at_once=3,
        memory_mb=1024,  # its parts have a second each, and the processor grows with it
    ),
    FunctionSpec("waitlist", "Who waits for a platform", needs=(Need.DATABASE, Need.CACHE), at_once=2),
    # without a token, so without anybody's limit either: a flood of it shall not take what the account may run at once
    FunctionSpec("public", "What anybody may read: the description of the API", at_once=5),
    FunctionSpec(
        "web",
        "The pages people work in",
        needs=(
            *(Need.DATABASE, Need.CACHE, Need.PEOPLE, Need.INVITATIONS, Need.EXPORTS, Need.ERASURE_KEY),
            *(Need.CONNECTION_KEY_TO_LOCK, Need.CONNECTION_KEY_TO_OPEN, Need.PERMITS, Need.IMPORTS),
            Need.DEAD_LETTERS,  # whoever operates puts them back
        ),
        at_once=20,
        memory_mb=1024,  # the processor grows with it, and somebody waits for each page
        serves_pages=True,
    ),
    FunctionSpec(
        "rate_limiter",
        "Sends what its account's pace allows, one permit at a time",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS, Need.CONNECTION_KEY_TO_OPEN),
        at_once=20,
        memory_mb=256,
        timeout_s=30,
        consumes=PERMIT_QUEUE,
        feeds_itself=True,
    ),
    FunctionSpec(
        "relay",
        "Wakes what waits without a permit, and asks platforms about messages in doubt",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS, Need.CONNECTION_KEY_TO_OPEN),
        at_once=1,
        timeout_s=55,
        every_minutes=1,
    ),
    FunctionSpec(
        "flow",
        "Lets campaigns go on: who gets them, and their messages for the next 15 minutes",
        needs=(Need.DATABASE, Need.CACHE, Need.PERMITS),
        at_once=1,
        timeout_s=55,
        every_minutes=1,
    ),
    FunctionSpec(
        "exports",
        "Writes the files that people asked to take along",
        needs=(Need.DATABASE, Need.EXPORT_FILES),
        at_once=4,
        memory_mb=1024,
        timeout_s=900,
        consumes=EXPORT_QUEUE,
        at_a_time=1,
    ),
    FunctionSpec(
        "imports",
        "Reads the files that people upload, and does with their fans what they decide",
        needs=(Need.DATABASE, Need.IMPORT_FILES, Need.IMPORT_QUEUE, Need.ERASURE_KEY),
        at_once=4,
        timeout_s=900,
        consumes=IMPORT_QUEUE,
        feeds_itself=True,  # what is not done in its time goes on with a new message
        at_a_time=1,
    ),
    FunctionSpec(
        "webhooks_in",
        "Takes in what platforms tell by themselves",
        needs=(Need.DATABASE, Need.WEBHOOK_QUEUE, Need.CONNECTION_KEY_TO_OPEN),
        at_once=20,
    ),
    FunctionSpec(
        "webhooks",
        "Does what platforms told: messages, payments, subscriptions",
        needs=(Need.DATABASE, Need.CACHE, Need.ERASURE_KEY),
        at_once=10,
        timeout_s=30,
        consumes=WEBHOOK_QUEUE,
    ),
    FunctionSpec(
        "analytics",
        "Counts again what is no longer true, workspace by workspace",
        needs=(Need.DATABASE, Need.ANALYTICS_QUEUE),  # every minute it tells itself where something is to be counted
        at_once=4,
        timeout_s=300,
        consumes=ANALYTICS_QUEUE,
        at_a_time=1,
        every_minutes=1,
    ),
    FunctionSpec(
        "upkeep",
        "Finishes what a process that died has left, and measures what waits",
        needs=(
            *(Need.DATABASE, Need.EXPORT_QUEUE, Need.IMPORT_QUEUE, Need.WEBHOOK_QUEUE),
            *(Need.ERASED_FILES, Need.PERMIT_FIGURES),
        ),
        at_once=1,
        timeout_s=240,
        every_minutes=5,
    ),
)
