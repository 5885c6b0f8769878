#!/usr/bin/env python3
"""Validates recorded requests against botocore's service models.

    localstack/python localstack/check_requests.py FILE...

FILE is what LocalStack wrote with TENFOLD_LS_RECORD=FILE. The script prints each violation with its line number:
unknown operations and members, missing required members, wrong types, lengths and ranges, values outside an enum,
strings that do not match a pattern. The exit code is 1 if there are violations.
"""

import json
import re
import sys
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator


@cache
def service_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def check(line: dict):
    model = service_model(line["service"])
    name = line["operation"]
    if name not in model.operation_names:
        yield "no such operation"
        return
    for member in line.get("unknown", []):
        yield f"unknown member on the wire: {member}"
    shape = model.operation_model(name).input_shape
    if shape is None:
        return
    report = ParamValidator().validate(line["parameters"], shape)
    if report.has_errors():
        yield from report.generate_report().splitlines()
    yield from check_details(line["parameters"], shape, "")


def check_details(value, shape, path: str):
    """Checks what ParamValidator does not: enums, upper bounds and patterns."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for name, item in value.items():
            if name in shape.members:
                yield from check_details(item, shape.members[name], f"{path}.{name}")
    elif kind == "list" and isinstance(value, list):
        yield from bounds(len(value), "length", shape, path)
        for index, item in enumerate(value):
            yield from check_details(item, shape.member, f"{path}[{index}]")
    elif kind == "map" and isinstance(value, dict):
        yield from bounds(len(value), "length", shape, path)
        for key, item in value.items():
            yield from check_details(key, shape.key, f"{path}.(key {key})")
            yield from check_details(item, shape.value, f"{path}.{key}")
    elif kind == "string" and isinstance(value, str):
        yield from bounds(len(value), "length", shape, path)
        if shape.enum and value not in shape.enum:
            yield f"{path.lstrip('.')}: {value!r} is not one of {', '.join(shape.enum)}"
        pattern = compiled(shape.metadata.get("pattern"))
        if pattern and not pattern.fullmatch(value):
            yield f"{path.lstrip('.')}: {value!r} does not match {pattern.pattern}"
    elif kind in ("integer", "long", "float", "double") and isinstance(value, (int, float)):
        yield from bounds(value, "value", shape, path)


def bounds(value, what: str, shape, path: str):
    # ParamValidator checks the lower bound.
    limit = shape.metadata.get("max")
    if limit is not None and value > limit:
        yield f"{path.lstrip('.')}: {what} {value} is more than {limit}"


@cache
def compiled(pattern: str | None):
    """Returns the compiled pattern, or None. Models contain patterns of other dialects (POSIX classes, Java's escapes),
    which Python cannot parse.
    """
    if not pattern or "[:" in pattern or r"\p{" in pattern:
        return None
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None


def main(files: list[str]) -> int:
    if not files or files[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    requests, violations, operations = 0, 0, set()
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for number, text in enumerate(lines, 1):
                line = json.loads(text)
                requests += 1
                operations.add((line["service"], line["operation"]))
                for violation in check(line):
                    violations += 1
                    print(f"{file}:{number}: {line['service']} {line['operation']}: {violation}")
    if violations:
        print(f"{violations} violations in {requests} requests of {len(operations)} operations")
        return 1
    print(f"{requests} requests of {len(operations)} operations valid")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
