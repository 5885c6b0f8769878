"""CloudFront: versions, states that take time, refusals of what is in use, tags, pages."""

import time
import uuid

import pytest

MANAGED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def config(**more):
    return {
        "CallerReference": str(uuid.uuid4()),
        "Comment": "a marker",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [custom("web")]},
        "DefaultCacheBehavior": behavior("web"),
        **more,
    }


def custom(name):
    return {
        "Id": name,
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }


def behavior(origin, **more):
    return {"TargetOriginId": origin, "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": MANAGED, **more}


def made(aws, **more):
    tags = {"Items": [{"Key": "team", "Value": "web"}]}
    with_tags = {"DistributionConfig": config(**more), "Tags": tags}
    return aws.cloudfront.create_distribution_with_tags(DistributionConfigWithTags=with_tags)


def deployed(aws, name):
    for _ in range(50):
        found = aws.cloudfront.get_distribution(Id=name)
        if found["Distribution"]["Status"] == "Deployed":
            return found
        time.sleep(0.05)
    raise AssertionError("never deployed")


def control(name="assets"):
    return {
        "Name": name,
        "Description": "a marker",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }


def policy(**more):
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


def test_a_distribution_is_told_everything_and_says_it_again(aws):
    made_one = made(aws)
    name, arn = made_one["Distribution"]["Id"], made_one["Distribution"]["ARN"]
    assert made_one["Distribution"]["Status"] == "InProgress"
    found = aws.cloudfront.get_distribution_config(Id=name)
    assert found["ETag"] == made_one["ETag"]
    assert found["DistributionConfig"]["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1"
    assert found["DistributionConfig"]["Origins"]["Items"][0]["CustomOriginConfig"]["OriginReadTimeout"] == 30
    tags = aws.cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "web"}]
    aws.cloudfront.tag_resource(Resource=arn, Tags={"Items": [{"Key": "env", "Value": "prod"}]})
    aws.cloudfront.untag_resource(Resource=arn, TagKeys={"Items": ["team"]})
    tags = aws.cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    assert tags == [{"Key": "env", "Value": "prod"}]


def test_a_change_names_the_version_it_was_made_from(aws, refused):
    name = made(aws)["Distribution"]["Id"]
    found = aws.cloudfront.get_distribution_config(Id=name)
    changed = {**found["DistributionConfig"], "Comment": "another"}
    with refused("PreconditionFailed"):
        aws.cloudfront.update_distribution(Id=name, DistributionConfig=changed, IfMatch="E000")
    with refused("InvalidIfMatchVersion"):
        aws.cloudfront.update_distribution(Id=name, DistributionConfig=changed)
    updated = aws.cloudfront.update_distribution(Id=name, DistributionConfig=changed, IfMatch=found["ETag"])
    assert updated["ETag"] != found["ETag"]
    with refused("IllegalUpdate"):
        other = {**changed, "CallerReference": "x"}
        aws.cloudfront.update_distribution(Id=name, DistributionConfig=other, IfMatch=updated["ETag"])


def test_a_distribution_is_switched_off_everywhere_before_it_goes(aws, refused):
    made_one = made(aws)
    name = made_one["Distribution"]["Id"]
    with refused("DistributionNotDisabled"):
        aws.cloudfront.delete_distribution(Id=name, IfMatch=deployed(aws, name)["ETag"])
    off = {**made_one["Distribution"]["DistributionConfig"], "Enabled": False}
    etag = aws.cloudfront.update_distribution(Id=name, DistributionConfig=off, IfMatch=made_one["ETag"])["ETag"]
    with refused("DistributionNotDisabled"):
        aws.cloudfront.delete_distribution(Id=name, IfMatch=etag)
    aws.cloudfront.delete_distribution(Id=name, IfMatch=deployed(aws, name)["ETag"])
    with refused("NoSuchDistribution"):
        aws.cloudfront.get_distribution(Id=name)


def test_what_does_not_fit_is_refused(aws, refused):
    with refused("NoSuchOrigin"):
        made(aws, DefaultCacheBehavior=behavior("other"))
    with refused("InconsistentQuantities"):
        made(aws, Origins={"Quantity": 2, "Items": [custom("web")]})
    reference = config()
    aws.cloudfront.create_distribution(DistributionConfig=reference)
    with refused("DistributionAlreadyExists"):
        aws.cloudfront.create_distribution(DistributionConfig=reference)


def test_pages_are_told_by_markers(aws):
    for _ in range(3):
        made(aws)
    first = aws.cloudfront.list_distributions(MaxItems="2")["DistributionList"]
    assert first["IsTruncated"] and len(first["Items"]) == 2
    second = aws.cloudfront.list_distributions(MaxItems="2", Marker=first["NextMarker"])["DistributionList"]
    assert not second["IsTruncated"] and len(second["Items"]) == 1


