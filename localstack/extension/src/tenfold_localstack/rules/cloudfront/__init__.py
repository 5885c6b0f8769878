"""CloudFront, stored here as a whole: moto stores only a small part of a distribution's configuration.

Rules follow https://docs.aws.amazon.com/cloudfront/latest/APIReference/ and the shape documentation in botocore's
service model. The service is global: each store belongs to an account, not to a region.
"""

import copy
import datetime
import random
import string
import time
from collections import defaultdict
from dataclasses import dataclass, field

from ... import settings
from ...lists import page
from ...overrides import error


def new_id(length: int = 13) -> str:
    return "E" + "".join(random.choices(string.ascii_uppercase + string.digits, k=length))


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


@dataclass
class Item:
    """A versioned resource. `config` is the configuration of the last request."""

    id: str
    arn: str
    config: dict
    etag: str = field(default_factory=new_id)
    changed: datetime.datetime = field(default_factory=now)
    deployed_at: float = 0.0
    extra: dict = field(default_factory=dict)

    def set(self, config: dict) -> None:
        self.config, self.etag, self.changed = copy.deepcopy(config), new_id(), now()
        self.propagate()

    def propagate(self) -> None:
        """Restarts the deployment: every change takes time to reach all edge locations."""
        self.deployed_at = time.monotonic() + settings.delay()

    @property
    def is_deployed(self) -> bool:
        return time.monotonic() >= self.deployed_at


class Store:
    def __init__(self):
        self.distributions: dict[str, Item] = {}
        self.access_controls: dict[str, Item] = {}
        self.cache_policies: dict[str, Item] = {}
        self.request_policies: dict[str, Item] = {}
        self.response_policies: dict[str, Item] = {}
        self.functions: dict[str, Item] = {}
        self.vpc_origins: dict[str, Item] = {}
        self.tags: dict[str, dict[str, str]] = defaultdict(dict)


_stores: dict[str, Store] = defaultdict(Store)


def store(call) -> Store:
    return _stores[call.account]


def get(items: dict[str, Item], name: str, code: str) -> Item:
    if name not in items:
        raise error(code, f"The specified resource does not exist: {name}", 404)
    return items[name]


def check_version(item: Item, request: dict) -> Item:
    """Returns the item if If-Match is its current version; otherwise raises an error."""
    version = request.get("IfMatch")
    if not version:
        raise error("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if version != item.etag:
        raise error("PreconditionFailed", "The request failed because it didn't meet the preconditions.", 412)
    return item


def paged(items: list[dict], request: dict) -> dict:
    """Returns one page in CloudFront's format, by Marker and MaxItems, at most 100."""
    size = min(int(request.get("MaxItems") or 100), 100)
    found, following = page(items, size, request.get("Marker"), bad_token="InvalidArgument")
    answer = {
        "Marker": request.get("Marker") or "",
        "MaxItems": size,
        "IsTruncated": following is not None,
        "Quantity": len(found),
    }
    if found:
        answer["Items"] = found
    if following:
        answer["NextMarker"] = following
    return answer


def items_of(of: dict | None) -> list:
    return (of or {}).get("Items") or []


def check_quantities(of, path: str = "") -> None:
    """https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html, InconsistentQuantities."""
    if isinstance(of, dict):
        if "Quantity" in of and int(of["Quantity"]) != len(items_of(of)):
            raise error("InconsistentQuantities", f"The value of Quantity and the size of Items do not match: {path}")
        for key, value in of.items():
            check_quantities(value, f"{path}.{key}")
    elif isinstance(of, list):
        for value in of:
            check_quantities(value, path)


def tag_list(of: dict[str, str]) -> dict:
    return {"Items": [{"Key": key, "Value": value} for key, value in sorted(of.items())]}


def add_tags(call, arn: str, tags: dict | None) -> None:
    store(call).tags[arn].update({tag["Key"]: tag.get("Value") or "" for tag in items_of(tags)})


def tagged(call) -> dict[str, dict[str, str]]:
    """Returns tags by ARN. For tagging, CloudFront is a service of us-east-1."""
    return store(call).tags if call.region == "us-east-1" else {}


def behaviors(config: dict) -> list[dict]:
    return [config["DefaultCacheBehavior"], *items_of(config.get("CacheBehaviors"))]


def arns_using(account: str, uses) -> list[str]:
    """Returns the ARNs of an account's distributions whose configuration matches, for other services."""
    return [item.arn for item in _stores[account].distributions.values() if uses(item.config)]


def distributions_using(call, uses) -> list[Item]:
    """Returns the distributions whose configuration matches."""
    return [item for item in store(call).distributions.values() if uses(item.config)]
