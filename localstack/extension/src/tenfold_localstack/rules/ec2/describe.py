"""Filters and paging, the same for all Describe operations.

LocalStack's support varies: it does not know some filters, ignores others, and does not page most operations. Filter
names are those of each operation's page, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_<operation>.html.
"""

from ...lists import filtered, page
from ...overrides import error, override

_PERMISSION = {
    "cidr": "IpRanges.CidrIp",
    "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
    "from-port": "FromPort",
    "to-port": "ToPort",
    "protocol": "IpProtocol",
    "group-id": "UserIdGroupPairs.GroupId",
    "prefix-list-id": "PrefixListIds.PrefixListId",
    "user-id": "UserIdGroupPairs.UserId",
}

# operation: (member of the response, member of the request that lists IDs, {filter: path of its value})
OPERATIONS = {
    "DescribeVpcs": (
        "Vpcs",
        "VpcIds",
        {
            "cidr": "CidrBlock",
            "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
            "dhcp-options-id": "DhcpOptionsId",
            "is-default": "IsDefault",
            "isDefault": "IsDefault",
            "owner-id": "OwnerId",
            "state": "State",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeSubnets": (
        "Subnets",
        "SubnetIds",
        {
            "availability-zone": "AvailabilityZone",
            "availabilityZone": "AvailabilityZone",
            "availability-zone-id": "AvailabilityZoneId",
            "cidr": "CidrBlock",
            "cidr-block": "CidrBlock",
            "cidrBlock": "CidrBlock",
            "default-for-az": "DefaultForAz",
            "map-public-ip-on-launch": "MapPublicIpOnLaunch",
            "owner-id": "OwnerId",
            "state": "State",
            "subnet-arn": "SubnetArn",
            "subnet-id": "SubnetId",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeInternetGateways": (
        "InternetGateways",
        "InternetGatewayIds",
        {
            "attachment.state": "Attachments.State",
            "attachment.vpc-id": "Attachments.VpcId",
            "internet-gateway-id": "InternetGatewayId",
            "owner-id": "OwnerId",
        },
    ),
    "DescribeRouteTables": (
        "RouteTables",
        "RouteTableIds",
        {
            "association.gateway-id": "Associations.GatewayId",
            "association.main": "Associations.Main",
            "association.route-table-association-id": "Associations.RouteTableAssociationId",
            "association.route-table-id": "Associations.RouteTableId",
            "association.subnet-id": "Associations.SubnetId",
            "owner-id": "OwnerId",
            "route-table-id": "RouteTableId",
            "route.destination-cidr-block": "Routes.DestinationCidrBlock",
            "route.destination-prefix-list-id": "Routes.DestinationPrefixListId",
            "route.gateway-id": "Routes.GatewayId",
            "route.nat-gateway-id": "Routes.NatGatewayId",
            "route.origin": "Routes.Origin",
            "route.state": "Routes.State",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeSecurityGroups": (
        "SecurityGroups",
        "GroupIds",
        {
            "description": "Description",
            "group-id": "GroupId",
            "group-name": "GroupName",
            "owner-id": "OwnerId",
            "vpc-id": "VpcId",
            **{f"ip-permission.{name}": f"IpPermissions.{path}" for name, path in _PERMISSION.items()},
            **{f"egress.ip-permission.{name}": f"IpPermissionsEgress.{path}" for name, path in _PERMISSION.items()},
        },
    ),
    "DescribeSecurityGroupRules": (
        "SecurityGroupRules",
        "SecurityGroupRuleIds",
        {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"},
    ),
    "DescribeAddresses": (
        "Addresses",
        "AllocationIds",
        {
            "allocation-id": "AllocationId",
            "association-id": "AssociationId",
            "domain": "Domain",
            "instance-id": "InstanceId",
            "network-border-group": "NetworkBorderGroup",
            "network-interface-id": "NetworkInterfaceId",
            "network-interface-owner-id": "NetworkInterfaceOwnerId",
            "private-ip-address": "PrivateIpAddress",
            "public-ip": "PublicIp",
        },
    ),
    "DescribeNatGateways": (
        "NatGateways",
        "NatGatewayIds",
        {"nat-gateway-id": "NatGatewayId", "state": "State", "subnet-id": "SubnetId", "vpc-id": "VpcId"},
    ),
    "DescribeVpcEndpoints": (
        "VpcEndpoints",
        "VpcEndpointIds",
        {
            "ip-address-type": "IpAddressType",
            "service-name": "ServiceName",
            "vpc-endpoint-id": "VpcEndpointId",
            "vpc-endpoint-state": "State",
            "vpc-endpoint-type": "VpcEndpointType",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeFlowLogs": (
        "FlowLogs",
        "FlowLogIds",
        {
            "deliver-log-status": "DeliverLogsStatus",
            "flow-log-id": "FlowLogId",
            "log-destination-type": "LogDestinationType",
            "log-group-name": "LogGroupName",
            "resource-id": "ResourceId",
            "traffic-type": "TrafficType",
        },
    ),
    "DescribeLaunchTemplates": (
        "LaunchTemplates",
        "LaunchTemplateIds",
        {"create-time": "CreateTime", "launch-template-name": "LaunchTemplateName"},
    ),
    "DescribeNetworkInterfaces": (
        "NetworkInterfaces",
        "NetworkInterfaceIds",
        {
            "addresses.association.public-ip": "PrivateIpAddresses.Association.PublicIp",
            "addresses.private-ip-address": "PrivateIpAddresses.PrivateIpAddress",
            "association.allocation-id": "Association.AllocationId",
            "association.association-id": "Association.AssociationId",
            "association.public-ip": "Association.PublicIp",
            "attachment.attachment-id": "Attachment.AttachmentId",
            "attachment.instance-id": "Attachment.InstanceId",
            "attachment.status": "Attachment.Status",
            "availability-zone": "AvailabilityZone",
            "description": "Description",
            "group-id": "Groups.GroupId",
            "group-name": "Groups.GroupName",
            "interface-type": "InterfaceType",
            "mac-address": "MacAddress",
            "network-interface-id": "NetworkInterfaceId",
            "owner-id": "OwnerId",
            "private-ip-address": "PrivateIpAddress",
            "requester-id": "RequesterId",
            "requester-managed": "RequesterManaged",
            "status": "Status",
            "subnet-id": "SubnetId",
            "vpc-id": "VpcId",
        },
    ),
    "DescribeManagedPrefixLists": (
        "PrefixLists",
        "PrefixListIds",
        {"owner-id": "OwnerId", "prefix-list-id": "PrefixListId", "prefix-list-name": "PrefixListName"},
    ),
    "DescribeAvailabilityZones": (
        "AvailabilityZones",
        "ZoneNames",
        {
            "group-name": "GroupName",
            "opt-in-status": "OptInStatus",
            "region-name": "RegionName",
            "state": "State",
            "zone-id": "ZoneId",
            "zone-name": "ZoneName",
            "zone-type": "ZoneType",
        },
    ),
}

# Functions that correct each item of a response; other modules of this package add to them.
_enrichments: dict[str, list] = {operation: [] for operation in OPERATIONS}


def enrich(operation: str):
    """Registers a function of (call, item) that corrects one item of LocalStack's response."""

    def register(function):
        _enrichments[operation].append(function)
        return function

    return register


_listings = {}


def listing(operation: str):
    """Registers a function of (call, request) that lists items in place of LocalStack."""

    def register(function):
        _listings[operation] = function
        return function

    return register


# Operations for which LocalStack returns an empty list for an ID that does not exist, where AWS returns an error:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_NOT_FOUND = {
    "DescribeAvailabilityZones": ("ZoneName", "InvalidParameterValue", "Invalid availability zone: [{}]"),
    "DescribeNatGateways": ("NatGatewayId", "NatGatewayNotFound", "The Nat Gateway {} was not found"),
    "DescribeFlowLogs": ("FlowLogId", "InvalidFlowLogId.NotFound", "The flow log ID '{}' does not exist"),
    "DescribeManagedPrefixLists": (
        "PrefixListId",
        "InvalidPrefixListID.NotFound",
        "The prefix list ID '{}' does not exist",
    ),
}


def _require_all(operation: str, ids: str, request: dict, items: list[dict]) -> None:
    if operation in _NOT_FOUND:
        member, code, message = _NOT_FOUND[operation]
        for name in request.get(ids) or []:
            if name not in {item[member] for item in items}:
                raise error(code, message.format(name))


@override("ec2", *OPERATIONS)
def describe(call, request):
    member, ids, paths = OPERATIONS[call.operation]
    size, shape = request.get("MaxResults"), call.context.operation.input_shape.members.get("MaxResults")
    if size is not None:
        lowest, highest = shape.metadata.get("min", 1), shape.metadata.get("max", 1000)
        if not lowest <= size <= highest:
            raise error(
                "InvalidParameterValue",
                f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between {lowest} and {highest}.",
            )
        # The model documents this at MaxResults, for example for DescribeNetworkInterfaces.
        if request.get(ids) and "cannot specify this parameter and" in shape.documentation:
            raise error("InvalidParameterCombination", f"The parameter {ids} may not be used with maxResults")
    handled_here = ("Filters", "Filter", "MaxResults", "NextToken")
    if call.operation in _listings:
        answer = {member: _listings[call.operation](call, request)}
    else:
        answer = call(
            {name: value for name, value in request.items() if name not in handled_here and value is not None}
        )
    items = answer.get(member) or []
    _require_all(call.operation, ids, request, items)
    for item in items:
        for function in _enrichments[call.operation]:
            function(call, item)
    items = filtered(items, request.get("Filters") or request.get("Filter"), paths)
    items, token = page(items, size, request.get("NextToken"))
    answer[member] = items
    if token:
        answer["NextToken"] = token
    return answer
