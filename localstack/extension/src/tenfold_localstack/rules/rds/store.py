"""The stored resources of an account in a region.

moto is not used, because its replicas are copies of their primaries.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.ec2.models import ec2_backends

from ...lists import answer
from ...overrides import error


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Group:
    """A subnet group or a parameter group, with its Describe item and its parameters."""

    item: dict
    arn: str
    tags: dict[str, str]
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Instance:
    item: dict  # as DescribeDBInstances returns it
    tags: dict[str, str]
    parameter_group: str
    subnet_group: str | None
    boot_parameters: dict[str, str] = field(default_factory=dict)  # the static parameters it started with
    interfaces: list[str] = field(default_factory=list)
    secret: object = None

    @property
    def name(self) -> str:
        return self.item["DBInstanceIdentifier"]

    @property
    def arn(self) -> str:
        return self.item["DBInstanceArn"]

    @property
    def status(self) -> str:
        return self.item["DBInstanceStatus"]

    @status.setter
    def status(self, status: str) -> None:
        self.item["DBInstanceStatus"] = status

    @property
    def source(self) -> str | None:
        return self.item.get("ReadReplicaSourceDBInstanceIdentifier")


@dataclass(eq=False)
class Store:
    account: str
    region: str
    instances: dict[str, Instance] = field(default_factory=dict)
    subnet_groups: dict[str, Group] = field(default_factory=dict)
    parameter_groups: dict[str, Group] = field(default_factory=dict)
    snapshots: dict[str, dict] = field(default_factory=dict)

    def arn(self, resource: str) -> str:
        return f"arn:aws:rds:{self.region}:{self.account}:{resource}"

    def default_key(self) -> str:
        """Returns the ARN of the AWS managed RDS key, which is constant for an account and region."""
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.account}/{self.region}/rds")
        return f"arn:aws:kms:{self.region}:{self.account}:key/{key}"

    @property
    def ec2(self):
        return ec2_backends[self.account][self.region]


_stores: dict[tuple[str, str], Store] = {}


def store(call) -> Store:
    key = (call.account, call.region)
    if key not in _stores:
        _stores[key] = Store(*key)
    return _stores[key]


def tagged(call) -> dict[str, dict[str, str]]:
    """Returns tags by ARN."""
    stored = store(call)
    parts = [*stored.instances.values(), *stored.subnet_groups.values(), *stored.parameter_groups.values()]
    return {part.arn: part.tags for part in parts}


def instance(call, name: str) -> Instance:
    found = store(call).instances.get(name.rsplit(":", 1)[-1].lower())
    if found is None:
        raise error("DBInstanceNotFound", f"DBInstance {name} not found.", 404)
    return found


def subnet_group(call, name: str) -> Group:
    found = store(call).subnet_groups.get(name.lower())
    if found is None:
        raise error("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.", 404)
    return found


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html: Each family has a default
# group, which cannot be changed.
_DEFAULTS = re.compile(r"default\.((?:postgres|mysql)[\d.]+)")


def is_default(name: str) -> bool:
    return _DEFAULTS.fullmatch(name.lower()) is not None


def parameter_group(call, name: str) -> Group:
    name = name.lower()
    found = store(call).parameter_groups.get(name)
    if is_default(name):
        family, arn = _DEFAULTS.fullmatch(name)[1], store(call).arn(f"pg:{name}")
        item = {"DBParameterGroupName": name, "DBParameterGroupFamily": family, "DBParameterGroupArn": arn}
        return Group(item | {"Description": f"Default parameter group for {family}"}, arn, {})
    if found is None:
        raise error("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}", 404)
    return found


def invalid(message: str):
    return error("InvalidParameterValue", message)


def invalid_combination(message: str):
    return error("InvalidParameterCombination", message)


def paged(request, items: list, member: str) -> dict:
    """Returns one page. All lists take MaxRecords (20 to 100) and Marker."""
    size = request.get("MaxRecords")
    if size is not None and not 20 <= size <= 100:
        raise invalid(f"Invalid value {size} for MaxRecords. Must be between 20 and 100")
    return answer(member, items, request, size or 100, bad_token="InvalidParameterValue")
