"""CloudFront: ETags, states that take time, refusal to delete what is in use, tags, pages."""

import time
import uuid

import pytest

MANAGED_CACHE_POLICY = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def distribution_config(**more):
    return {
        "CallerReference": str(uuid.uuid4()),
        "Comment": "a marker",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [custom_origin("web")]},
        "DefaultCacheBehavior": behavior("web"),
        **more,
    }


def custom_origin(name):
    return {
        "Id": name,
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }


def behavior(origin, **more):
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": MANAGED_CACHE_POLICY,
        **more,
    }


def new_distribution(aws, **more):
    tags = {"Items": [{"Key": "team", "Value": "web"}]}
    with_tags = {"DistributionConfig": distribution_config(**more), "Tags": tags}
    return aws.cloudfront.create_distribution_with_tags(DistributionConfigWithTags=with_tags)


def wait_until_deployed(aws, distribution_id):
    for _ in range(50):
        found = aws.cloudfront.get_distribution(Id=distribution_id)
        if found["Distribution"]["Status"] == "Deployed":
            return found
        time.sleep(0.05)
    raise AssertionError("never deployed")


def access_control_config(name="assets"):
    return {
        "Name": name,
        "Description": "a marker",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }


def cache_policy_config(**more):
    parameters = {
        "EnableAcceptEncodingGzip": True,
        "EnableAcceptEncodingBrotli": True,
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {
            "QueryStringBehavior": "whitelist",
            "QueryStrings": {"Quantity": 2, "Items": ["page", "q"]},
        },
    }
    base = {"Name": "catalog", "Comment": "a marker", "MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 3600}
    return {**base, "ParametersInCacheKeyAndForwardedToOrigin": parameters, **more}


def test_distribution_returns_its_settings_with_defaults_and_tags(aws):
    created = new_distribution(aws)
    distribution_id, arn = created["Distribution"]["Id"], created["Distribution"]["ARN"]
    assert created["Distribution"]["Status"] == "InProgress"
    found = aws.cloudfront.get_distribution_config(Id=distribution_id)
    assert found["ETag"] == created["ETag"]
    assert found["DistributionConfig"]["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1"
    assert found["DistributionConfig"]["Origins"]["Items"][0]["CustomOriginConfig"]["OriginReadTimeout"] == 30
    tags = aws.cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "web"}]
    aws.cloudfront.tag_resource(Resource=arn, Tags={"Items": [{"Key": "env", "Value": "prod"}]})
    aws.cloudfront.untag_resource(Resource=arn, TagKeys={"Items": ["team"]})
    tags = aws.cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    assert tags == [{"Key": "env", "Value": "prod"}]


def test_distribution_update_requires_the_current_etag(aws, refused):
    distribution_id = new_distribution(aws)["Distribution"]["Id"]
    found = aws.cloudfront.get_distribution_config(Id=distribution_id)
    changed = {**found["DistributionConfig"], "Comment": "another"}
    with refused("PreconditionFailed"):
        aws.cloudfront.update_distribution(Id=distribution_id, DistributionConfig=changed, IfMatch="E000")
    with refused("InvalidIfMatchVersion"):
        aws.cloudfront.update_distribution(Id=distribution_id, DistributionConfig=changed)
    updated = aws.cloudfront.update_distribution(Id=distribution_id, DistributionConfig=changed, IfMatch=found["ETag"])
    assert updated["ETag"] != found["ETag"]
    with refused("IllegalUpdate"):
        other = {**changed, "CallerReference": "x"}
        aws.cloudfront.update_distribution(Id=distribution_id, DistributionConfig=other, IfMatch=updated["ETag"])


def test_distribution_must_be_disabled_and_deployed_to_be_deleted(aws, refused):
    created = new_distribution(aws)
    distribution_id = created["Distribution"]["Id"]
    with refused("DistributionNotDisabled"):
        aws.cloudfront.delete_distribution(
            Id=distribution_id, IfMatch=wait_until_deployed(aws, distribution_id)["ETag"]
        )
    disabled = {**created["Distribution"]["DistributionConfig"], "Enabled": False}
    etag = aws.cloudfront.update_distribution(Id=distribution_id, DistributionConfig=disabled, IfMatch=created["ETag"])[
        "ETag"
    ]
    with refused("DistributionNotDisabled"):
        aws.cloudfront.delete_distribution(Id=distribution_id, IfMatch=etag)
    aws.cloudfront.delete_distribution(Id=distribution_id, IfMatch=wait_until_deployed(aws, distribution_id)["ETag"])
    with refused("NoSuchDistribution"):
        aws.cloudfront.get_distribution(Id=distribution_id)


