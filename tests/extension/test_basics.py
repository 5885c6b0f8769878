"""Operations that the extension does not change but other programs rely on.

They are tested so that an upgrade of LocalStack cannot break them unnoticed.
"""

import json

import pytest

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
TAGS = [{"Key": "stack", "Value": "shop"}]
MORE = [{"Key": "team", "Value": "api"}]


def test_roles_can_be_updated_and_are_listed_in_pages(aws, trust):
    iam = aws.iam
    for name in ("a", "b"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Path="/x/", Description="d", Tags=TAGS)
    iam.update_role(RoleName="a", Description="other", MaxSessionDuration=7200)
    iam.update_assume_role_policy(RoleName="a", PolicyDocument=trust.replace("ec2.", "lambda."))
    iam.tag_role(RoleName="a", Tags=MORE)
    iam.untag_role(RoleName="a", TagKeys=["stack"])
    role = iam.get_role(RoleName="a")["Role"]
    assert (role["Description"], role["MaxSessionDuration"], role["Path"]) == ("other", 7200, "/x/")
    assert role["AssumeRolePolicyDocument"] == json.loads(trust.replace("ec2.", "lambda."))
    assert iam.list_role_tags(RoleName="a")["Tags"] == MORE
    iam.put_role_policy(RoleName="a", PolicyName="in", PolicyDocument=POLICY)
    assert iam.list_role_policies(RoleName="a")["PolicyNames"] == ["in"]
    assert iam.get_role_policy(RoleName="a", PolicyName="in")["PolicyDocument"] == json.loads(POLICY)
    first = iam.list_roles(PathPrefix="/x/", MaxItems=1)
    second = iam.list_roles(PathPrefix="/x/", MaxItems=1, Marker=first["Marker"])
    assert [item["RoleName"] for item in first["Roles"] + second["Roles"]] == ["a", "b"]


