"""Whatever address somebody gives (of a bridge, a picture, a file), one module alone can open it: the guarded one."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.imports import modules_in
from tests.support.functions import ROOT

# What opens connections to an address of its caller's choosing.
NETWORKS = {
    *("socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "asyncio"),
    *("ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "socketserver", "xmlrpc", "webbrowser", "subprocess"),
}
# And what of it is only words.
ONLY_WORDS = {"http.HTTPStatus", "http.cookies"}
MAY = {
    "huntaze.runtime.guarded_network": "looks at the very address that it connects to",
    "huntaze.runtime.guarded_http": "speaks on what the guarded network has opened",
    "huntaze.runtime.postgres": "ends the connection that it has itself; whom it connects to is said by the deployment",
    "huntaze.edge.custom_resource": "answers CloudFormation, at the address that CloudFormation gives to a deployment",
}


def _networks(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module if isinstance(node, ast.ImportFrom) else None
        for name in (f"{module}.{name}" if module else name for name in names):
            if name not in ONLY_WORDS and any(f"{name}.".startswith(f"{one}.") for one in NETWORKS):
                yield name


def test_only_the_guarded_network_opens_connections() -> None:
    shipped = [(name, source) for name, source in modules_in(ROOT) if name.split(".")[0] in {"huntaze", "functions"}]
    assert len(shipped) > 200
    assert {name for name, source in shipped if [*_networks(source)]} == set(MAY)


@pytest.mark.parametrize(
    "source",
    ["import socket", "from urllib.request import urlopen", "from urllib import request", "import requests as r"],
)
def test_a_way_around_it_is_found(source: str) -> None:
    assert [*_networks(f"def f():\n    {source}")]