def test_inconsistent_distributions_are_refused(aws, refused):
    with refused("NoSuchOrigin"):
        new_distribution(aws, DefaultCacheBehavior=behavior("other"))
    with refused("InconsistentQuantities"):
        new_distribution(aws, Origins={"Quantity": 2, "Items": [custom_origin("web")]})
    reference = distribution_config()
    aws.cloudfront.create_distribution(DistributionConfig=reference)
    with refused("DistributionAlreadyExists"):
        aws.cloudfront.create_distribution(DistributionConfig=reference)


def test_distributions_are_listed_in_pages(aws):
    for _ in range(3):
        new_distribution(aws)
    first = aws.cloudfront.list_distributions(MaxItems="2")["DistributionList"]
    assert first["IsTruncated"] and len(first["Items"]) == 2
    second = aws.cloudfront.list_distributions(MaxItems="2", Marker=first["NextMarker"])["DistributionList"]
    assert not second["IsTruncated"] and len(second["Items"]) == 1


def test_cache_policy_and_access_control_cannot_be_deleted_while_in_use(aws, refused):
    cloudfront = aws.cloudfront
    policy = cloudfront.create_cache_policy(CachePolicyConfig=cache_policy_config())
    with refused("CachePolicyAlreadyExists"):
        cloudfront.create_cache_policy(CachePolicyConfig=cache_policy_config())
    with refused("InvalidArgument"):
        cloudfront.create_cache_policy(CachePolicyConfig=cache_policy_config(Name="other", MinTTL=100))
    control = cloudfront.create_origin_access_control(OriginAccessControlConfig=access_control_config())
    with refused("OriginAccessControlAlreadyExists"):
        cloudfront.create_origin_access_control(OriginAccessControlConfig=access_control_config())
    bucket = {
        "Id": "assets",
        "DomainName": "assets.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": control["OriginAccessControl"]["Id"],
    }
    default_behavior = behavior("assets", CachePolicyId=policy["CachePolicy"]["Id"])
    created = new_distribution(aws, Origins={"Quantity": 1, "Items": [bucket]}, DefaultCacheBehavior=default_behavior)
    with refused("CachePolicyInUse"):
        cloudfront.delete_cache_policy(Id=policy["CachePolicy"]["Id"], IfMatch=policy["ETag"])
    with refused("OriginAccessControlInUse"):
        cloudfront.delete_origin_access_control(Id=control["OriginAccessControl"]["Id"], IfMatch=control["ETag"])
    disabled = {**created["Distribution"]["DistributionConfig"], "Enabled": False}
    distribution_id = created["Distribution"]["Id"]
    cloudfront.update_distribution(Id=distribution_id, DistributionConfig=disabled, IfMatch=created["ETag"])
    cloudfront.delete_distribution(Id=distribution_id, IfMatch=wait_until_deployed(aws, distribution_id)["ETag"])
    cloudfront.delete_cache_policy(Id=policy["CachePolicy"]["Id"], IfMatch=policy["ETag"])
    cloudfront.delete_origin_access_control(Id=control["OriginAccessControl"]["Id"], IfMatch=control["ETag"])
    assert cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Quantity"] == 0
    assert cloudfront.list_origin_access_controls()["OriginAccessControlList"]["Quantity"] == 0


