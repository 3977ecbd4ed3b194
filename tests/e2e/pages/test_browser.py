"""The browser starts on a machine that has nothing but Debian's Chromium."""

from pathlib import Path

import psutil
import pytest

from local.node import node_folder


@pytest.mark.usefixtures("chromium")
def test_playwright_runs_on_our_node() -> None:
    programs = [Path(child.exe()) for child in psutil.Process().children()]
    assert (node_folder() / "node").resolve() in programs
