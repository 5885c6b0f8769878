"""VPCs, subnets, gateways, routes, addresses, NAT gateways."""

import pytest

MINE = [{"Name": "tag:tenfold:stack", "Values": ["shop"]}]


def stack(kind, name="shop"):
    return [{"ResourceType": kind, "Tags": [{"Key": "tenfold:stack", "Value": name}, {"Key": "Name", "Value": "x"}]}]


def test_tags_on_create_and_tag_filters(aws, net):
    """Every kind takes tags when it is made and is found again by them, and only it."""
    ec2, logs = aws.ec2, aws.logs
    logs.create_log_group(logGroupName="flow")
    role = f"arn:aws:iam::{aws.id}:role/flow"
    made = {}
    for name in ("shop", "other"):
        spec = lambda kind, name=name: stack(kind, name)
        one = {}
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]
        one["vpc"] = vpc["VpcId"]
        subnet = ec2.create_subnet(VpcId=one["vpc"], CidrBlock="10.1.0.0/24", TagSpecifications=spec("subnet"))[
            "Subnet"
        ]
        one["subnet"] = subnet["SubnetId"]
        igw = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway"))["InternetGateway"]
        one["igw"] = igw["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=one["igw"], VpcId=one["vpc"])
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip"))
        one["address"] = address["AllocationId"]
        nat = ec2.create_nat_gateway(
            SubnetId=one["subnet"], AllocationId=one["address"], TagSpecifications=spec("natgateway")
        )["NatGateway"]
        one["nat"] = nat["NatGatewayId"]
        table = ec2.create_route_table(VpcId=one["vpc"], TagSpecifications=spec("route-table"))["RouteTable"]
        one["table"] = table["RouteTableId"]
        group = ec2.create_security_group(
            GroupName="g", Description="g", VpcId=one["vpc"], TagSpecifications=spec("security-group")
        )
        one["group"] = group["GroupId"]
        rules = ec2.authorize_security_group_ingress(
            GroupId=one["group"],
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            TagSpecifications=spec("security-group-rule"),
        )
        one["rule"] = rules["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        endpoint = ec2.create_vpc_endpoint(
            VpcId=one["vpc"],
            ServiceName="com.amazonaws.us-east-1.s3",
            RouteTableIds=[one["table"]],
            TagSpecifications=spec("vpc-endpoint"),
        )["VpcEndpoint"]
        one["endpoint"] = endpoint["VpcEndpointId"]
        one["log"] = ec2.create_flow_logs(
            ResourceIds=[one["vpc"]],
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
        one["template"] = template["LaunchTemplateId"]
        for created in (vpc, subnet, igw, nat, table, endpoint, template, rules["SecurityGroupRules"][0]):
            assert {tag["Key"]: tag["Value"] for tag in created["Tags"]} == {"tenfold:stack": name, "Name": "x"}
        made[name] = one

    def check(filters):
        found = {
            "vpc": [one["VpcId"] for one in ec2.describe_vpcs(Filters=filters)["Vpcs"]],
            "subnet": [one["SubnetId"] for one in ec2.describe_subnets(Filters=filters)["Subnets"]],
            "igw": [
                one["InternetGatewayId"] for one in ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]
            ],
            "address": [one["AllocationId"] for one in ec2.describe_addresses(Filters=filters)["Addresses"]],
            "nat": [one["NatGatewayId"] for one in ec2.describe_nat_gateways(Filters=filters)["NatGateways"]],
            "table": [one["RouteTableId"] for one in ec2.describe_route_tables(Filters=filters)["RouteTables"]],
            "group": [one["GroupId"] for one in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]],
            "rule": [
                one["SecurityGroupRuleId"]
                for one in ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
            ],
            "endpoint": [one["VpcEndpointId"] for one in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]],
            "log": [one["FlowLogId"] for one in ec2.describe_flow_logs(Filters=filters)["FlowLogs"]],
            "template": [
                one["LaunchTemplateId"] for one in ec2.describe_launch_templates(Filters=filters)["LaunchTemplates"]
            ],
        }
        return {kind: names[0] if len(names) == 1 else names for kind, names in found.items()}

    assert check(MINE) == made["shop"]
    assert check([{"Name": "tag:tenfold:stack", "Values": ["sho*"]}]) == made["shop"]
    both = check([{"Name": "tag-key", "Values": ["tenfold:stack"]}])
    assert {kind: sorted(names) for kind, names in both.items()} == {
        kind: sorted([made["shop"][kind], made["other"][kind]]) for kind in both
    }
    assert not any(check([*MINE, {"Name": "tag:Name", "Values": ["y"]}]).values())


