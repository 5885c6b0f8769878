"""Tags of load balancers, target groups, listeners and rules."""

from ...overrides import error, override
from . import backend, listener, load_balancer, rule, target_group

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-tags.html
_MAX_TAGS = 50


def _check(call, arn: str) -> None:
    for part, find in (
        (":targetgroup/", target_group),
        (":loadbalancer/", load_balancer),
        (":listener-rule/", rule),
        (":listener/", listener),
    ):
        if part in arn:
            find(call, arn)
            return
    raise error("ValidationError", f"'{arn}' is not a valid load balancer, target group, listener or rule ARN")


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html: Up to 20 ARNs in a
# request.
@override("elbv2", "DescribeTags")
def describe_tags(call, request):
    arns = request["ResourceArns"]
    if len(arns) > 20:
        raise error("ValidationError", "The number of resource ARNs cannot be more than 20")
    for arn in arns:
        _check(call, arn)
    tags = backend(call).tagging_service
    return {"TagDescriptions": [{"ResourceArn": arn, "Tags": tags.list_tags_for_resource(arn)["Tags"]} for arn in arns]}


@override("elbv2", "AddTags")
def add_tags(call, request):
    tags = backend(call).tagging_service
    new = {tag["Key"] for tag in request["Tags"]}
    if len(new) < len(request["Tags"]):
        raise error("DuplicateTagKeys", "A tag key was specified more than once")
    for arn in request["ResourceArns"]:
        _check(call, arn)
        if len(new | set(tags.get_tag_dict_for_resource(arn))) > _MAX_TAGS:
            raise error("TooManyTags", f"You cannot assign more than {_MAX_TAGS} tags")
    for arn in request["ResourceArns"]:
        tags.tag_resource(arn, request["Tags"])
    return {}
