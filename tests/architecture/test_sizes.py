from tests.architecture.sizes import functions, percentile, sources
from tests.support.functions import ROOT

SOURCES = sources(ROOT)
FUNCTIONS = [(path, name, length) for path, source in SOURCES.items() for name, length in functions(source)]


def test_files_are_short() -> None:
    lengths = {path: len(source.splitlines()) for path, source in SOURCES.items()}
    longest = sorted(lengths, key=lambda path: -lengths[path])[:5]
    assert percentile(lengths.values(), 0.95) <= 250, longest


def test_functions_are_short() -> None:
    lengths = [length for _, _, length in FUNCTIONS]
    assert percentile(lengths, 0.5) <= 8
    assert percentile(lengths, 0.95) <= 30


def test_no_function_is_long() -> None:
    assert [function for function in FUNCTIONS if function[2] > 60] == []


def test_a_function_is_measured_without_its_docstring_and_with_what_is_inside_it() -> None:
    source = (
        'def outer():\n    """One.\n\n    Two.\n    """\n\n    def inner():\n        return 1\n\n    return inner\n'
    )
    assert dict(functions(source)) == {"outer": 6, "inner": 2}


def test_percentiles_are_those_of_the_list() -> None:
    assert percentile([5, 1, 3], 0.5) == 3
    assert percentile(range(100), 0.95) == 95
    assert percentile([7], 0.95) == 7
