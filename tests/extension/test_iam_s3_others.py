"""IAM, S3, SSM, STS, CloudWatch, Logs."""

import json

import botocore.model
import pytest

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
STACK = [{"Key": "tenfold:stack", "Value": "shop"}]


def test_account_id_is_the_access_key(aws):
    assert aws.sts.get_caller_identity()["Account"] == aws.id


def test_one_call_returns_all_roles_with_details(aws, trust):
    iam = aws.iam
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust, Tags=STACK, PermissionsBoundary=BOUNDARY)
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    iam.create_instance_profile(InstanceProfileName="p", Tags=STACK)
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    response = iam.get_account_authorization_details(Filter=["Role"])
    (role,) = response["RoleDetailList"]
    assert role["Tags"] == STACK
    assert role["AssumeRolePolicyDocument"] == json.loads(trust)
    assert role["RolePolicyList"] == [{"PolicyName": "inline", "PolicyDocument": json.loads(POLICY)}]
    assert [item["PolicyName"] for item in role["AttachedManagedPolicies"]] == ["AmazonSSMManagedInstanceCore"]
    assert [item["InstanceProfileName"] for item in role["InstanceProfileList"]] == ["p"]
    assert iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Tags"] == STACK
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    assert not response.get("UserDetailList") and not response.get("Policies")


def test_role_and_instance_profile_in_use_cannot_be_deleted(aws, refused, trust):
    iam = aws.iam
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=POLICY)
    with refused("EntityAlreadyExists"):
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    with refused("EntityAlreadyExists"):
        iam.create_instance_profile(InstanceProfileName="p")
    with refused("DeleteConflict"):
        iam.delete_instance_profile(InstanceProfileName="p")
    with refused("DeleteConflict"):
        iam.delete_role(RoleName="r")
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="r")
    with refused("DeleteConflict"):
        iam.delete_role(RoleName="r")
    iam.delete_role_policy(RoleName="r", PolicyName="inline")
    iam.attach_role_policy(RoleName="r", PolicyArn=BOUNDARY)
    with refused("DeleteConflict"):
        iam.delete_role(RoleName="r")
    iam.detach_role_policy(RoleName="r", PolicyArn=BOUNDARY)
    iam.delete_role(RoleName="r")
    with refused("NoSuchEntity"):
        iam.get_role(RoleName="r")


def test_role_names_are_unique_ignoring_case(aws, refused, trust):
    aws.iam.create_role(RoleName="Api", AssumeRolePolicyDocument=trust)
    with refused("EntityAlreadyExists"):
        aws.iam.create_role(RoleName="api", AssumeRolePolicyDocument=trust)


def test_instance_profile_has_at_most_one_role(aws, refused, trust):
    iam = aws.iam
    for name in ("a", "b"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName="p", Tags=STACK)
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="a")
    with refused("LimitExceeded"):
        iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="b")
    assert iam.list_instance_profile_tags(InstanceProfileName="p")["Tags"] == STACK


def test_permissions_boundary_can_be_set_and_deleted(aws, trust):
    iam = aws.iam
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.put_role_permissions_boundary(RoleName="r", PermissionsBoundary=BOUNDARY)
    assert iam.get_role(RoleName="r")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    iam.delete_role_permissions_boundary(RoleName="r")
    assert "PermissionsBoundary" not in iam.get_role(RoleName="r")["Role"]


def test_bucket_returns_its_settings_and_must_be_empty_to_be_deleted(aws, refused):
    s3, name = aws.s3, f"logs-{aws.id}"
    s3.create_bucket(Bucket=name)
    rules = {"Rules": [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 3}}]}
    blocked = dict(BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=True, RestrictPublicBuckets=True)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": STACK})
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=rules)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocked)
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == STACK
    assert s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]["Expiration"] == {"Days": 3}
    assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] == blocked
    assert (
        s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        == "BucketOwnerEnforced"
    )
    assert name in [item["Name"] for item in s3.list_buckets(Prefix="logs-")["Buckets"]]
    assert s3.list_buckets(Prefix="other-").get("Buckets", []) == []
    s3.put_object(Bucket=name, Key="k", Body=b"1")
    with refused("BucketNotEmpty"):
        s3.delete_bucket(Bucket=name)
    s3.delete_object(Bucket=name, Key="k")
    with refused("BucketNotEmpty"):
        s3.delete_bucket(Bucket=name)


