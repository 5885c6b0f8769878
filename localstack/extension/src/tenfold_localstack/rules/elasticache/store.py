"""The stored resources of an account in a region."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ...lists import answer
from ...overrides import error

# Engine versions and their parameter group families.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
VERSIONS = {
    "valkey": {"7.2": "valkey7", "8.0": "valkey8", "8.1": "valkey8", "8.2": "valkey8"},
    "redis": {"6.2": "redis6.x", "7.0": "redis7", "7.1": "redis7"},
}
FAMILIES = sorted({family for versions in VERSIONS.values() for family in versions.values()})


@dataclass(eq=False)
class Store:
    """Resources by name or ID, in lower case. Values have the members of the service model, and `Tags`."""

    subnet_groups: dict[str, dict] = field(default_factory=dict)
    parameter_groups: dict[str, dict] = field(default_factory=dict)
    users: dict[str, dict] = field(default_factory=dict)
    user_groups: dict[str, dict] = field(default_factory=dict)
    groups: dict[str, object] = field(default_factory=dict)
    snapshots: dict[str, dict] = field(default_factory=dict)


_stores: dict[tuple[str, str], Store] = defaultdict(Store)


def store(call) -> Store:
    return _stores[call.account, call.region]


def tagged(call) -> dict[str, dict[str, str]]:
    """Returns tags by ARN."""
    stored = store(call)
    parts = [
        *stored.subnet_groups.values(),
        *stored.parameter_groups.values(),
        *stored.users.values(),
        *stored.user_groups.values(),
    ]
    return {part["ARN"]: part["Tags"] for part in parts} | {group.arn: group.tags for group in stored.groups.values()}


def arn(call, kind: str, name: str) -> str:
    return f"arn:aws:elasticache:{call.region}:{call.account}:{kind}:{name}"


def invalid(message: str):
    return error("InvalidParameterValue", message)


def invalid_combination(message: str):
    return error("InvalidParameterCombination", message)


def check_name(name: str, max_length: int) -> str:
    """Validates an identifier and returns it in lower case: a letter first, then letters, digits and single hyphens."""
    if len(name) > max_length or not re.fullmatch(r"[A-Za-z](?:-?[A-Za-z0-9])*", name):
        raise invalid(f"The identifier '{name}' is not a valid identifier.")
    return name.lower()


def without_tags(item: dict) -> dict:
    return {name: value for name, value in item.items() if name != "Tags"}


def paged(request, items: list, member: str) -> dict:
    """Returns one page.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReplicationGroups.html: MaxRecords is
    from 20 to 100, by default 100.
    """
    size = request.get("MaxRecords") or 100
    if not 20 <= size <= 100:
        raise invalid(f"The parameter MaxRecords must be from 20 to 100, not {size}.")
    return answer(member, items, request, size, bad_token="InvalidParameterValue")