def test_function_is_live_once_published(aws, refused):
    cloudfront = aws.cloudfront
    settings = {"Comment": "a marker", "Runtime": "cloudfront-js-2.0"}
    created = cloudfront.create_function(
        Name="rewrite", FunctionConfig=settings, FunctionCode=b"function handler(e) {}"
    )
    with refused("NoSuchFunctionExists"):
        cloudfront.get_function(Name="rewrite", Stage="LIVE")
    assert cloudfront.list_functions(Stage="LIVE")["FunctionList"]["Quantity"] == 0
    arn = created["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    association = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]}
    with refused("InvalidFunctionAssociation"):
        new_distribution(aws, DefaultCacheBehavior=behavior("web", FunctionAssociations=association))
    cloudfront.publish_function(Name="rewrite", IfMatch=created["ETag"])
    changed = cloudfront.update_function(
        Name="rewrite", FunctionConfig=settings, FunctionCode=b"another", IfMatch=created["ETag"]
    )
    live = cloudfront.get_function(Name="rewrite", Stage="LIVE")
    assert live["FunctionCode"].read() == b"function handler(e) {}"
    new_distribution(aws, DefaultCacheBehavior=behavior("web", FunctionAssociations=association))
    with refused("FunctionInUse"):
        cloudfront.delete_function(Name="rewrite", IfMatch=changed["ETag"])


@pytest.fixture
def balancer_arn(aws, net):
    created = aws.elbv2.create_load_balancer(Name="main", Scheme="internal", Subnets=net.subnets)
    return created["LoadBalancers"][0]["LoadBalancerArn"]


def vpc_origin_endpoint(arn, **more):
    protocols = {"Quantity": 1, "Items": ["TLSv1.2"]}
    base = {"Name": "main", "Arn": arn, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    return {**base, "OriginSslProtocols": protocols, **more}


def vpc_origin_groups(aws, net):
    filters = [
        {"Name": "vpc-id", "Values": [net.vpc]},
        {"Name": "group-name", "Values": ["CloudFront-VPCOrigins-Service-SG"]},
    ]
    return aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]


def test_vpc_origin_creates_a_group_and_cannot_be_deleted_while_in_use(aws, net, balancer_arn, refused):
    cloudfront = aws.cloudfront
    created = cloudfront.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin_endpoint(balancer_arn))
    origin_id = created["VpcOrigin"]["Id"]
    assert created["VpcOrigin"]["Status"] == "Deploying"
    with refused("EntityAlreadyExists"):
        cloudfront.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin_endpoint(balancer_arn))
    assert len(vpc_origin_groups(aws, net)) == 1
    time.sleep(0.3)
    assert cloudfront.get_vpc_origin(Id=origin_id)["VpcOrigin"]["Status"] == "Deployed"
    assert cloudfront.list_vpc_origins()["VpcOriginList"]["Items"][0]["OriginEndpointArn"] == balancer_arn
    origin = {"Id": "main", "DomainName": "main.elb.amazonaws.com", "VpcOriginConfig": {"VpcOriginId": origin_id}}
    new_distribution(aws, Origins={"Quantity": 1, "Items": [origin]}, DefaultCacheBehavior=behavior("main"))
    with refused("CannotDeleteEntityWhileInUse"):
        cloudfront.delete_vpc_origin(Id=origin_id, IfMatch=created["ETag"])


def test_deleting_the_last_vpc_origin_deletes_its_group(aws, net, balancer_arn, refused):
    created = aws.cloudfront.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin_endpoint(balancer_arn))
    time.sleep(0.3)
    deleting = aws.cloudfront.delete_vpc_origin(Id=created["VpcOrigin"]["Id"], IfMatch=created["ETag"])
    assert deleting["VpcOrigin"]["Status"] == "Deleting"
    time.sleep(0.3)
    with refused("EntityNotFound"):
        aws.cloudfront.get_vpc_origin(Id=created["VpcOrigin"]["Id"])
    assert vpc_origin_groups(aws, net) == []


def test_vpc_origin_needs_an_internal_load_balancer(aws, net, balancer_arn, refused):
    public = aws.elbv2.create_load_balancer(Name="public", Scheme="internet-facing", Subnets=net.subnets)
    with refused("InvalidArgument"):
        arn = public["LoadBalancers"][0]["LoadBalancerArn"]
        aws.cloudfront.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin_endpoint(arn))