def test_policy_has_versions_and_cannot_be_deleted_while_attached(aws, trust, refused):
    iam = aws.iam
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY, Tags=TAGS)["Policy"]["Arn"]
    with refused("EntityAlreadyExists"):
        iam.create_policy(PolicyName="p", PolicyDocument=POLICY)
    with refused("MalformedPolicyDocument"):
        iam.create_policy(PolicyName="q", PolicyDocument="{no")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY, SetAsDefault=True)
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (policy["DefaultVersionId"], policy["Tags"]) == ("v2", TAGS)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert [item["PolicyArn"] for item in iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]] == [arn]
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    assert [item["VersionId"] for item in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v2"]
    iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity"):
        iam.get_policy(PolicyArn=arn)


def test_versioned_bucket_must_be_empty_to_be_deleted(aws, refused):
    s3, name = aws.s3, f"b-{aws.id}"
    s3.create_bucket(Bucket=name)
    s3.head_bucket(Bucket=name)
    with refused("404"):
        s3.head_bucket(Bucket=f"none-{aws.id}")
    assert s3.get_bucket_location(Bucket=name).get("LocationConstraint") is None
    with refused("NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    for key in ("k/a", "k/b", "k/c", "k/c"):
        s3.put_object(Bucket=name, Key=key, Body=b"1")
    first = s3.list_objects_v2(Bucket=name, Prefix="k/", MaxKeys=2)
    rest = s3.list_objects_v2(Bucket=name, Prefix="k/", MaxKeys=2, ContinuationToken=first["NextContinuationToken"])
    assert [item["Key"] for item in first["Contents"] + rest["Contents"]] == ["k/a", "k/b", "k/c"]
    s3.delete_object(Bucket=name, Key="k/a")
    with refused("NoSuchKey"):
        s3.get_object(Bucket=name, Key="k/a")
    found = s3.list_object_versions(Bucket=name)
    assert len(found["Versions"]) == 4 and len(found["DeleteMarkers"]) == 1
    with refused("BucketNotEmpty"):
        s3.delete_bucket(Bucket=name)
    for item in found["Versions"] + found["DeleteMarkers"]:
        s3.delete_object(Bucket=name, Key=item["Key"], VersionId=item["VersionId"])
    s3.delete_bucket(Bucket=name)


def test_secret_can_be_updated_deleted_and_restored(aws, refused):
    secrets = aws.secretsmanager
    secrets.create_secret(Name="login", SecretString="a", Description="d", Tags=TAGS)
    secrets.update_secret(SecretId="login", Description="other", SecretString="b")
    secrets.put_secret_value(SecretId="login", SecretString="c")
    secrets.tag_resource(SecretId="login", Tags=MORE)
    secrets.untag_resource(SecretId="login", TagKeys=["stack"])
    described = secrets.describe_secret(SecretId="login")
    assert (described["Description"], described["Tags"]) == ("other", MORE)
    assert secrets.get_secret_value(SecretId="login")["SecretString"] == "c"
    team_filter = [{"Key": "tag-key", "Values": ["team"]}]
    assert [item["Name"] for item in secrets.list_secrets(Filters=team_filter)["SecretList"]] == ["login"]
    secrets.delete_secret(SecretId="login", RecoveryWindowInDays=7)
    with refused("InvalidRequestException"):
        secrets.get_secret_value(SecretId="login")
    with refused("InvalidRequestException"):
        secrets.create_secret(Name="login", SecretString="d")
    secrets.restore_secret(SecretId="login")
    secrets.delete_secret(SecretId="login", ForceDeleteWithoutRecovery=True)
    with refused("ResourceNotFoundException"):
        secrets.describe_secret(SecretId="login")
    assert len(secrets.get_random_password(PasswordLength=24)["RandomPassword"]) == 24


def test_queues_and_topics_return_their_settings(aws, refused):
    sqs, sns = aws.sqs, aws.sns
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "60"}, tags={"stack": "shop"})[
        "QueueUrl"
    ]
    with refused("QueueAlreadyExists"):
        sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "61"})
    sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "60"})
    sqs.tag_queue(QueueUrl=url, Tags={"team": "api"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["stack"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "api"}
    assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.get_queue_url(QueueName="none")
    assert sqs.list_queues(QueueNamePrefix="ord")["QueueUrls"] == [url]
    topic = sns.create_topic(Name="alerts", Tags=TAGS)["TopicArn"]
    assert sns.create_topic(Name="alerts", Tags=TAGS)["TopicArn"] == topic
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Alerts")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Alerts"
    with refused("NotFound"):
        sns.get_topic_attributes(TopicArn=topic + "x")
    arn = f"arn:aws:sqs:us-east-1:{aws.id}:orders"
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    read = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])["Attributes"]
    assert (read["Endpoint"], read["TopicArn"]) == (arn, topic)


def test_parameters_are_listed_by_path_until_deleted(aws, refused):
    ssm = aws.ssm
    for name in ("/shop/a", "/shop/b"):
        ssm.put_parameter(Name=name, Value="1", Type="String", Tags=TAGS)
    path_filter = [{"Key": "Path", "Option": "Recursive", "Values": ["/shop"]}]
    assert [item["Name"] for item in ssm.describe_parameters(ParameterFilters=path_filter)["Parameters"]] == [
        "/shop/a",
        "/shop/b",
    ]
    ssm.delete_parameter(Name="/shop/a")
    with refused("ParameterNotFound"):
        ssm.delete_parameter(Name="/shop/a")
    with refused("ParameterNotFound"):
        ssm.get_parameter(Name="/shop/a")


def test_log_resource_policy_and_retention_can_be_deleted(aws):
    logs = aws.logs
    logs.put_resource_policy(policyName="p", policyDocument=POLICY)
    assert [item["policyName"] for item in logs.describe_resource_policies()["resourcePolicies"]] == ["p"]
    logs.delete_resource_policy(policyName="p")
    assert logs.describe_resource_policies()["resourcePolicies"] == []
    logs.create_log_group(logGroupName="/shop")
    logs.put_retention_policy(logGroupName="/shop", retentionInDays=7)
    logs.delete_retention_policy(logGroupName="/shop")
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]


