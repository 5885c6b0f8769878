"""Security groups and their rules.

Rules are stored in LocalStack's own objects, where other services find them. Authorize, revoke, modify and describe are
implemented here: each rule has its ID, description and tags, and a request applies all its rules or none.
"""

import ipaddress

from moto.ec2.models.security_groups import SecurityGroupRule

from ...overrides import error, override
from . import backend, interfaces
from .describe import enrich

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
MAX_RULES = 60
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html: A prefix list counts
# towards the quota with its weight.
WEIGHTS = {"com.amazonaws.global.cloudfront.origin-facing": 55}

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def _group(ec2, group_id: str):
    group = ec2.get_security_group_from_id(group_id or "")
    if group is None:
        raise error("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return group


def _rules(group, egress: bool) -> list[SecurityGroupRule]:
    return group.egress_rules if egress else group.ingress_rules


def _target(rule) -> tuple:
    """Returns the traffic that a rule allows; its description is not part of it."""
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        rule.cidr_ipv4,
        rule.cidr_ipv6,
        rule.prefix_list_id,
        rule.source_group.get("GroupId"),
    )


def _weight(ec2, rule) -> int:
    """Returns how many rules this rule counts as towards the quota."""
    prefix_list = ec2.managed_prefix_lists.get(rule.prefix_list_id)
    return WEIGHTS.get(prefix_list.prefix_list_name, 1) if prefix_list else 1


