"""VPC endpoints and flow logs."""

import json

from ... import clock, tokens
from ...overrides import error, override
from . import backend, interfaces
from .describe import enrich


def _endpoint(ec2, endpoint_id: str):
    endpoint = ec2.vpc_end_points.get(endpoint_id)
    if endpoint is None:
        raise error("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")
    return endpoint


def _prefix_list(ec2, service: str):
    return next((known for known in ec2.managed_prefix_lists.values() if known.prefix_list_name == service), None)


def _add_route(ec2, endpoint, table_id: str) -> None:
    """Adds the route of a gateway endpoint to a route table.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing: A gateway
    endpoint adds a route for its prefix list to each of its route tables. A route table cannot have two endpoints for
    the same service.
    """
    table, prefix_list = ec2.get_route_table(table_id), _prefix_list(ec2, endpoint.service_name)
    if prefix_list is None:
        return
    if any(getattr(route.destination_prefix_list, "id", None) == prefix_list.id for route in table.routes.values()):
        raise error(
            "RouteAlreadyExists",
            f"route table {table_id} already has a route with destination-prefix-list-id {prefix_list.id}",
        )
    ec2.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list.id)


def _remove_routes(ec2, endpoint, table_id: str) -> None:
    table = ec2.route_tables.get(table_id)
    if table:
        table.routes = {
            name: route for name, route in table.routes.items() if getattr(route.gateway, "id", None) != endpoint.id
        }


def _add_interface(ec2, endpoint, subnet_id: str) -> None:
    interface = interfaces.add(
        ec2,
        subnet_id,
        endpoint.security_group_ids,
        f"VPC Endpoint Interface {endpoint.id}",
        "vpc_endpoint",
        "amazon-vpce",
    )
    endpoint.network_interface_ids.append(interface.id)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html: Gateway is the default type. An