def test_unknown_filters_are_refused(aws, refused):
    with refused("InvalidParameterValue", "'colour'"):
        aws.ec2.describe_vpcs(Filters=[{"Name": "colour", "Values": ["red"]}])


def test_pages(aws, refused):
    ec2 = aws.ec2
    mine = {ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=stack("vpc"))["Vpc"]["VpcId"] for _ in range(7)}
    pages = list(ec2.get_paginator("describe_vpcs").paginate(Filters=MINE, PaginationConfig={"PageSize": 5}))
    assert [len(page["Vpcs"]) for page in pages] == [5, 2]
    assert {vpc["VpcId"] for page in pages for vpc in page["Vpcs"]} == mine
    with refused("InvalidParameterValue"):
        aws.unchecked("ec2").describe_vpcs(MaxResults=4)


def test_dry_run_changes_nothing(aws, refused):
    before = len(aws.ec2.describe_vpcs()["Vpcs"])
    with refused("DryRunOperation"):
        aws.ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True)
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before


def test_vpc_attributes(aws, net):
    ec2 = aws.ec2
    read = lambda name: ec2.describe_vpc_attribute(VpcId=net.vpc, Attribute=name)[name[0].upper() + name[1:]]["Value"]
    assert (read("enableDnsSupport"), read("enableDnsHostnames")) == (True, False)
    ec2.modify_vpc_attribute(VpcId=net.vpc, EnableDnsHostnames={"Value": True})
    assert read("enableDnsHostnames") is True


def test_subnet_conflict(aws, net, refused):
    with refused("InvalidSubnet.Conflict"):
        aws.ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.0.0.128/25")
    for outside in ("192.168.0.0/24", "10.0.200.0/29"):
        with refused("InvalidSubnet.Range"):
            aws.ec2.create_subnet(VpcId=net.vpc, CidrBlock=outside)


def test_what_is_not_there(aws, refused):
    vpc, nothing = "vpc-0123456789abcdef0", "0123456789abcdef0"
    ec2 = aws.ec2
    for code, call in (
        ("InvalidVpcID.NotFound", lambda: ec2.delete_vpc(VpcId=vpc)),
        ("InvalidVpcID.NotFound", lambda: ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)),
        ("InvalidSubnetID.NotFound", lambda: ec2.delete_subnet(SubnetId=f"subnet-{nothing}")),
        ("InvalidRouteTableID.NotFound", lambda: ec2.delete_route_table(RouteTableId=f"rtb-{nothing}")),
        ("InvalidAllocationID.NotFound", lambda: ec2.release_address(AllocationId=f"eipalloc-{nothing}")),
        ("InvalidParameterValue", lambda: ec2.describe_availability_zones(ZoneNames=["us-east-1z"])),
    ):
        with refused(code):
            call()


def test_zones_have_ids_and_offerings(aws):
    zones = aws.ec2.describe_availability_zones(Filters=[{"Name": "opt-in-status", "Values": ["opt-in-not-required"]}])
    zones = zones["AvailabilityZones"]
    assert len(zones) >= 3 and all(zone["ZoneId"].startswith("use1-az") for zone in zones)
    for kind, member in (("availability-zone", "ZoneName"), ("availability-zone-id", "ZoneId")):
        offered = aws.ec2.describe_instance_type_offerings(
            LocationType=kind, Filters=[{"Name": "instance-type", "Values": ["t4g.small"]}]
        )["InstanceTypeOfferings"]
        assert {one["Location"] for one in offered} & {zone[member] for zone in zones}
        assert {one["InstanceType"] for one in offered} == {"t4g.small"}


