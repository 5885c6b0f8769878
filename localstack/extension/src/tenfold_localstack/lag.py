"""Reads that lag behind, if asked for: eventual consistency, counted in reads so that tests are repeatable.

After a change in a service, each read of it answers as it did before so many times more: it tells what has gone, does
not tell what is new, and refuses what was refused. With a tag lag the same holds for what is told about tags alone.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency. S3 does not
lag: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel; nor do tokens of STS.
"""

import copy
import json
import re
from collections import defaultdict
from dataclasses import dataclass

from . import settings
from .overrides import error

_STRONG = {"s3", "sts", "dynamodb"}
_READ = re.compile(r"(Describe|Get|List|BatchGet|Lookup|Search)")
_TAGS = re.compile(r"(ListTags|DescribeTags|GetTags|ListResourceTags|List\w+Tags$)")
_TAGGING = "resourcegroupstaggingapi"

# What EC2 gives a number, which operation tells of it, and how that refuses a number that it does not know (yet).
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_UNKNOWN = {
    "vpc": ("DescribeVpcs", "InvalidVpcID.NotFound"),
    "subnet": ("DescribeSubnets", "InvalidSubnetID.NotFound"),
    "igw": ("DescribeInternetGateways", "InvalidInternetGatewayID.NotFound"),
    "rtb": ("DescribeRouteTables", "InvalidRouteTableID.NotFound"),
    "sg": ("DescribeSecurityGroups", "InvalidGroup.NotFound"),
    "nat": ("DescribeNatGateways", "NatGatewayNotFound"),
    "eipalloc": ("DescribeAddresses", "InvalidAllocationID.NotFound"),
    "vpce": ("DescribeVpcEndpoints", "InvalidVpcEndpointId.NotFound"),
    "lt": ("DescribeLaunchTemplates", "InvalidLaunchTemplateId.NotFound"),
    "i": ("DescribeInstances", "InvalidInstanceID.NotFound"),
}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_UNKNOWN)})-[0-9a-f]{{8,17}}\b")


@dataclass
class _Read:
    """What was answered last, or raised; `stale` is what is answered `left` times more."""

    version: int
    answer: object = None
    stale: object = None
    left: int = 0


@dataclass
class _Nothing:
    """What a read of tags answers before anything was told."""


_versions: dict[tuple, int] = defaultdict(int)
_reads: dict[tuple, _Read] = {}
# Numbers that EC2 gave lately, with the reads that do not know them yet.
_fresh: dict[tuple, dict[str, int]] = defaultdict(dict)


def behind(context, request: dict, serve):
    """`serve()`, or what it answered before."""
    service, operation, account = context.service.service_name, context.operation.name, context.account_id
    of_tags = service == _TAGGING or _TAGS.match(operation) is not None
    limit = settings.get("tag_lag" if of_tags else "read_lag")
    place = (account, context.region, service)
    if service in _STRONG:
        return serve()
    if not (_READ.match(operation) or service == _TAGGING):
        return _written(place, request, serve)
    if not limit:
        return serve()
    if service == "ec2":
        _refuse_unknown(place, operation, request)
    version = _version(place)
    key = (*place, operation, json.dumps(request, sort_keys=True, default=str))
    known = _reads.get(key)
    if known is None:
        known = _reads[key] = _Read(version)
        if of_tags and version:
            known.stale, known.left = _Nothing(), limit
    elif known.version != version:
        known.version, known.stale, known.left = version, known.answer, limit
    if known.left:
        known.left -= 1
        known.answer = known.stale
    else:
        known.answer = _served(serve)
    return _without_unknown(place, operation, _told(known.answer, context.operation.output_shape))


def _version(place: tuple) -> int:
    account, region, service = place
    if service != _TAGGING:
        return _versions[place]
    return sum(number for one, number in _versions.items() if one[:2] == (account, region))


def _written(place: tuple, request: dict, serve):
    answer = serve()
    _versions[place] += 1
    limit = settings.get("read_lag")
    if place[2] == "ec2" and limit:
        asked = set(_NUMBER.findall(json.dumps(request, default=str)))
        for number in set(_NUMBER.findall(json.dumps(answer, default=str))) - asked:
            _fresh[place][number] = limit
    return answer


def _told_by(operation: str, number: str) -> bool:
    return _UNKNOWN[number.split("-")[0]][0] == operation


def _refuse_unknown(place: tuple, operation: str, request: dict) -> None:
    named = {member: value for member, value in request.items() if member not in ("Filters", "Filter")}
    for number in _NUMBER.findall(json.dumps(named, default=str)):
        if _fresh[place].get(number) and _told_by(operation, number):
            _fresh[place][number] -= 1
            raise error(_UNKNOWN[number.split("-")[0]][1], f"The ID '{number}' does not exist")


def _without_unknown(place: tuple, operation: str, answer):
    """Lists do not have what is not known yet; each that has left it out is one read."""
    fresh = {number for number, left in _fresh[place].items() if left and _told_by(operation, number)}
    if not fresh or not isinstance(answer, dict):
        return answer
    missed = set()

    def known(item) -> bool:
        own = {value for value in item.values() if isinstance(value, str)} & fresh if isinstance(item, dict) else set()
        missed.update(own)
        return not own

    answer = {name: [one for one in of if known(one)] if isinstance(of, list) else of for name, of in answer.items()}
    for number in missed:
        _fresh[place][number] -= 1
    return answer


def _served(serve):
    try:
        return copy.deepcopy(serve())
    except Exception as refusal:  # it may be answered again, like any other answer
        return refusal


def _told(answer, shape):
    if isinstance(answer, _Nothing):
        empty = {"list": list, "map": dict}
        return {name: empty[of.type_name]() for name, of in shape.members.items() if of.type_name in empty}
    if isinstance(answer, Exception):
        raise answer
    return copy.deepcopy(answer)
