import importlib.util

from tests.support.functions import FUNCTIONS


def test_the_published_description_is_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("functions_openapi", FUNCTIONS / "openapi.py")
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.PUBLISHED.read_text() == writer.text(), "run: python functions/openapi.py"
