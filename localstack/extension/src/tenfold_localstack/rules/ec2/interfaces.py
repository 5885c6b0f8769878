"""Network interfaces that services manage in a VPC: load balancers, NAT gateways, interface endpoints.

These interfaces use subnets, security groups and addresses: every in-use error of EC2 results from one of them.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
"""

from moto.ec2.utils import random_public_ip

from ...overrides import error, override
from . import backend


def add(ec2, subnet_id: str, groups: list[str], description: str, kind: str, requester: str, public: bool = False):
    subnet = ec2.get_subnet(subnet_id)
    interface = ec2.create_network_interface(
        subnet, subnet.get_available_subnet_ip(None), group_ids=groups, description=description
    )
    set_owner(interface, description, kind, requester)
    if not groups:
        interface._group_set = []
    if public:
        interface.public_ip = random_public_ip()
    return interface


def set_owner(interface, description: str, kind: str, requester: str) -> None:
    """Sets the service that owns the interface."""
    interface.description = description
    interface.interface_type = kind
    interface.requester_id = requester
    interface.requester_managed = True
    interface.status = "in-use"


def remove(ec2, interface_id: str) -> None:
    interface = ec2.enis.pop(interface_id, None)
    if interface:
        for address in interface.private_ip_addresses:
            interface.subnet.del_subnet_ip(address["PrivateIpAddress"])


def in_vpc(ec2, vpc_id: str) -> list:
    return [interface for interface in ec2.enis.values() if interface.vpc_id == vpc_id]


def in_subnet(ec2, subnet_id: str) -> list:
    return [interface for interface in ec2.enis.values() if interface.subnet_id == subnet_id]


def with_group(ec2, group_id: str) -> list:
    return [interface for interface in ec2.enis.values() if group_id in {group.id for group in interface.group_set}]


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html: The interface must be detached
# first.
@override("ec2", "DeleteNetworkInterface")
def delete_network_interface(call, request):
    interface = backend(call).enis.get(request["NetworkInterfaceId"])
    if interface and interface.status == "in-use":
        raise error("InvalidParameterValue", f"Network interface '{interface.id}' is currently in use.")
    return call()
