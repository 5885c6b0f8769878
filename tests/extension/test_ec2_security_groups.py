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
    return [one for one in found if one["IsEgress"] == egress]


def test_a_new_group_lets_everything_out(aws, net):
    (one,) = rules_of(aws, net.group, egress=True)
    assert (one["IpProtocol"], one["CidrIpv4"], one["FromPort"], one["ToPort"]) == ("-1", "0.0.0.0/0", -1, -1)
    group = aws.ec2.describe_security_groups(GroupIds=[net.group])["SecurityGroups"][0]
    assert [one["IpProtocol"] for one in group["IpPermissionsEgress"]] == ["-1"]
    assert "FromPort" not in group["IpPermissionsEgress"][0]


def test_names_are_unique_in_a_vpc(aws, net, refused):
    with refused("InvalidGroup.Duplicate"):
        aws.ec2.create_security_group(GroupName="WEB", Description="d", VpcId=net.vpc)
    with refused("InvalidParameterValue"):
        aws.ec2.create_security_group(GroupName="sg-web", Description="d", VpcId=net.vpc)


def test_the_addresses_of_cloudfront_count_for_nearly_all_rules(aws, net, refused):
    name = "com.amazonaws.global.cloudfront.origin-facing"
    found = aws.ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [name]}])
    (prefix_list,) = [one["PrefixListId"] for one in found["PrefixLists"]]
    allow = aws.ec2.authorize_security_group_ingress
    allow(GroupId=net.group, IpPermissions=[rule(443, prefix_list=prefix_list)])
    with refused("RulesPerSecurityGroupLimitExceeded"):
        allow(GroupId=net.group, IpPermissions=[rule(80, prefix_list=prefix_list)])
    allow(GroupId=net.group, IpPermissions=[rule(port, cidr="10.0.0.0/8") for port in range(1, 6)])
    with refused("RulesPerSecurityGroupLimitExceeded"):
        allow(GroupId=net.group, IpPermissions=[rule(6, cidr="10.0.0.0/8")])


def test_all_rules_of_a_request_come_back(aws, net, other, tags):
    prefix_list = aws.ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-1.s3"]}]
    )["PrefixLists"][0]["PrefixListId"]
    made = aws.ec2.authorize_security_group_ingress(
        GroupId=net.group,
        IpPermissions=[
            rule(80, cidr="0.0.0.0/0", note="web"),
            rule(443, group=other, note="from other"),
            rule(444, prefix_list=prefix_list, note="from s3"),
        ],
        TagSpecifications=tags("security-group-rule", Name="r"),
    )["SecurityGroupRules"]
    assert [one["FromPort"] for one in made] == [80, 443, 444]
    assert len({one["SecurityGroupRuleId"] for one in made}) == 3
    assert all(one["Tags"] == [{"Key": "Name", "Value": "r"}] for one in made)
    assert made[0]["CidrIpv4"] == "0.0.0.0/0"
    assert made[1]["ReferencedGroupInfo"]["GroupId"] == other
    assert made[2]["PrefixListId"] == prefix_list
    assert [one["Description"] for one in made] == ["web", "from other", "from s3"]
    assert sorted(rules_of(aws, net.group), key=lambda one: one["FromPort"]) == made
    group = aws.ec2.describe_security_groups(GroupIds=[net.group])["SecurityGroups"][0]
    assert [one["UserIdGroupPairs"][0]["Description"] for one in group["IpPermissions"] if one["UserIdGroupPairs"]] == [
        "from other"
    ]


def test_a_rule_that_is_there_is_refused_and_nothing_is_added(aws, net, other, refused):
    ec2 = aws.ec2
    ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other, note="a")])
    with refused("InvalidPermission.Duplicate"):
        ec2.authorize_security_group_ingress(
            GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0"), rule(22, group=other, note="b")]
        )
    assert [one["FromPort"] for one in rules_of(aws, net.group)] == [22]


def test_rules_name_what_exists(aws, net, refused):
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


