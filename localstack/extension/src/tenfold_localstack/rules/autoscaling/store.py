"""The stored resources of an account in a region."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ...lists import answer
from ...overrides import error


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Member:
    """An instance in a group."""

    instance: object
    template: dict | None
    state: str = "Pending"
    protected: bool = False
    health: str = "Healthy"


@dataclass(eq=False)
class Group:
    name: str
    account: str
    region: str
    spec: dict
    tags: dict[str, dict] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)
    activities: list[dict] = field(default_factory=list)
    refreshes: list[dict] = field(default_factory=list)
    status: str | None = None
    warm_pool: dict | None = None
    created: datetime = field(default_factory=now)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def arn(self) -> str:
        return f"arn:aws:autoscaling:{self.region}:{self.account}:autoScalingGroup:{self.id}:autoScalingGroupName/{self.name}"

    @property
    def refresh(self) -> dict | None:
        """Returns the active refresh, or None."""
        last = self.refreshes[-1] if self.refreshes else None
        return (
            last
            if last and last["Status"] in ("Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress")
            else None
        )


@dataclass(eq=False)
class Store:
    groups: dict[str, Group] = field(default_factory=dict)
    policies: dict[tuple[str, str], dict] = field(default_factory=dict)
    schedules: dict[tuple[str, str], dict] = field(default_factory=dict)
    hooks: dict[tuple[str, str], dict] = field(default_factory=dict)


_stores: dict[tuple[str, str], Store] = defaultdict(Store)


def store(call) -> Store:
    return _stores[call.account, call.region]


def group(call, name: str) -> Group:
    found = store(call).groups.get(name)
    if found is None:
        # AWS has no specific error code for this:
        # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
        raise invalid(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return found


def invalid(message: str):
    return error("ValidationError", message)


def paged(request, items: list, member: str, size: int = 50) -> dict:
    wanted = request.get("MaxRecords") or size
    if not 1 <= wanted <= 100:
        raise invalid(
            f"1 validation error detected: Value '{wanted}' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 100"
        )
    return answer(member, items, request, wanted, "NextToken")
