"""What docs/scale.md reckons is what the functions allow today."""

from bench.scale import limits, numbers, reckoned
from tests.support.functions import ROOT


def test_the_document_has_the_table_that_the_script_writes() -> None:
    text = (ROOT / "docs" / "scale.md").read_text()
    assert "\n".join(reckoned()) in text
    assert numbers() in text


def test_the_narrowest_comes_first() -> None:
    found = [limit.campaigns for limit in limits()]
    assert found == sorted(found)
    assert found[0] > 1_000
