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
_NUMBER = re.compile(rf"\b(?:{'|'.join(_UNKNOWN)})-[0-9a-f]{{8,17}}\b")
# What identifies a tagged resource: its ARN, or a queue's URL.
_ARN = re.compile(r"\barn:[^\s\"\\]+")
_QUEUE = re.compile(r"\bhttps?://[^\s\"\\]+/(\d{12})/([\w.-]+)")


class _Nothing:
    """A read of tags whose result is empty, because the tags are not visible yet."""


# Results of each read, or the exceptions it raised, oldest first. The next call returns the oldest.
_answers: dict[tuple, deque] = defaultdict(deque)
# Recently created or changed resources, each with the number of first-time reads that still omit it.
_fresh: dict[tuple, dict[str, int]] = defaultdict(dict)
_tagged: dict[str, dict[str, int]] = defaultdict(dict)


def behind(context, request: dict, serve):
    """Returns `serve()`, or an earlier result of the same read if reads lag."""
    service, operation, account = context.service.service_name, context.operation.name, context.account_id
    of_tags = service == _TAGGING or _TAGS.match(operation) is not None
    limit = settings.get("tag_lag" if of_tags else "read_lag")
    if service in _STRONG:
        return serve()
    place = (account, context.region, service)
    witness = _WITNESS.search(context.request.headers.get("User-Agent", "")) is not None
    if not (_READ.match(operation) or service == _TAGGING):
        return _seen_at_once(account, serve) if witness else _written(place, request, serve)
    if witness or not limit:
        return serve()
    answers = _answers[*place, operation, json.dumps(request, sort_keys=True, default=str)]
    answer = _served(serve)
    if not answers and of_tags:
        answers.extend([_without_fresh_tags(account, request, answer)] * limit)
    elif not answers and service == "ec2":
        answers.extend([_without_fresh_numbers(place, operation, request, answer)] * limit)
    answers.append(answer)
    while len(answers) > limit + 1:
        answers.popleft()
    if of_tags:
        _learn(_tagged[account], set(_tagged[account]), request, answers[0])
    else:
        _learn(_fresh[place], _told_by(operation, place), request, answers[0])
    return _told(answers[0], context.operation.output_shape)


def _told_by(operation: str, place: tuple) -> set[str]:
    return {number for number in _fresh[place] if _UNKNOWN[number.split("-")[0]][0] == operation}


def _learn(counts: dict[str, int], names: set[str], request: dict, answer) -> None:
    """Once one read has returned a new resource, all reads return it."""
    if names and isinstance(answer, dict):
        text = json.dumps([request, answer], default=str)
        for name in names:
            if name in text:
                del counts[name]


def _seen_at_once(account: str, serve):
    answer = serve()
    for read in [read for read in _answers if read[0] == account]:
        del _answers[read]
    _tagged.pop(account, None)
    for place in [place for place in _fresh if place[0] == account]:
        del _fresh[place]
    return answer


def _written(place: tuple, request: dict, serve):
    answer = serve()
    account, region, service = place
    read_lag, tag_lag = settings.get("read_lag") if service == "ec2" else 0, settings.get("tag_lag")
    if not (read_lag or tag_lag):
        return answer
    asked, told = json.dumps(request, default=str), json.dumps(answer, default=str)
    if read_lag:
        for number in set(_NUMBER.findall(told)) - set(_NUMBER.findall(asked)):
            _fresh[place][number] = read_lag
    if tag_lag:
        for name in _tag_bearers(asked + told, region):
            _tagged[account][name] = tag_lag
    return answer


def _tag_bearers(text: str, region: str) -> set[str]:
    found = set(_ARN.findall(text))
    for queue in _QUEUE.finditer(text):
        found |= {queue[0], f"arn:aws:sqs:{region}:{queue[1]}:{queue[2]}"}
    return found


def _without_fresh_numbers(place: tuple, operation: str, request: dict, answer):
    """Hides IDs that are not visible yet: a request for such an ID raises its not-found error, and lists omit it."""
    told_here = _told_by(operation, place)
    named = {member: value for member, value in request.items() if member not in ("Filters", "Filter")}
    for number in told_here & set(_NUMBER.findall(json.dumps(named, default=str))):
        _count_down(_fresh[place], {number})
        return error(_UNKNOWN[number.split("-")[0]][1], f"The ID '{number}' does not exist")
    return _without(answer, _fresh[place], told_here)


def _without_fresh_tags(account: str, request: dict, answer):
    asked = set(request.values()) if all(isinstance(value, str) for value in request.values()) else set()
    if known := asked & set(_tagged[account]):
        _count_down(_tagged[account], known)
        return _Nothing()
    return _without(answer, _tagged[account], set(_tagged[account]))


def _without(answer, counts: dict[str, int], fresh: set[str]):
    """Returns the response without the hidden items of its lists. Each item left out counts as one read towards its
    visibility.
    """
    if not isinstance(answer, dict):
        return answer
    missed = set()

    def known(item) -> bool:
        own = {value for value in item.values() if isinstance(value, str)} & fresh if isinstance(item, dict) else set()
        missed.update(own)
        return not own

    answer = {name: [one for one in of if known(one)] if isinstance(of, list) else of for name, of in answer.items()}
    _count_down(counts, missed)
    return answer


def _count_down(counts: dict[str, int], names: set[str]) -> None:
    for name in names:
        counts[name] -= 1
        if not counts[name]:
            del counts[name]


def _served(serve):
    try:
        return copy.deepcopy(serve())
    except Exception as refusal:  # a later call may return this error again, like any other result
        return refusal


def _told(answer, shape):
    if isinstance(answer, _Nothing):
        empty = {"list": list, "map": dict}
        return {name: empty[of.type_name]() for name, of in shape.members.items() if of.type_name in empty}
    if isinstance(answer, Exception):
        raise answer
    return copy.deepcopy(answer)
