"""Load balancers: creating, changing and deleting them, and their network interfaces in the subnets."""

import random
import re

from ... import clock
from ...overrides import error, override
from ..ec2 import interfaces
from . import backend, load_balancer
from .describe import balancer_item, zone_item

# https://docs.aws.amazon.com/general/latest/gr/elb.html: the hosted zones of application load balancers.
_HOSTED_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-central-1": "Z215JYRZR1TBD5",
}


def _subnets(call, request) -> list:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer"""
    ec2 = backend(call).ec2_backend
    ids = request.get("Subnets") or [mapping.get("SubnetId") for mapping in request.get("SubnetMappings") or []]
    known = {subnet.id: subnet for zone in ec2.subnets.values() for subnet in zone.values()}
    for subnet_id in ids:
        if subnet_id not in known:
            raise error("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    subnets = [known[subnet_id] for subnet_id in ids]
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) != len(zones):
        raise error(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if len(zones) < 2:
        raise error("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise error("InvalidConfigurationRequest", "The subnets must belong to the same VPC")
    return subnets


def _check_groups(call, ids, vpc_id: str) -> None:
    for group_id in ids or []:
        group = backend(call).ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            raise error("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise error(
                "InvalidConfigurationRequest", f"The security group '{group_id}' does not belong to VPC '{vpc_id}'"
            )


def _sync_interfaces(call, balancer) -> None:
    """Keeps one interface with the load balancer's security groups in each of its subnets, and removes the others."""
    ec2, wanted = backend(call).ec2_backend, {subnet.id for subnet in balancer.subnets}
    kept = {}
    for subnet_id, interface in getattr(balancer, "interfaces", {}).items():
        if subnet_id in wanted:
            interface._group_set = [ec2.get_security_group_from_id(name) for name in balancer.security_groups]
            kept[subnet_id] = interface
        else:
            clock.later(lambda name=interface.id: interfaces.remove(ec2, name))
    description = "ELB " + balancer.arn.split("loadbalancer/")[1]
    for subnet_id in wanted - set(kept):
        kept[subnet_id] = interfaces.add(
            ec2,
            subnet_id,
            balancer.security_groups,
            description,
            "interface",
            "amazon-elb",
            public=balancer.scheme == "internet-facing",
        )
    balancer.interfaces = kept


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html: Names are unique in
# an account and region. With the same settings (tags do not count) the existing load balancer is returned, with other
# settings DuplicateLoadBalancerName. A new load balancer is provisioning at first.
@override("elbv2", "CreateLoadBalancer")
def create_load_balancer(call, request):
    if (request.get("Type") or "application") != "application":
        return call()
    name, scheme = request["Name"], request.get("Scheme") or "internet-facing"
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?", name) or name.startswith("internal-"):
        raise error("ValidationError", f"The load balancer name '{name}' is not valid")
    subnets, elb = _subnets(call, request), backend(call)
    vpc_id = subnets[0].vpc_id
    groups = request.get("SecurityGroups") or [elb.ec2_backend.get_default_security_group(vpc_id).id]
    _check_groups(call, groups, vpc_id)
    settings = (scheme, {subnet.id for subnet in subnets}, set(groups), request.get("IpAddressType") or "ipv4")
    for balancer in elb.load_balancers.values():
        if balancer.name == name:
            existing = (
                balancer.scheme,
                {one.id for one in balancer.subnets},
                set(balancer.security_groups),
                balancer.ip_address_type,
            )
            if existing != settings:
                raise error(
                    "DuplicateLoadBalancerName",
                    f"A load balancer with the same name '{name}' exists, but with different settings",
                )
            return {"LoadBalancers": [balancer_item(balancer)]}
    attached = any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in elb.ec2_backend.internet_gateways.values())
    if scheme == "internet-facing" and not attached:
        raise error("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")
    answer = call({**request, "SecurityGroups": groups})
    balancer = elb.load_balancers[answer["LoadBalancers"][0]["LoadBalancerArn"]]
    balancer.scheme = scheme
    number = random.randint(10**8, 10**10)
    prefix = "internal-" if scheme == "internal" else ""
    balancer.dns_name = f"{prefix}{name}-{number}.{call.region}.elb.amazonaws.com"
    balancer.canonical_hosted_zone_id = _HOSTED_ZONES.get(call.region, "Z35SXDOTRQ7X7K")
    _sync_interfaces(call, balancer)
    balancer.state = "provisioning"
    answer = {"LoadBalancers": [balancer_item(balancer)]}
    clock.later(lambda: setattr(balancer, "state", "active"))
    return answer


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html: Deletion protection
# prevents deletion. Deleting a load balancer that does not exist is not an error. The interfaces are removed later.
@override("elbv2", "DeleteLoadBalancer")
def delete_load_balancer(call, request):
    arn, elb = request["LoadBalancerArn"], backend(call)
    balancer = elb.load_balancers.get(arn)
    if balancer is None:
        return {}
    if str(balancer.attrs.get("deletion_protection.enabled")).lower() == "true":
        raise error(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    call()
    for interface in getattr(balancer, "interfaces", {}).values():
        clock.later(lambda name=interface.id: interfaces.remove(elb.ec2_backend, name), delays=2)
    return {}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html: Replaces all security
# groups.
@override("elbv2", "SetSecurityGroups")
def set_security_groups(call, request):
    balancer = load_balancer(call, request["LoadBalancerArn"])
    _check_groups(call, request["SecurityGroups"], balancer.vpc_id)
    balancer.security_groups = list(request["SecurityGroups"])
    _sync_interfaces(call, balancer)
    return {"SecurityGroupIds": list(balancer.security_groups)}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html: Replaces all subnets.
@override("elbv2", "SetSubnets")
def set_subnets(call, request):
    balancer = load_balancer(call, request["LoadBalancerArn"])
    balancer.subnets = _subnets(call, request)
    if request.get("IpAddressType"):
        balancer.ip_address_type = request["IpAddressType"]
    _sync_interfaces(call, balancer)
    return {
        "AvailabilityZones": [zone_item(subnet) for subnet in balancer.subnets],
        "IpAddressType": balancer.ip_address_type,
    }
