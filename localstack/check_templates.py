#!/usr/bin/env python3
"""Validates resources against CloudFormation's resource schemas for us-east-1, which cfn-lint includes.

    localstack/python localstack/check_templates.py <RESOURCES

RESOURCES is a JSON array, or one JSON object per line, of {"id": ..., "type": "AWS::EC2::VPC", "properties": {...}}.
The script checks unknown and missing properties, types, enums, patterns and cfn-lint's own rules for each type. It
prints each violation with the resource's ID and the property's path; the exit code is 1 if there are violations. A
string that contains an unresolved reference, `${kind.name.output}`, is valid everywhere.
"""

import json
import re
import sys

from cfnlint.api import lint
from cfnlint.config import ManualArgs

REFERENCE = re.compile(r"\$\{[^{}]*\}")

# Checks that apply to a template, not to a resource: E1029 requires Fn::Sub around ${...}, E3502 checks the dead-letter
# queue.
TEMPLATE_CHECKS = ["E1029", "E3502"]


def read(text: str) -> list[dict]:
    text = text.strip()
    if text.startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def check(resources: list[dict]):
    """Yields (id, path, message). cfn-lint gets all resources in one template, with logical names that it allows."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            f"R{index}": {"Type": resource["type"], "Properties": resource["properties"]}
            for index, resource in enumerate(resources)
        },
    }
    matches = lint(
        json.dumps(template),
        config=ManualArgs(
            regions=["us-east-1"],
            ignore_checks=["W", "I", *TEMPLATE_CHECKS],
            # A template may contain 80 as "80"; a request to a service may not.
            configure_rules={"E3012": {"strict": True}},
        ),
    )
    for match in matches:
        path = list(getattr(match, "path", None) or [])
        if path[:1] != ["Resources"] or len(path) < 2:
            yield "template", "", match.message
            continue
        resource = resources[int(path[1][1:])]
        if REFERENCE.search(str(value_at(template, path))):
            continue
        yield resource["id"], ".".join(str(step) for step in path[3:]), match.message


def value_at(value, path):
    """Returns the scalar at a path, or "" for a list or dict, whose members have violations of their own."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return "" if isinstance(value, (dict, list)) else value


def main() -> int:
    if sys.argv[1:]:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    resources = read(sys.stdin.read())
    violations = sorted(set(check(resources)))
    for name, path, message in violations:
        print(f"{name}: {path + ': ' if path else ''}{message}")
    if violations:
        print(f"{len(violations)} violations in {len(resources)} resources")
        return 1
    print(f"{len(resources)} resources valid")
    return 0


if __name__ == "__main__":
    sys.exit(main())
