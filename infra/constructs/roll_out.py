"""How new code takes over: a tenth of what comes in goes to it for five minutes, and none after its first error."""

from aws_cdk import CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import assets
from infra.constructs.acknowledge import acknowledge
from infra.constructs.python_function import LIVE, PythonFunction
from infra.stage import Stage

A_TENTH_FOR_FIVE_MINUTES = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
NAMESPACE = "Huntaze/RollOut"
MINUTE = Duration.minutes(1)


class RollOut(Construct):
    """CodeDeploy moves each function's alias; CloudFormation waits, and takes a whole deployment back if one fails.

    Its alarms see the new version alone: errors of the old one must not keep its own cure from being deployed. They
    tell nobody, for CloudFormation does.
    """

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._application = codedeploy.CfnApplication(self, "Application", compute_platform="Lambda")
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"))
        self._role.add_to_policy(iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
        acknowledge(self._role, {"AwsSolutions-IAM5[Resource::*]": "CodeDeploy asks for alarms without naming one."})
        # All functions write their errors into one figure: an alarm for each would cost more than it tells. Other code
        # has another figure and another alarm, which nothing of the old one has raised already.
        code = assets.fingerprint([assets.HUNTAZE_LAYER, assets.ROOT / "functions"])
        self._figure = f"ErrorsOfNewVersions-{stage.name}-{code}"
        self._logged = self._alarm(
            f"Logged{code}",
            cloudwatch.Metric(namespace=NAMESPACE, metric_name=self._figure, statistic="Sum", period=MINUTE),
            "a new version has logged an error, which every answer 500 or 503 is too",
        )

    def of(self, function: PythonFunction, live: lambda_.Alias) -> None:
        """Let new versions of this function take over step by step."""
        group = codedeploy.CfnDeploymentGroup(
            self,
            function.spec.construct_id,
            application_name=self._application.ref,
            service_role_arn=self._role.role_arn,
            deployment_config_name=A_TENTH_FOR_FIVE_MINUTES,
            deployment_style=codedeploy.CfnDeploymentGroup.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty(
                enabled=True, alarms=[_named(self._logged), _named(self._failing_of(function))]
            ),
            auto_rollback_configuration=codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty(
                enabled=True, events=["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
            ),
        )
        group.node.add_dependency(self._role, self._count_errors_of(function))
        self._let_move(function)
        resource = live.node.default_child
        assert isinstance(resource, lambda_.CfnAlias)  # noqa: S101  # what an alias is made of
        resource.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )

    def _let_move(self, function: PythonFunction) -> None:
        moving = ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"]
        self._role.add_to_policy(iam.PolicyStatement(actions=moving, resources=[function.function.function_arn]))

    def _count_errors_of(self, function: PythonFunction) -> logs.MetricFilter:
        version = function.function.current_version.version
        return logs.MetricFilter(
            self,
            f"{function.spec.construct_id}Logged",
            log_group=function.logs,
            filter_pattern=logs.FilterPattern.literal(f'{{ $.level = "ERROR" && $.version = "{version}" }}'),
            metric_namespace=NAMESPACE,
            metric_name=self._figure,
            metric_value="1",
        )

    def _failing_of(self, function: PythonFunction) -> cloudwatch.Alarm:
        dimensions = {
            "FunctionName": function.name,
            "Resource": f"{function.name}:{LIVE}",
            "ExecutedVersion": function.function.current_version.version,
        }
        failed = cloudwatch.Metric(
            namespace="AWS/Lambda", metric_name="Errors", dimensions_map=dimensions, statistic="Sum", period=MINUTE
        )
        return self._alarm(f"{function.spec.construct_id}Failed", failed, f"the new version of {function.name} fails")

    def _alarm(self, construct_id: str, metric: cloudwatch.Metric, what: str) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            construct_id,
            alarm_description=f"Rolls a deployment back: {what}.",
            metric=metric,
            threshold=0,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


def _named(alarm: cloudwatch.Alarm) -> codedeploy.CfnDeploymentGroup.AlarmProperty:
    return codedeploy.CfnDeploymentGroup.AlarmProperty(name=alarm.alarm_name)
