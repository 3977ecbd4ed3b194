"""Debian's Chromium, driven from Python."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from local.node import node_folder
from local.processes import StartFailed, is_root

# Without these Chromium calls home.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser without a window, for as long as the block runs."""
    program = shutil.which("chromium")
    if program is None:
        raise StartFailed("Chromium is missing: an administrator runs apt-get install -y chromium")
    unboxed = ["--no-sandbox"] if is_root() else []  # as root Chromium refuses its own sandbox
    # Playwright brings a Node that needs libatomic, which no bare Debian has; ours needs nothing.
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node_folder() / "node")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=[*QUIET, *unboxed]) as browser,
    ):
        yield browser
