"""WAF, Certificate Manager, Route 53."""

import pytest

VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}


def rate(limit=100, window=300, **more):
    return {
        "Name": "rate",
        "Priority": 0,
        "Statement": {
            "RateBasedStatement": {"Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP", **more}
        },
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }


def acl(aws, name="shop", scope="REGIONAL", rules=(), **more):
    return aws.wafv2.create_web_acl(
        Name=name, Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE, Rules=list(rules), **more
    )["Summary"]


def of(summary, scope="REGIONAL"):
    return {"Name": summary["Name"], "Id": summary["Id"], "Scope": scope}


@pytest.fixture
def zone(aws):
    return aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]


def change(aws, zone, action, **record):
    return aws.route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    )


def text(name, value="a", kind="TXT"):
    value = f'"{value}"' if kind == "TXT" else value
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}


def alias(name, target="d1.cloudfront.net", zone="Z2FDTNDATAQYW2"):
    return {
        "Name": name,
        "Type": "A",
        "AliasTarget": {"DNSName": target, "HostedZoneId": zone, "EvaluateTargetHealth": False},
    }


def test_an_acl_is_changed_by_its_newest_token(aws, refused):
    made = acl(aws, rules=[rate()])
    with refused("WAFDuplicateItemException"):
        acl(aws)
    found = aws.wafv2.get_web_acl(**of(made))
    assert found["WebACL"]["Rules"][0]["Statement"]["RateBasedStatement"]["Limit"] == 100
    assert found["WebACL"]["Capacity"] == 2
    changed = {**of(made), "DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBLE}
    aws.wafv2.update_web_acl(**changed, LockToken=found["LockToken"], Rules=[rate(200)])
    with refused("WAFOptimisticLockException"):
        aws.wafv2.update_web_acl(**changed, LockToken=found["LockToken"])
    with refused("WAFOptimisticLockException"):
        aws.wafv2.delete_web_acl(**of(made), LockToken=found["LockToken"])
    aws.wafv2.delete_web_acl(**of(made), LockToken=aws.wafv2.get_web_acl(**of(made))["LockToken"])
    with refused("WAFNonexistentItemException"):
        aws.wafv2.get_web_acl(**of(made))


def test_scopes_are_apart_and_lists_have_pages(aws):
    for number in range(3):
        acl(aws, f"r{number}")
    acl(aws, "r0", "CLOUDFRONT")
    first = aws.wafv2.list_web_acls(Scope="REGIONAL", Limit=2)
    rest = aws.wafv2.list_web_acls(Scope="REGIONAL", Limit=2, NextMarker=first["NextMarker"])
    assert [one["Name"] for one in first["WebACLs"] + rest["WebACLs"]] == ["r0", "r1", "r2"]
    assert "NextMarker" not in rest
    (edge,) = aws.wafv2.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    assert ":global/webacl/r0/" in edge["ARN"]


@pytest.mark.parametrize("rules", [[rate(100, 30)], [rate(), rate()], [rate(AggregateKeyType="CUSTOM_KEYS")]])
def test_rules_that_waf_refuses(aws, refused, rules):
    with refused("WAFInvalidParameterException"):
        acl(aws, rules=rules)


def test_capacity_is_counted(aws):
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    managed = {"Name": "m", "Priority": 1, "Statement": group, "OverrideAction": {"None": {}}, "VisibilityConfig": VISIBLE}
    assert aws.wafv2.check_capacity(Scope="REGIONAL", Rules=[rate(), managed])["Capacity"] == 702


def test_sets_stay_while_a_rule_names_them(aws, refused):
    made = aws.wafv2.create_ip_set(
        Name="bad", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["203.0.113.0/24"], Tags=[{"Key": "a", "Value": "1"}]
    )["Summary"]
    statement = {"IPSetReferenceStatement": {"ARN": made["ARN"]}}
    deny = {"Name": "d", "Priority": 1, "Statement": statement, "Action": {"Block": {}}, "VisibilityConfig": VISIBLE}
    user = acl(aws, rules=[deny])
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_ip_set(**of(made), LockToken=made["LockToken"])
    aws.wafv2.delete_web_acl(**of(user), LockToken=user["LockToken"])
    with refused("WAFInvalidParameterException"):
        aws.wafv2.update_ip_set(**of(made), LockToken=made["LockToken"], Addresses=["2001:db8::/32"])
    aws.wafv2.update_ip_set(**of(made), LockToken=made["LockToken"], Addresses=["198.51.100.0/24"])
    found = aws.wafv2.get_ip_set(**of(made))
    assert found["IPSet"]["Addresses"] == ["198.51.100.0/24"]
    tags = aws.wafv2.list_tags_for_resource(ResourceARN=made["ARN"])["TagInfoForResource"]["TagList"]
    assert tags == [{"Key": "a", "Value": "1"}]
    aws.wafv2.delete_ip_set(**of(made), LockToken=found["LockToken"])


def test_what_an_acl_guards(aws, net, refused, until):
    made = acl(aws)
    balancer = aws.elbv2.create_load_balancer(Name="shop", Subnets=net.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    with refused("WAFNonexistentItemException"):
        aws.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=balancer + "0")

    def associated():  # an ACL made a moment ago is not there for others yet
        try:
            return aws.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=balancer)
        except aws.wafv2.exceptions.WAFUnavailableEntityException:
            return None

    until(associated)
    listed = aws.wafv2.list_resources_for_web_acl(WebACLArn=made["ARN"])
    assert listed["ResourceArns"] == [balancer]
    assert aws.wafv2.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]["ARN"] == made["ARN"]
    with refused("WAFAssociatedItemException"):
        aws.wafv2.delete_web_acl(**of(made), LockToken=made["LockToken"])
    aws.wafv2.disassociate_web_acl(ResourceArn=balancer)
    aws.wafv2.delete_web_acl(**of(made), LockToken=made["LockToken"])