def _parse_permission(ec2, group, egress: bool, permission: dict) -> list[SecurityGroupRule]:
    """Returns the rules of one IpPermission: one for each range, prefix list and group in it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    protocol = str(permission.get("IpProtocol") or "").lower()
    protocol = _PROTOCOLS.get(protocol, protocol)
    if not protocol:
        raise error(
            "InvalidParameterValue",
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        )
    ports = permission.get("FromPort"), permission.get("ToPort")
    if protocol in ("tcp", "udp"):
        if None in ports:
            raise error(
                "InvalidParameterValue",
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
            )
        if ports[0] > ports[1] or not 0 <= ports[0] <= 65535 or not 0 <= ports[1] <= 65535:
            raise error("InvalidParameterValue", f"Invalid value '{ports[0]}-{ports[1]}' for portRange.")
    parsed = []

    def add(description, ip_range=None, source=None, prefix_list=None):
        rule = SecurityGroupRule(
            ec2,
            protocol,
            group.id,
            -1 if ports[0] is None else ports[0],
            -1 if ports[1] is None else ports[1],
            ip_range,
            source,
            prefix_list,
            is_egress=egress,
        )
        rule.note = description
        parsed.append(rule)

    for one in permission.get("IpRanges") or []:
        _check_cidr(one.get("CidrIp"), 4)
        add(one.get("Description"), ip_range={"CidrIp": one["CidrIp"]})
    for one in permission.get("Ipv6Ranges") or []:
        _check_cidr(one.get("CidrIpv6"), 6)
        add(one.get("Description"), ip_range={"CidrIpv6": one["CidrIpv6"]})
    for one in permission.get("PrefixListIds") or []:
        if one.get("PrefixListId") not in ec2.managed_prefix_lists:
            raise error(
                "InvalidPrefixListID.NotFound", f"The prefix list ID '{one.get('PrefixListId')}' does not exist"
            )
        add(one.get("Description"), prefix_list={"PrefixListId": one["PrefixListId"]})
    for one in permission.get("UserIdGroupPairs") or []:
        source = _group(ec2, one.get("GroupId"))
        if source.vpc_id != group.vpc_id:
            raise error(
                "InvalidGroup.NotFound",
                f"You have specified two resources that belong to different networks: {source.id}, {group.id}",
            )
        add(one.get("Description"), source={"GroupId": source.id, "UserId": ec2.account_id})
    if not parsed:
        raise error("MissingParameter", "Source group, source CIDR or prefix list missing.")
    return parsed


def _check_cidr(cidr, version: int) -> None:
    try:
        if ipaddress.ip_network(cidr, strict=False).version == version and "/" in cidr:
            return
    except (ValueError, TypeError):
        pass
    raise error("InvalidParameterValue", f"CIDR block {cidr} is malformed")


def _permissions(request) -> list[dict]:
    if request.get("IpPermissions"):
        return request["IpPermissions"]
    flat = {name: request[name] for name in ("IpProtocol", "FromPort", "ToPort") if request.get(name) is not None}
    if request.get("CidrIp"):
        flat["IpRanges"] = [{"CidrIp": request["CidrIp"]}]
    return [flat]


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html: A rule that already
# exists is refused, whatever its description. The response has the IDs and tags of the new rules.
@override("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def authorize(call, request):
    ec2, egress = backend(call), call.operation.endswith("Egress")
    group = _group(ec2, request.get("GroupId"))
    tags = {
        tag["Key"]: tag["Value"]
        for spec in request.get("TagSpecifications") or []
        if spec.get("ResourceType") == "security-group-rule"
        for tag in spec.get("Tags") or []
    }
    rules = _rules(group, egress)
    new = [rule for permission in _permissions(request) for rule in _parse_permission(ec2, group, egress, permission)]
    known = {_target(rule) for rule in rules}
    for rule in new:
        if _target(rule) in known:
            peer = rule.cidr_ipv4 or rule.cidr_ipv6 or rule.prefix_list_id or rule.source_group.get("GroupId")
            raise error(
                "InvalidPermission.Duplicate",
                f'the specified rule "peer: {peer}, {(rule.ip_protocol or "").upper()}, '
                f'from port: {rule.from_port}, to port: {rule.to_port}, ALLOW" already exists',
            )
        known.add(_target(rule))
    if sum(_weight(ec2, rule) for rule in [*rules, *new]) > MAX_RULES:
        raise error(
            "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached."
        )
    for rule in new:
        rule.add_tags(tags)
        rules.append(rule)
    return {"Return": True, "SecurityGroupRules": [_described(rule) for rule in new]}


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html: Rules are given by ID or
# by the traffic they allow; the description is optional. A rule that does not match is InvalidPermission.NotFound.
@override("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
def revoke(call, request):
    ec2, egress = backend(call), call.operation.endswith("Egress")
    group = _group(ec2, request.get("GroupId"))
    rules = _rules(group, egress)
    if request.get("SecurityGroupRuleIds"):
        known = {rule.id: rule for rule in rules}
        for rule_id in request["SecurityGroupRuleIds"]:
            if rule_id not in known:
                raise _rule_not_found(rule_id)
        revoked = [known[rule_id] for rule_id in request["SecurityGroupRuleIds"]]
    else:
        known = {_target(rule): rule for rule in rules}
        revoked = []
        for permission in _permissions(request):
            for rule in _parse_permission(ec2, group, egress, permission):
                if _target(rule) not in known:
                    raise error(
                        "InvalidPermission.NotFound", "The specified rule does not exist in this security group."
                    )
                revoked.append(known[_target(rule)])
    revoked_ids = {rule.id for rule in revoked}
    rules[:] = [rule for rule in rules if rule.id not in revoked_ids]
    return {"Return": True, "RevokedSecurityGroupRules": [_revoked(rule) for rule in revoked]}


def _rule_not_found(rule_id: str):
    return error("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{rule_id}' does not exist")


def _revoked(rule) -> dict:
    item = _described(rule)
    group = item.pop("ReferencedGroupInfo", None)
    if group:
        item["ReferencedGroupId"] = group["GroupId"]
    for name in ("Tags", "GroupOwnerId", "SecurityGroupRuleArn"):
        item.pop(name, None)
    return item


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html: The type of source cannot
# change. Members that are not given are removed, including the description.
@override("ec2", "ModifySecurityGroupRules")
def modify(call, request):
    ec2 = backend(call)
    group = _group(ec2, request.get("GroupId"))
    changes = []
    for update in request.get("SecurityGroupRules") or []:
        rule, wanted = group.get_rule(update["SecurityGroupRuleId"]), update.get("SecurityGroupRule") or {}
        if rule is None:
            raise _rule_not_found(update["SecurityGroupRuleId"])
        note = {"Description": wanted.get("Description")}
        permission = {name: wanted.get(name) for name in ("IpProtocol", "FromPort", "ToPort")}
        if wanted.get("CidrIpv4"):
            permission["IpRanges"] = [{"CidrIp": wanted["CidrIpv4"], **note}]
        if wanted.get("CidrIpv6"):
            permission["Ipv6Ranges"] = [{"CidrIpv6": wanted["CidrIpv6"], **note}]
        if wanted.get("PrefixListId"):
            permission["PrefixListIds"] = [{"PrefixListId": wanted["PrefixListId"], **note}]
        if wanted.get("ReferencedGroupId"):
            permission["UserIdGroupPairs"] = [{"GroupId": wanted["ReferencedGroupId"], **note}]
        (new,) = _parse_permission(ec2, group, rule.is_egress, permission)
        if [value is None for value in _target(new)[3:]] != [value is None for value in _target(rule)[3:]]:
            raise error(
                "InvalidParameterValue",
                f"Invalid rule type for security group rule '{rule.id}'. You may not change the type of its source.",
            )
        others = {_target(other) for other in _rules(group, rule.is_egress) if other is not rule}
        if _target(new) in others:
            raise error("InvalidPermission.Duplicate", f"the specified rule for {rule.id} already exists")
        changes.append((rule, new))
    for rule, new in changes:
        for name in ("ip_protocol", "from_port", "to_port", "ip_range", "source_group", "prefix_list_id", "note"):
            setattr(rule, name, getattr(new, name))
    return {"Return": True}


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html: Rules are
# given by ID or by the traffic they allow. Without a new description, the old one is removed.
@override("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def update_descriptions(call, request):
    ec2, egress = backend(call), call.operation.endswith("Egress")
    group = _group(ec2, request.get("GroupId"))
    rules, changes = _rules(group, egress), []
    for update in request.get("SecurityGroupRuleDescriptions") or []:
        rule = next((one for one in rules if one.id == update.get("SecurityGroupRuleId")), None)
        if rule is None:
            raise _rule_not_found(update.get("SecurityGroupRuleId"))
        changes.append((rule, update.get("Description")))
    known = {_target(rule): rule for rule in rules}
    for permission in request.get("IpPermissions") or []:
        for wanted in _parse_permission(ec2, group, egress, permission):
            if _target(wanted) not in known:
                raise error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
            changes.append((known[_target(wanted)], wanted.note))
    for rule, note in changes:
        rule.note = note
    return {"Return": True}


def _note(rule):
    # Rules that LocalStack created, such as the first egress rule, do not have this attribute.
    return rule.note if hasattr(rule, "note") else rule.description


def _ports(rule) -> tuple[int, int]:
    # A rule for all protocols has no ports; DescribeSecurityGroupRules returns -1 for them.
    none = rule.from_port is None or rule.ip_protocol == "-1"
    return (-1, -1) if none else (int(rule.from_port), int(rule.to_port))


def _described(rule) -> dict:
    from_port, to_port = _ports(rule)
    item = {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "GroupOwnerId": rule.owner_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": from_port,
        "ToPort": to_port,
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "Description": _note(rule),
        "SecurityGroupRuleArn": f"arn:aws:ec2:{rule.ec2_backend.region_name}:{rule.owner_id}:security-group-rule/{rule.id}",
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in rule.get_tags()],
    }
    if rule.source_group:
        item["ReferencedGroupInfo"] = {"GroupId": rule.source_group["GroupId"], "UserId": rule.owner_id}
    return {name: value for name, value in item.items() if value is not None}


@enrich("DescribeSecurityGroupRules")
def described_rule(call, item):
    rule = _group(backend(call), item["GroupId"]).get_rule(item["SecurityGroupRuleId"])
    item.clear()
    item.update(_described(rule))


@enrich("DescribeSecurityGroups")
def described_group(call, item):
    group = _group(backend(call), item["GroupId"])
    item["IpPermissions"] = _grouped(group.ingress_rules)
    item["IpPermissionsEgress"] = _grouped(group.egress_rules)


def _grouped(rules) -> list[dict]:
    """Combines rules with the same protocol and ports into one IpPermission."""
    permissions = {}
    for rule in rules:
        permission = permissions.setdefault(
            (rule.ip_protocol, _ports(rule)),
            {
                "IpProtocol": rule.ip_protocol,
                "IpRanges": [],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [],
            },
        )
        if rule.ip_protocol != "-1":
            permission["FromPort"], permission["ToPort"] = _ports(rule)
        note = {"Description": _note(rule)} if _note(rule) else {}
        if rule.cidr_ipv4:
            permission["IpRanges"].append({"CidrIp": rule.cidr_ipv4, **note})
        elif rule.cidr_ipv6:
            permission["Ipv6Ranges"].append({"CidrIpv6": rule.cidr_ipv6, **note})
        elif rule.prefix_list_id:
            permission["PrefixListIds"].append({"PrefixListId": rule.prefix_list_id, **note})
        elif rule.source_group:
            permission["UserIdGroupPairs"].append(
                {"GroupId": rule.source_group["GroupId"], "UserId": rule.owner_id, **note}
            )
    return list(permissions.values())


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html: Names are unique in a VPC
# regardless of case, and must not start with sg-. A new group has one egress rule that allows everything.
@override("ec2", "CreateSecurityGroup")
def create(call, request):
    ec2, name = backend(call), request["GroupName"]
    if name.lower().startswith("sg-"):
        raise error(
            "InvalidParameterValue",
            f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*",
        )
    vpc = request.get("VpcId") or (ec2.default_vpc.id if ec2.default_vpc else None)
    ec2.get_vpc(vpc)
    for group in ec2.groups.get(vpc, {}).values():
        if group.name.lower() == name.lower():
            raise error("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc}'")
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html: A group cannot be deleted while a
# network interface uses it or a rule of another group references it. The default group can never be deleted.
@override("ec2", "DeleteSecurityGroup")
def delete(call, request):
    ec2 = backend(call)
    group = _group(ec2, request.get("GroupId")) if request.get("GroupId") else None
    if group is None:
        return call()
    if group.name == "default":
        raise error("CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user')
    referenced = any(
        rule.source_group.get("GroupId") == group.id
        for other in ec2.groups.get(group.vpc_id, {}).values()
        if other is not group
        for rule in other.ingress_rules + other.egress_rules
    )
    if referenced or interfaces.with_group(ec2, group.id):
        raise error("DependencyViolation", f"resource {group.id} has a dependent object")
    return call() | {"Return": True, "GroupId": group.id}
