"""Saved queries, and running queries.

The query language is not implemented: a query over log groups that exist completes immediately, with the results of
moto.
"""

import uuid
from collections import defaultdict

from ...lists import answer
from ...overrides import error, override
from .groups import require

# Saved queries by account and region, then by ID.
_saved: dict[tuple, dict[str, dict]] = defaultdict(dict)
# The ID returned for each client token.
_tokens: dict[tuple, str] = {}


def _queries_of(call) -> dict[str, dict]:
    return _saved[call.account, call.region]


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html: Names are not
# unique. With an ID, the request overwrites that query, and removes its log groups unless it lists them again. A
# repeated client token does not create a second query.
@override("logs", "PutQueryDefinition")
def put_query_definition(call, request):
    own, token = _queries_of(call), (call.account, call.region, request.get("clientToken"))
    known = request.get("queryDefinitionId")
    if known and known not in own:
        raise error("ResourceNotFoundException", "The specified query definition does not exist.")
    if not known and request.get("clientToken") and token in _tokens:
        return {"queryDefinitionId": _tokens[token]}
    key = known or str(uuid.uuid4())
    kept = ("name", "queryString", "logGroupNames", "queryLanguage")
    own[key] = {"queryLanguage": "CWLI", "queryDefinitionId": key} | {
        name: request[name] for name in kept if request.get(name)
    }
    if request.get("clientToken"):
        _tokens[token] = key
    return {"queryDefinitionId": key}


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueryDefinitions.html: Up to 1000
# queries a page.
@override("logs", "DescribeQueryDefinitions")
def describe_query_definitions(call, request):
    prefix = request.get("queryDefinitionNamePrefix") or ""
    found = [query for query in _queries_of(call).values() if query["name"].startswith(prefix)]
    found.sort(key=lambda query: (query["name"], query["queryDefinitionId"]))
    size = request.get("maxResults") or 1000
    return answer("queryDefinitions", found, request, size, "nextToken", "InvalidParameterException")


@override("logs", "DeleteQueryDefinition")
def delete_query_definition(call, request):
    if _queries_of(call).pop(request["queryDefinitionId"], None) is None:
        raise error("ResourceNotFoundException", "The specified query definition does not exist.")
    return {"success": True}


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html: Up to 50 log groups, which
# must exist. The end time must not be before the start time.
@override("logs", "StartQuery")
def start_query(call, request):
    names = request.get("logGroupNames") or [request.get("logGroupName")]
    if not all(names):
        raise error("InvalidParameterException", "Exactly one of the log group parameters is required.")
    if len(names) > 50:
        raise error("InvalidParameterException", "A query can cover up to 50 log groups.")
    for name in names:
        require(call, name)
    if request["endTime"] < request["startTime"]:
        raise error("MalformedQueryException", "End time should not be less than start time.")
    return call()
