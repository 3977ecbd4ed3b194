"""Every type of resource: who prices it, or why it is free. What is in neither list stops the bill."""

from collections.abc import Callable, Iterable, Mapping

from costs import database, standing, used
from costs.lines import Line
from costs.load import Month

Pricer = Callable[[Month], Iterable[Line]]

PRICED: Mapping[str, Pricer] = {
    "AWS::ApiGatewayV2::Api": used.gateway,
    "AWS::CloudWatch::Alarm": standing.alarms,
    "AWS::CloudWatch::CompositeAlarm": standing.composite_alarms,
    "AWS::CloudWatch::Dashboard": standing.dashboards,
    "AWS::Cognito::UserPool": used.people,
    "AWS::EC2::Instance": standing.way_out,
    "AWS::EC2::VPC": used.traffic,
    "AWS::ElastiCache::ReplicationGroup": standing.cache,
    "AWS::KMS::Key": standing.keys,
    "AWS::Lambda::EventSourceMapping": used.polls,
    "AWS::Lambda::Function": used.functions,
    "AWS::Logs::LogGroup": used.logs,
    "AWS::RDS::DBCluster": database.storage,
    "AWS::RDS::DBInstance": database.capacity,
    "AWS::S3::Bucket": used.files,
    "AWS::SNS::Topic": used.mails,
    "AWS::SQS::Queue": used.queues,
    "AWS::SecretsManager::Secret": standing.secrets,
}

FREE: Mapping[str, str] = {
    "AWS::ApiGatewayV2::Authorizer": "part of the API, which is paid by the request",
    "AWS::ApiGatewayV2::Integration": "part of the API",
    "AWS::ApiGatewayV2::Route": "part of the API",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::CloudFormation::Stack": "a part of its parent",
    "AWS::CodeDeploy::Application": "deployments to Lambda cost nothing",
    "AWS::CodeDeploy::DeploymentConfig": "deployments to Lambda cost nothing",
    "AWS::CodeDeploy::DeploymentGroup": "deployments to Lambda cost nothing",
    "AWS::Cognito::UserPoolClient": "part of the user pool, which is paid by its people",
    "AWS::EC2::FlowLog": "paid by what it writes: see the logs",
    "AWS::EC2::InternetGateway": "only what passes it is paid: see the traffic",
    "AWS::EC2::Route": "part of the network",
    "AWS::EC2::RouteTable": "part of the network",
    "AWS::EC2::SecurityGroup": "part of the network",
    "AWS::EC2::SecurityGroupEgress": "part of the network",
    "AWS::EC2::SecurityGroupIngress": "part of the network",
    "AWS::EC2::Subnet": "part of the network",
    "AWS::EC2::SubnetRouteTableAssociation": "part of the network",
    "AWS::EC2::VPCEndpoint": "a gateway to S3: only endpoints that are interfaces are paid",
    "AWS::EC2::VPCGatewayAttachment": "part of the network",
    "AWS::ElastiCache::SubnetGroup": "part of the network",
    "AWS::Events::Rule": "schedules cost nothing; what they start is counted with the functions",
    "AWS::IAM::InstanceProfile": "rights cost nothing",
    "AWS::IAM::Policy": "rights cost nothing",
    "AWS::IAM::Role": "rights cost nothing",
    "AWS::KMS::Alias": "a name of a key",
    "AWS::Lambda::Alias": "a name of a version",
    "AWS::Lambda::LayerVersion": "75 GB of code are free, and all versions of a year are below one",
    "AWS::Lambda::Permission": "rights cost nothing",
    "AWS::Lambda::Version": "75 GB of code are free",
    "AWS::Logs::MetricFilter": "its figure is only paid in an hour in which a new version has failed",
    "AWS::RDS::DBClusterParameterGroup": "settings",
    "AWS::RDS::DBSubnetGroup": "part of the network",
    "AWS::S3::BucketPolicy": "rights cost nothing",
    "AWS::SNS::Subscription": "paid by what is sent: see the alarms",
    "AWS::SNS::TopicPolicy": "rights cost nothing",
    "AWS::SQS::QueuePolicy": "rights cost nothing",
    "AWS::SecretsManager::SecretTargetAttachment": "part of the secret",
    "Custom::DatabaseSchema": "a start of a function at each deployment",
}
