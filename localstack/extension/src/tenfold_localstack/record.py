"""Records each external request as one line of JSON, which check_requests.py validates against the service models.

LocalStack parses a request by the service model and drops members that the model does not define. These are recorded as
`unknown`. REST protocols are the exception: their parameters are headers, paths and free-form documents, so unknown
members cannot be recognised.
"""

import base64
import json
import threading
import time
from datetime import datetime

import cbor2
from botocore.serialize import create_serializer

_lock = threading.Lock()


def install(path: str) -> None:
    from localstack.aws import handlers

    def record(_chain, context, _response):
        if context.operation is None or context.is_internal_call:
            return
        line = {
            "time": round(time.time(), 3),
            "service": context.service.service_name,
            "operation": context.operation.name,
            "account": context.account_id,
            "region": context.region,
            "parameters": _with_booleans(context.operation, _to_json(context.service_request or {})),
            "unknown": _unknown(context),
        }
        with _lock, open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")

    handlers.serve_custom_service_request_handlers.append(record)


def _with_booleans(operation, parameters: dict) -> dict:
    """Converts booleans in query strings, which LocalStack leaves as strings."""
    members = operation.input_shape.members if operation.input_shape else {}
    for name, value in parameters.items():
        shape = members.get(name)
        in_query = shape is not None and shape.serialization.get("location") == "querystring"
        if in_query and shape.type_name == "boolean" and value in ("true", "false"):
            parameters[name] = value == "true"
    return parameters


def _to_json(value):
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return "<stream>"


def _unknown(context) -> list[str]:
    if context.protocol in ("query", "ec2"):
        sent = set(context.request.form) | set(context.request.args)
        body = create_serializer(context.protocol, False).serialize_to_request(
            dict(context.service_request or {}), context.operation
        )["body"]
        # Some clients send an empty list as a name without a value.
        return sorted(name for name in sent - set(body) if context.request.values.get(name))
    shape = context.operation.input_shape
    if shape and context.protocol == "json":
        return sorted(_unknown_members(json.loads(context.request.get_data() or b"{}"), shape, ""))
    if shape and context.protocol == "smithy-rpc-v2-cbor":
        return sorted(_unknown_members(cbor2.loads(context.request.get_data() or b"\xa0"), shape, ""))
    return []


def _unknown_members(value, shape, path):
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, item in value.items():
            if name in shape.members:
                yield from _unknown_members(item, shape.members[name], f"{path}{name}.")
            else:
                yield path + name
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _unknown_members(item, shape.member, path)
    elif shape.type_name == "map" and isinstance(value, dict):
        for item in value.values():
            yield from _unknown_members(item, shape.value, path)
