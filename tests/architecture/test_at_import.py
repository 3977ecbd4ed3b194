import pytest

from tests.architecture.at_import import reads_of_the_environment
from tests.architecture.imports import modules_in
from tests.support.functions import ROOT


def test_nothing_that_is_deployed_reads_the_environment_at_import() -> None:
    modules = [(name, source) for name, source in modules_in(ROOT) if not name.startswith("infra")]
    assert {name: lines for name, source in modules if (lines := reads_of_the_environment(source))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import os\nX = os.environ['X']",
        "import os\nX = os.getenv('X')",
        "import os\nclass A:\n    x = os.environ.get('X')",
        "import os\ndef f(x=os.environ['X']): ...",
        "import os\n@g(os.environ['X'])\ndef f(): ...",
        "from os import environ\nX = environ['X']",
        "from os import getenv as get\nX = get('X')",
        "import os\nif os.environ.get('X'):\n    pass",
        "import os\nX = f'{os.environ}'",
        "import os\nX = [os.environ[n] for n in 'ab']",
    ],
)
def test_the_check_notices_a_read(source: str) -> None:
    assert reads_of_the_environment(source)


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef f():\n    return os.environ['X']",
        "import os\nclass A:\n    def f(self):\n        return os.getenv('X')",
        "import os\nread = lambda: os.environ['X']",
        "import os\nX = os.path.join('a', 'b')",
    ],
)
def test_the_check_lets_a_function_read_when_it_is_called(source: str) -> None:
    assert reads_of_the_environment(source) == []
