"""VPCs, subnets, gateways, routes, addresses, NAT gateways."""

import pytest

SHOP_FILTER = [{"Name": "tag:tenfold:stack", "Values": ["shop"]}]


def stack_tags(kind, name="shop"):
    return [{"ResourceType": kind, "Tags": [{"Key": "tenfold:stack", "Value": name}, {"Key": "Name", "Value": "x"}]}]


def test_resources_are_tagged_at_creation_and_filtered_by_tag(aws, net):
    """Every resource type takes tags at creation, and a tag filter returns exactly the resources with that tag."""
    ec2, logs = aws.ec2, aws.logs
    logs.create_log_group(logGroupName="flow")
    role = f"arn:aws:iam::{aws.id}:role/flow"
    ids_by_stack = {}
    for name in ("shop", "other"):
        spec = lambda kind, name=name: stack_tags(kind, name)
        ids = {}
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]
        ids["vpc"] = vpc["VpcId"]
        subnet = ec2.create_subnet(VpcId=ids["vpc"], CidrBlock="10.1.0.0/24", TagSpecifications=spec("subnet"))[
            "Subnet"
        ]
        ids["subnet"] = subnet["SubnetId"]
        igw = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway"))["InternetGateway"]
        ids["igw"] = igw["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=ids["igw"], VpcId=ids["vpc"])
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip"))
        ids["address"] = address["AllocationId"]
        nat = ec2.create_nat_gateway(
            SubnetId=ids["subnet"], AllocationId=ids["address"], TagSpecifications=spec("natgateway")
        )["NatGateway"]
        ids["nat"] = nat["NatGatewayId"]
        table = ec2.create_route_table(VpcId=ids["vpc"], TagSpecifications=spec("route-table"))["RouteTable"]
        ids["table"] = table["RouteTableId"]
        group = ec2.create_security_group(
            GroupName="g", Description="g", VpcId=ids["vpc"], TagSpecifications=spec("security-group")
        )
        ids["group"] = group["GroupId"]
        rules = ec2.authorize_security_group_ingress(
            GroupId=ids["group"],
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            TagSpecifications=spec("security-group-rule"),
        )
        ids["rule"] = rules["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        endpoint = ec2.create_vpc_endpoint(
            VpcId=ids["vpc"],
            ServiceName="com.amazonaws.us-east-1.s3",
            RouteTableIds=[ids["table"]],
            TagSpecifications=spec("vpc-endpoint"),
        )["VpcEndpoint"]
        ids["endpoint"] = endpoint["VpcEndpointId"]
        ids["log"] = ec2.create_flow_logs(
            ResourceIds=[ids["vpc"]],
            ResourceType="VPC",
            TrafficType="ALL",
            LogGroupName="flow",
            DeliverLogsPermissionArn=role,
            TagSpecifications=spec("vpc-flow-log"),
        )["FlowLogIds"][0]
        template = ec2.create_launch_template(
            LaunchTemplateName=f"t-{name}",
            LaunchTemplateData={"InstanceType": "t3.micro"},
            TagSpecifications=spec("launch-template"),
        )["LaunchTemplate"]
        ids["template"] = template["LaunchTemplateId"]
        for created in (vpc, subnet, igw, nat, table, endpoint, template, rules["SecurityGroupRules"][0]):
            assert {tag["Key"]: tag["Value"] for tag in created["Tags"]} == {"tenfold:stack": name, "Name": "x"}
        ids_by_stack[name] = ids

    def find(filters):
        found = {
            "vpc": [item["VpcId"] for item in ec2.describe_vpcs(Filters=filters)["Vpcs"]],
            "subnet": [item["SubnetId"] for item in ec2.describe_subnets(Filters=filters)["Subnets"]],
            "igw": [
                item["InternetGatewayId"]
                for item in ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]
            ],
            "address": [item["AllocationId"] for item in ec2.describe_addresses(Filters=filters)["Addresses"]],
            "nat": [item["NatGatewayId"] for item in ec2.describe_nat_gateways(Filters=filters)["NatGateways"]],
            "table": [item["RouteTableId"] for item in ec2.describe_route_tables(Filters=filters)["RouteTables"]],
            "group": [item["GroupId"] for item in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]],
            "rule": [
                item["SecurityGroupRuleId"]
                for item in ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
            ],
            "endpoint": [item["VpcEndpointId"] for item in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]],
            "log": [item["FlowLogId"] for item in ec2.describe_flow_logs(Filters=filters)["FlowLogs"]],
            "template": [
                item["LaunchTemplateId"] for item in ec2.describe_launch_templates(Filters=filters)["LaunchTemplates"]
            ],
        }
        return {kind: names[0] if len(names) == 1 else names for kind, names in found.items()}

    assert find(SHOP_FILTER) == ids_by_stack["shop"]
    assert find([{"Name": "tag:tenfold:stack", "Values": ["sho*"]}]) == ids_by_stack["shop"]
    both = find([{"Name": "tag-key", "Values": ["tenfold:stack"]}])
    assert {kind: sorted(names) for kind, names in both.items()} == {
        kind: sorted([ids_by_stack["shop"][kind], ids_by_stack["other"][kind]]) for kind in both
    }
    assert not any(find([*SHOP_FILTER, {"Name": "tag:Name", "Values": ["y"]}]).values())


