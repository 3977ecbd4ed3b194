import re

import pytest

from tests.architecture.imports import LAYERS, imports, modules_in, violations
from tests.support.functions import ROOT


def test_every_module_imports_only_what_its_layer_may() -> None:
    assert violations(modules_in(ROOT)) == []


def test_no_row_of_the_table_is_empty() -> None:
    names = [name for name, _ in modules_in(ROOT)]
    assert [layer.name for layer in LAYERS if not any(re.fullmatch(layer.members, name) for name in names)] == []


FORBIDDEN = [
    ("huntaze.errors", "import psycopg"),
    ("huntaze.ids", "from huntaze.fans.model import Fan"),
    ("huntaze.money", "import pydantic"),
    ("huntaze.fans.model", "from huntaze.members.model import Role"),
    ("huntaze.fans.model", "import pydantic"),
    ("huntaze.fans.service", "import psycopg"),
    ("huntaze.fans.service", "import boto3"),
    ("huntaze.fans.service", "import redis.exceptions"),
    ("huntaze.fans.service", "from aws_lambda_powertools import Logger"),
    ("huntaze.fans.service", "from huntaze.fans.store import PostgresFans"),
    ("huntaze.fans.service", "from huntaze.fans import store"),
    ("huntaze.fans.service", "from . import store"),
    ("huntaze.fans.service", "from .store import PostgresFans"),
    ("huntaze.fans.service", "from huntaze.runtime.postgres import Postgres"),
    ("huntaze.fans.service", "from huntaze.edge.problem import of"),
    ("huntaze.fans.service", "from huntaze.fans.schema import FanBody"),
    ("huntaze.fans.service", "def f():\n    import psycopg"),
    ("huntaze.fans.service", "if TYPE_CHECKING:\n    from psycopg import Connection"),
    ("huntaze.fans.service", "from huntaze import wiring"),
    ("huntaze.fans.store", "from huntaze.fans.service import Fans"),
    ("huntaze.fans.store", "import boto3"),
    ("huntaze.fans.store", "from huntaze.members.store import MembershipStore"),
    ("huntaze.fans.schema", "import psycopg"),
    ("huntaze.fans.schema", "from huntaze.fans.store import ADD"),
    ("huntaze.runtime.postgres", "from huntaze.fans.model import Fan"),
    ("huntaze.runtime.postgres", "from huntaze.edge.api import HttpApi"),
    ("huntaze.edge.api", "import psycopg"),
    ("huntaze.edge.api", "from huntaze.fans.store import PostgresFans"),
    ("huntaze.edge.api", "from huntaze import wiring"),
    ("functions.fans.handler", "import boto3"),
    ("functions.fans.handler", "from huntaze.fans.service import Fans"),
    ("functions.fans.handler", "from huntaze.fans.store import PostgresFans"),
    ("functions.fans.handler", "from functions.public.handler import app"),
    ("functions.fans.handler", "from functions.public import handler"),
    ("infra.routes", "import boto3"),
    ("infra.routes", "from huntaze.edge.api import HttpApi"),
    ("infra.routes", "from functions.fans.handler import app"),
    ("infra.routes", "from local.stack import Stack"),
    ("huntaze.somewhere.new", ""),
]
KNOWN = [("huntaze.wiring", ""), ("huntaze.fans.store", ""), ("functions.public.handler", "")]


@pytest.mark.parametrize(("name", "source"), FORBIDDEN)
def test_the_check_notices_what_is_forbidden(name: str, source: str) -> None:
    found = violations([*(known for known in KNOWN if known[0] != name), (name, source)])
    assert len(found) == 1
    assert found[0].startswith(name)


ALLOWED = [
    (
        "huntaze.fans.service",
        "from huntaze.members.model import Principal\nfrom huntaze.members.service import Members",
    ),
    ("huntaze.fans.store", "from psycopg.types.json import Jsonb\nfrom huntaze.errors import Conflict\nimport logging"),
    ("huntaze.wiring", "from huntaze.fans.store import PostgresFans"),
    ("functions.fans.handler", "from huntaze import wiring\nfrom huntaze.edge.api import HttpApi"),
    ("infra.stacks.app", "from aws_cdk import aws_lambda\nfrom infra.routes import ROUTES"),
]


@pytest.mark.parametrize(("name", "source"), ALLOWED)
def test_the_check_lets_pass_what_is_allowed(name: str, source: str) -> None:
    assert violations([*(known for known in KNOWN if known[0] != name), (name, source)]) == []


def test_an_import_is_found_wherever_it_stands() -> None:
    source = (
        "import a.b as c\ndef f():\n    from d import e\ntry:\n    import g\nexcept ImportError:\n    from .h import i"
    )
    assert set(imports("huntaze.fans.model", source, {})) == {"a.b", "d", "g", "huntaze.fans.h"}