def test_policies_and_controls_stay_while_they_are_used(aws, refused):
    cloudfront = aws.cloudfront
    cached = cloudfront.create_cache_policy(CachePolicyConfig=policy())
    with refused("CachePolicyAlreadyExists"):
        cloudfront.create_cache_policy(CachePolicyConfig=policy())
    with refused("InvalidArgument"):
        cloudfront.create_cache_policy(CachePolicyConfig=policy(Name="other", MinTTL=100))
    signed = cloudfront.create_origin_access_control(OriginAccessControlConfig=control())
    with refused("OriginAccessControlAlreadyExists"):
        cloudfront.create_origin_access_control(OriginAccessControlConfig=control())
    bucket = {
        "Id": "assets",
        "DomainName": "assets.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": signed["OriginAccessControl"]["Id"],
    }
    use = behavior("assets", CachePolicyId=cached["CachePolicy"]["Id"])
    made_one = made(aws, Origins={"Quantity": 1, "Items": [bucket]}, DefaultCacheBehavior=use)
    with refused("CachePolicyInUse"):
        cloudfront.delete_cache_policy(Id=cached["CachePolicy"]["Id"], IfMatch=cached["ETag"])
    with refused("OriginAccessControlInUse"):
        cloudfront.delete_origin_access_control(Id=signed["OriginAccessControl"]["Id"], IfMatch=signed["ETag"])
    off = {**made_one["Distribution"]["DistributionConfig"], "Enabled": False}
    name = made_one["Distribution"]["Id"]
    cloudfront.update_distribution(Id=name, DistributionConfig=off, IfMatch=made_one["ETag"])
    cloudfront.delete_distribution(Id=name, IfMatch=deployed(aws, name)["ETag"])
    cloudfront.delete_cache_policy(Id=cached["CachePolicy"]["Id"], IfMatch=cached["ETag"])
    cloudfront.delete_origin_access_control(Id=signed["OriginAccessControl"]["Id"], IfMatch=signed["ETag"])
    assert cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Quantity"] == 0
    assert cloudfront.list_origin_access_controls()["OriginAccessControlList"]["Quantity"] == 0


def test_a_function_is_live_once_it_is_published(aws, refused):
    cloudfront = aws.cloudfront
    written = {"Comment": "a marker", "Runtime": "cloudfront-js-2.0"}
    one = cloudfront.create_function(Name="rewrite", FunctionConfig=written, FunctionCode=b"function handler(e) {}")
    with refused("NoSuchFunctionExists"):
        cloudfront.get_function(Name="rewrite", Stage="LIVE")
    assert cloudfront.list_functions(Stage="LIVE")["FunctionList"]["Quantity"] == 0
    arn = one["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    association = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]}
    with refused("InvalidFunctionAssociation"):
        made(aws, DefaultCacheBehavior=behavior("web", FunctionAssociations=association))
    cloudfront.publish_function(Name="rewrite", IfMatch=one["ETag"])
    changed = cloudfront.update_function(
        Name="rewrite", FunctionConfig=written, FunctionCode=b"another", IfMatch=one["ETag"]
    )
    live = cloudfront.get_function(Name="rewrite", Stage="LIVE")
    assert live["FunctionCode"].read() == b"function handler(e) {}"
    made(aws, DefaultCacheBehavior=behavior("web", FunctionAssociations=association))
    with refused("FunctionInUse"):
        cloudfront.delete_function(Name="rewrite", IfMatch=changed["ETag"])


@pytest.fixture
def balancer(aws, net):
    made_one = aws.elbv2.create_load_balancer(Name="main", Scheme="internal", Subnets=net.subnets)
    return made_one["LoadBalancers"][0]["LoadBalancerArn"]


def endpoint(arn, **more):
    protocols = {"Quantity": 1, "Items": ["TLSv1.2"]}
    base = {"Name": "main", "Arn": arn, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    return {**base, "OriginSslProtocols": protocols, **more}


def group(aws, net):
    filters = [
        {"Name": "vpc-id", "Values": [net.vpc]},
        {"Name": "group-name", "Values": ["CloudFront-VPCOrigins-Service-SG"]},
    ]
    return aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]


def test_a_vpc_origin_brings_its_group_and_takes_it_away(aws, net, balancer, refused):
    cloudfront = aws.cloudfront
    one = cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint(balancer))
    name = one["VpcOrigin"]["Id"]
    assert one["VpcOrigin"]["Status"] == "Deploying"
    with refused("EntityAlreadyExists"):
        cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint(balancer))
    assert len(group(aws, net)) == 1
    time.sleep(0.3)
    assert cloudfront.get_vpc_origin(Id=name)["VpcOrigin"]["Status"] == "Deployed"
    assert cloudfront.list_vpc_origins()["VpcOriginList"]["Items"][0]["OriginEndpointArn"] == balancer
    origin = {"Id": "main", "DomainName": "main.elb.amazonaws.com", "VpcOriginConfig": {"VpcOriginId": name}}
    made(aws, Origins={"Quantity": 1, "Items": [origin]}, DefaultCacheBehavior=behavior("main"))
    with refused("CannotDeleteEntityWhileInUse"):
        cloudfront.delete_vpc_origin(Id=name, IfMatch=one["ETag"])