# interface endpoint is pending at first, has an interface in each subnet, and uses the VPC's default security group if
# none is given.
@override("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(call, request):
    ec2, kind = backend(call), request.get("VpcEndpointType") or "Gateway"

    def create():
        ec2.get_vpc(request["VpcId"])
        prefix_list = _prefix_list(ec2, request.get("ServiceName"))
        if kind == "Gateway" and prefix_list is None:
            raise error("InvalidServiceName", f"The Vpc Endpoint Service '{request.get('ServiceName')}' does not exist")
        for table_id in request.get("RouteTableIds") or []:
            table = ec2.get_route_table(table_id)
            if any(
                getattr(route.destination_prefix_list, "id", None) == prefix_list.id for route in table.routes.values()
            ):
                raise error(
                    "RouteAlreadyExists",
                    f"route table {table_id} already has a route with destination-prefix-list-id {prefix_list.id}",
                )
        for group_id in request.get("SecurityGroupIds") or []:
            if ec2.get_security_group_from_id(group_id) is None:
                raise error("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
        # LocalStack creates interfaces with the default security group, so the subnets are left out here and the
        # interfaces are added below.
        changed = {name: value for name, value in request.items() if name not in ("ClientToken", "SubnetIds")}
        answer = call(changed | {"VpcEndpointType": kind})
        endpoint = ec2.vpc_end_points[answer["VpcEndpoint"]["VpcEndpointId"]]
        endpoint.vpc_endpoint_type = kind
        endpoint.subnet_ids = list(request.get("SubnetIds") or [])
        if kind == "Interface":
            if not endpoint.security_group_ids:
                endpoint.security_group_ids = [ec2.get_default_security_group(endpoint.vpc_id).id]
            for subnet_id in endpoint.subnet_ids:
                _add_interface(ec2, endpoint, subnet_id)
            endpoint.state = "pending"
            clock.later(lambda: setattr(endpoint, "state", "available"))
        return {
            "VpcEndpoint": _described(ec2, endpoint, answer["VpcEndpoint"]),
            "ClientToken": request.get("ClientToken"),
        }

    def refresh(answer):
        endpoint = ec2.vpc_end_points.get(answer["VpcEndpoint"]["VpcEndpointId"])
        return answer | ({"VpcEndpoint": _described(ec2, endpoint, answer["VpcEndpoint"])} if endpoint else {})

    return tokens.once(call, request, create, refresh=refresh)


def _described(ec2, endpoint, item: dict) -> dict:
    return item | {
        "VpcEndpointType": endpoint.vpc_endpoint_type or "Gateway",
        "State": endpoint.state,
        "RouteTableIds": list(endpoint.route_table_ids or []),
        "SubnetIds": list(endpoint.subnet_ids or []),
        "NetworkInterfaceIds": list(endpoint.network_interface_ids or []),
        "Groups": endpoint.groups,
        "PrivateDnsEnabled": bool(endpoint.private_dns_enabled) and endpoint.vpc_endpoint_type == "Interface",
        "OwnerId": ec2.account_id,
        "PolicyDocument": endpoint.policy_document,
    }


@enrich("DescribeVpcEndpoints")
def vpc_endpoint(call, item):
    ec2 = backend(call)
    item.update(_described(ec2, ec2.vpc_end_points[item["VpcEndpointId"]], item))


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
@override("ec2", "ModifyVpcEndpoint")
def modify_vpc_endpoint(call, request):
    ec2 = backend(call)
    endpoint = _endpoint(ec2, request["VpcEndpointId"])
    given = lambda name: request.get(name) or []
    for table_id in given("AddRouteTableIds"):
        if table_id not in endpoint.route_table_ids:
            _add_route(ec2, endpoint, table_id)
            endpoint.route_table_ids.append(table_id)
    for table_id in given("RemoveRouteTableIds"):
        _remove_routes(ec2, endpoint, table_id)
    endpoint.route_table_ids = [name for name in endpoint.route_table_ids if name not in given("RemoveRouteTableIds")]
    groups = [name for name in endpoint.security_group_ids if name not in given("RemoveSecurityGroupIds")]
    endpoint.security_group_ids = groups + [name for name in given("AddSecurityGroupIds") if name not in groups]
    for interface_id in list(endpoint.network_interface_ids):
        interface = ec2.enis[interface_id]
        if interface.subnet_id in given("RemoveSubnetIds"):
            interfaces.remove(ec2, interface_id)
            endpoint.network_interface_ids.remove(interface_id)
        else:
            interface._group_set = [ec2.get_security_group_from_id(name) for name in endpoint.security_group_ids]
    endpoint.subnet_ids = [name for name in endpoint.subnet_ids or [] if name not in given("RemoveSubnetIds")]
    for subnet_id in given("AddSubnetIds"):
        if subnet_id not in endpoint.subnet_ids:
            _add_interface(ec2, endpoint, subnet_id)
            endpoint.subnet_ids.append(subnet_id)
    if request.get("ResetPolicy"):
        endpoint.policy_document = json.dumps(endpoint.DEFAULT_POLICY)
    if request.get("PolicyDocument"):
        endpoint.policy_document = request["PolicyDocument"]
    if request.get("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = request["PrivateDnsEnabled"]
    return {"Return": True}


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html: Routes are deleted immediately,
# interfaces later; the endpoint is `deleting` until then. Missing endpoints are listed as unsuccessful in the response;
# the request does not fail.
@override("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call, request):
    ec2, unsuccessful = backend(call), []
    for endpoint_id in request.get("VpcEndpointIds") or []:
        endpoint = ec2.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            unsuccessful.append(
                {
                    "ResourceId": endpoint_id,
                    "Error": {
                        "Code": "InvalidVpcEndpoint.NotFound",
                        "Message": f"The Vpc Endpoint Id '{endpoint_id}' does not exist",
                    },
                }
            )
            continue
        for table_id in endpoint.route_table_ids or []:
            _remove_routes(ec2, endpoint, table_id)
        endpoint.state = "deleting"

        def finish_deletion(endpoint=endpoint):
            for interface_id in endpoint.network_interface_ids or []:
                interfaces.remove(ec2, interface_id)
            ec2.vpc_end_points.pop(endpoint.id, None)

        clock.later(finish_deletion)
    return {"Unsuccessful": unsuccessful}


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html: The destination is the name of a log
# group, or its ARN with or without `:*`. A log group that does not exist shows as a failed delivery.
@override("ec2", "CreateFlowLogs")
def create_flow_logs(call, request):
    def create():
        changed = {name: value for name, value in request.items() if name != "ClientToken"}
        destination = request.get("LogDestination") or ""
        named = ":log-group:" in destination
        if named:
            changed["LogGroupName"] = destination.split(":log-group:")[1].removesuffix(":*")
            changed.pop("LogDestination")
        answer = call(changed)
        for name in answer.get("FlowLogIds") or []:
            if named:
                backend(call).flow_logs[name].log_destination = destination
        return answer

    return tokens.once(call, request, create)
