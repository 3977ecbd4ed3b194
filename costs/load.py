"""How much is asked of a stage, and what starts because of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from costs.figures import Figures
from costs.template import Properties, Template

HOURS = 730.0  # in a month, as AWS counts
MINUTES = HOURS * 60


@dataclass(frozen=True)
class Load:
    """So many messages a day, within so many hours of it."""

    name: str
    messages_a_day: float
    busy_hours: float
    batched: bool = False  # whether so much is on its way that permits come in batches


IDLE = Load("idle", 0, 0)
TEN_THOUSAND = Load("10,000 messages a day", 10_000, 8)
MILLION = Load("1,000,000 messages a day", 1_000_000, 16, batched=True)
LOADS = (IDLE, TEN_THOUSAND, MILLION)


@dataclass(frozen=True)
class Starts:
    """One function, started so often in a month, so long each time."""

    function: Properties
    times: float
    seconds: float
    why: str

    @property
    def gb_seconds(self) -> float:
        """What Lambda counts."""
        memory_mb: float = self.function["MemorySize"]
        return self.times * self.seconds * memory_mb / 1024


@dataclass(frozen=True)
class Month:
    """A stage under a load for a month."""

    template: Template
    load: Load
    figures: Figures = field(default_factory=Figures)

    @property
    def messages(self) -> float:
        """Sent in this month."""
        return self.load.messages_a_day * self.figures.days

    @property
    def people(self) -> float:
        """Who sit at the inbox, day by day."""
        return self.figures.people * self.load.messages_a_day / 10_000

    @property
    def busy_hours(self) -> float:
        """Of the month."""
        return self.load.busy_hours * self.figures.days

    @property
    def asks(self) -> float:
        """How often open inboxes ask for what is new."""
        return self.people * self.figures.desk_hours * self.figures.days * self.figures.asks_an_hour

    @property
    def requests(self) -> float:
        """What reaches the gateway: inboxes, pages, and what platforms tell."""
        return self.asks + self.messages * (self.figures.pages + self.figures.events)

    def starts(self) -> Iterator[Starts]:
        """Everything that starts a function."""
        figures = self.figures
        for function, minutes in self.template.schedules():
            yield Starts(function, MINUTES / minutes, figures.schedule_seconds, "schedules")
        if not self.messages:
            return
        named = self.template.function
        sent = self.messages
        pages = self.asks + sent * figures.pages
        batch = self._batch
        yield Starts(named("rate-limiter"), sent * figures.receives / batch, figures.sending_seconds * batch, "sending")
        yield Starts(named("web"), pages, figures.request_seconds, "pages")
        yield Starts(named("webhooks-in"), sent * figures.events, figures.taking_seconds, "events")
        yield Starts(named("webhooks"), sent * figures.events / batch, figures.event_seconds * batch, "events")
        yield Starts(named("analytics"), sent * figures.recounts, figures.recount_seconds, "numbers")

    @property
    def _batch(self) -> float:
        """Messages of a queue that one start takes."""
        return 10 if self.load.batched else 1
