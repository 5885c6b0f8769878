"""Security groups and their rules."""

import pytest


def rule(port, *, cidr=None, group=None, prefix_list=None, note=None):
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    described = {"Description": note} if note else {}
    if cidr:
        permission["IpRanges"] = [{"CidrIp": cidr, **described}]
    if group:
        permission["UserIdGroupPairs"] = [{"GroupId": group, **described}]
    if prefix_list:
        permission["PrefixListIds"] = [{"PrefixListId": prefix_list, **described}]
    return permission


@pytest.fixture
def other(aws, net):
    return aws.ec2.create_security_group(GroupName="other", Description="other", VpcId=net.vpc)["GroupId"]


def rules_of(aws, group, egress=False):
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])[
        "SecurityGroupRules"
    ]
    return [item for item in found if item["IsEgress"] == egress]


def test_new_group_allows_all_egress(aws, net):
    (egress_rule,) = rules_of(aws, net.group, egress=True)
    assert (egress_rule["IpProtocol"], egress_rule["CidrIpv4"], egress_rule["FromPort"], egress_rule["ToPort"]) == (
        "-1",
        "0.0.0.0/0",
        -1,
        -1,
    )
    group = aws.ec2.describe_security_groups(GroupIds=[net.group])["SecurityGroups"][0]
    assert [item["IpProtocol"] for item in group["IpPermissionsEgress"]] == ["-1"]
    assert "FromPort" not in group["IpPermissionsEgress"][0]


def test_group_name_must_be_valid_and_unique_in_its_vpc(aws, net, refused):
    with refused("InvalidGroup.Duplicate"):
        aws.ec2.create_security_group(GroupName="WEB", Description="d", VpcId=net.vpc)
    with refused("InvalidParameterValue"):
        aws.ec2.create_security_group(GroupName="sg-web", Description="d", VpcId=net.vpc)


def test_cloudfront_prefix_list_uses_most_of_the_rule_quota(aws, net, refused):
    name = "com.amazonaws.global.cloudfront.origin-facing"
    found = aws.ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [name]}])
    (prefix_list,) = [item["PrefixListId"] for item in found["PrefixLists"]]
    allow = aws.ec2.authorize_security_group_ingress
    allow(GroupId=net.group, IpPermissions=[rule(443, prefix_list=prefix_list)])
    with refused("RulesPerSecurityGroupLimitExceeded"):
        allow(GroupId=net.group, IpPermissions=[rule(80, prefix_list=prefix_list)])
    allow(GroupId=net.group, IpPermissions=[rule(port, cidr="10.0.0.0/8") for port in range(1, 6)])
    with refused("RulesPerSecurityGroupLimitExceeded"):
        allow(GroupId=net.group, IpPermissions=[rule(6, cidr="10.0.0.0/8")])


def test_request_returns_all_rules_it_creates(aws, net, other, tags):
    prefix_list = aws.ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-1.s3"]}]
    )["PrefixLists"][0]["PrefixListId"]
    created = aws.ec2.authorize_security_group_ingress(
        GroupId=net.group,
        IpPermissions=[
            rule(80, cidr="0.0.0.0/0", note="web"),
            rule(443, group=other, note="from other"),
            rule(444, prefix_list=prefix_list, note="from s3"),
        ],
        TagSpecifications=tags("security-group-rule", Name="r"),
    )["SecurityGroupRules"]
    assert [item["FromPort"] for item in created] == [80, 443, 444]
    assert len({item["SecurityGroupRuleId"] for item in created}) == 3
    assert all(item["Tags"] == [{"Key": "Name", "Value": "r"}] for item in created)
    assert created[0]["CidrIpv4"] == "0.0.0.0/0"
    assert created[1]["ReferencedGroupInfo"]["GroupId"] == other
    assert created[2]["PrefixListId"] == prefix_list
    assert [item["Description"] for item in created] == ["web", "from other", "from s3"]
    assert sorted(rules_of(aws, net.group), key=lambda item: item["FromPort"]) == created
    group = aws.ec2.describe_security_groups(GroupIds=[net.group])["SecurityGroups"][0]
    assert [
        item["UserIdGroupPairs"][0]["Description"] for item in group["IpPermissions"] if item["UserIdGroupPairs"]
    ] == ["from other"]


def test_request_with_a_duplicate_rule_adds_nothing(aws, net, other, refused):
    ec2 = aws.ec2
    ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other, note="a")])
    with refused("InvalidPermission.Duplicate"):
        ec2.authorize_security_group_ingress(
            GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0"), rule(22, group=other, note="b")]
        )
    assert [item["FromPort"] for item in rules_of(aws, net.group)] == [22]


