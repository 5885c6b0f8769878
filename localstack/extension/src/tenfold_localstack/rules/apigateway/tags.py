"""Tags are stored with their resource and returned with it.

https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html: Stages, APIs, usage plans, keys and domains are
addressed by ARN.
"""

from ...overrides import error, override
from . import api, key, plan, stage, store


def _tagged(call, arn: str) -> dict:
    """Returns the tags of the resource with this ARN, to be changed in place."""
    path = arn.split(":", 5)[-1].strip("/").split("/")
    match path:
        case ["restapis", api_id]:
            return _tags_of(api(call, api_id))
        case ["restapis", api_id, "stages", name]:
            return _tags_of(stage(call, api_id, name))
        case ["usageplans", plan_id]:
            return _tags_of(plan(call, plan_id))
        case ["apikeys", key_id]:
            return _tags_of(key(call, key_id))
        case ["domainnames", name]:
            domain = store(call).domain_names.get(name)
            if domain is None:
                raise error("NotFoundException", "Invalid domain name identifier specified", 404)
            return domain.setdefault("tags", {})
    raise error("NotFoundException", f"Invalid resource ARN {arn}", 404)


def _tags_of(resource) -> dict:
    resource.tags = resource.tags or {}
    return resource.tags


@override("apigateway", "TagResource")
def tag_resource(call, request):
    tags = _tagged(call, request["resourceArn"])
    if len({**tags, **request["tags"]}) > 50:
        raise error("LimitExceededException", "Too many tags", 429)
    tags.update(request["tags"])
    return {}


@override("apigateway", "UntagResource")
def untag_resource(call, request):
    tags = _tagged(call, request["resourceArn"])
    for name in request["tagKeys"]:
        tags.pop(name, None)
    return {}


@override("apigateway", "GetTags")
def get_tags(call, request):
    return {"tags": dict(_tagged(call, request["resourceArn"]))}