def test_revoking(aws, net, other, refused):
    ec2 = aws.ec2
    made = ec2.authorize_security_group_ingress(
        GroupId=net.group,
        IpPermissions=[
            rule(22, group=other, note="ssh"),
            rule(80, cidr="0.0.0.0/0", note="web"),
            rule(81, cidr="0.0.0.0/0"),
        ],
    )["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other)])
    revoked = ec2.revoke_security_group_ingress(
        GroupId=net.group, SecurityGroupRuleIds=[made[1]["SecurityGroupRuleId"]]
    )
    assert [one["SecurityGroupRuleId"] for one in revoked["RevokedSecurityGroupRules"]] == [
        made[1]["SecurityGroupRuleId"]
    ]
    assert [one["FromPort"] for one in rules_of(aws, net.group)] == [81]
    with refused("InvalidPermission.NotFound"):
        ec2.revoke_security_group_ingress(GroupId=net.group, IpPermissions=[rule(22, group=other)])
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        ec2.revoke_security_group_ingress(GroupId=net.group, SecurityGroupRuleIds=[made[1]["SecurityGroupRuleId"]])
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=net.group, IpPermissions=[everything])
    assert rules_of(aws, net.group, egress=True) == []


def test_modifying(aws, net, other, refused):
    ec2 = aws.ec2
    made = ec2.authorize_security_group_ingress(
        GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0", note="web"), rule(443, group=other)]
    )["SecurityGroupRules"]
    change = lambda name, **new: ec2.modify_security_group_rules(
        GroupId=net.group,
        SecurityGroupRules=[{"SecurityGroupRuleId": name, "SecurityGroupRule": {"IpProtocol": "tcp", **new}}],
    )
    first, second = (one["SecurityGroupRuleId"] for one in made)
    change(first, FromPort=8080, ToPort=8081, CidrIpv4="10.0.0.0/8", Description="inner")
    one = ec2.describe_security_group_rules(SecurityGroupRuleIds=[first])["SecurityGroupRules"][0]
    assert (one["FromPort"], one["ToPort"], one["CidrIpv4"], one["Description"]) == (8080, 8081, "10.0.0.0/8", "inner")
    change(second, FromPort=444, ToPort=444, ReferencedGroupId=net.group)
    one = ec2.describe_security_group_rules(SecurityGroupRuleIds=[second])["SecurityGroupRules"][0]
    assert one["ReferencedGroupInfo"]["GroupId"] == net.group
    with refused("InvalidParameterValue"):
        change(first, FromPort=80, ToPort=80, ReferencedGroupId=other)
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        change("sgr-0123456789abcdef0", FromPort=80, ToPort=80, CidrIpv4="10.0.0.0/8")


def test_descriptions_change(aws, net, other, refused):
    ec2 = aws.ec2
    made = ec2.authorize_security_group_ingress(
        GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0", note="web"), rule(443, group=other)]
    )["SecurityGroupRules"]
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=net.group,
        SecurityGroupRuleDescriptions=[
            {"SecurityGroupRuleId": made[1]["SecurityGroupRuleId"], "Description": "from other"}
        ],
    )
    ec2.update_security_group_rule_descriptions_ingress(GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0")])
    assert {one["FromPort"]: one.get("Description") for one in rules_of(aws, net.group)} == {
        80: None,
        443: "from other",
    }
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        ec2.update_security_group_rule_descriptions_egress(
            GroupId=net.group, SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": made[0]["SecurityGroupRuleId"]}]
        )


def test_tags_of_rules_change(aws, net):
    ec2 = aws.ec2
    made = ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=[rule(80, cidr="0.0.0.0/0")])[
        "SecurityGroupRules"
    ]
    ec2.create_tags(Resources=[made[0]["SecurityGroupRuleId"]], Tags=[{"Key": "a", "Value": "b"}])
    assert rules_of(aws, net.group)[0]["Tags"] == [{"Key": "a", "Value": "b"}]


def test_groups_in_use(aws, net, other, refused):
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
