"""A stage as its own stacks describe it."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from local.cloud.account import Aws, NotReady


@dataclass(frozen=True)
class Deployed:
    """Where a deployed stage answers, and the ids by which AWS knows its parts."""

    stage: str
    aws: Aws
    outputs: dict[str, str]

    @property
    def url(self) -> str:
        """Where people and callers find it."""
        return self.outputs["Url"].removesuffix("/")


def deployed(stage: str, aws: Aws) -> Deployed:
    """What is deployed; NotReady when nothing is."""
    outputs: dict[str, str] = {}
    for part in ("data", "app"):
        name = f"huntaze-{stage}-{part}"
        try:
            [stack] = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            raise NotReady(f"There is no stack {name} in {aws.place}: deploy {stage} first.") from error
        outputs |= {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return Deployed(stage, aws, outputs)