def test_deleting_bucket_encryption_restores_the_default(aws):
    s3, name = aws.s3, f"enc-{aws.id}"
    s3.create_bucket(Bucket=name)
    read = lambda: s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=kms)
    assert read()["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    s3.delete_bucket_encryption(Bucket=name)
    assert read()["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_bucket_name_must_be_valid_and_globally_unique(aws, refused, url):
    s3 = aws.s3
    with refused("InvalidBucketName"):
        s3.create_bucket(Bucket="Upper-Case")
    s3.create_bucket(Bucket=f"taken-{aws.id}")
    from conftest import Account

    with refused("BucketAlreadyExists"):
        Account(url).s3.create_bucket(Bucket=f"taken-{aws.id}")


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_public_image_parameters_return_existing_images(aws, architecture):
    name = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
    image = aws.ssm.get_parameter(Name=name)["Parameter"]["Value"]
    assert image.startswith("ami-")
    assert aws.ssm.get_parameters(Names=[name])["Parameters"][0]["Value"] == image
    (described,) = aws.ec2.describe_images(ImageIds=[image])["Images"]
    assert described["Architecture"] == architecture
    assert described["RootDeviceName"] and described["State"] == "available"


@pytest.fixture(params=["json", "smithy-rpc-v2-cbor"])
def cloudwatch(aws, request, monkeypatch):
    """A client for each protocol: boto3 uses JSON or the query protocol, the SDK for Rust only CBOR."""
    original = botocore.model.ServiceModel.resolved_protocol
    monkeypatch.setattr(
        botocore.model.ServiceModel,
        "resolved_protocol",
        property(
            lambda self: request.param if self.service_name == "cloudwatch" else original.__get__(self, type(self))
        ),
    )
    return aws.cloudwatch


def test_alarms_are_listed_in_pages_with_settings_and_tags(cloudwatch):
    alarm = dict(
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold=90.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        ActionsEnabled=True,
    )
    for name in ("shop-a", "shop-b", "shop-c", "other"):
        cloudwatch.put_metric_alarm(AlarmName=name, Tags=STACK, **alarm)
    first = cloudwatch.describe_alarms(AlarmNamePrefix="shop-", MaxRecords=2)
    second = cloudwatch.describe_alarms(AlarmNamePrefix="shop-", MaxRecords=2, NextToken=first["NextToken"])
    assert [item["AlarmName"] for item in first["MetricAlarms"] + second["MetricAlarms"]] == [
        "shop-a",
        "shop-b",
        "shop-c",
    ]
    assert "NextToken" not in second
    described = first["MetricAlarms"][0]
    assert {name: described[name] for name in alarm} == alarm
    assert cloudwatch.list_tags_for_resource(ResourceARN=described["AlarmArn"])["Tags"] == STACK
    cloudwatch.delete_alarms(AlarmNames=["shop-a", "shop-b", "shop-c", "other"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_composite_alarm_needs_its_child_alarms(aws, refused):
    cloudwatch = aws.cloudwatch
    with refused("ValidationError"):
        cloudwatch.put_composite_alarm(AlarmName="all", AlarmRule='ALARM("nothing")')
    cloudwatch.put_metric_alarm(
        AlarmName="child",
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.put_composite_alarm(AlarmName="all", AlarmRule='ALARM("child")')
    with refused("ValidationError"):
        cloudwatch.delete_alarms(AlarmNames=["child"])
    cloudwatch.delete_alarms(AlarmNames=["all"])
    cloudwatch.delete_alarms(AlarmNames=["child"])


def test_log_groups_are_listed_by_prefix_in_pages(aws, refused):
    logs = aws.logs
    for name in ("/shop/a", "/shop/b", "/shop/c", "/other"):
        logs.create_log_group(logGroupName=name, tags={"tenfold:stack": "shop"})
    logs.put_retention_policy(logGroupName="/shop/a", retentionInDays=30)
    first = logs.describe_log_groups(logGroupNamePrefix="/shop", limit=2)
    second = logs.describe_log_groups(logGroupNamePrefix="/shop", limit=2, nextToken=first["nextToken"])
    assert [item["logGroupName"] for item in first["logGroups"] + second["logGroups"]] == [
        "/shop/a",
        "/shop/b",
        "/shop/c",
    ]
    assert first["logGroups"][0]["retentionInDays"] == 30
    assert "nextToken" not in second
    arn = first["logGroups"][0]["logGroupArn"]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"tenfold:stack": "shop"}
    with refused("ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName="/shop/a")
    with refused("ResourceNotFoundException"):
        logs.delete_log_group(logGroupName="/nothing")


def test_conditional_writes_and_deletes_check_the_etag(aws, refused):
    s3, name = aws.s3, f"lock-{aws.id}"
    s3.create_bucket(Bucket=name)
    first = s3.put_object(Bucket=name, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with refused("PreconditionFailed"):
        s3.put_object(Bucket=name, Key="k", Body=b"2", IfNoneMatch="*")
    second = s3.put_object(Bucket=name, Key="k", Body=b"2", IfMatch=first)["ETag"]
    with refused("PreconditionFailed"):
        s3.put_object(Bucket=name, Key="k", Body=b"3", IfMatch=first)
    with refused("PreconditionFailed"):
        s3.delete_object(Bucket=name, Key="k", IfMatch=first)
    s3.delete_object(Bucket=name, Key="k", IfMatch=second)
    with refused("NoSuchKey"):
        s3.delete_object(Bucket=name, Key="k", IfMatch=second)
