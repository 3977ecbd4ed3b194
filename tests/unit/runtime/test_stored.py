import io
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, IncompleteReadError, ReadTimeoutError
from moto import mock_aws

from huntaze.errors import NotFound, Unavailable
from huntaze.runtime import stored
from huntaze.runtime.blobs import Blobs
from huntaze.runtime.stored import BLOCK_BYTES, Stored

BUCKET, KEY = "a-bucket", "imports/a/file.csv"
BLOCK = 1000
Broken = Callable[[int], Exception | None]


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(stored, "BLOCK_BYTES", BLOCK)
    for name, value in (("DEFAULT_REGION", "us-east-1"), ("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def file(s3: Any) -> Stored:
    return Blobs(lambda: BUCKET, "text/csv", lambda: s3).reading(KEY)


def _content(length: int) -> bytes:
    return bytes(number % 251 for number in range(length))


def _put(s3: Any, content: bytes) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=content)


class _Body(io.BytesIO):
    """A body whose connection breaks after its first half."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def read(self, *_: Any) -> bytes:
        raise self._error


@pytest.fixture
def asked(s3: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which stretches S3 was asked for."""
    stretches: list[str] = []
    get = s3.get_object

    def remembered(**words: Any) -> Any:
        stretches.append(words["Range"])
        return get(**words)

    monkeypatch.setattr(s3, "get_object", remembered)
    return stretches


@pytest.mark.parametrize("length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7])
def test_a_file_of_any_length_is_read_whole_and_again(s3: Any, file: Stored, asked: list[str], length: int) -> None:
    _put(s3, _content(length))

    for _ in range(2):
        with file.open() as opened:
            assert opened.read() == _content(length)
    assert file.size == length
    assert len(asked) == 2 * -(-length // BLOCK), "each block once"


def test_it_is_read_in_lines_by_whoever_reads_text(s3: Any, file: Stored) -> None:
    lines = [f"line {number} é\n" for number in range(500)]
    _put(s3, "".join(lines).encode())

    with file.open() as opened:
        assert list(io.TextIOWrapper(opened, encoding="utf-8")) == lines


def test_who_stops_early_asks_for_no_more(s3: Any, file: Stored, asked: list[str]) -> None:
    _put(s3, _content(50 * BLOCK))
    with file.open() as opened:
        opened.read(10)
    assert len(asked) < 50


class Endless:
    """Has a file that it makes up as it is asked: moto would hold it whole."""

    def __init__(self, size: int) -> None:
        self._size = size

    def head_object(self, **_: Any) -> dict[str, Any]:
        return {"ContentLength": self._size, "ETag": '"a"'}

    def get_object(self, *, Range: str, **_: Any) -> dict[str, Any]:  # noqa: N803  (boto3's own name)
        first, last = Range.removeprefix("bytes=").split("-")
        return {"Body": io.BytesIO(b"x" * (int(last) + 1 - int(first)))}


def test_never_more_than_a_few_blocks_are_in_memory() -> None:
    size, file = 100 * BLOCK_BYTES, Stored(Endless(100 * BLOCK_BYTES), BUCKET, KEY)  # type: ignore[arg-type]  # as much of S3 as it takes
    tracemalloc.start()
    with file.open() as opened:
        read = sum(len(part) for part in iter(lambda: opened.read(1_000_000), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == size
    assert peak < 4 * BLOCK_BYTES


@pytest.mark.parametrize("breaks", [1, 2])
@pytest.mark.parametrize(
    "error",
    [
        IncompleteReadError(actual_bytes=1, expected_bytes=BLOCK),
        ReadTimeoutError(endpoint_url="https://s3"),
        EndpointConnectionError(endpoint_url="https://s3"),
    ],
)
def test_a_connection_that_breaks_in_the_middle_is_made_anew(
    s3: Any, file: Stored, monkeypatch: pytest.MonkeyPatch, error: Exception, breaks: int
) -> None:
    _put(s3, _content(3 * BLOCK))
    broken = _breaking(s3, monkeypatch, error, breaks)

    with file.open() as opened:
        assert opened.read() == _content(3 * BLOCK)
    assert len(broken) == breaks


def test_one_that_breaks_again_and_again_is_unavailable(s3: Any, file: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(s3, _content(3 * BLOCK))
    _breaking(s3, monkeypatch, ReadTimeoutError(endpoint_url="https://s3"), 100)

    with file.open() as opened, pytest.raises(Unavailable):
        opened.read()


def _breaking(s3: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> list[str]:
    """From its second block on, so many bodies break while they are read."""
    broken: list[str] = []
    get = s3.get_object

    def answer(**words: Any) -> Any:
        found = get(**words)
        if not words["Range"].startswith("bytes=0-") and len(broken) < times:
            broken.append(words["Range"])
            found["Body"] = _Body(error)
        return found

    monkeypatch.setattr(s3, "get_object", answer)
    return broken


def test_a_file_that_is_replaced_while_it_is_read_is_never_mixed_with_the_other(s3: Any, file: Stored) -> None:
    _put(s3, b"a" * 300_000)
    with file.open() as opened:
        opened.read(10)
        _put(s3, b"b" * 300_000)
        with pytest.raises(Unavailable, match="another one"):
            opened.read()


def test_a_file_that_is_deleted_while_it_is_read_is_unavailable(s3: Any, file: Stored) -> None:
    _put(s3, b"a" * 300_000)
    with file.open() as opened:
        opened.read(10)
        s3.delete_object(Bucket=BUCKET, Key=KEY)
        with pytest.raises(Unavailable):
            opened.read()


def test_what_is_not_there_is_not_found(file: Stored) -> None:
    with pytest.raises(NotFound), file.open():
        pass
    with pytest.raises(NotFound):
        _ = file.size


def test_without_s3_it_is_unavailable(file: Stored, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr(s3, "head_object", away)
    with pytest.raises(Unavailable), file.open():
        pass
