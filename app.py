"""The CDK app: `cdk deploy --all -c stage=NAME` builds every asset and deploys the stacks of one stage."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parent
PYTHON = HOME / ".venv" / "bin" / "python"


def main() -> None:
    if find_spec("aws_cdk") is None:
        run_in_the_environment_of_the_project()

    sys.path.append(str(HOME / "layers" / "shared" / "python"))  # alarms know metrics by the names the code uses

    from infra.node import use_packaged_node  # noqa: PLC0415 - the packages are there only from here on

    use_packaged_node()

    from infra.deployment import new_app  # noqa: PLC0415 - starts Node when it is imported

    new_app().synth()


def run_in_the_environment_of_the_project() -> None:
    """Whoever calls `cdk` without the environment active gets it anyway."""
    if sys.prefix == str(PYTHON.parent.parent) or not PYTHON.exists():
        sys.exit("The CDK is not installed: run ./dev, or pip install -r requirements.txt")
    os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - the same program, another interpreter


if __name__ == "__main__":
    main()
