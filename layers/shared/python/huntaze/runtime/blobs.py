"""Files in S3, through a client that is made when the first one is touched."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from huntaze.errors import NotFound, Unavailable
from huntaze.runtime.stored import Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 * 1024 * 1024  # S3 wants 5 MB at least, but for the last
_RETRY_AFTER = 5


class Upload:
    """A file on its way, part by part: never more than one part of it is in memory."""

    def __init__(self, client: "S3Client", bucket: str, key: str, upload_id: str) -> None:
        self._client = client
        self._bucket, self._key, self._upload_id = bucket, key, upload_id
        self._parts: list[CompletedPartTypeDef] = []
        self._waiting = bytearray()
        self.size = 0

    def write(self, text: str) -> None:
        """Add to its end."""
        content = text.encode()
        self.size += len(content)
        self._waiting += content
        while len(self._waiting) >= PART_BYTES:
            self._send(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]

    def complete(self) -> None:
        """Make it a file: all of it at once."""
        if self._waiting or not self._parts:
            self._send(bytes(self._waiting))
        with _unavailable_when_away():
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._key,
                UploadId=self._upload_id,
                MultipartUpload={"Parts": self._parts},
            )

    def abandon(self) -> None:
        """Leave nothing behind; what cannot be swept now, the bucket sweeps itself after a day."""
        with suppress(Unavailable), _unavailable_when_away():
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._upload_id)

    def _send(self, content: bytes) -> None:
        number = len(self._parts) + 1
        with _unavailable_when_away():
            sent = self._client.upload_part(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload_id, PartNumber=number, Body=content
            )
        part: CompletedPartTypeDef = {"PartNumber": number, "ETag": sent["ETag"]}
        if "ChecksumCRC32" in sent:  # boto3's own choice; S3 wants to hear it again at the end
            part["ChecksumCRC32"] = sent["ChecksumCRC32"]
        self._parts.append(part)


class Blobs:
    """One bucket."""

    def __init__(
        self, bucket: Callable[[], str], content_type: str, make_client: "Callable[[], S3Client] | None" = None
    ) -> None:
        self._bucket = bucket
        self._content_type = content_type
        self._make_client = make_client or _s3

    @cached_property
    def _client(self) -> "S3Client":
        return self._make_client()

    @contextmanager
    def writing(self, key: str) -> Iterator[Upload]:
        """A new file: it is there when the block ends well, and never was when it does not."""
        with _unavailable_when_away():
            begun = self._client.create_multipart_upload(Bucket=self._bucket(), Key=key, ContentType=self._content_type)
        upload = Upload(self._client, self._bucket(), key, begun["UploadId"])
        try:
            yield upload
            upload.complete()
        except BaseException:
            upload.abandon()
            raise

    def bring(self, key: str, content_type: str, content: bytes) -> None:
        """A small file at once."""
        with _unavailable_when_away():
            self._client.put_object(Bucket=self._bucket(), Key=key, ContentType=content_type, Body=content)

    def below(self, folder: str) -> Iterator[list[str]]:
        """The keys of all files in a folder, a thousand at a time."""
        more: dict[str, str] = {}
        while True:
            with _unavailable_when_away():
                page = self._client.list_objects_v2(Bucket=self._bucket(), Prefix=folder, **more)  # type: ignore[arg-type]  # a token or nothing
            yield [found["Key"] for found in page.get("Contents", [])]
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def delete(self, keys: Sequence[str]) -> None:
        """Delete these files, up to a thousand; what is gone already is fine."""
        with _unavailable_when_away():
            done = self._client.delete_objects(
                Bucket=self._bucket(), Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        if done.get("Errors"):
            raise Unavailable("Files cannot be deleted right now.", retry_after=_RETRY_AFTER)

    def size(self, key: str) -> int | None:
        """How many bytes a file has; None when there is none."""
        try:
            return self.reading(key).size
        except NotFound:
            return None

    def reading(self, key: str) -> Stored:
        """A file that can be read from its beginning as often as needed; nothing is asked of S3 yet."""
        return Stored(self._client, self._bucket(), key)

    def form(self, key: str, content_type: str, largest: int, seconds: int) -> tuple[str, dict[str, str]]:
        """An address and the fields of a form that puts one file there, for so long; nothing is asked of S3.

        Whoever has it chooses the content and nothing else: not the name, not the type, and no more than `largest`.
        """
        posted = self._client.generate_presigned_post(
            self._bucket(),
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 0, largest]],
            ExpiresIn=seconds,
        )
        return posted["url"], posted["fields"]

    @property
    def origin(self) -> str:
        """Where browsers find the bucket, as a page's content security policy names it."""
        address = urlsplit(self.link("x", "x", 1))
        return f"{address.scheme}://{address.netloc}"

    def link(self, key: str, file_name: str, seconds: int) -> str:
        """An address that downloads the file under this name, for so long; nothing is asked of S3."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket(),
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{file_name}"',
                "ResponseContentType": self._content_type,
            },
            ExpiresIn=seconds,
        )


@contextmanager
def _unavailable_when_away() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("Files cannot be kept right now.", retry_after=_RETRY_AFTER) from error


def _s3() -> "S3Client":
    import boto3  # noqa: PLC0415  (a third of a second that most cold starts must not pay)
    from botocore.config import Config  # noqa: PLC0415  (the same)

    # Links are signed the one way that every region and every encryption accepts. Somebody waits: little patience.
    patience = Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual"},  # else they lead by way of us-east-1, and a form follows no redirect
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.client("s3", config=patience)
