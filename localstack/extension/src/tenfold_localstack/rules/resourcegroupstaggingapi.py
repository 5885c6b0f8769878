"""Resource Groups Tagging: lists the tagged resources of all services.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from localstack.services.s3.models import s3_stores
from localstack.services.sns.models import sns_stores
from localstack.services.sqs.models import sqs_stores
from moto.ec2.models import ec2_backends
from moto.resourcegroupstaggingapi.models import resourcegroupstaggingapi_backends

from .. import tags
from ..lists import page
from ..overrides import error, override
from . import cloudfront, wafv2
from .elasticache import store as elasticache
from .rds import store as rds


def _all_tags(call) -> dict[str, dict[str, str]]:
    """Returns tags by ARN, from moto and from the stores outside moto."""
    known = resourcegroupstaggingapi_backends[call.account][call.region]._get_resources_generator([], None)
    found = {item["ResourceARN"]: tags.to_dict(item) for item in known}
    for queue in sqs_stores[call.account][call.region].queues.values():
        found[queue.arn] = dict(queue.tags)
    for topic in sns_stores[call.account][call.region].topics:
        found[topic] = dict(sns_stores[call.account][call.region].tags.get_tags(topic))
    buckets = s3_stores[call.account][call.region]
    for bucket in buckets.buckets.values():
        found[bucket.bucket_arn] = dict(buckets.tags.get_tags(bucket.bucket_arn))
    ec2 = ec2_backends[call.account][call.region]
    for template in ec2.launch_templates:
        arn = f"arn:aws:ec2:{call.region}:{call.account}:launch-template/{template}"
        found[arn] = dict(ec2.tags.get(template) or {})
    for source in (cloudfront.tagged, elasticache.tagged, rds.tagged, wafv2.tagged):
        found |= source(call)
    return {arn: own for arn, own in found.items() if own}


def _matches_tags(own: dict[str, str], filters: list[dict]) -> bool:
    """Whether the tags match all filters. A filter matches any of its values, or the key alone if it has none."""
    return all(one["Key"] in own and (not one.get("Values") or own[one["Key"]] in one["Values"]) for one in filters)


def _matches_types(arn: str, types: list[str]) -> bool:
    """Whether an ARN matches `service` or `service:type`, with the type as in ARNs.

    Some ARNs, such as those of queues, have no type.
    """
    service, rest = arn.split(":")[2], arn.split(":", 5)[5]
    kind = rest.replace("/", ":").split(":")[0] if "/" in rest or ":" in rest else None
    for one in types:
        wanted, _, of = one.partition(":")
        if wanted == service and (not of or kind in (None, of)):
            return True
    return not types


@override("resourcegroupstaggingapi", "GetResources")
def get_resources(call, request):
    filters, types = request.get("TagFilters") or [], request.get("ResourceTypeFilters") or []
    arns = request.get("ResourceARNList") or []
    if arns and (filters or types):
        raise error("InvalidParameterException", "ResourceARNList cannot be used with filters.")
    size = request.get("ResourcesPerPage") or 50
    if not 1 <= size <= 100:
        raise error("InvalidParameterException", "ResourcesPerPage must be from 1 to 100.")
    found = [
        {"ResourceARN": arn, "Tags": tags.to_list(own)}
        for arn, own in sorted(_all_tags(call).items())
        if _matches_tags(own, filters) and _matches_types(arn, types) and (not arns or arn in arns)
    ]
    items, token = page(found, size, request.get("PaginationToken"), bad_token="PaginationTokenExpiredException")
    return {"ResourceTagMappingList": items, "PaginationToken": token or ""}


# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagKeys.html.
@override("resourcegroupstaggingapi", "GetTagKeys")
def get_tag_keys(call, request):
    keys = {key for own in _all_tags(call).values() for key in own}
    items, token = page(sorted(keys), 100, request.get("PaginationToken"), bad_token="PaginationTokenExpiredException")
    return {"TagKeys": items, "PaginationToken": token or ""}


# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagValues.html
@override("resourcegroupstaggingapi", "GetTagValues")
def get_tag_values(call, request):
    values = {own[request["Key"]] for own in _all_tags(call).values() if request["Key"] in own}
    items, token = page(
        sorted(values), 100, request.get("PaginationToken"), bad_token="PaginationTokenExpiredException"
    )
    return {"TagValues": items, "PaginationToken": token or ""}
