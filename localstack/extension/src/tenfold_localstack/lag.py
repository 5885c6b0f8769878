"""Simulates eventual consistency: with a lag set, reads return earlier results.

The lag is counted in reads, not in seconds, so that tests are repeatable. Each read (an operation with the same
parameters) returns the result from that many of its own calls ago: it still lists deleted resources, does not list new
ones, and repeats earlier errors. A read therefore catches up after that many calls, whatever is written in between. A
read that was never made before returns the current state without resources that were created recently. A tag lag does
the same for operations that return only tags.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency. S3 does
not lag: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel. STS tokens do not lag
either.
"""

import copy
import json
import re
from collections import defaultdict, deque

from . import settings
from .overrides import error

_STRONG = {"s3", "sts", "dynamodb"}
# An operation that returns a new value on each call is not a read.
_READ = re.compile(r"(Describe|Get(?!RandomPassword)|List|BatchGet|Lookup|Search)")
_TAGS = re.compile(r"(ListTags|DescribeTags|GetTags|ListResourceTags|List\w+Tags$)")
_TAGGING = "resourcegroupstaggingapi"
# Requests whose User-Agent has this application ID always read the current state, and their writes are visible
# immediately: a witness client, next to the client under test.
_WITNESS = re.compile(r"\bapp/witness\b")

# By prefix of the ID: the EC2 operation that describes the resource, and its error code for an ID that it does not know
# (yet). https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
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
_ID = re.compile(rf"\b(?:{'|'.join(_UNKNOWN)})-[0-9a-f]{{8,17}}\b")
# What identifies a tagged resource: its ARN, or a queue's URL.
_ARN = re.compile(r"\barn:[^\s\"\\]+")
_QUEUE = re.compile(r"\bhttps?://[^\s\"\\]+/(\d{12})/([\w.-]+)")


class _EmptyTags:
    """A read of tags whose result is empty, because the tags are not visible yet."""


# Results of each read, or the exceptions it raised, oldest first. The next call returns the oldest.
_results: dict[tuple, deque] = defaultdict(deque)
# Recently created or changed resources, each with the number of first-time reads that still omit it.
_new_ids: dict[tuple, dict[str, int]] = defaultdict(dict)
_new_tags: dict[str, dict[str, int]] = defaultdict(dict)


def respond(context, request: dict, serve):
    """Returns `serve()`, or an earlier result of the same read if reads lag."""
    service, operation, account = context.service.service_name, context.operation.name, context.account_id
    tags_only = service == _TAGGING or _TAGS.match(operation) is not None
    limit = settings.get("tag_lag" if tags_only else "read_lag")
    if service in _STRONG:
        return serve()
    scope = (account, context.region, service)
    witness = _WITNESS.search(context.request.headers.get("User-Agent", "")) is not None
    if not (_READ.match(operation) or service == _TAGGING):
        return _write_by_witness(account, serve) if witness else _write(scope, request, serve)
    if witness or not limit:
        return serve()
    results = _results[*scope, operation, json.dumps(request, sort_keys=True, default=str)]
    answer = _call(serve)
    if not results and tags_only:
        results.extend([_hide_new_tags(account, request, answer)] * limit)
    elif not results and service == "ec2":
        results.extend([_hide_new_ids(scope, operation, request, answer)] * limit)
    results.append(answer)
    while len(results) > limit + 1:
        results.popleft()
    if tags_only:
        _mark_visible(_new_tags[account], set(_new_tags[account]), request, results[0])
    else:
        _mark_visible(_new_ids[scope], _new_ids_of(operation, scope), request, results[0])
    return _return(results[0], context.operation.output_shape)


def _new_ids_of(operation: str, scope: tuple) -> set[str]:
    return {resource_id for resource_id in _new_ids[scope] if _UNKNOWN[resource_id.split("-")[0]][0] == operation}


def _mark_visible(counts: dict[str, int], names: set[str], request: dict, answer) -> None:
    """Once one read has returned a new resource, all reads return it."""
    if names and isinstance(answer, dict):
        text = json.dumps([request, answer], default=str)
        for name in names:
            if name in text:
                del counts[name]


def _write_by_witness(account: str, serve):
    answer = serve()
    for read in [read for read in _results if read[0] == account]:
        del _results[read]
    _new_tags.pop(account, None)
    for scope in [scope for scope in _new_ids if scope[0] == account]:
        del _new_ids[scope]
    return answer


def _write(scope: tuple, request: dict, serve):
    answer = serve()
    account, region, service = scope
    read_lag, tag_lag = settings.get("read_lag") if service == "ec2" else 0, settings.get("tag_lag")
    if not (read_lag or tag_lag):
        return answer
    request_text, response_text = json.dumps(request, default=str), json.dumps(answer, default=str)
    if read_lag:
        for resource_id in set(_ID.findall(response_text)) - set(_ID.findall(request_text)):
            _new_ids[scope][resource_id] = read_lag
    if tag_lag:
        for name in _tagged_resources(request_text + response_text, region):
            _new_tags[account][name] = tag_lag
    return answer


def _tagged_resources(text: str, region: str) -> set[str]:
    found = set(_ARN.findall(text))
    for queue in _QUEUE.finditer(text):
        found |= {queue[0], f"arn:aws:sqs:{region}:{queue[1]}:{queue[2]}"}
    return found


def _hide_new_ids(scope: tuple, operation: str, request: dict, answer):
    """Hides IDs that are not visible yet: a request for such an ID raises its not-found error, and lists omit it."""
    ids = _new_ids_of(operation, scope)
    named = {member: value for member, value in request.items() if member not in ("Filters", "Filter")}
    for resource_id in ids & set(_ID.findall(json.dumps(named, default=str))):
        _count_down(_new_ids[scope], {resource_id})
        return error(_UNKNOWN[resource_id.split("-")[0]][1], f"The ID '{resource_id}' does not exist")
    return _without(answer, _new_ids[scope], ids)


def _hide_new_tags(account: str, request: dict, answer):
    requested = set(request.values()) if all(isinstance(value, str) for value in request.values()) else set()
    if new := requested & set(_new_tags[account]):
        _count_down(_new_tags[account], new)
        return _EmptyTags()
    return _without(answer, _new_tags[account], set(_new_tags[account]))


def _without(answer, counts: dict[str, int], hidden: set[str]):
    """Returns the response without the list items in `hidden`, and counts down the reads until they are visible."""
    if not isinstance(answer, dict):
        return answer
    left_out = set()

    def is_visible(item) -> bool:
        values = {value for value in item.values() if isinstance(value, str)} if isinstance(item, dict) else set()
        left_out.update(values & hidden)
        return not values & hidden

    visible = {
        name: [item for item in value if is_visible(item)] if isinstance(value, list) else value
        for name, value in answer.items()
    }
    _count_down(counts, left_out)
    return visible


def _count_down(counts: dict[str, int], names: set[str]) -> None:
    for name in names:
        counts[name] -= 1
        if not counts[name]:
            del counts[name]


def _call(serve):
    try:
        return copy.deepcopy(serve())
    except Exception as exception:  # a later call may return this error again, like any other result
        return exception


def _return(answer, shape):
    if isinstance(answer, _EmptyTags):
        empty = {"list": list, "map": dict}
        return {name: empty[member.type_name]() for name, member in shape.members.items() if member.type_name in empty}
    if isinstance(answer, Exception):
        raise answer
    return copy.deepcopy(answer)
