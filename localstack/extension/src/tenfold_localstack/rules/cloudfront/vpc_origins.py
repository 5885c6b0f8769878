"""VPC origins. They need an internal load balancer and a VPC with an internet gateway, and create a security group.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
"""

import copy
import time

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from ... import settings
from ...overrides import error, override
from . import Item, add_tags, check_quantities, check_version, distributions_using, get, items_of, new_id, paged, store

NO_ORIGIN = "EntityNotFound"
GROUP = "CloudFront-VPCOrigins-Service-SG"


def _balancer(call, arn: str):
    region = arn.split(":")[3]
    found = elbv2_backends[call.account][region].load_balancers.get(arn)
    if found is None:
        raise error("InvalidArgument", f"The resource does not exist: {arn}")
    if found.scheme != "internal":
        raise error("InvalidArgument", f"The load balancer is not in a private subnet: {arn}")
    return ec2_backends[call.account][region], found.vpc_id


def _check(call, config: dict, own: str | None = None) -> None:
    check_quantities(config)
    ec2, vpc = _balancer(call, config["Arn"])
    if not any(gateway.vpc and gateway.vpc.id == vpc for gateway in ec2.internet_gateways.values()):
        raise error("InvalidArgument", f"The VPC {vpc} has no internet gateway.")
    for item in store(call).vpc_origins.values():
        if item.config["Name"] == config["Name"] and item.id != own:
            raise error("EntityAlreadyExists", f"The name {config['Name']} is taken by {item.id}.", 409)


def _group(ec2, vpc: str):
    groups = ec2.groups.get(vpc, {}).values()
    return next((group for group in groups if group.name == GROUP), None)


def _complete_deletions(call) -> None:
    """Deletes the VPC origins whose deletion is complete.

    With the last one of a VPC, the service's security group is deleted.
    """
    everything = store(call)
    for item in list(everything.vpc_origins.values()):
        if not item.extra.get("deleting") or not item.is_deployed:
            continue
        del everything.vpc_origins[item.id]
        everything.tags.pop(item.arn, None)
        region, vpc = item.extra["place"]
        if not any(other.extra["place"] == (region, vpc) for other in everything.vpc_origins.values()):
            ec2 = ec2_backends[call.account][region]
            group = _group(ec2, vpc)
            if group is not None:
                ec2.groups[vpc].pop(group.id, None)


def _described(call, item: Item) -> dict:
    return {
        "Id": item.id,
        "Arn": item.arn,
        "AccountId": call.account,
        "Status": "Deployed" if item.is_deployed else item.extra["status"],
        "CreatedTime": item.changed,
        "LastModifiedTime": item.changed,
        "VpcOriginEndpointConfig": copy.deepcopy(item.config),
    }


def _answer(call, item: Item) -> dict:
    return {"VpcOrigin": _described(call, item), "ETag": item.etag}


@override("cloudfront", "CreateVpcOrigin")
def create_origin(call, request):
    config = request["VpcOriginEndpointConfig"]
    _check(call, config)
    ec2, vpc = _balancer(call, config["Arn"])
    if _group(ec2, vpc) is None:
        ec2.create_security_group(GROUP, description="CloudFront configured SecurityGroup", vpc_id=vpc)
    name = f"vo_{new_id(20)}"
    item = Item(name, f"arn:aws:cloudfront::{call.account}:vpcorigin/{name}", copy.deepcopy(config))
    item.extra.update(place=(config["Arn"].split(":")[3], vpc), status="Deploying")
    item.propagate()
    store(call).vpc_origins[name] = item
    add_tags(call, item.arn, request.get("Tags"))
    return _answer(call, item)


@override("cloudfront", "GetVpcOrigin")
def get_origin(call, request):
    _complete_deletions(call)
    return _answer(call, get(store(call).vpc_origins, request["Id"], NO_ORIGIN))


@override("cloudfront", "UpdateVpcOrigin")
def update_origin(call, request):
    _complete_deletions(call)
    item = check_version(get(store(call).vpc_origins, request["Id"], NO_ORIGIN), request)
    _check(call, request["VpcOriginEndpointConfig"], item.id)
    if not item.is_deployed:
        raise error("CannotUpdateEntityWhileInUse", "The entity cannot be updated while it is being deployed.", 409)
    item.set(request["VpcOriginEndpointConfig"])
    return _answer(call, item)


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteVpcOrigin.html: Not while a distribution uses the
# VPC origin.
@override("cloudfront", "DeleteVpcOrigin")
def delete_origin(call, request):
    _complete_deletions(call)
    item = check_version(get(store(call).vpc_origins, request["Id"], NO_ORIGIN), request)

    def uses(config):
        return any(
            origin.get("VpcOriginConfig", {}).get("VpcOriginId") == item.id for origin in items_of(config["Origins"])
        )

    if distributions_using(call, uses):
        raise error("CannotDeleteEntityWhileInUse", "The entity cannot be deleted while it is in use.", 409)
    item.extra.update(deleting=True, status="Deleting")
    item.deployed_at = time.monotonic() + settings.delay()
    return _answer(call, item)


@override("cloudfront", "ListVpcOrigins")
def list_origins(call, request):
    _complete_deletions(call)

    def summary(item: Item) -> dict:
        described = _described(call, item)
        described.pop("VpcOriginEndpointConfig")
        return {**described, "Name": item.config["Name"], "OriginEndpointArn": item.config["Arn"]}

    return {"VpcOriginList": paged([summary(item) for item in store(call).vpc_origins.values()], request)}