def test_the_last_vpc_origin_takes_its_group_away(aws, net, balancer, refused):
    one = aws.cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint(balancer))
    time.sleep(0.3)
    deleting = aws.cloudfront.delete_vpc_origin(Id=one["VpcOrigin"]["Id"], IfMatch=one["ETag"])
    assert deleting["VpcOrigin"]["Status"] == "Deleting"
    time.sleep(0.3)
    with refused("EntityNotFound"):
        aws.cloudfront.get_vpc_origin(Id=one["VpcOrigin"]["Id"])
    assert group(aws, net) == []


def test_a_vpc_origin_needs_an_internal_balancer_and_a_gateway(aws, net, balancer, refused):
    public = aws.elbv2.create_load_balancer(Name="public", Scheme="internet-facing", Subnets=net.subnets)
    with refused("InvalidArgument"):
        arn = public["LoadBalancers"][0]["LoadBalancerArn"]
        aws.cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint(arn))


def test_invalidations_and_metrics(aws, refused):
    name = made(aws)["Distribution"]["Id"]
    batch = {"CallerReference": "one", "Paths": {"Quantity": 1, "Items": ["/assets/*"]}}
    one = aws.cloudfront.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]
    again = aws.cloudfront.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]
    assert one["Id"] == again["Id"] and one["Status"] == "InProgress"
    with refused("InvalidArgument"):
        wrong = {"CallerReference": "two", "Paths": {"Quantity": 1, "Items": ["assets"]}}
        aws.cloudfront.create_invalidation(DistributionId=name, InvalidationBatch=wrong)
    on = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
    with refused("NoSuchMonitoringSubscription"):
        aws.cloudfront.get_monitoring_subscription(DistributionId=name)
    aws.cloudfront.create_monitoring_subscription(DistributionId=name, MonitoringSubscription=on)
    with refused("MonitoringSubscriptionAlreadyExists"):
        aws.cloudfront.create_monitoring_subscription(DistributionId=name, MonitoringSubscription=on)
    aws.cloudfront.delete_monitoring_subscription(DistributionId=name)


def test_deliveries_of_logs(aws, refused):
    logs, arn = aws.logs, made(aws)["Distribution"]["ARN"]
    source = logs.put_delivery_source(name="edge", resourceArn=arn, logType="ACCESS_LOGS", tags={"team": "web"})
    assert source["deliverySource"]["service"] == "cloudfront"
    with refused("ConflictException"):
        logs.put_delivery_source(name="other", resourceArn=arn, logType="ACCESS_LOGS")
    with refused("ResourceNotFoundException"):
        logs.put_delivery_source(name="none", resourceArn=arn + "X", logType="ACCESS_LOGS")
    to = {"destinationResourceArn": "arn:aws:s3:::bucket/cdn/edge"}
    destination = logs.put_delivery_destination(
        name="edge", outputFormat="parquet", deliveryDestinationConfiguration=to
    )["deliveryDestination"]
    pair = {"deliverySourceName": "edge", "deliveryDestinationArn": destination["arn"]}
    one = logs.create_delivery(**pair, recordFields=["date", "time"])["delivery"]
    with refused("ConflictException"):
        logs.create_delivery(**pair)
    logs.update_delivery_configuration(id=one["id"], s3DeliveryConfiguration={"suffixPath": "{yyyy}"})
    found = logs.describe_deliveries()["deliveries"][0]
    assert found["s3DeliveryConfiguration"]["suffixPath"] == "{yyyy}" and found["recordFields"] == ["date", "time"]
    logs.tag_resource(resourceArn=source["deliverySource"]["arn"], tags={"env": "prod"})
    assert logs.describe_delivery_sources()["deliverySources"][0]["tags"] == {"team": "web", "env": "prod"}
    with refused("ConflictException"):
        logs.delete_delivery_source(name="edge")
    with refused("ConflictException"):
        logs.delete_delivery_destination(name="edge")
    logs.delete_delivery(id=one["id"])
    logs.delete_delivery_source(name="edge")
    logs.delete_delivery_destination(name="edge")
    assert logs.describe_deliveries()["deliveries"] == []