def test_invalidations_are_idempotent_and_metrics_subscribed_once(aws, refused):
    distribution_id = new_distribution(aws)["Distribution"]["Id"]
    batch = {"CallerReference": "one", "Paths": {"Quantity": 1, "Items": ["/assets/*"]}}
    first = aws.cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)["Invalidation"]
    repeated = aws.cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)[
        "Invalidation"
    ]
    assert first["Id"] == repeated["Id"] and first["Status"] == "InProgress"
    with refused("InvalidArgument"):
        invalid = {"CallerReference": "two", "Paths": {"Quantity": 1, "Items": ["assets"]}}
        aws.cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=invalid)
    enabled = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
    with refused("NoSuchMonitoringSubscription"):
        aws.cloudfront.get_monitoring_subscription(DistributionId=distribution_id)
    aws.cloudfront.create_monitoring_subscription(DistributionId=distribution_id, MonitoringSubscription=enabled)
    with refused("MonitoringSubscriptionAlreadyExists"):
        aws.cloudfront.create_monitoring_subscription(DistributionId=distribution_id, MonitoringSubscription=enabled)
    aws.cloudfront.delete_monitoring_subscription(DistributionId=distribution_id)


def test_log_delivery_source_and_destination_cannot_be_deleted_while_in_use(aws, refused):
    logs, arn = aws.logs, new_distribution(aws)["Distribution"]["ARN"]
    source = logs.put_delivery_source(name="edge", resourceArn=arn, logType="ACCESS_LOGS", tags={"team": "web"})
    assert source["deliverySource"]["service"] == "cloudfront"
    with refused("ConflictException"):
        logs.put_delivery_source(name="other", resourceArn=arn, logType="ACCESS_LOGS")
    with refused("ResourceNotFoundException"):
        logs.put_delivery_source(name="none", resourceArn=arn + "X", logType="ACCESS_LOGS")
    bucket = {"destinationResourceArn": "arn:aws:s3:::bucket/cdn/edge"}
    destination = logs.put_delivery_destination(
        name="edge", outputFormat="parquet", deliveryDestinationConfiguration=bucket
    )["deliveryDestination"]
    pair = {"deliverySourceName": "edge", "deliveryDestinationArn": destination["arn"]}
    delivery = logs.create_delivery(**pair, recordFields=["date", "time"])["delivery"]
    with refused("ConflictException"):
        logs.create_delivery(**pair)
    logs.update_delivery_configuration(id=delivery["id"], s3DeliveryConfiguration={"suffixPath": "{yyyy}"})
    found = logs.describe_deliveries()["deliveries"][0]
    assert found["s3DeliveryConfiguration"]["suffixPath"] == "{yyyy}" and found["recordFields"] == ["date", "time"]
    logs.tag_resource(resourceArn=source["deliverySource"]["arn"], tags={"env": "prod"})
    assert logs.describe_delivery_sources()["deliverySources"][0]["tags"] == {"team": "web", "env": "prod"}
    with refused("ConflictException"):
        logs.delete_delivery_source(name="edge")
    with refused("ConflictException"):
        logs.delete_delivery_destination(name="edge")
    logs.delete_delivery(id=delivery["id"])
    logs.delete_delivery_source(name="edge")
    logs.delete_delivery_destination(name="edge")
    assert logs.describe_deliveries()["deliveries"] == []


