"""The CDK app: `cdk deploy --all -c stage=NAME` builds every asset and deploys the stacks of one stage."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"


def main() -> None:
    if find_spec("aws_cdk") is None and sys.prefix != str(VENV):  # called without the environment active
        os.execv(VENV / "bin" / "python", ["python", *sys.argv])  # noqa: S606 - the same program, our own interpreter

    from infra.node import use_packaged_node  # noqa: PLC0415 - the packages are there only from here on

    use_packaged_node()

    from infra.deployment import new_app  # noqa: PLC0415 - starts Node when it is imported

    new_app().synth()


if __name__ == "__main__":
    main()
