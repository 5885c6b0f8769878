"""Log groups and their tags."""

from localstack.services.logs.models import get_moto_logs_backend, logs_stores

from ...lists import page
from ...overrides import error, override
from .. import logs_delivery

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html: the allowed
# retention periods in days.
RETENTION = {
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
}


def groups(call) -> dict:
    """Returns log groups by name."""
    return get_moto_logs_backend(call.account, call.region).groups


def require(call, name: str) -> None:
    if name not in groups(call):
        raise error("ResourceNotFoundException", "The specified log group does not exist.")


def _tags(call) -> dict[str, dict]:
    """Returns tags by ARN."""
    return logs_stores[call.account][call.region].TAGS


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html: Up to 50 log groups a
# page. `arn` ends in `:*`, `logGroupArn` does not.
@override("logs", "DescribeLogGroups")
def describe_log_groups(call, request):
    answer = call.parsed({name: value for name, value in request.items() if name not in ("limit", "nextToken")})
    items, token = page(
        answer.get("logGroups") or [],
        request.get("limit") or 50,
        request.get("nextToken"),
        bad_token="InvalidParameterException",
    )
    answer["logGroups"] = [group | {"logGroupArn": group["arn"].removesuffix(":*")} for group in items]
    return answer | ({"nextToken": token} if token else {})


# A log group's metric filters and tags are deleted with it: a new group of the same name does not have them.
@override("logs", "DeleteLogGroup")
def delete_log_group(call, request):
    require(call, request["logGroupName"])
    arn = groups(call)[request["logGroupName"]].arn.removesuffix(":*")
    answer = call()
    _tags(call).pop(arn, None)
    filters = get_moto_logs_backend(call.account, call.region).filters.metric_filters
    filters[:] = [one for one in filters if one["logGroupName"] != request["logGroupName"]]
    return answer


@override("logs", "PutRetentionPolicy")
def put_retention_policy(call, request):
    require(call, request["logGroupName"])
    if request["retentionInDays"] not in RETENTION:
        raise error("InvalidParameterException", "1 validation error detected: invalid value at 'retentionInDays'")
    return call()


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
@override("logs", "AssociateKmsKey")
def associate_kms_key(call, request):
    require(call, request["logGroupName"])
    groups(call)[request["logGroupName"]].kms_key_id = request["kmsKeyId"]
    return {}


@override("logs", "DisassociateKmsKey")
def disassociate_kms_key(call, request):
    require(call, request["logGroupName"])
    groups(call)[request["logGroupName"]].kms_key_id = None
    return {}


def _taggable(call, arn: str) -> dict:
    """Returns the tags of a log group or a delivery resource.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html: The ARN of a log group
    has no `:*` at the end.
    """
    delivery = logs_delivery.tags_of(call, arn)
    if delivery is not None:
        return delivery
    name = arn.partition(":log-group:")[2]
    if name.endswith(":*"):
        raise error("InvalidParameterException", f"Invalid resource ARN {arn}")
    if name and name not in groups(call):
        raise error("ResourceNotFoundException", "The specified resource does not exist.")
    return _tags(call).setdefault(arn, {})


@override("logs", "TagResource")
def tag_resource(call, request):
    tags = _taggable(call, request["resourceArn"])
    if len({**tags, **request["tags"]}) > 50:
        raise error("TooManyTagsException", "A resource can have no more than 50 tags.")
    tags.update(request["tags"])
    return {}


@override("logs", "UntagResource")
def untag_resource(call, request):
    tags = _taggable(call, request["resourceArn"])
    for key in request["tagKeys"]:
        tags.pop(key, None)
    return {}


@override("logs", "ListTagsForResource")
def list_tags_for_resource(call, request):
    return {"tags": dict(_taggable(call, request["resourceArn"]))}