def test_unknown_filters_are_refused(aws, refused):
    with refused("InvalidParameterValue", "'colour'"):
        aws.ec2.describe_vpcs(Filters=[{"Name": "colour", "Values": ["red"]}])


def test_vpcs_are_listed_in_pages(aws, refused):
    ec2 = aws.ec2
    vpc_ids = {
        ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=stack_tags("vpc"))["Vpc"]["VpcId"] for _ in range(7)
    }
    pages = list(ec2.get_paginator("describe_vpcs").paginate(Filters=SHOP_FILTER, PaginationConfig={"PageSize": 5}))
    assert [len(page["Vpcs"]) for page in pages] == [5, 2]
    assert {vpc["VpcId"] for page in pages for vpc in page["Vpcs"]} == vpc_ids
    with refused("InvalidParameterValue"):
        aws.unchecked("ec2").describe_vpcs(MaxResults=4)


def test_dry_run_changes_nothing(aws, refused):
    before = len(aws.ec2.describe_vpcs()["Vpcs"])
    with refused("DryRunOperation"):
        aws.ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True)
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before


def test_vpc_dns_attributes_have_defaults_and_can_change(aws, net):
    ec2 = aws.ec2
    read = lambda name: ec2.describe_vpc_attribute(VpcId=net.vpc, Attribute=name)[name[0].upper() + name[1:]]["Value"]
    assert (read("enableDnsSupport"), read("enableDnsHostnames")) == (True, False)
    ec2.modify_vpc_attribute(VpcId=net.vpc, EnableDnsHostnames={"Value": True})
    assert read("enableDnsHostnames") is True


def test_subnet_must_be_inside_its_vpc_and_not_overlap(aws, net, refused):
    with refused("InvalidSubnet.Conflict"):
        aws.ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.0.0.128/25")
    for outside in ("192.168.0.0/24", "10.0.200.0/29"):
        with refused("InvalidSubnet.Range"):
            aws.ec2.create_subnet(VpcId=net.vpc, CidrBlock=outside)


def test_unknown_ids_are_refused(aws, refused):
    vpc, unknown = "vpc-0123456789abcdef0", "0123456789abcdef0"
    ec2 = aws.ec2
    for code, call in (
        ("InvalidVpcID.NotFound", lambda: ec2.delete_vpc(VpcId=vpc)),
        ("InvalidVpcID.NotFound", lambda: ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)),
        ("InvalidSubnetID.NotFound", lambda: ec2.delete_subnet(SubnetId=f"subnet-{unknown}")),
        ("InvalidRouteTableID.NotFound", lambda: ec2.delete_route_table(RouteTableId=f"rtb-{unknown}")),
        ("InvalidAllocationID.NotFound", lambda: ec2.release_address(AllocationId=f"eipalloc-{unknown}")),
        ("InvalidParameterValue", lambda: ec2.describe_availability_zones(ZoneNames=["us-east-1z"])),
    ):
        with refused(code):
            call()