def test_vpc_in_use(aws, refused):
    ec2 = aws.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def refuses():
        with refused("DependencyViolation", vpc):
            ec2.delete_vpc(VpcId=vpc)

    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    refuses()
    ec2.delete_subnet(SubnetId=subnet)
    igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    refuses()
    ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    refuses()
    ec2.delete_security_group(GroupId=group)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    refuses()
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])[
        "VpcEndpoint"
    ]["VpcEndpointId"]
    ec2.delete_route_table(RouteTableId=table)
    refuses()
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    import time

    time.sleep(0.3)
    ec2.delete_vpc(VpcId=vpc)
    with refused("InvalidVpcID.NotFound"):
        ec2.describe_vpcs(VpcIds=[vpc])


def test_gateways(aws, net, refused):
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


def test_routes_and_tables(aws, net, refused):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    to = lambda **target: ec2.create_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", **target)
    with refused("InvalidGatewayID.NotFound"):
        to(GatewayId="igw-0123456789abcdef0")
    with refused("InvalidNatGatewayID.NotFound"):
        to(NatGatewayId="nat-0123456789abcdef0")
    loose = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("InvalidParameterValue", "belong to different networks"):
        to(GatewayId=loose)
    to(GatewayId=net.igw)
    with refused("RouteAlreadyExists"):
        to(GatewayId=net.igw)
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


def test_routes_and_associations_are_replaced(aws, net):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    other = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.create_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", GatewayId=net.igw)
    ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    ec2.attach_internet_gateway(InternetGatewayId=other, VpcId=net.vpc)
    ec2.replace_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0", GatewayId=other)
    association = ec2.associate_route_table(RouteTableId=first, SubnetId=net.subnets[0])["AssociationId"]
    ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)
    read = {one["RouteTableId"]: one for one in ec2.describe_route_tables(RouteTableIds=[first, second])["RouteTables"]}
    assert {one["GatewayId"] for one in read[first]["Routes"]} == {"local", other}
    assert read[first]["Associations"] == []
    assert [one["SubnetId"] for one in read[second]["Associations"]] == [net.subnets[0]]
    ec2.delete_route(RouteTableId=first, DestinationCidrBlock="0.0.0.0/0")
    ec2.delete_route_table(RouteTableId=first)


def test_instance_types(aws):
    filters = [{"Name": "instance-type", "Values": ["t4g.small", "t3.micro"]}]
    found = aws.ec2.describe_instance_types(Filters=filters)["InstanceTypes"]
    architectures = {one["InstanceType"]: one["ProcessorInfo"]["SupportedArchitectures"] for one in found}
    assert architectures == {"t4g.small": ["arm64"], "t3.micro": ["x86_64"]}


def test_deleting_a_subnet_ends_its_association(aws, net):
    ec2 = aws.ec2
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=net.subnets[0])
    ec2.delete_subnet(SubnetId=net.subnets[0])
    assert ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"] == []
    ec2.delete_route_table(RouteTableId=table)


@pytest.mark.parametrize("operation", ["route_table", "launch_template"])
def test_client_tokens(aws, net, refused, operation):
    ec2 = aws.ec2
    if operation == "route_table":
        make = lambda **more: ec2.create_route_table(VpcId=net.vpc, ClientToken="t", **more)["RouteTable"][
            "RouteTableId"
        ]
    else:
        data = {"InstanceType": "t3.micro"}
        make = lambda **more: ec2.create_launch_template(
            LaunchTemplateName="api", LaunchTemplateData=data, ClientToken="t", **more
        )["LaunchTemplate"]["LaunchTemplateId"]
    assert make() == make()
    with refused("IdempotentParameterMismatch"):
        make(TagSpecifications=stack("route-table" if operation == "route_table" else "launch-template"))


class Nat:
    def __init__(self, aws, net):
        self.ec2, self.net = aws.ec2, net
        self.address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    def make(self, **more):
        more = {"SubnetId": self.net.subnets[0], "AllocationId": self.address, **more}
        return self.ec2.create_nat_gateway(**more)["NatGateway"]

    def read(self, name):
        return self.ec2.describe_nat_gateways(NatGatewayIds=[name])["NatGateways"][0]

    def state(self, name, wanted):
        return lambda: self.read(name)["State"] == wanted


@pytest.fixture
def nat(aws, net):
    return Nat(aws, net)