def test_hosted_zones_have_tags_and_health_checks_can_be_deleted(aws, refused):
    dns = aws.route53
    created = dns.create_hosted_zone(Name="example.com", CallerReference="z")
    zone_id = created["HostedZone"]["Id"].rsplit("/", 1)[1]
    dns.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, AddTags=TAGS)
    tags = dns.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]["Tags"]
    assert tags == TAGS and len(created["DelegationSet"]["NameServers"]) == 4
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "example.com", "Port": 443, "ResourcePath": "/"}
    check_id = dns.create_health_check(CallerReference="c", HealthCheckConfig=config)["HealthCheck"]["Id"]
    assert dns.get_health_check(HealthCheckId=check_id)["HealthCheck"]["HealthCheckConfig"]["Port"] == 443
    dns.delete_health_check(HealthCheckId=check_id)
    with refused("NoSuchHealthCheck"):
        dns.get_health_check(HealthCheckId=check_id)
    assert dns.get_change(Id="C2682N5HXP0BZ4")["ChangeInfo"]["Status"] == "INSYNC"


def test_network_tags_can_be_added_and_removed(aws, net):
    ec2 = aws.ec2
    ec2.create_tags(Resources=[net.vpc], Tags=TAGS + MORE)
    ec2.delete_tags(Resources=[net.vpc], Tags=[{"Key": "team"}])
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [net.vpc]}])["Tags"]
    assert [(item["Key"], item["Value"]) for item in found] == [("stack", "shop")]
    ec2.modify_subnet_attribute(SubnetId=net.subnets[0], MapPublicIpOnLaunch={"Value": True})
    assert ec2.describe_subnets(SubnetIds=net.subnets[:1])["Subnets"][0]["MapPublicIpOnLaunch"]


@pytest.fixture
def rest_api(aws):
    return aws.apigateway.create_rest_api(name="r")["id"]


def test_rest_api_can_be_built_call_by_call(aws, rest_api, refused):
    client, root_id = aws.apigateway, aws.apigateway.get_resources(restApiId=rest_api)["items"][0]["id"]
    resource_id = client.create_resource(restApiId=rest_api, parentId=root_id, pathPart="orders")["id"]
    client.put_method(
        restApiId=rest_api, resourceId=resource_id, httpMethod="GET", authorizationType="NONE", apiKeyRequired=True
    )
    client.put_integration(restApiId=rest_api, resourceId=resource_id, httpMethod="GET", type="MOCK")
    assert client.get_method(restApiId=rest_api, resourceId=resource_id, httpMethod="GET")["apiKeyRequired"]
    client.create_deployment(restApiId=rest_api, stageName="live")
    client.delete_stage(restApiId=rest_api, stageName="live")
    with refused("NotFoundException"):
        client.get_stage(restApiId=rest_api, stageName="live")
    with refused("NotFoundException"):
        client.get_method(restApiId=rest_api, resourceId=resource_id, httpMethod="PUT")


def test_http_api_returns_its_routes_until_deleted(aws, refused):
    client = aws.apigatewayv2
    api_id = client.create_api(Name="h", ProtocolType="HTTP", Tags={"stack": "shop"})["ApiId"]
    integration_id = client.create_integration(
        ApiId=api_id,
        IntegrationType="HTTP_PROXY",
        IntegrationUri="http://example.com",
        IntegrationMethod="ANY",
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    route_id = client.create_route(ApiId=api_id, RouteKey="GET /x", Target=f"integrations/{integration_id}")["RouteId"]
    assert client.get_route(ApiId=api_id, RouteId=route_id)["Target"] == f"integrations/{integration_id}"
    assert client.get_api(ApiId=api_id)["Tags"] == {"stack": "shop"}
    client.delete_api(ApiId=api_id)
    with refused("NotFoundException"):
        client.get_api(ApiId=api_id)


def test_certificate_request_is_idempotent_and_keeps_tags(aws, refused):
    certificate = {"DomainName": "example.com", "ValidationMethod": "DNS", "IdempotencyToken": "t"}
    arn = aws.acm.request_certificate(**certificate, Tags=TAGS)["CertificateArn"]
    assert aws.acm.request_certificate(**certificate, Tags=TAGS)["CertificateArn"] == arn
    assert aws.acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == TAGS
    with refused("ResourceNotFoundException"):
        aws.acm.describe_certificate(CertificateArn=arn[:-1] + "x")