def test_availability_zones_have_ids_and_instance_type_offerings(aws):
    zones = aws.ec2.describe_availability_zones(Filters=[{"Name": "opt-in-status", "Values": ["opt-in-not-required"]}])
    zones = zones["AvailabilityZones"]
    assert len(zones) >= 3 and all(zone["ZoneId"].startswith("use1-az") for zone in zones)
    for kind, member in (("availability-zone", "ZoneName"), ("availability-zone-id", "ZoneId")):
        offered = aws.ec2.describe_instance_type_offerings(
            LocationType=kind, Filters=[{"Name": "instance-type", "Values": ["t4g.small"]}]
        )["InstanceTypeOfferings"]
        assert {item["Location"] for item in offered} & {zone[member] for zone in zones}
        assert {item["InstanceType"] for item in offered} == {"t4g.small"}


def test_vpc_in_use_cannot_be_deleted(aws, refused):
    ec2 = aws.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def assert_in_use():
        with refused("DependencyViolation", vpc):
            ec2.delete_vpc(VpcId=vpc)

    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    assert_in_use()
    ec2.delete_subnet(SubnetId=subnet)
    igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    assert_in_use()
    ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    assert_in_use()
    ec2.delete_security_group(GroupId=group)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    assert_in_use()
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])[
        "VpcEndpoint"
    ]["VpcEndpointId"]
    ec2.delete_route_table(RouteTableId=table)
    assert_in_use()
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    import time

    time.sleep(0.3)
    ec2.delete_vpc(VpcId=vpc)
    with refused("InvalidVpcID.NotFound"):
        ec2.describe_vpcs(VpcIds=[vpc])


def test_internet_gateway_and_vpc_attach_one_to_one(aws, net, refused):
    ec2 = aws.ec2
    with refused("DependencyViolation"):
        ec2.delete_internet_gateway(InternetGatewayId=net.igw)
    with refused("Resource.AlreadyAssociated"):
        ec2.attach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("Resource.AlreadyAssociated"):
        ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=net.vpc)
    with refused("Gateway.NotAttached"):
        ec2.detach_internet_gateway(InternetGatewayId=second, VpcId=net.vpc)


def test_route_targets_must_exist_and_tables_in_use_cannot_be_deleted(aws, net, refused):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    add_route = lambda **target: ec2.create_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", **target)
    with refused("InvalidGatewayID.NotFound"):
        add_route(GatewayId="igw-0123456789abcdef0")
    with refused("InvalidNatGatewayID.NotFound"):
        add_route(NatGatewayId="nat-0123456789abcdef0")
    detached = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("InvalidParameterValue", "belong to different networks"):
        add_route(GatewayId=detached)
    add_route(GatewayId=net.igw)
    with refused("RouteAlreadyExists"):
        add_route(GatewayId=net.igw)
    association = ec2.associate_route_table(RouteTableId=first, SubnetId=net.subnets[0])["AssociationId"]
    with refused("Resource.AlreadyAssociated"):
        ec2.associate_route_table(RouteTableId=second, SubnetId=net.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=first)
    main = ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [net.vpc]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    assert len(main) == 1
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=main[0]["RouteTableId"])
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=first)


