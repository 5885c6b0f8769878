"""WAF, Certificate Manager, Route 53."""

import pytest

VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}


def rate_rule(limit=100, window=300, **more):
    return {
        "Name": "rate",
        "Priority": 0,
        "Statement": {
            "RateBasedStatement": {"Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP", **more}
        },
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }


def new_web_acl(aws, name="shop", scope="REGIONAL", rules=(), **more):
    return aws.wafv2.create_web_acl(
        Name=name, Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE, Rules=list(rules), **more
    )["Summary"]


def identifiers(summary, scope="REGIONAL"):
    return {"Name": summary["Name"], "Id": summary["Id"], "Scope": scope}


@pytest.fixture
def zone(aws):
    return aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]


def change_record(aws, zone, action, **record):
    return aws.route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    )


def record_set(name, value="a", kind="TXT"):
    value = f'"{value}"' if kind == "TXT" else value
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}


def alias_record_set(name, target="d1.cloudfront.net", zone="Z2FDTNDATAQYW2"):
    return {
        "Name": name,
        "Type": "A",
        "AliasTarget": {"DNSName": target, "HostedZoneId": zone, "EvaluateTargetHealth": False},
    }


def test_web_acl_change_requires_the_current_lock_token(aws, refused):
    created = new_web_acl(aws, rules=[rate_rule()])
    with refused("WAFDuplicateItemException"):
        new_web_acl(aws)
    found = aws.wafv2.get_web_acl(**identifiers(created))
    assert found["WebACL"]["Rules"][0]["Statement"]["RateBasedStatement"]["Limit"] == 100
    assert found["WebACL"]["Capacity"] == 2
    update = {**identifiers(created), "DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBLE}
    aws.wafv2.update_web_acl(**update, LockToken=found["LockToken"], Rules=[rate_rule(200)])
    with refused("WAFOptimisticLockException"):
        aws.wafv2.update_web_acl(**update, LockToken=found["LockToken"])
    with refused("WAFOptimisticLockException"):
        aws.wafv2.delete_web_acl(**identifiers(created), LockToken=found["LockToken"])
    aws.wafv2.delete_web_acl(
        **identifiers(created), LockToken=aws.wafv2.get_web_acl(**identifiers(created))["LockToken"]
    )
    with refused("WAFNonexistentItemException"):
        aws.wafv2.get_web_acl(**identifiers(created))


def test_web_acls_are_listed_by_scope_in_pages(aws):
    for number in range(3):
        new_web_acl(aws, f"r{number}")
    new_web_acl(aws, "r0", "CLOUDFRONT")
    first = aws.wafv2.list_web_acls(Scope="REGIONAL", Limit=2)
    rest = aws.wafv2.list_web_acls(Scope="REGIONAL", Limit=2, NextMarker=first["NextMarker"])
    assert [item["Name"] for item in first["WebACLs"] + rest["WebACLs"]] == ["r0", "r1", "r2"]
    assert "NextMarker" not in rest
    (edge,) = aws.wafv2.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    assert ":global/webacl/r0/" in edge["ARN"]


@pytest.mark.parametrize(
    "rules", [[rate_rule(100, 30)], [rate_rule(), rate_rule()], [rate_rule(AggregateKeyType="CUSTOM_KEYS")]]
)
def test_invalid_rules_are_refused(aws, refused, rules):
    with refused("WAFInvalidParameterException"):
        new_web_acl(aws, rules=rules)


def test_capacity_is_the_sum_of_the_rules(aws):
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    managed = {
        "Name": "m",
        "Priority": 1,
        "Statement": group,
        "OverrideAction": {"None": {}},
        "VisibilityConfig": VISIBLE,
    }
    assert aws.wafv2.check_capacity(Scope="REGIONAL", Rules=[rate_rule(), managed])["Capacity"] == 702


def test_ip_set_cannot_be_deleted_while_a_rule_references_it(aws, refused):
    created = aws.wafv2.create_ip_set(
        Name="bad",
        Scope="REGIONAL",
        IPAddressVersion="IPV4",
        Addresses=["203.0.113.0/24"],
        Tags=[{"Key": "a", "Value": "1"}],
    )["Summary"]
    statement = {"IPSetReferenceStatement": {"ARN": created["ARN"]}}
    deny_rule = {
        "Name": "d",
        "Priority": 1,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }
    web_acl = new_web_acl(aws, rules=[deny_rule])
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_ip_set(**identifiers(created), LockToken=created["LockToken"])
    aws.wafv2.delete_web_acl(**identifiers(web_acl), LockToken=web_acl["LockToken"])
    with refused("WAFInvalidParameterException"):
        aws.wafv2.update_ip_set(**identifiers(created), LockToken=created["LockToken"], Addresses=["2001:db8::/32"])
    aws.wafv2.update_ip_set(**identifiers(created), LockToken=created["LockToken"], Addresses=["198.51.100.0/24"])
    found = aws.wafv2.get_ip_set(**identifiers(created))
    assert found["IPSet"]["Addresses"] == ["198.51.100.0/24"]
    tags = aws.wafv2.list_tags_for_resource(ResourceARN=created["ARN"])["TagInfoForResource"]["TagList"]
    assert tags == [{"Key": "a", "Value": "1"}]
    aws.wafv2.delete_ip_set(**identifiers(created), LockToken=found["LockToken"])


def test_web_acl_cannot_be_deleted_while_associated(aws, net, refused, until):
    created = new_web_acl(aws)
    balancer_arn = aws.elbv2.create_load_balancer(Name="shop", Subnets=net.subnets)["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    with refused("WAFNonexistentItemException"):
        aws.wafv2.associate_web_acl(WebACLArn=created["ARN"], ResourceArn=balancer_arn + "0")

    def associate():  # a web ACL cannot be associated until a while after its creation
        try:
            return aws.wafv2.associate_web_acl(WebACLArn=created["ARN"], ResourceArn=balancer_arn)
        except aws.wafv2.exceptions.WAFUnavailableEntityException:
            return None

    until(associate)
    listed = aws.wafv2.list_resources_for_web_acl(WebACLArn=created["ARN"])
    assert listed["ResourceArns"] == [balancer_arn]
    assert aws.wafv2.get_web_acl_for_resource(ResourceArn=balancer_arn)["WebACL"]["ARN"] == created["ARN"]
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_web_acl(**identifiers(created), LockToken=created["LockToken"])
    aws.wafv2.disassociate_web_acl(ResourceArn=balancer_arn)
    aws.wafv2.delete_web_acl(**identifiers(created), LockToken=created["LockToken"])


def test_waf_logging_needs_an_existing_log_group_with_the_right_prefix(aws, refused):
    created = new_web_acl(aws)
    for name in ("waf", "aws-waf-logs-shop"):
        aws.logs.create_log_group(logGroupName=name)

    def put(name):
        group = f"arn:aws:logs:us-east-1:{aws.id}:log-group:{name}"
        config = {"ResourceArn": created["ARN"], "LogDestinationConfigs": [group]}
        return aws.wafv2.put_logging_configuration(LoggingConfiguration=config)

    with refused("WAFInvalidParameterException"):
        put("waf")
    with refused("WAFLogDestinationPermissionIssueException"):
        put("aws-waf-logs-other")
    put("aws-waf-logs-shop")
    (config,) = aws.wafv2.list_logging_configurations(Scope="REGIONAL")["LoggingConfigurations"]
    assert config["ResourceArn"] == created["ARN"]
    aws.wafv2.delete_logging_configuration(ResourceArn=created["ARN"])
    with refused("WAFNonexistentItemException"):
        aws.wafv2.delete_logging_configuration(ResourceArn=created["ARN"])


def test_record_changes_are_validated(aws, zone, refused):
    change_record(aws, zone, "CREATE", **alias_record_set("api.example.com"))
    with refused("InvalidChangeBatch", "already exists"):
        change_record(aws, zone, "CREATE", **alias_record_set("api.example.com"))
    with refused("InvalidChangeBatch", "do not match"):
        change_record(aws, zone, "DELETE", **alias_record_set("api.example.com", "d2.cloudfront.net"))
    with refused("InvalidChangeBatch", "not permitted in zone"):
        change_record(aws, zone, "CREATE", **alias_record_set("api.example.org"))
    with refused("InvalidChangeBatch", "conflicts"):
        change_record(aws, zone, "CREATE", **record_set("api.example.com", "x.example.com", "CNAME"))
    with refused("InvalidChangeBatch", "does not lie within"):
        change_record(aws, zone, "CREATE", **alias_record_set("www.example.com", "www.example.org"))
    change_record(aws, zone, "UPSERT", **alias_record_set("api.example.com", "d2.cloudfront.net"))
    with refused("HostedZoneNotEmpty"):
        aws.route53.delete_hosted_zone(Id=zone)
    change_record(aws, zone, "DELETE", **alias_record_set("api.example.com", "d2.cloudfront.net"))
    aws.route53.delete_hosted_zone(Id=zone)


def test_batch_of_record_changes_is_atomic(aws, zone, refused):
    batch = [
        {"Action": "CREATE", "ResourceRecordSet": record_set("a.example.com")},
        {"Action": "DELETE", "ResourceRecordSet": record_set("b.example.com")},
    ]
    with refused("InvalidChangeBatch", "was not found"):
        aws.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})
    records = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["Type"] for record in records] == ["NS", "SOA"]