def test_rule_references_must_exist(aws, net, refused):
    with refused("InvalidGroup.NotFound"):
        aws.ec2.authorize_security_group_ingress(
            GroupId=net.group, IpPermissions=[rule(22, group="sg-0123456789abcdef0")]
        )
    with refused("InvalidPrefixListID.NotFound"):
        aws.ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, prefix_list="pl-01234567")])
    with refused("InvalidParameterValue"):
        aws.ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, cidr="10.0.0.0/99")])
    with refused("InvalidGroup.NotFound"):
        aws.ec2.authorize_security_group_ingress(
            GroupId="sg-0123456789abcdef0", IpPermissions=[rule(22, cidr="10.0.0.0/8")]
        )


def test_rules_can_be_revoked_by_id_or_permission(aws, net, other, refused):
    ec2 = aws.ec2
    created = ec2.authorize_security_group_ingress(
        GroupId=net.group,
        IpPermissions=[
            rule(22, group=other, note="ssh"),
            rule(80, cidr="0.0.0.0/0", note="web"),
            rule(81, cidr="0.0.0.0/0"),
        ],
    )["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other)])
    revoked = ec2.revoke_security_group_ingress(
        GroupId=net.group, SecurityGroupRuleIds=[created[1]["SecurityGroupRuleId"]]
    )
    assert [item["SecurityGroupRuleId"] for item in revoked["RevokedSecurityGroupRules"]] == [
        created[1]["SecurityGroupRuleId"]
    ]
    assert [item["FromPort"] for item in rules_of(aws, net.group)] == [81]
    with refused("InvalidPermission.NotFound"):
        ec2.revoke_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other)])
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        ec2.revoke_security_group_ingress(GroupId=net.group, SecurityGroupRuleIds=[created[1]["SecurityGroupRuleId"]])
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=net.group, IpPermissions=[everything])
    assert rules_of(aws, net.group, egress=True) == []


def test_rules_can_be_modified_except_their_source_type(aws, net, other, refused):
    ec2 = aws.ec2
    created = ec2.authorize_security_group_ingress(
        GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0", note="web"), rule(443, group=other)]
    )["SecurityGroupRules"]
    change = lambda name, **new: ec2.modify_security_group_rules(
        GroupId=net.group,
        SecurityGroupRules=[{"SecurityGroupRuleId": name, "SecurityGroupRule": {"IpProtocol": "tcp", **new}}],
    )
    first, second = (item["SecurityGroupRuleId"] for item in created)
    change(first, FromPort=8080, ToPort=8081, CidrIpv4="10.0.0.0/8", Description="inner")
    modified = ec2.describe_security_group_rules(SecurityGroupRuleIds=[first])["SecurityGroupRules"][0]
    assert (modified["FromPort"], modified["ToPort"], modified["CidrIpv4"], modified["Description"]) == (
        8080,
        8081,
        "10.0.0.0/8",
        "inner",
    )
    change(second, FromPort=444, ToPort=444, ReferencedGroupId=net.group)
    modified = ec2.describe_security_group_rules(SecurityGroupRuleIds=[second])["SecurityGroupRules"][0]
    assert modified["ReferencedGroupInfo"]["GroupId"] == net.group
    with refused("InvalidParameterValue"):
        change(first, FromPort=80, ToPort=80, ReferencedGroupId=other)
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        change("sgr-0123456789abcdef0", FromPort=80, ToPort=80, CidrIpv4="10.0.0.0/8")


def test_rule_descriptions_can_be_updated(aws, net, other, refused):
    ec2 = aws.ec2
    created = ec2.authorize_security_group_ingress(
        GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0", note="web"), rule(443, group=other)]
    )["SecurityGroupRules"]
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=net.group,
        SecurityGroupRuleDescriptions=[
            {"SecurityGroupRuleId": created[1]["SecurityGroupRuleId"], "Description": "from other"}
        ],
    )
    ec2.update_security_group_rule_descriptions_ingress(GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0")])
    assert {item["FromPort"]: item.get("Description") for item in rules_of(aws, net.group)} == {
        80: None,
        443: "from other",
    }
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        ec2.update_security_group_rule_descriptions_egress(
            GroupId=net.group,
            SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": created[0]["SecurityGroupRuleId"]}],
        )


def test_rules_can_be_tagged(aws, net):
    ec2 = aws.ec2
    created = ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0")])[
        "SecurityGroupRules"
    ]
    ec2.create_tags(Resources=[created[0]["SecurityGroupRuleId"]], Tags=[{"Key": "a", "Value": "b"}])
    assert rules_of(aws, net.group)[0]["Tags"] == [{"Key": "a", "Value": "b"}]


def test_referenced_and_default_groups_cannot_be_deleted(aws, net, other, refused):
    ec2 = aws.ec2
    ec2.authorize_security_group_ingress(
        GroupId=net.group, IpPermissions=[rule(22, group=other), rule(23, group=net.group)]
    )
    with refused("DependencyViolation", other):
        ec2.delete_security_group(GroupId=other)
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_security_group(GroupId=other)
    default = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [net.vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"][0]["GroupId"]
    with refused("CannotDelete"):
        ec2.delete_security_group(GroupId=default)
    with refused("InvalidGroup.NotFound"):
        ec2.delete_security_group(GroupId=other)
