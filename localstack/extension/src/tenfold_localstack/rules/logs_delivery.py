"""Deliveries of vended logs: sources, destinations, and the deliveries that connect them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
"""

import copy
import random
import string
from collections import defaultdict

from ..lists import answer
from ..overrides import error, override
from . import cloudfront


class _Store:
    def __init__(self):
        self.sources: dict[str, dict] = {}
        self.destinations: dict[str, dict] = {}
        self.deliveries: dict[str, dict] = {}


_stores: dict[tuple, _Store] = defaultdict(_Store)


def _store(call) -> _Store:
    return _stores[call.account, call.region]


def _get(items: dict[str, dict], name: str, what: str) -> dict:
    if name not in items:
        raise error("ResourceNotFoundException", f"The requested {what} {name} does not exist.")
    return items[name]


def _page(call, items, member: str, request: dict) -> dict:
    found, size = [copy.deepcopy(one) for one in items], min(request.get("limit") or 50, 50)
    return answer(member, found, request, size, "nextToken", "ValidationException")


def _arn(call, kind: str, name: str) -> str:
    return f"arn:aws:logs:{call.region}:{call.account}:{kind}:{name}"


def _with_tags(item: dict, request: dict, old: dict | None) -> dict:
    """Copies the tags of the first put; later puts do not change them."""
    item["tags"] = (old or {}).get("tags") or dict(request.get("tags") or {})
    return item


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html: A resource has one
# source for each log type. CloudFront's sources are in us-east-1.
@override("logs", "PutDeliverySource")
def put_source(call, request):
    items, name, arn = _store(call).sources, request["name"], request["resourceArn"]
    service = arn.split(":")[2]
    if service == "cloudfront":
        known = any(item.arn == arn for item in cloudfront.store(call).distributions.values())
        if call.region != "us-east-1" or not known:
            raise error("ResourceNotFoundException", f"The resource {arn} does not exist here.")
    for other in items.values():
        if other["name"] != name and other["resourceArns"] == [arn] and other["logType"] == request["logType"]:
            raise error("ConflictException", "This ResourceId has already been used in another Delivery Source.")
    item = {
        "name": name,
        "arn": _arn(call, "delivery-source", name),
        "resourceArns": [arn],
        "service": service,
        "logType": request["logType"],
    }
    items[name] = _with_tags(item, request, items.get(name))
    return {"deliverySource": copy.deepcopy(items[name])}


@override("logs", "GetDeliverySource")
def get_source(call, request):
    return {"deliverySource": copy.deepcopy(_get(_store(call).sources, request["name"], "delivery source"))}


@override("logs", "DescribeDeliverySources")
def describe_sources(call, request):
    return _page(call, _store(call).sources.values(), "deliverySources", request)


@override("logs", "DeleteDeliverySource")
def delete_source(call, request):
    store, name = _store(call), request["name"]
    _get(store.sources, name, "delivery source")
    if any(one["deliverySourceName"] == name for one in store.deliveries.values()):
        raise error("ConflictException", "This Delivery Source cannot be deleted because it has deliveries.")
    del store.sources[name]
    return {}


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliveryDestination.html: The destination
# type follows from the resource. The output format cannot be changed.
@override("logs", "PutDeliveryDestination")
def put_destination(call, request):
    items, name = _store(call).destinations, request["name"]
    to = request["deliveryDestinationConfiguration"]["destinationResourceArn"]
    kinds = {"s3": "S3", "logs": "CWL", "firehose": "FH"}
    old = items.get(name)
    if old and request.get("outputFormat") not in (None, old.get("outputFormat")):
        raise error("ValidationException", "The output format of a delivery destination cannot be changed.")
    item = {
        "name": name,
        "arn": _arn(call, "delivery-destination", name),
        "deliveryDestinationType": kinds.get(to.split(":")[2], "S3"),
        "deliveryDestinationConfiguration": {"destinationResourceArn": to},
    }
    if request.get("outputFormat"):
        item["outputFormat"] = request["outputFormat"]
    items[name] = _with_tags(item, request, old)
    return {"deliveryDestination": copy.deepcopy(items[name])}


@override("logs", "GetDeliveryDestination")
def get_destination(call, request):
    item = _get(_store(call).destinations, request["name"], "delivery destination")
    return {"deliveryDestination": copy.deepcopy(item)}


@override("logs", "DescribeDeliveryDestinations")
def describe_destinations(call, request):
    return _page(call, _store(call).destinations.values(), "deliveryDestinations", request)


@override("logs", "DeleteDeliveryDestination")
def delete_destination(call, request):
    store = _store(call)
    item = _get(store.destinations, request["name"], "delivery destination")
    if any(one["deliveryDestinationArn"] == item["arn"] for one in store.deliveries.values()):
        raise error("ConflictException", "This Delivery Destination cannot be deleted because it has deliveries.")
    del store.destinations[request["name"]]
    return {}


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html: One delivery for each
# pair of source and destination.
@override("logs", "CreateDelivery")
def create_delivery(call, request):
    store = _store(call)
    _get(store.sources, request["deliverySourceName"], "delivery source")
    to = request["deliveryDestinationArn"]
    destination = next((one for one in store.destinations.values() if one["arn"] == to), None)
    if destination is None:
        raise error("ResourceNotFoundException", f"The requested delivery destination {to} does not exist.")
    pair = ("deliverySourceName", "deliveryDestinationArn")
    if any(all(one[name] == request[name] for name in pair) for one in store.deliveries.values()):
        raise error("ConflictException", "A delivery already exists between this source and destination.")
    name = "".join(random.choices(string.ascii_letters + string.digits, k=16))
    item = {
        "id": name,
        "arn": _arn(call, "delivery", name),
        "deliverySourceName": request["deliverySourceName"],
        "deliveryDestinationArn": to,
        "deliveryDestinationType": destination["deliveryDestinationType"],
        **_settings(request),
    }
    store.deliveries[name] = _with_tags(item, request, None)
    return {"delivery": copy.deepcopy(item)}


def _settings(request: dict) -> dict:
    members = ("recordFields", "fieldDelimiter", "s3DeliveryConfiguration")
    return {name: copy.deepcopy(request[name]) for name in members if name in request}


@override("logs", "GetDelivery")
def get_delivery(call, request):
    return {"delivery": copy.deepcopy(_get(_store(call).deliveries, request["id"], "delivery"))}


@override("logs", "DescribeDeliveries")
def describe_deliveries(call, request):
    return _page(call, _store(call).deliveries.values(), "deliveries", request)


@override("logs", "UpdateDeliveryConfiguration")
def update_delivery(call, request):
    _get(_store(call).deliveries, request["id"], "delivery").update(_settings(request))
    return {}


@override("logs", "DeleteDelivery")
def delete_delivery(call, request):
    _get(_store(call).deliveries, request["id"], "delivery")
    del _store(call).deliveries[request["id"]]
    return {}


def tags_of(call, arn: str) -> dict | None:
    """Returns the tags of a delivery, its source or its destination; None for other CloudWatch Logs resources."""
    store = _store(call)
    for item in [*store.sources.values(), *store.destinations.values(), *store.deliveries.values()]:
        if item["arn"] == arn:
            return item["tags"]
    return None
