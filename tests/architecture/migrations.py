"""What a release that still runs could not live with, read from the text of a migration.

Migrations come before the code in every deployment, and for five minutes old and new code work side by side: whatever a
file takes away or forbids must be something that the release before no longer needs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Written above a statement, with why nothing that runs can trip over it.
REASON = re.compile(r"--\s*breaks:\s*\S.{9,}")

_NAME = r"(?:IF (?:NOT )?EXISTS )?(?:ONLY )?(?:public\.)?\"?(?P<table>\w+)\"?"
_ADDED = r"ADD (?:COLUMN )?(?:IF NOT EXISTS )?(?!(?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b)\w+"
_DROPPED = r"DROP (?:COLUMN )?(?!(?:CONSTRAINT|NOT|DEFAULT|EXPRESSION|IDENTITY)\b)\w+"
_USED = "FUNCTION|PROCEDURE|ROUTINE|VIEW|MATERIALIZED VIEW|TYPE|DOMAIN|SEQUENCE|SCHEMA"


@dataclass(frozen=True)
class Rule:
    """One kind of statement, and what old code meets."""

    pattern: str
    why: str
    unless: str | None = None


RULES = (
    Rule(r"^DROP TABLE ", "old code still reads the table"),
    Rule(
        rf"^ALTER TABLE .*\b{_DROPPED}",
        "old code still names it",
    ),
    Rule(r"^ALTER .*\bRENAME\b", "old code knows it by its old name"),
    Rule(r"^ALTER TABLE .*\bALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE\b", "old code writes and reads the old type"),
    Rule(r"^ALTER TABLE .*\bSET NOT NULL\b", "old code may still leave it empty"),
    Rule(rf"^ALTER TABLE .*\b{_ADDED} [^,]*\bNOT NULL\b", "old code does not fill it", r"\bDEFAULT\b|\bGENERATED\b"),
    Rule(r"^ALTER TABLE .*\bADD (?:CONSTRAINT|CHECK|UNIQUE|FOREIGN|EXCLUDE)\b", "old code may write what it forbids"),
    Rule(r"^ALTER DOMAIN .*\bADD\b", "old code may write what it forbids"),
    Rule(r"^CREATE UNIQUE INDEX .*? ON ", "old code may write what it forbids"),
    Rule(rf"^DROP (?:{_USED})\b", "old code uses it"),
    Rule(r"^REVOKE ", "old code may still do it"),
    Rule(r"^TRUNCATE\b", "old code has lost what it has written"),
    Rule(r"^CREATE POLICY .*\bAS RESTRICTIVE\b", "old code may write what it forbids"),
)


def violations(name: str, text: str) -> list[str]:
    """Every statement of a file that an older running release could not live with and that gives no reason."""
    return list(_violations(name, text))


def _violations(name: str, text: str) -> Iterator[str]:
    made_here: set[str] = set()
    for statement in statements(text):
        bare = _bare(statement)
        if created := re.match(rf"CREATE TABLE {_NAME}", bare, re.IGNORECASE):
            made_here.add(created["table"].lower())
        if REASON.search(statement) or _is_about(bare, made_here):
            continue
        for rule in RULES:
            if any(_breaks(rule, part) for part in _parts(bare)):
                yield f"{name}: {rule.why}: {bare[:100]}"


def statements(text: str) -> Iterator[str]:
    """Each statement with the comments before it; what stands in quotes, and in bodies of functions, is one word."""
    word = re.compile(r"--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|;|[^-/$';]+|.", re.DOTALL)
    begun = ""
    for found in word.finditer(text):
        if found[0] == ";":
            yield begun.strip()
            begun = ""
        else:
            begun += found[0]
    if begun.strip():
        yield begun.strip()


def _bare(statement: str) -> str:
    """Without comments and the insides of quotes and bodies: on one line, with single blanks."""
    hidden = re.sub(r"--[^\n]*|/\*.*?\*/", " ", statement, flags=re.DOTALL)
    hidden = re.sub(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", "''", hidden, flags=re.DOTALL)
    return re.sub(r"\s+", " ", hidden).strip()


def _parts(bare: str) -> Iterator[str]:
    """Each change of one ALTER TABLE by itself: a default of one column is none of its neighbour's."""
    head = re.match(rf"ALTER TABLE {_NAME} ", bare, re.IGNORECASE)
    if head is None:
        yield bare
        return
    for part in re.split(r",\s*(?=(?:ADD|DROP|ALTER|RENAME|VALIDATE|SET)\b)", bare[head.end() :], flags=re.IGNORECASE):
        yield f"{head[0]}{part}"


def _breaks(rule: Rule, part: str) -> bool:
    found = re.search(rule.pattern, part, re.IGNORECASE)
    return found is not None and not (rule.unless and re.search(rule.unless, part, re.IGNORECASE))


def _is_about(bare: str, tables: set[str]) -> bool:
    """Whether it changes a table of the same file, which no release before knows."""
    about = re.match(
        rf"(?:ALTER TABLE|CREATE UNIQUE INDEX (?:IF NOT EXISTS )?\w+ ON|REVOKE .*? ON(?: TABLE)?) {_NAME}",
        bare,
        re.IGNORECASE,
    )
    return about is not None and about["table"].lower() in tables
