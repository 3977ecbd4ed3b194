"""Whoever is woken by an alarm finds what to do, and finds nothing about alarms that are not there."""

import re

import pytest

from infra.assets import ROOT
from infra.dashboards.boards import SUBJECTS
from tests.infra.synthesized import Synthesized

RUNBOOKS = (ROOT / "docs" / "runbooks.md").read_text()
DASHBOARDS = (ROOT / "docs" / "dashboards.md").read_text()
LINK = re.compile(r"What to do: docs/runbooks\.md#([\w-]+)$")


def sections(document: str) -> dict[str, str]:
    """The second-level sections, by their headings."""
    heads = re.split(r"^## (.+)$", document, flags=re.MULTILINE)[1:]
    return dict(zip(heads[::2], heads[1::2], strict=True))


def named(stage: Synthesized) -> dict[str, str]:
    """The section that each alarm names, by the alarm."""
    prefix = stage.stage.physical("huntaze-")
    found = {}
    for alarm in stage.alarms():
        link = LINK.search(alarm["AlarmDescription"])
        assert link, alarm["AlarmName"]
        found[alarm["AlarmName"].removeprefix(prefix)] = link[1]
    return found


def test_every_alarm_has_its_section_and_every_section_its_alarm(prod: Synthesized, staging: Synthesized) -> None:
    assert set(named(staging).values()) <= set(named(prod).values()) == set(sections(RUNBOOKS))


def test_a_section_names_its_alarms(prod: Synthesized) -> None:
    known = sections(RUNBOOKS)
    for alarm, section in named(prod).items():
        if alarm != section and not section.startswith("function-"):
            assert f"`{alarm}`" in known[section], alarm


@pytest.mark.parametrize("section", sections(RUNBOOKS))
def test_a_section_says_what_it_means_how_to_see_it_what_to_do_and_when_it_is_over(section: str) -> None:
    text = sections(RUNBOOKS)[section]
    assert re.findall(r"^- \*\*([\w ]+):\*\*", text, flags=re.MULTILINE) == ["Means", "See", "Do", "Over when"]
    assert re.search(r"\*(Critical|Warning)\*", text)


def test_a_section_is_as_urgent_as_its_alarm(prod: Synthesized) -> None:
    known, links = sections(RUNBOOKS), named(prod)
    for alarm in prod.alarms():
        severity = alarm["AlarmDescription"].partition(":")[0]
        section = known[links[alarm["AlarmName"].removeprefix("huntaze-")]]
        assert section.lstrip().startswith(f"*{severity.capitalize()}*"), alarm["AlarmName"]


def test_what_normal_looks_like_is_said_of_every_dashboard() -> None:
    assert list(sections(DASHBOARDS)) == [*(subject.name for subject in SUBJECTS), "Adding to them"]