def test_records_are_listed_in_order_from_a_start_name(aws, zone):
    for name in ("b.a.example.com", "c.example.com", "a.example.com"):
        change_record(aws, zone, "CREATE", **record_set(name))
    first = aws.route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName="a.example.com", MaxItems="2")
    assert [item["Name"] for item in first["ResourceRecordSets"]] == ["a.example.com.", "b.a.example.com."]
    assert first["IsTruncated"] and first["NextRecordName"] == "c.example.com."


def test_hosted_zones_are_listed_in_pages(aws):
    for number in range(3):
        aws.route53.create_hosted_zone(Name=f"{number}.example.com", CallerReference=str(number))
    first = aws.route53.list_hosted_zones(MaxItems="2")
    rest = aws.route53.list_hosted_zones(MaxItems="2", Marker=first["NextMarker"])
    assert len(first["HostedZones"]) == 2 and len(rest["HostedZones"]) == 1
    assert not rest["IsTruncated"]


def test_caller_reference_of_a_hosted_zone_is_unique(aws, zone, refused):
    with refused("HostedZoneAlreadyExists"):
        aws.route53.create_hosted_zone(Name="other.com", CallerReference="1")
    with refused("NoSuchHostedZone"):
        aws.route53.get_hosted_zone(Id="Z0123456789ABCDEFGHIJ")


def test_certificate_is_issued_once_its_validation_record_exists(aws, zone, until):
    arn = aws.acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]

    def certificate():
        return aws.acm.describe_certificate(CertificateArn=arn)["Certificate"]

    record = until(lambda: certificate()["DomainValidationOptions"][0].get("ResourceRecord"))
    assert certificate()["Status"] == "PENDING_VALIDATION"
    change_record(aws, zone, "UPSERT", **record_set(record["Name"], record["Value"], "CNAME"))
    until(lambda: certificate()["Status"] == "ISSUED")
    (listed,) = aws.acm.list_certificates()["CertificateSummaryList"]
    assert listed["Status"] == "ISSUED"


def test_certificates_are_listed_in_pages(aws):
    for number in range(3):
        aws.acm.request_certificate(DomainName=f"{number}.example.com", ValidationMethod="DNS")
    first = aws.acm.list_certificates(MaxItems=2)
    rest = aws.acm.list_certificates(MaxItems=2, NextToken=first["NextToken"])
    assert len(first["CertificateSummaryList"]) == 2 and len(rest["CertificateSummaryList"]) == 1
