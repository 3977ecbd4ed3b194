"""Debian's Chromium, driven from Python."""

import shutil

from playwright.sync_api import Browser, Playwright

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


def launch(playwright: Playwright) -> Browser:
    """Start the browser without a window."""
    program = shutil.which("chromium")
    if program is None:
        raise StartFailed("Chromium is missing: an administrator runs apt-get install -y chromium")
    unboxed = ["--no-sandbox"] if is_root() else []  # as root Chromium refuses its own sandbox
    return playwright.chromium.launch(executable_path=program, args=[*QUIET, *unboxed])
