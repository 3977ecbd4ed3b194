"""`./dev deploy STAGE`: the same CDK app, to AWS, after a look at what will change."""

import os

from local import cdk


def deploy(stage: str) -> int:
    """Show the difference, ask, deploy: the credentials are those of the environment."""
    if stage == "local":
        print("The local stage is deployed by ./dev up.")
        return 2
    words = ["--all", *cdk.context({"stage": stage})]
    cdk.bootstrap([], env=os.environ)
    cdk.run(["diff", *words], env=os.environ)
    if input(f"\nDeploy this to {stage}? Type the stage's name to go on: ").strip() != stage:
        print("Nothing was deployed.")
        return 1
    cdk.run(["deploy", *words, "--require-approval", "never"], env=os.environ)
    return 0