REQUEST_POLICY = {
    "Name": "all",
    "Comment": "a marker",
    "HeadersConfig": {"HeaderBehavior": "allViewer"},
    "CookiesConfig": {"CookieBehavior": "all"},
    "QueryStringsConfig": {"QueryStringBehavior": "all"},
}
RESPONSE_POLICY = {"Name": "safe", "Comment": "", "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}}}


def origin_request_policy_calls(client):
    return (
        client.create_origin_request_policy,
        client.get_origin_request_policy,
        client.get_origin_request_policy_config,
        client.update_origin_request_policy,
        client.delete_origin_request_policy,
        lambda: client.list_origin_request_policies(Type="custom")["OriginRequestPolicyList"],
    )


def response_headers_policy_calls(client):
    return (
        client.create_response_headers_policy,
        client.get_response_headers_policy,
        client.get_response_headers_policy_config,
        client.update_response_headers_policy,
        client.delete_response_headers_policy,
        lambda: client.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"],
    )


def cache_policy_calls(client):
    return (
        client.create_cache_policy,
        client.get_cache_policy,
        client.get_cache_policy_config,
        client.update_cache_policy,
        client.delete_cache_policy,
        lambda: client.list_cache_policies(Type="custom")["CachePolicyList"],
    )


@pytest.mark.parametrize(
    "kind, settings, calls_of",
    [
        ("OriginRequestPolicy", REQUEST_POLICY, origin_request_policy_calls),
        ("ResponseHeadersPolicy", RESPONSE_POLICY, response_headers_policy_calls),
        ("CachePolicy", cache_policy_config(), cache_policy_calls),
    ],
)
def test_policies_need_the_current_etag_and_cannot_be_deleted_while_in_use(aws, refused, kind, settings, calls_of):
    create, get, get_config, update, delete, list_custom = calls_of(aws.cloudfront)
    member = f"{kind}Config"
    created = create(**{member: settings})
    policy_id = created[kind]["Id"]
    with refused(f"{kind}AlreadyExists"):
        create(**{member: settings})
    assert get(Id=policy_id)[kind][member] == settings
    with refused("PreconditionFailed"):
        update(Id=policy_id, IfMatch="E000", **{member: settings})
    changed = update(Id=policy_id, IfMatch=created["ETag"], **{member: {**settings, "Comment": "b"}})
    assert changed["ETag"] != created["ETag"] and get_config(Id=policy_id)[member]["Comment"] == "b"
    assert [item[kind]["Id"] for item in list_custom()["Items"]] == [policy_id]
    user = new_distribution(aws, DefaultCacheBehavior=behavior("web", **{f"{kind}Id": policy_id}))
    with refused(f"{kind}InUse"):
        delete(Id=policy_id, IfMatch=changed["ETag"])
    disabled = {**user["Distribution"]["DistributionConfig"], "Enabled": False}
    aws.cloudfront.update_distribution(Id=user["Distribution"]["Id"], DistributionConfig=disabled, IfMatch=user["ETag"])
    deployed = wait_until_deployed(aws, user["Distribution"]["Id"])
    aws.cloudfront.delete_distribution(Id=user["Distribution"]["Id"], IfMatch=deployed["ETag"])
    delete(Id=policy_id, IfMatch=changed["ETag"])
    with refused(f"NoSuch{kind}"):
        get(Id=policy_id)
    with refused(f"NoSuch{kind}"):
        new_distribution(aws, DefaultCacheBehavior=behavior("web", **{f"{kind}Id": policy_id}))


def test_access_control_update_requires_the_current_etag(aws, refused):
    client = aws.cloudfront
    created = client.create_origin_access_control(OriginAccessControlConfig=access_control_config())
    control_id = created["OriginAccessControl"]["Id"]
    changed = {**access_control_config(), "SigningBehavior": "never"}
    with refused("PreconditionFailed"):
        client.update_origin_access_control(Id=control_id, IfMatch="E000", OriginAccessControlConfig=changed)
    client.update_origin_access_control(Id=control_id, IfMatch=created["ETag"], OriginAccessControlConfig=changed)
    read = client.get_origin_access_control(Id=control_id)["OriginAccessControl"]
    assert read["OriginAccessControlConfig"]["SigningBehavior"] == "never"
    with refused("NoSuchOriginAccessControl"):
        client.get_origin_access_control(Id="E000")


def test_certificate_and_web_acl_of_a_distribution_cannot_be_deleted(aws, refused):
    certificate = aws.acm.request_certificate(DomainName="cdn.example.com", ValidationMethod="DNS")["CertificateArn"]
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    acl = aws.wafv2.create_web_acl(
        Name="cdn", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=visibility
    )["Summary"]
    viewer_certificate = {
        "ACMCertificateArn": certificate,
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    new_distribution(aws, ViewerCertificate=viewer_certificate, WebACLId=acl["ARN"])
    with refused("ResourceInUseException"):
        aws.acm.delete_certificate(CertificateArn=certificate)
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_web_acl(Name="cdn", Scope="CLOUDFRONT", Id=acl["Id"], LockToken=acl["LockToken"])