def test_routes_and_associations_can_be_replaced(aws, net):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    other = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.create_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", GatewayId=net.igw)
    ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    ec2.attach_internet_gateway(InternetGatewayId=other, VpcId=net.vpc)
    ec2.replace_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", GatewayId=other)
    association = ec2.associate_route_table(RouteTableId=first, SubnetId=net.subnets[0])["AssociationId"]
    ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)
    read = {
        item["RouteTableId"]: item for item in ec2.describe_route_tables(RouteTableIds=[first, second])["RouteTables"]
    }
    assert {item["GatewayId"] for item in read[first]["Routes"]} == {"local", other}
    assert read[first]["Associations"] == []
    assert [item["SubnetId"] for item in read[second]["Associations"]] == [net.subnets[0]]
    ec2.delete_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0")
    ec2.delete_route_table(RouteTableId=first)


def test_instance_types_return_their_architectures(aws):
    filters = [{"Name": "instance-type", "Values": ["t4g.small", "t3.micro"]}]
    found = aws.ec2.describe_instance_types(Filters=filters)["InstanceTypes"]
    architectures = {item["InstanceType"]: item["ProcessorInfo"]["SupportedArchitectures"] for item in found}
    assert architectures == {"t4g.small": ["arm64"], "t3.micro": ["x86_64"]}


def test_deleting_a_subnet_deletes_its_route_table_association(aws, net):
    ec2 = aws.ec2
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=net.subnets[0])
    ec2.delete_subnet(SubnetId=net.subnets[0])
    assert ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"] == []
    ec2.delete_route_table(RouteTableId=table)


@pytest.mark.parametrize("operation", ["route_table", "launch_template"])
def test_client_token_makes_creation_idempotent(aws, net, refused, operation):
    ec2 = aws.ec2
    if operation == "route_table":
        create_with_token = lambda **more: ec2.create_route_table(VpcId=net.vpc, ClientToken="t", **more)["RouteTable"][
            "RouteTableId"
        ]
    else:
        data = {"InstanceType": "t3.micro"}
        create_with_token = lambda **more: ec2.create_launch_template(
            LaunchTemplateName="api", LaunchTemplateData=data, ClientToken="t", **more
        )["LaunchTemplate"]["LaunchTemplateId"]
    assert create_with_token() == create_with_token()
    with refused("IdempotentParameterMismatch"):
        create_with_token(
            TagSpecifications=stack_tags("route-table" if operation == "route_table" else "launch-template")
        )


class Nat:
    def __init__(self, aws, net):
        self.ec2, self.net = aws.ec2, net
        self.address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    def create(self, **more):
        more = {"SubnetId": self.net.subnets[0], "AllocationId": self.address, **more}
        return self.ec2.create_nat_gateway(**more)["NatGateway"]

    def describe(self, nat_id):
        return self.ec2.describe_nat_gateways(NatGatewayIds=[nat_id])["NatGateways"][0]

    def has_state(self, nat_id, expected):
        return lambda: self.describe(nat_id)["State"] == expected


@pytest.fixture
def nat(aws, net):
    return Nat(aws, net)


def test_nat_gateway_blocks_deletion_of_its_network_until_deleted(nat, net, refused, until):
    ec2, created = nat.ec2, nat.create(ClientToken="t")
    nat_id = created["NatGatewayId"]
    assert created["State"] == "pending"
    assert nat.create(ClientToken="t")["NatGatewayId"] == nat_id
    until(nat.has_state(nat_id, "available"))
    assert nat.create(ClientToken="t")["State"] == "available"
    address = nat.describe(nat_id)["NatGatewayAddresses"][0]
    assert address["AllocationId"] == nat.address and address["PublicIp"] and address["PrivateIp"].startswith("10.0.0.")
    interface = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [net.subnets[0]]}])[
        "NetworkInterfaces"
    ][0]
    assert (
        interface["InterfaceType"] == "nat_gateway"
        and nat_id in interface["Description"]
        and interface["RequesterManaged"]
    )
    with refused("DependencyViolation", "mapped public address"):
        ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    with refused("InvalidIPAddress.InUse"):
        ec2.release_address(AllocationId=nat.address)
    association = ec2.describe_addresses(AllocationIds=[nat.address])["Addresses"][0]["AssociationId"]
    with refused("AuthFailure"):
        ec2.disassociate_address(AssociationId=association)
    ec2.delete_nat_gateway(NatGatewayId=nat_id)
    assert nat.describe(nat_id)["State"] == "deleting"
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    until(nat.has_state(nat_id, "deleted"))
    live = [{"Name": "state", "Values": ["pending", "available"]}]
    assert ec2.describe_nat_gateways(Filters=live)["NatGateways"] == []
    assert ec2.describe_nat_gateways(Filter=[{"Name": "state", "Values": ["deleted"]}])["NatGateways"]
    ec2.release_address(AllocationId=nat.address)
    ec2.delete_subnet(SubnetId=net.subnets[0])
    ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)


