"""Metric filters."""

from localstack.services.logs.models import get_moto_logs_backend

from ...lists import answer as paged
from ...overrides import error, override
from .groups import require

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
_MAX_FILTERS = 100


def metric_filters(call) -> list[dict]:
    return get_moto_logs_backend(call.account, call.region).filters.metric_filters


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html: The log group must
# exist. A filter of the same name is replaced as a whole.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html: A metric has at
# most three dimensions, and no default value with dimensions.
@override("logs", "PutMetricFilter")
def put_metric_filter(call, request):
    group, name = request["logGroupName"], request["filterName"]
    require(call, group)
    for transformation in request["metricTransformations"]:
        dimensions = transformation.get("dimensions") or {}
        if dimensions and transformation.get("defaultValue") is not None:
            raise error("InvalidParameterException", "Default value and dimensions exclude each other.")
        if len(dimensions) > 3:
            raise error("InvalidParameterException", "Up to 3 dimensions are allowed.")
    known = metric_filters(call)
    others = [one for one in known if (one["logGroupName"], one["filterName"]) != (group, name)]
    if sum(one["logGroupName"] == group for one in others) >= _MAX_FILTERS:
        raise error("LimitExceededException", "Resource limit exceeded.")
    known[:] = others
    return call()


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html: The filters of
# all log groups unless one is given, up to 50 a page.
@override("logs", "DescribeMetricFilters")
def describe_metric_filters(call, request):
    if request.get("logGroupName"):
        require(call, request["logGroupName"])
    answer = call({name: value for name, value in request.items() if name not in ("limit", "nextToken")})
    found = sorted(answer.get("metricFilters") or [], key=lambda one: (one["logGroupName"], one["filterName"]))
    size = request.get("limit") or 50
    return paged("metricFilters", found, request, size, "nextToken", "InvalidParameterException")


@override("logs", "DeleteMetricFilter")
def delete_metric_filter(call, request):
    group, name = request["logGroupName"], request["filterName"]
    require(call, group)
    if not any(one["logGroupName"] == group and one["filterName"] == name for one in metric_filters(call)):
        raise error("ResourceNotFoundException", "The specified metric filter does not exist.")
    return call()
