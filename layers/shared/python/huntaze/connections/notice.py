"""What somebody agrees to who connects an account. Its one place is notice.json: another text is another version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Notice:
    """A version of the text, in paragraphs, in each language of the pages."""

    version: str
    text: Mapping[str, tuple[str, ...]]


@cache
def notice() -> Notice:
    """The one in force."""
    told = json.loads(Path(__file__).with_name("notice.json").read_text("utf-8"))
    return Notice(told["version"], {language: tuple(text) for language, text in told["text"].items()})
