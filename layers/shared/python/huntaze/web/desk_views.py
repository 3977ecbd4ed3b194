"""What the pages of quick replies, templates, profiles and the AI configuration receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from huntaze.money import Money
from huntaze.web.settings import Around
from huntaze.web.views import Says, address_of
from huntaze.wording.model import CategoryCount, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A quick reply or a template in its list; only templates have names and prices."""

    id: UUID
    name: str = ""
    text: str
    category: str | None
    usage_count: int
    price: Money | None = None
    attachments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage:
    """A stretch of a list; `kind` is quick_replies or templates, `path` where it is."""

    around: Around
    kind: str
    path: str
    rows: tuple[TextRow, ...]
    categories: tuple[CategoryCount, ...]
    q: str = ""
    category: str = ""
    next_cursor: str | None = None
    first: bool = True
    may_write: bool = False

    @property
    def count(self) -> int:
        """How many there are in all."""
        return sum(one.count for one in self.categories)

    def address(self, **changed: str) -> str:
        """The address of this list with this changed."""
        return address_of(self.path, {"q": self.q, "category": self.category, **changed})


@dataclass(frozen=True, slots=True, kw_only=True)
class FanChoice:
    """A fan to try a text on."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A text as a fan would get it, or what keeps it from being filled in."""

    text: str = ""
    missing: tuple[Variable, ...] = ()
    problem: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """A quick reply or a template being added, or edited when there is an id; `values` is what was typed."""

    around: Around
    kind: str
    path: str
    worded: str  # the field with the variables in it
    values: Mapping[str, str]
    currency: str
    id: UUID | None = None
    version: str = ""
    idempotency_key: str = ""
    categories: tuple[str, ...] = ()
    fans: tuple[FanChoice, ...] = ()
    fan: UUID | None = None
    preview: Preview = Preview()
    variables: tuple[Variable, ...] = tuple(Variable)
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """The caller's own profile, and the workspace for those who may change it."""

    around: Around
    values: Mapping[str, str]
    version: str
    saved: bool
    workspace: Mapping[str, str] | None = None
    workspace_version: str = ""
    zones: tuple[str, ...] = ()
    niches: tuple[str, ...] = ()
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
    workspace_problems: Mapping[str, Says] = field(default_factory=dict)
    workspace_problem: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AiPage:
    """The AI configuration as it is or as it was typed; lists end with lines to add to them."""

    around: Around
    values: Mapping[str, str]
    platforms: tuple[str, ...]
    responses: tuple[tuple[str, str], ...]
    prices: tuple[tuple[str, str], ...]
    version: str
    saved: bool
    currency: str
    choices: Mapping[str, tuple[str, ...]]
    all_platforms: tuple[str, ...]
    usual_tone: str | None = None
    niche: str | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
