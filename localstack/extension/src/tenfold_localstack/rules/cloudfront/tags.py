"""Tags of distributions and VPC origins.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html
"""

from ...overrides import error, override
from . import keep_tags, names, store, tag_list


def _known(call, arn: str) -> str:
    everything = store(call)
    items = [*everything.distributions.values(), *everything.vpc_origins.values(), *everything.functions.values()]
    if not any(item.arn == arn for item in items):
        raise error("NoSuchResource", f"The resource does not exist: {arn}", 404)
    return arn


@override("cloudfront", "TagResource")
def tag_resource(call, request):
    keep_tags(call, _known(call, request["Resource"]), request["Tags"])
    return {}


@override("cloudfront", "UntagResource")
def untag_resource(call, request):
    tags = store(call).tags[_known(call, request["Resource"])]
    for key in names(request["TagKeys"]):
        tags.pop(key, None)
    return {}


@override("cloudfront", "ListTagsForResource")
def list_tags(call, request):
    return {"Tags": tag_list(store(call).tags[_known(call, request["Resource"])])}