def test_nat_lives_and_dies(nat, net, refused, until):
    ec2, made = nat.ec2, nat.make(ClientToken="t")
    name = made["NatGatewayId"]
    assert made["State"] == "pending"
    assert nat.make(ClientToken="t")["NatGatewayId"] == name
    until(nat.state(name, "available"))
    assert nat.make(ClientToken="t")["State"] == "available"
    address = nat.read(name)["NatGatewayAddresses"][0]
    assert address["AllocationId"] == nat.address and address["PublicIp"] and address["PrivateIp"].startswith("10.0.0.")
    interface = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [net.subnets[0]]}])[
        "NetworkInterfaces"
    ][0]
    assert (
        interface["InterfaceType"] == "nat_gateway"
        and name in interface["Description"]
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
    ec2.delete_nat_gateway(NatGatewayId=name)
    assert nat.read(name)["State"] == "deleting"
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    until(nat.state(name, "deleted"))
    live = [{"Name": "state", "Values": ["pending", "available"]}]
    assert ec2.describe_nat_gateways(Filters=live)["NatGateways"] == []
    assert ec2.describe_nat_gateways(Filter=[{"Name": "state", "Values": ["deleted"]}])["NatGateways"]
    ec2.release_address(AllocationId=nat.address)
    ec2.delete_subnet(SubnetId=net.subnets[0])
    ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)


def test_nat_that_is_not_there(aws, refused):
    with refused("NatGatewayNotFound"):
        aws.ec2.describe_nat_gateways(NatGatewayIds=["nat-0123456789abcdef0"])
    with refused("NatGatewayNotFound"):
        aws.ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")


def test_a_pending_nat_holds_its_address_though_it_will_fail(nat, aws, net, refused, until):
    aws.ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    name = nat.make()["NatGatewayId"]
    with refused("InvalidIPAddress.InUse"):
        aws.ec2.release_address(AllocationId=nat.address)
    with refused("DependencyViolation"):
        aws.ec2.delete_subnet(SubnetId=net.subnets[0])
    until(nat.state(name, "failed"))
    aws.ec2.release_address(AllocationId=nat.address)


def test_nat_that_cannot_work_fails(nat, until):
    until(nat.state(nat.make()["NatGatewayId"], "available"))
    second = nat.make(SubnetId=nat.net.subnets[1])["NatGatewayId"]
    until(nat.state(second, "failed"))
    assert nat.read(second)["FailureCode"] == "Resource.AlreadyAssociated"
    vpc = nat.ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    subnet = nat.ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/24")["Subnet"]["SubnetId"]
    address = nat.ec2.allocate_address(Domain="vpc")["AllocationId"]
    third = nat.make(SubnetId=subnet, AllocationId=address)["NatGatewayId"]
    until(nat.state(third, "failed"))
    assert nat.read(third)["FailureCode"] == "Gateway.NotAttached"
    nat.ec2.release_address(AllocationId=address)
    nat.ec2.delete_subnet(SubnetId=subnet)


def test_routes_to_a_deleted_nat_are_black_holes(nat, until):
    name, ec2 = nat.make()["NatGatewayId"], nat.ec2
    until(nat.state(name, "available"))
    table = ec2.create_route_table(VpcId=nat.net.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=name)
    state = lambda: {
        route["DestinationCidrBlock"]: route["State"]
        for route in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    }["0.0.0.0/0"]
    assert state() == "active"
    ec2.delete_nat_gateway(NatGatewayId=name)
    until(nat.state(name, "deleted"))
    assert state() == "blackhole"


def test_instances_hold_subnet_and_group(aws, net, refused, until):
    ec2 = aws.ec2
    run = dict(
        MinCount=1,
        MaxCount=1,
        SubnetId=net.subnets[0],
        SecurityGroupIds=[net.group],
        InstanceType="t3.micro",
        ClientToken="t",
    )
    name = ec2.run_instances(**run)["Instances"][0]["InstanceId"]
    assert ec2.run_instances(**run)["Instances"][0]["InstanceId"] == name
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    ec2.terminate_instances(InstanceIds=[name])
    state = lambda: ec2.describe_instances(InstanceIds=[name])["Reservations"][0]["Instances"][0]["State"]["Name"]
    assert state() == "shutting-down"
    until(lambda: state() == "terminated")
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_subnet(SubnetId=net.subnets[0])
