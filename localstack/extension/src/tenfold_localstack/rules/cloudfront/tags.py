"""Tags of distributions and VPC origins.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html
"""

from ...overrides import error, override
from . import add_tags, items_of, store, tag_list


def _require_resource(call, arn: str) -> str:
    everything = store(call)
    items = [*everything.distributions.values(), *everything.vpc_origins.values(), *everything.functions.values()]
    if not any(item.arn == arn for item in items):
        raise error("NoSuchResource", f"The resource does not exist: {arn}", 404)
    return arn


@override("cloudfront", "TagResource")
def tag_resource(call, request):
    add_tags(call, _require_resource(call, request["Resource"]), request["Tags"])
    return {}


@override("cloudfront", "UntagResource")
def untag_resource(call, request):
    tags = store(call).tags[_require_resource(call, request["Resource"])]
    for key in items_of(request["TagKeys"]):
        tags.pop(key, None)
    return {}


@override("cloudfront", "ListTagsForResource")
def list_tags(call, request):
    return {"Tags": tag_list(store(call).tags[_require_resource(call, request["Resource"])])}