REQUEST = {
    "Name": "all",
    "Comment": "a marker",
    "HeadersConfig": {"HeaderBehavior": "allViewer"},
    "CookiesConfig": {"CookieBehavior": "all"},
    "QueryStringsConfig": {"QueryStringBehavior": "all"},
}
RESPONSE = {"Name": "safe", "Comment": "", "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}}}


def of_requests(client):
    return (
        client.create_origin_request_policy,
        client.get_origin_request_policy,
        client.get_origin_request_policy_config,
        client.update_origin_request_policy,
        client.delete_origin_request_policy,
        lambda: client.list_origin_request_policies(Type="custom")["OriginRequestPolicyList"],
    )


def of_responses(client):
    return (
        client.create_response_headers_policy,
        client.get_response_headers_policy,
        client.get_response_headers_policy_config,
        client.update_response_headers_policy,
        client.delete_response_headers_policy,
        lambda: client.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"],
    )


def of_caches(client):
    return (
        client.create_cache_policy,
        client.get_cache_policy,
        client.get_cache_policy_config,
        client.update_cache_policy,
        client.delete_cache_policy,
        lambda: client.list_cache_policies(Type="custom")["CachePolicyList"],
    )


@pytest.mark.parametrize(
    "noun, given, of",
    [
        ("OriginRequestPolicy", REQUEST, of_requests),
        ("ResponseHeadersPolicy", RESPONSE, of_responses),
        ("CachePolicy", policy(), of_caches),
    ],
)
def test_policies_change_by_version_and_stay_while_used(aws, refused, noun, given, of):
    create, get, get_config, update, delete, listed = of(aws.cloudfront)
    config = f"{noun}Config"
    answer = create(**{config: given})
    name = answer[noun]["Id"]
    with refused(f"{noun}AlreadyExists"):
        create(**{config: given})
    assert get(Id=name)[noun][config] == given
    with refused("PreconditionFailed"):
        update(Id=name, IfMatch="E000", **{config: given})
    changed = update(Id=name, IfMatch=answer["ETag"], **{config: {**given, "Comment": "b"}})
    assert changed["ETag"] != answer["ETag"] and get_config(Id=name)[config]["Comment"] == "b"
    assert [one[noun]["Id"] for one in listed()["Items"]] == [name]
    used = made(aws, DefaultCacheBehavior=behavior("web", **{f"{noun}Id": name}))
    with refused(f"{noun}InUse"):
        delete(Id=name, IfMatch=changed["ETag"])
    off = {**used["Distribution"]["DistributionConfig"], "Enabled": False}
    aws.cloudfront.update_distribution(
        Id=used["Distribution"]["Id"], DistributionConfig=off, IfMatch=used["ETag"]
    )
    gone = deployed(aws, used["Distribution"]["Id"])
    aws.cloudfront.delete_distribution(Id=used["Distribution"]["Id"], IfMatch=gone["ETag"])
    delete(Id=name, IfMatch=changed["ETag"])
    with refused(f"NoSuch{noun}"):
        get(Id=name)
    with refused(f"NoSuch{noun}"):
        made(aws, DefaultCacheBehavior=behavior("web", **{f"{noun}Id": name}))


def test_controls_change_by_version(aws, refused):
    client = aws.cloudfront
    made_one = client.create_origin_access_control(OriginAccessControlConfig=control())
    name = made_one["OriginAccessControl"]["Id"]
    other = {**control(), "SigningBehavior": "never"}
    with refused("PreconditionFailed"):
        client.update_origin_access_control(Id=name, IfMatch="E000", OriginAccessControlConfig=other)
    client.update_origin_access_control(Id=name, IfMatch=made_one["ETag"], OriginAccessControlConfig=other)
    read = client.get_origin_access_control(Id=name)["OriginAccessControl"]
    assert read["OriginAccessControlConfig"]["SigningBehavior"] == "never"
    with refused("NoSuchOriginAccessControl"):
        client.get_origin_access_control(Id="E000")


def test_what_a_distribution_uses_stays(aws, refused):
    certificate = aws.acm.request_certificate(DomainName="cdn.example.com", ValidationMethod="DNS")["CertificateArn"]
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    acl = aws.wafv2.create_web_acl(
        Name="cdn", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=visible
    )["Summary"]
    shown = {"ACMCertificateArn": certificate, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    made(aws, ViewerCertificate=shown, WebACLId=acl["ARN"])
    with refused("ResourceInUseException"):
        aws.acm.delete_certificate(CertificateArn=certificate)
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_web_acl(Name="cdn", Scope="CLOUDFRONT", Id=acl["Id"], LockToken=acl["LockToken"])
