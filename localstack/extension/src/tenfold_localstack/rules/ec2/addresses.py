"""Elastic IP addresses and NAT gateways."""

from moto.core.utils import utcnow

from ... import clock, tokens
from ...overrides import error, override
from . import backend, interfaces
from .describe import enrich


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html: Returns InvalidIPAddress.InUse while
# the address is associated.
@override("ec2", "ReleaseAddress")
def release_address(call, request):
    ec2 = backend(call)
    for address in ec2.addresses:
        named = request.get("AllocationId") == address.allocation_id or request.get("PublicIp") == address.public_ip
        if named and address.association_id:
            raise error("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    return call()


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html: The caller cannot disassociate an
# address that a service uses.
@override("ec2", "DisassociateAddress")
def disassociate_address(call, request):
    for address in backend(call).addresses:
        if address.association_id == request.get("AssociationId") and address.eni and address.eni.requester_managed:
            raise error("AuthFailure", "You do not have permission to access the specified resource.")
    return call()


@enrich("DescribeAddresses")
def address(call, item):
    if not item.get("InstanceId"):
        item.pop("InstanceId", None)


def _nat_gateway(call, nat_id: str):
    nat = backend(call).nat_gateways.get(nat_id)
    if nat is None:
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        raise error("NatGatewayNotFound", f"The Nat Gateway {nat_id} was not found")
    return nat


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html: The gateway is pending at first.
# https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html: A gateway that cannot work is
# created and then fails with a reason, for example because the address is in use or the VPC has no internet gateway.
@override("ec2", "CreateNatGateway")
def create_nat_gateway(call, request):
    ec2, allocation = backend(call), request.get("AllocationId")
    private = request.get("ConnectivityType") == "private"
    subnet = ec2.get_subnet(request["SubnetId"])
    if not private and not allocation:
        raise error("MissingParameter", "The request must include the AllocationId parameter.")

    def create():
        reason = None
        if not private:
            address = ec2.address_by_allocation([allocation])[0]
            if address.association_id:
                reason = ("Resource.AlreadyAssociated", f"Elastic IP address [{allocation}] is already associated")
            elif not any(gateway.vpc and gateway.vpc.id == subnet.vpc_id for gateway in ec2.internet_gateways.values()):
                reason = ("Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached")
        taken = reason is not None and reason[0] == "Resource.AlreadyAssociated"
        nat = _create(call, request, taken)
        nat.failure = reason
        nat.state = "pending"

        def finish_creation():
            if nat.state == "pending":
                nat.state = "failed" if reason else "available"
                if reason:
                    _detach(ec2, nat)

        answer = {"ClientToken": request.get("ClientToken"), "NatGateway": _described(call, nat.id)}
        clock.later(finish_creation)
        return answer

    return tokens.once(
        call,
        request,
        create,
        refresh=lambda answer: answer | {"NatGateway": _described(call, answer["NatGateway"]["NatGatewayId"])},
    )


def _detach(ec2, nat) -> None:
    for address in ec2.addresses:
        if address.eni is nat._eni:
            ec2.disassociate_address(association_id=address.association_id)
    interfaces.remove(ec2, nat._eni.id)


def _create(call, request, taken: bool):
    """Creates the gateway in LocalStack, without the address if another resource uses it."""
    changed = {name: value for name, value in request.items() if name not in ("ClientToken", "DryRun")}
    if taken:
        changed.pop("AllocationId", None)
    nat = backend(call).nat_gateways[call(changed)["NatGateway"]["NatGatewayId"]]
    interfaces.set_owner(nat._eni, f"Interface for NAT Gateway {nat.id}", "nat_gateway", "amazon-vpc")
    nat._eni._group_set = []
    # LocalStack picks any private address; AWS uses one from the subnet.
    nat.private_ip = nat._eni.private_ip_address = nat._eni.subnet.get_available_subnet_ip(None)
    nat._eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": nat.private_ip}]
    nat.address_set[0]["privateIp"] = nat.private_ip
    return nat


def _described(call, nat_id: str) -> dict:
    nat = _nat_gateway(call, nat_id)
    address = dict(nat.address_set[0]) if nat.address_set else {}
    item = {
        "NatGatewayId": nat.id,
        "SubnetId": nat.subnet_id,
        "VpcId": nat.vpc_id,
        "State": nat.state,
        "CreateTime": nat._created_at,
        "ConnectivityType": nat.connectivity_type or "public",
        "NatGatewayAddresses": [
            {name[0].upper() + name[1:]: value for name, value in address.items() if value}
            | {"IsPrimary": True, "Status": "succeeded"}
        ],
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in nat.get_tags()],
    }
    if getattr(nat, "failure", None) and nat.state == "failed":
        item["FailureCode"], item["FailureMessage"] = nat.failure
    if getattr(nat, "deleted_at", None):
        item["DeleteTime"] = nat.deleted_at
    return item


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html: The gateway is deleting, then
# deleted. Its address is disassociated, not released. The gateway stays listed for about an hour.
@override("ec2", "DeleteNatGateway")
def delete_nat_gateway(call, request):
    ec2, nat = backend(call), _nat_gateway(call, request["NatGatewayId"])
    if nat.state in ("deleting", "deleted"):
        return {"NatGatewayId": nat.id}
    nat.state = "deleting"

    def finish_deletion():
        nat.state, nat.deleted_at = "deleted", utcnow()
        _detach(ec2, nat)

    clock.later(finish_deletion)
    return {"NatGatewayId": nat.id}


@enrich("DescribeNatGateways")
def nat_gateway(call, item):
    item.update(_described(call, item["NatGatewayId"]))
