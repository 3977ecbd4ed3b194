"""The two layers: third-party packages change rarely, the code of `huntaze` often."""

from pathlib import Path

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import assets
from infra.stage import Stage

RUNTIME = lambda_.Runtime.PYTHON_3_14
ARCHITECTURE = lambda_.Architecture.ARM_64

TARGETS = {"lambda": assets.LAMBDA, "this-interpreter": assets.THIS_INTERPRETER}


class Layers(Construct):
    """What every function finds under /opt/python."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        third_party = assets.dependencies_layer(TARGETS[stage.layer_target])
        self.all = [
            self._layer("huntaze-dependencies", third_party, purpose="Third-party packages"),
            self._layer("huntaze", assets.HUNTAZE_LAYER, assets.ONLY_PYTHON, purpose="What all functions share"),
        ]

    def _layer(
        self, name: str, folder: Path, exclude: tuple[str, ...] = assets.LEFTOVERS, *, purpose: str
    ) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            name,
            layer_version_name=self._stage.physical(name),
            description=purpose,
            code=lambda_.Code.from_asset(str(folder), exclude=list(exclude), ignore_mode=IgnoreMode.GIT),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
        )