def test_unknown_nat_gateway_is_refused(aws, refused):
    with refused("NatGatewayNotFound"):
        aws.ec2.describe_nat_gateways(NatGatewayIds=["nat-0123456789abcdef0"])
    with refused("NatGatewayNotFound"):
        aws.ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")


def test_pending_nat_gateway_uses_its_address_even_if_it_will_fail(nat, aws, net, refused, until):
    aws.ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    nat_id = nat.create()["NatGatewayId"]
    with refused("InvalidIPAddress.InUse"):
        aws.ec2.release_address(AllocationId=nat.address)
    with refused("DependencyViolation"):
        aws.ec2.delete_subnet(SubnetId=net.subnets[0])
    until(nat.has_state(nat_id, "failed"))
    aws.ec2.release_address(AllocationId=nat.address)


def test_nat_gateway_fails_without_a_free_address_or_internet_gateway(nat, until):
    until(nat.has_state(nat.create()["NatGatewayId"], "available"))
    second = nat.create(SubnetId=nat.net.subnets[1])["NatGatewayId"]
    until(nat.has_state(second, "failed"))
    assert nat.describe(second)["FailureCode"] == "Resource.AlreadyAssociated"
    vpc = nat.ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    subnet = nat.ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/24")["Subnet"]["SubnetId"]
    address = nat.ec2.allocate_address(Domain="vpc")["AllocationId"]
    third = nat.create(SubnetId=subnet, AllocationId=address)["NatGatewayId"]
    until(nat.has_state(third, "failed"))
    assert nat.describe(third)["FailureCode"] == "Gateway.NotAttached"
    nat.ec2.release_address(AllocationId=address)
    nat.ec2.delete_subnet(SubnetId=subnet)


def test_route_to_a_deleted_nat_gateway_is_a_blackhole(nat, until):
    nat_id, ec2 = nat.create()["NatGatewayId"], nat.ec2
    until(nat.has_state(nat_id, "available"))
    table = ec2.create_route_table(VpcId=nat.net.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat_id)
    state = lambda: {
        route["DestinationCidrBlock"]: route["State"]
        for route in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    }["0.0.0.0/0"]
    assert state() == "active"
    ec2.delete_nat_gateway(NatGatewayId=nat_id)
    until(nat.has_state(nat_id, "deleted"))
    assert state() == "blackhole"


def test_instance_blocks_deletion_of_its_subnet_and_group(aws, net, refused, until):
    ec2 = aws.ec2
    settings = dict(
        MinCount=1,
        MaxCount=1,
        SubnetId=net.subnets[0],
        SecurityGroupIds=[net.group],
        InstanceType="t3.micro",
        ClientToken="t",
    )
    instance_id = ec2.run_instances(**settings)["Instances"][0]["InstanceId"]
    assert ec2.run_instances(**settings)["Instances"][0]["InstanceId"] == instance_id
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    ec2.terminate_instances(InstanceIds=[instance_id])
    state = lambda: ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]["State"][
        "Name"
    ]
    assert state() == "shutting-down"
    until(lambda: state() == "terminated")
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_subnet(SubnetId=net.subnets[0])
