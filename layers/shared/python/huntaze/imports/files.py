"""The files of imports in S3."""

from huntaze.imports.model import Upload
from huntaze.runtime.blobs import Blobs

# Which encoding it has is found out by reading it.
UPLOADED_AS = "text/csv"


class ImportFiles(Blobs):
    """What people upload, and what did not come along."""

    def upload(self, key: str, largest: int, seconds: int) -> Upload:
        """Where the file of this name may be put, for so long."""
        return Upload(*self.form(key, UPLOADED_AS, largest, seconds))

    def put(self, key: str, content: bytes) -> None:
        """Put a small file there that has come with a request."""
        self.bring(key, UPLOADED_AS, content)