def test_logging_needs_a_group_of_the_right_name(aws, refused):
    made = acl(aws)
    for name in ("waf", "aws-waf-logs-shop"):
        aws.logs.create_log_group(logGroupName=name)

    def put(name):
        group = f"arn:aws:logs:us-east-1:{aws.id}:log-group:{name}"
        config = {"ResourceArn": made["ARN"], "LogDestinationConfigs": [group]}
        return aws.wafv2.put_logging_configuration(LoggingConfiguration=config)

    with refused("WAFInvalidParameterException"):
        put("waf")
    with refused("WAFLogDestinationPermissionIssueException"):
        put("aws-waf-logs-other")
    put("aws-waf-logs-shop")
    (config,) = aws.wafv2.list_logging_configurations(Scope="REGIONAL")["LoggingConfigurations"]
    assert config["ResourceArn"] == made["ARN"]
    aws.wafv2.delete_logging_configuration(ResourceArn=made["ARN"])
    with refused("WAFNonexistentItemException"):
        aws.wafv2.delete_logging_configuration(ResourceArn=made["ARN"])


def test_changes_of_records(aws, zone, refused):
    change(aws, zone, "CREATE", **alias("api.example.com"))
    with refused("InvalidChangeBatch", "already exists"):
        change(aws, zone, "CREATE", **alias("api.example.com"))
    with refused("InvalidChangeBatch", "do not match"):
        change(aws, zone, "DELETE", **alias("api.example.com", "d2.cloudfront.net"))
    with refused("InvalidChangeBatch", "not permitted in zone"):
        change(aws, zone, "CREATE", **alias("api.example.org"))
    with refused("InvalidChangeBatch", "conflicts"):
        change(aws, zone, "CREATE", **text("api.example.com", "x.example.com", "CNAME"))
    with refused("InvalidChangeBatch", "does not lie within"):
        change(aws, zone, "CREATE", **alias("www.example.com", "www.example.org"))
    change(aws, zone, "UPSERT", **alias("api.example.com", "d2.cloudfront.net"))
    with refused("HostedZoneNotEmpty"):
        aws.route53.delete_hosted_zone(Id=zone)
    change(aws, zone, "DELETE", **alias("api.example.com", "d2.cloudfront.net"))
    aws.route53.delete_hosted_zone(Id=zone)


def test_all_changes_or_none(aws, zone, refused):
    batch = [
        {"Action": "CREATE", "ResourceRecordSet": text("a.example.com")},
        {"Action": "DELETE", "ResourceRecordSet": text("b.example.com")},
    ]
    with refused("InvalidChangeBatch", "was not found"):
        aws.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})
    records = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["Type"] for record in records] == ["NS", "SOA"]


def test_records_are_listed_from_a_name_on(aws, zone):
    for name in ("b.a.example.com", "c.example.com", "a.example.com"):
        change(aws, zone, "CREATE", **text(name))
    first = aws.route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName="a.example.com", MaxItems="2")
    assert [one["Name"] for one in first["ResourceRecordSets"]] == ["a.example.com.", "b.a.example.com."]
    assert first["IsTruncated"] and first["NextRecordName"] == "c.example.com."


def test_zones_have_pages(aws):
    for number in range(3):
        aws.route53.create_hosted_zone(Name=f"{number}.example.com", CallerReference=str(number))
    first = aws.route53.list_hosted_zones(MaxItems="2")
    rest = aws.route53.list_hosted_zones(MaxItems="2", Marker=first["NextMarker"])
    assert len(first["HostedZones"]) == 2 and len(rest["HostedZones"]) == 1
    assert not rest["IsTruncated"]


def test_a_zone_has_a_reference_of_its_own(aws, zone, refused):
    with refused("HostedZoneAlreadyExists"):
        aws.route53.create_hosted_zone(Name="other.com", CallerReference="1")
    with refused("NoSuchHostedZone"):
        aws.route53.get_hosted_zone(Id="Z0123456789ABCDEFGHIJ")


def test_a_certificate_is_issued_once_its_record_stands(aws, zone, until):
    arn = aws.acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]

    def described():
        return aws.acm.describe_certificate(CertificateArn=arn)["Certificate"]

    record = until(lambda: described()["DomainValidationOptions"][0].get("ResourceRecord"))
    assert described()["Status"] == "PENDING_VALIDATION"
    change(aws, zone, "UPSERT", **text(record["Name"], record["Value"], "CNAME"))
    until(lambda: described()["Status"] == "ISSUED")
    (listed,) = aws.acm.list_certificates()["CertificateSummaryList"]
    assert listed["Status"] == "ISSUED"


def test_certificates_have_pages(aws):
    for number in range(3):
        aws.acm.request_certificate(DomainName=f"{number}.example.com", ValidationMethod="DNS")
    first = aws.acm.list_certificates(MaxItems=2)
    rest = aws.acm.list_certificates(MaxItems=2, NextToken=first["NextToken"])
    assert len(first["CertificateSummaryList"]) == 2 and len(rest["CertificateSummaryList"]) == 1
