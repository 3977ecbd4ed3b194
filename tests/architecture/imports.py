"""Who may import whom: design made checkable by reading the imports of every file."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

STANDARD_LIBRARY = sys.stdlib_module_names
_SHARED = r"(wording|attachments)\.model"
_WORDS = "addresses|errors|clock|ids|money|cursors|paging|versions|spreadsheets|queue_bodies|zones|measures"
_SEND_PATH = (
    "(hold|planning|publishing|waking|relay|postponing|settling|dispatch|handing_over|consuming|reconciling|elsewhere)"
)
_CAMPAIGN = "(model|figures|steps|quiet|kept)"
_IMPORTING = "(service|steps|planning|committing|undoing|working|rejected|tending)"
_RUNNING_CAMPAIGNS = "(service|rules|drafting|outlook|previewing|filling|letting_out|launching|steering|flowing|sheet)"
# Beside their schema: they say much.
_BODIES = r"(campaigns\.(asking|told|answers|details)|imports\.(told|answers)|analytics\.(asking|answers|told))"
KERNEL = rf"huntaze\.({_WORDS}|{_SHARED})"


@dataclass(frozen=True)
class Layer:
    """Modules of one kind: which they are, and what they may import beside the standard library."""

    name: str
    members: str
    may_import: tuple[str, ...] = ()


DRIVERS = ("psycopg", "boto3", "botocore", "redis", r"mypy_boto3_\w+", "aws_lambda_powertools")

# The first pattern that matches a module decides what it is.
LAYERS = (
    Layer("kernel", KERNEL, (KERNEL,)),
    # Field types and bodies that several features share.
    Layer("shared schema", r"huntaze\.((wording|attachments)\.)?schema", ("pydantic", r"huntaze\.schema", KERNEL)),
    Layer("wiring", r"huntaze\.(wiring(\.\w+)?|stores)", (r"huntaze\.[\w.]+", "psycopg")),
    Layer("migrations", r"huntaze\.migrations(\.\w+)?", (r"huntaze\.migrations\.\w+", KERNEL, "psycopg")),
    # The user pool speaks of people and refusals in the words of the feature that it proves people for.
    Layer(
        "user pool",
        r"huntaze\.runtime\.user_\w+",
        (r"huntaze\.runtime\.\w+", r"huntaze\.(security|sessions|team)\.model", KERNEL, *DRIVERS),
    ),
    Layer("runtime", r"huntaze\.runtime\.\w+", (r"huntaze\.runtime\.\w+", KERNEL, *DRIVERS)),
    Layer(
        "edge",
        r"huntaze\.(edge|web)\.\w+",
        (
            r"huntaze\.(edge|web|runtime)\.\w+",
            r"huntaze\.\w+\.(model|service|schema)",
            r"huntaze\.team\.joining",
            r"huntaze\.(audit\.sheet|campaigns\.(figures|launching|previewing|sheet|steering))",
            r"huntaze\.analytics\.(figures|sheet)",
            r"huntaze\.connections\.(connecting|notice)",
            r"huntaze\.imports\.reasons",
            r"huntaze\.(messages\.prices|outgoing\.(rewording|watching)|delivery\.redriving)",
            KERNEL,
            "aws_lambda_powertools",
            "pydantic",
            "jinja2",
            "segno",
            "multipart",
        ),
    ),
    # A place in the team has a role, and roles are the members' own.
    Layer("model of the team", r"huntaze\.team\.model", (r"huntaze\.members\.model", KERNEL)),
    # A conversation is with a fan and shows its last message; a draft is what a message may become.
    Layer(
        "model of the inbox", r"huntaze\.(conversations|drafts)\.model", (r"huntaze\.(fans|messages)\.model", KERNEL)
    ),
    # A thread is a conversation with its messages.
    Layer("model of a thread", r"huntaze\.threads\.model", (r"huntaze\.(conversations|messages)\.model", KERNEL)),
    # What was said is a message, or is to become one; home shows the newest of it beside conversations.
    Layer("model of what was said", r"huntaze\.sent\.model", (r"huntaze\.(messages|threads)\.model", KERNEL)),
    Layer("model of home", r"huntaze\.home\.model", (r"huntaze\.(conversations|sent)\.model", KERNEL)),
    # What is on its way is a message, to a fan, at the pace of its account.
    Layer(
        "model of what is on its way",
        r"huntaze\.outgoing\.model",
        (r"huntaze\.(fans|messages|delivery)\.model", KERNEL),
    ),
    # An account is on a platform of fans, keeps a pace, and is what its bridge says of it.
    Layer(
        "model of connections",
        r"huntaze\.connections\.model",
        (r"huntaze\.(delivery|fans|platforms)\.model", KERNEL),
    ),
    # Health is that of accounts, as their rows and their bridges tell it.
    Layer(
        "model of health",
        r"huntaze\.monitoring\.model",
        (r"huntaze\.(connections|fans|outgoing)\.model", KERNEL),
    ),
    Layer(
        "monitoring",
        r"huntaze\.monitoring\.(service|asking|looking|bridges)",
        (r"huntaze\.monitoring\.(asking|looking)", r"huntaze\.\w+\.(model|service)", KERNEL),
    ),
    # A campaign is for fans, of platforms, in words with variables, at the pace of accounts. What can be said of that
    # without asking anybody is several files: what it is, its numbers, its steps, its times, and how it is kept.
    Layer(
        "model of campaigns",
        rf"huntaze\.campaigns\.{_CAMPAIGN}",
        (rf"huntaze\.campaigns\.{_CAMPAIGN}", r"huntaze\.(fans|delivery)\.model", KERNEL),
    ),
    # What is imported are fans. Reading a file knows its columns and the reasons, and nothing of where it is kept.
    Layer("model of imports", r"huntaze\.imports\.(model|reasons)", (r"huntaze\.fans\.model", KERNEL)),
    Layer(
        "imports",
        rf"huntaze\.imports\.{_IMPORTING}",
        (
            rf"huntaze\.imports\.({_IMPORTING}|model|reasons|reading\.\w+)",
            r"huntaze\.\w+\.(model|service)",
            KERNEL,
        ),
    ),
    Layer(
        "stores of imports",
        r"huntaze\.imports\.(store|plan_rows|edits|doing)",
        (r"huntaze\.\w+\.model", r"huntaze\.imports\.edits", KERNEL, "psycopg"),
    ),
    Layer(
        "reading of imports",
        r"huntaze\.imports\.reading(\.\w+)?",
        (r"huntaze\.imports\.(reading\.\w+|model|reasons)", r"huntaze\.fans\.model", KERNEL),
    ),
    # Numbers are asked of fans on their platforms, and said of campaigns by the campaigns' own rule.
    Layer(
        "model of analytics",
        r"huntaze\.analytics\.(model|figures|rows|stale|tickets)",
        (r"huntaze\.analytics\.(model|figures|rows|stale)", r"huntaze\.fans\.model", KERNEL),
    ),
    Layer(
        "analytics",
        r"huntaze\.analytics\.(service|making|sheet|counting)",
        (
            r"huntaze\.analytics(\.(model|figures|rows|stale|tickets|making|sheet))?",
            r"huntaze\.\w+\.(model|service)",
            KERNEL,
        ),
    ),
    Layer(
        "stores of analytics",
        r"huntaze\.analytics\.(store|best|recounts|reading|ranking|raw)",
        (
            r"huntaze\.analytics(\.(model|figures|rows|stale|reading|ranking|raw))?",
            r"huntaze\.\w+\.model",
            KERNEL,
            "psycopg",
        ),
    ),
    Layer("model", r"huntaze\.(\w+\.model|delivery\.permits|connections\.notice)", (KERNEL,)),
    # Sending is a feature of several steps, each a file: the next step is imported, never the one before.
    Layer(
        "send path",
        rf"huntaze\.delivery\.{_SEND_PATH}",
        (rf"huntaze\.delivery\.({_SEND_PATH}|model|permits)", r"huntaze\.platforms\.(model|service)", KERNEL),
    ),
    # So is hearing: what comes in is proven and kept, and done by whoever knows messages, fans and payments.
    Layer(
        "what platforms tell",
        r"huntaze\.webhooks\.(service|signature|body|reminding|doing|acting|meeting)",
        (
            r"huntaze\.\w+\.(model|service)",
            r"huntaze\.messages\.(receiving|prices)",
            r"huntaze\.webhooks\.(signature|body|acting|meeting)",
            r"huntaze\.delivery(\.elsewhere)?",
            KERNEL,
        ),
    ),
    # People write campaigns, launch and steer them; the schedule fills them and lets them out. Each is a file.
    Layer(
        "campaigns",
        rf"huntaze\.campaigns\.{_RUNNING_CAMPAIGNS}",
        (
            rf"huntaze\.campaigns\.({_CAMPAIGN}|{_RUNNING_CAMPAIGNS})",
            r"huntaze\.\w+\.(model|service)",
            r"huntaze\.messages\.(prices|sending)",
            r"huntaze\.campaigns",
            KERNEL,
        ),
    ),
    Layer(
        "stores of campaigns",
        r"huntaze\.campaigns\.(store|audiences|matching|recipients|waves|tending)",
        (
            rf"huntaze\.campaigns\.({_CAMPAIGN}|store|matching)",
            r"huntaze\.\w+\.model",
            r"huntaze\.messages\.prices",
            KERNEL,
            "psycopg",
        ),
    ),
    Layer(
        "service",
        r"huntaze\.(\w+\.service|delivery\.(gate|redriving)|outgoing\.(watching|gauging|rewording)"
        r"|exports\.(sheet|writing|reminding)|merges\.rules|workspaces\.founding|erasures\.sweeping|messages\.(prices|receiving|sending)|team\.joining|audit\.sheet"
        r"|platforms\.silent|connections\.(connecting|doors|outlook|vault))",
        (
            r"huntaze\.\w+\.(model|service)",
            r"huntaze\.delivery\.(permits|waking)",
            r"huntaze\.exports\.sheet",
            r"huntaze\.merges\.rules",
            r"huntaze\.messages\.(prices|sending)",
            r"huntaze\.connections\.notice",
            KERNEL,
        ),
    ),
    # What stands behind the Protocol `Platform`.
    Layer(
        "bridge",
        r"huntaze\.platforms\.(bridge|bridge_clocks|records|replies|told)",
        (r"huntaze\.platforms\.\w+", r"huntaze\.runtime\.guarded_\w+", KERNEL),
    ),
    # The inbox's lists are read twice: as rows, and as the word that tells whether they are still the same.
    Layer("lists of the inbox", r"huntaze\.conversations\.listing", (r"huntaze\.\w+\.model", KERNEL)),
    Layer(
        "store",
        r"huntaze\.(\w+\.store|delivery\.(claims|attempts|accounts))",
        (r"huntaze\.\w+\.model", r"huntaze\.conversations\.listing", KERNEL, "psycopg"),
    ),
    Layer("pace", r"huntaze\.delivery\.pace", (r"huntaze\.delivery\.model", r"huntaze\.runtime\.redis", KERNEL)),
    Layer("files", r"huntaze\.imports\.files", (r"huntaze\.imports\.model", r"huntaze\.runtime\.blobs", KERNEL)),
    Layer("counter", r"huntaze\.limits\.counter", (r"huntaze\.limits\.model", KERNEL)),
    Layer("probe", r"huntaze\.monitoring\.probe", (KERNEL,)),
    Layer(
        "queue",
        r"huntaze\.delivery\.(queue|dead_letters)",
        (r"huntaze\.delivery\.(model|permits|redriving)", r"huntaze\.runtime\.(queues|queue_care)", KERNEL),
    ),
    Layer(
        "schema",
        rf"huntaze\.(\w+\.schema|{_BODIES})",
        (
            r"huntaze\.(\w+\.model|connections\.notice|campaigns\.figures|analytics\.(figures|sheet))",
            rf"huntaze\.(((attachments|campaigns|imports|messages|wording)\.)?schema|{_BODIES})",
            r"huntaze\.imports\.(reasons|reading\.rules)",
            KERNEL,
            "pydantic",
        ),
    ),
    Layer("package", r"huntaze(\.\w+)?", ()),
    Layer(
        "function",
        r"functions\.\w+\.\w+",
        (
            r"huntaze\.(edge|web)\.\w+",
            rf"huntaze((\.\w+)?\.schema|\.{_BODIES})",
            r"huntaze\.wiring",
            "aws_lambda_powertools",
        ),
    ),
    Layer("description of the functions", r"functions\.openapi", (r"huntaze\.edge\.\w+", r"huntaze\.wiring")),
    Layer(
        "infra",
        r"infra(\.[\w.]+)?",
        ("aws_cdk", "constructs", "cdk_nag", "packaging", r"infra(\.[\w.]+)?", r"huntaze\.measures"),
    ),
)


def modules_in(root: Path) -> Iterator[tuple[str, str]]:
    """Every module of the layers, the functions and infra under a root: name and source."""
    for base, folder in ((root / "layers" / "shared" / "python", "huntaze"), (root, "functions"), (root, "infra")):
        for path in sorted((base / folder).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), path.read_text()


def violations(modules: Iterable[tuple[str, str]]) -> list[str]:
    """Every import that the table does not allow, and every module that the table does not know."""
    known = dict(modules)
    return [fault for name, source in known.items() for fault in _faults(name, source, known)]


def _faults(name: str, source: str, known: dict[str, str]) -> Iterator[str]:
    layer = next((layer for layer in LAYERS if re.fullmatch(layer.members, name)), None)
    if layer is None:
        yield f"{name} belongs to no layer: add it to the table"
        return
    for imported in sorted(set(imports(name, source, known))):
        if imported.partition(".")[0] not in STANDARD_LIBRARY and not _allowed(layer, imported):
            yield f"{name} ({layer.name}) may not import {imported}"


def _allowed(layer: Layer, imported: str) -> bool:
    return any(re.fullmatch(rf"{pattern}(\.\w+)*", imported) for pattern in layer.may_import)


def imports(name: str, source: str, known: dict[str, str]) -> Iterator[str]:
    """The modules a source imports, wherever in it; `from a import b` means a.b where that is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = _absolute(name, node)
            submodules = [f"{package}.{alias.name}" for alias in node.names if f"{package}.{alias.name}" in known]
            yield from submodules
            if len(submodules) < len(node.names):
                yield package


def _absolute(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parents = name.split(".")[: -node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])
