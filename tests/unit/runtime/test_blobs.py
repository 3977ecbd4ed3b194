import base64
import json
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from huntaze.errors import Unavailable
from huntaze.runtime.blobs import PART_BYTES, Blobs

BUCKET = "a-bucket"
SMALLEST_PART_OF_S3 = 5 * 1024 * 1024


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (("DEFAULT_REGION", "us-east-1"), ("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def blobs(s3: Any) -> Blobs:
    return Blobs(lambda: BUCKET, "text/plain; charset=utf-8", lambda: s3)


def _files(s3: Any) -> list[str]:
    return [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def _unfinished(s3: Any) -> list[str]:
    return [upload["Key"] for upload in s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])]


@pytest.mark.parametrize("length", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 3])
def test_a_file_of_any_length_is_what_was_written(blobs: Blobs, s3: Any, length: int) -> None:
    with blobs.writing("a/file") as file:
        file.write("x" * length)
    assert file.size == length
    stored = s3.get_object(Bucket=BUCKET, Key="a/file")
    assert stored["Body"].read() == b"x" * length
    assert stored["ContentType"] == "text/plain; charset=utf-8"
    assert _unfinished(s3) == []


def test_letters_of_many_bytes_may_be_cut_between_parts(blobs: Blobs, s3: Any) -> None:
    with blobs.writing("a/file") as file:
        file.write("x")
        file.write("é" * PART_BYTES)
    assert s3.get_object(Bucket=BUCKET, Key="a/file")["Body"].read().decode() == "x" + "é" * PART_BYTES


def test_every_part_but_the_last_is_large_enough_for_s3(blobs: Blobs, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    send: Callable[..., Any] = s3.upload_part
    monkeypatch.setattr(s3, "upload_part", lambda **words: sizes.append(len(words["Body"])) or send(**words))
    with blobs.writing("a/file") as file:
        for _ in range(30):
            file.write("x" * 1_000_000)
    assert sum(sizes) == 30_000_000
    assert min(sizes[:-1]) >= SMALLEST_PART_OF_S3
    assert max(sizes) <= PART_BYTES, "never more than one part is in memory"


def test_before_its_end_there_is_no_file(blobs: Blobs, s3: Any) -> None:
    with blobs.writing("a/file") as file:
        file.write("x" * PART_BYTES)
        assert _files(s3) == []
    assert _files(s3) == ["a/file"]


def _begin_and_then(act: Callable[[], object], blobs: Blobs) -> None:
    with blobs.writing("a/file") as file:
        file.write("x" * PART_BYTES)
        act()
        file.write("x" * PART_BYTES)


def test_a_file_that_went_wrong_never_was(blobs: Blobs, s3: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        _begin_and_then(lambda: 1 / 0, blobs)
    assert (_files(s3), _unfinished(s3)) == ([], [])


def test_without_the_bucket_it_is_unavailable(blobs: Blobs, s3: Any) -> None:
    s3.delete_bucket(Bucket=BUCKET)
    with pytest.raises(Unavailable), blobs.writing("a/file"):
        pass


def test_a_bucket_that_goes_away_in_the_middle_is_unavailable(blobs: Blobs, s3: Any) -> None:
    with pytest.raises(Unavailable):
        _begin_and_then(lambda: s3.delete_bucket(Bucket=BUCKET), blobs)


def test_a_small_file_is_put_there_at_once(blobs: Blobs, s3: Any) -> None:
    blobs.bring("a/file", "text/csv", b"a;b\xff")
    stored = s3.get_object(Bucket=BUCKET, Key="a/file")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"a;b\xff", "text/csv")
    s3.delete_object(Bucket=BUCKET, Key="a/file")
    s3.delete_bucket(Bucket=BUCKET)
    with pytest.raises(Unavailable):
        blobs.bring("a/file", "text/csv", b"x")


def test_a_link_names_the_file_and_its_end(blobs: Blobs) -> None:
    with blobs.writing("a/file") as file:
        file.write("Hello")
    link = blobs.link("a/file", "hello.txt", 60)
    assert urllib.parse.urlsplit(link).path.endswith("/a/file")
    assert "Expires" in link


def test_a_file_has_a_size_if_it_is_there(blobs: Blobs) -> None:
    with blobs.writing("a/file") as file:
        file.write("Hello")
    assert (blobs.size("a/file"), blobs.size("another/file")) == (5, None)


def test_a_form_takes_one_file_of_one_name_and_type_and_no_larger_one(blobs: Blobs) -> None:
    address, fields = blobs.form("imports/a/file.csv", "text/csv", 1_000, 900)
    policy = json.loads(base64.b64decode(fields["policy"]))

    assert address.startswith("https://a-bucket.s3.")
    assert (fields["key"], fields["Content-Type"]) == ("imports/a/file.csv", "text/csv")
    assert {"bucket": BUCKET} in policy["conditions"]
    assert {"key": "imports/a/file.csv"} in policy["conditions"]
    assert {"Content-Type": "text/csv"} in policy["conditions"]
    assert ["content-length-range", 0, 1_000] in policy["conditions"]
    assert not [word for word in policy["conditions"] if "starts-with" in word]


@pytest.mark.parametrize(
    ("region", "endpoint", "origin"),
    [
        ("us-east-1", None, "https://a-bucket.s3.amazonaws.com"),
        ("eu-west-1", None, "https://a-bucket.s3.eu-west-1.amazonaws.com"),
        ("us-east-1", "http://127.0.0.1:4566", "http://127.0.0.1:4566"),
    ],
)
def test_forms_and_links_lead_to_one_origin_without_a_detour(
    monkeypatch: pytest.MonkeyPatch, region: str, endpoint: str | None, origin: str
) -> None:
    for name, value in (("DEFAULT_REGION", region), ("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(f"AWS_{name}", value)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    blobs = Blobs(lambda: BUCKET, "text/csv")

    assert blobs.origin == origin
    address, fields = blobs.form("a", "text/csv", 1, 1)
    assert address.startswith(origin)
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
