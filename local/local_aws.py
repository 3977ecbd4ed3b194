"""The local AWS: every service the CDK app uses, on one port of 127.0.0.1."""

import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3

from local.node import node_folder
from local.processes import Child, Server, free_port

REGION = "us-east-1"
ACCOUNT = "000000000000"
PYTHON = Path(__file__).parent.parent / ".venv" / "bin" / "python"

# Sizes and listeners of services that nothing here uses.
QUIET = {"SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0", "LOG_LEVEL": "WARNING"}


class LocalAws(Server):
    """One local AWS whose state survives a stop."""

    def __init__(self, data_dir: Path, *, port: int = 0) -> None:
        self._data_dir = data_dir
        self.port = free_port(port)

    @property
    def endpoint(self) -> str:
        """The address that stands in for every AWS endpoint."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._child = Child(
            "The local AWS",
            [PYTHON, "-m", "ministack"],
            log=self._data_dir / "aws.log",
            env=self._environment(),
        )
        self._child.wait_until(self._answers)

    def _environment(self) -> dict[str, str]:
        """Our own variables only: somebody's real AWS credentials have no business here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        scratch = self._data_dir / "tmp"
        scratch.mkdir(exist_ok=True)
        return (
            kept
            | QUIET
            | {
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_HOST": "127.0.0.1",
                "MINISTACK_REGION": REGION,
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "GATEWAY_PORT": str(self.port),
                "PERSIST_STATE": "1",
                "STATE_DIR": str(self._data_dir / "state"),
                "S3_PERSIST": "1",
                "S3_DATA_DIR": str(self._data_dir / "s3"),
                "TMPDIR": str(scratch),
                "PATH": f"{node_folder()}:{os.environ['PATH']}",
            }
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2):  # noqa: S310  (our own address)
                return True
        except (urllib.error.URLError, OSError):
            return False


def client(service: str, endpoint: str) -> Any:
    """A client of one service of the local AWS, which asks for no real credentials."""
    return boto3.client(  # type: ignore[call-overload]  # the stubs know services by literal names only
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106  (nothing checks it)
    )


def aws_environment(endpoint: str) -> dict[str, str]:
    """The variables that point any AWS SDK at the local AWS and away from everything else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
