"""VPCs, subnets, internet gateways, route tables."""

from ... import tokens
from ...overrides import error, override
from . import backend, interfaces
from .describe import enrich


def in_use(kind: str, name: str):
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, DependencyViolation
    return error("DependencyViolation", f"The {kind} '{name}' has dependencies and cannot be deleted.")


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: All resources in the VPC must be deleted
# first, except its default security group, main route table and default network ACL, which are deleted with it.
@override("ec2", "DeleteVpc")
def delete_vpc(call, request):
    ec2, vpc = backend(call), request["VpcId"]
    ec2.get_vpc(vpc)
    if (
        any(subnet.vpc_id == vpc for zone in ec2.subnets.values() for subnet in zone.values())
        or any(gateway.vpc and gateway.vpc.id == vpc for gateway in ec2.internet_gateways.values())
        or any(not group.is_default and group.name != "default" for group in ec2.groups.get(vpc, {}).values())
        or any(table.vpc_id == vpc and not table.main_association_id for table in ec2.route_tables.values())
        or any(point.vpc_id == vpc and point.state != "deleted" for point in ec2.vpc_end_points.values())
        or interfaces.in_vpc(ec2, vpc)
    ):
        raise in_use("vpc", vpc)
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html: The CIDR block is from /16 to /28.
@override("ec2", "CreateSubnet")
def create_subnet(call, request):
    size = (request.get("CidrBlock") or "").rpartition("/")[2]
    if size.isdigit() and not 16 <= int(size) <= 28:
        raise error("InvalidSubnet.Range", f"The CIDR '{request['CidrBlock']}' is invalid.")
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html: Instances and other resources with a
# network interface in the subnet must be deleted first. The subnet's route table association is deleted with it.
@override("ec2", "DeleteSubnet")
def delete_subnet(call, request):
    ec2, subnet = backend(call), request["SubnetId"]
    ec2.get_subnet(subnet)
    if interfaces.in_subnet(ec2, subnet):
        raise in_use("subnet", subnet)
    response = call()
    for table in ec2.route_tables.values():
        table.associations = {name: target for name, target in table.associations.items() if target != subnet}
    return response


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html: Not while resources in the VPC
# have mapped public addresses.
@override("ec2", "DetachInternetGateway")
def detach_internet_gateway(call, request):
    ec2, vpc = backend(call), request["VpcId"]
    if any(interface.public_ip for interface in interfaces.in_vpc(ec2, vpc)):
        raise error(
            "DependencyViolation",
            f"Network {vpc} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway.",
        )
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html: A VPC has at most one internet
# gateway.
@override("ec2", "AttachInternetGateway")
def attach_internet_gateway(call, request):
    for gateway in backend(call).internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == request["VpcId"]:
            raise error(
                "Resource.AlreadyAssociated",
                f"resource {request['InternetGatewayId']} is already attached to network {request['VpcId']}",
            )
    return call()


@override("ec2", "CreateRouteTable")
def create_route_table(call, request):
    create = lambda: call({name: value for name, value in request.items() if name != "ClientToken"})
    return tokens.once(call, request, create)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html: Neither the main route table nor one
# associated with a subnet can be deleted.
@override("ec2", "DeleteRouteTable")
def delete_route_table(call, request):
    ec2 = backend(call)
    table = ec2.get_route_table(request["RouteTableId"])
    if table.main_association_id or table.associations:
        raise in_use("routeTable", table.id)
    answer = call()
    for point in ec2.vpc_end_points.values():
        point.route_table_ids = [name for name in point.route_table_ids or [] if name != table.id]
    return answer


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html: A subnet has one route table.
@override("ec2", "AssociateRouteTable")
def associate_route_table(call, request):
    ec2, target = backend(call), request.get("SubnetId") or request.get("GatewayId")
    ec2.get_route_table(request["RouteTableId"])
    for table in ec2.route_tables.values():
        if table.id != request["RouteTableId"] and target in table.associations.values():
            raise error(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {request['RouteTableId']} "
                "conflicts with an existing association",
            )
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html and errors-overview.html: Targets must
# exist, and an internet gateway must be attached to the route table's VPC.
@override("ec2", "CreateRoute", "ReplaceRoute")
def create_route(call, request):
    ec2, gateway_id, nat_id = backend(call), request.get("GatewayId"), request.get("NatGatewayId")
    table = ec2.get_route_table(request["RouteTableId"])
    if gateway_id and gateway_id.startswith("igw-"):
        gateway = ec2.internet_gateways.get(gateway_id)
        if not gateway:
            raise error("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
        if not gateway.vpc or gateway.vpc.id != table.vpc_id:
            raise error(
                "InvalidParameterValue",
                f"route table {table.id} and network gateway {gateway_id} belong to different networks",
            )
    if nat_id and (nat_id not in ec2.nat_gateways or ec2.nat_gateways[nat_id].state == "deleted"):
        raise error("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_id}' does not exist")
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html: A route whose target was deleted is a black
# hole.
@enrich("DescribeRouteTables")
def black_holes(call, table):
    ec2 = backend(call)
    for route in table.get("Routes") or []:
        nat = ec2.nat_gateways.get(route.get("NatGatewayId"))
        gateway = ec2.internet_gateways.get(route.get("GatewayId"))
        if (route.get("NatGatewayId") and (not nat or nat.state == "deleted")) or (
            (route.get("GatewayId") or "").startswith("igw-") and (not gateway or not gateway.vpc)
        ):
            route["State"] = "blackhole"


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html
@enrich("DescribeAvailabilityZones")
def zone(call, item):
    item.setdefault("OptInStatus", "opt-in-not-required")
    item.setdefault("GroupName", f"{call.region}-zg-1")
    item.setdefault("NetworkBorderGroup", call.region)
