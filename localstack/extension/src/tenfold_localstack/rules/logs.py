"""CloudWatch Logs."""

from ..lists import page
from ..overrides import override


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html: up to 50 a page.
@override("logs", "DescribeLogGroups")
def describe_log_groups(call, request):
    answer = call.parsed({name: value for name, value in request.items() if name not in ("limit", "nextToken")})
    items, token = page(
        answer.get("logGroups") or [],
        request.get("limit") or 50,
        request.get("nextToken"),
        bad_token="InvalidParameterException",
    )
    answer["logGroups"] = items
    return answer | ({"nextToken": token} if token else {})
