#!/usr/bin/env python3
"""Holds resources against CloudFormation's resource schemas, as cfn-lint carries them, for us-east-1.

    localstack/python localstack/check_templates.py <RESOURCES

RESOURCES is a JSON array, or one JSON object a line, of {"id": ..., "type": "AWS::EC2::VPC", "properties": {...}}.
Unknown and missing properties, types, enums, patterns and cfn-lint's own knowledge of each type are checked; each
violation is printed with the id and the place, and the exit code is 1 if there is one. A string that contains a
reference not yet resolved, `${kind.name.output}`, counts as right wherever it stands.
"""

import json
import re
import sys

from cfnlint.api import lint
from cfnlint.config import ManualArgs

REFERENCE = re.compile(r"\$\{[^{}]*\}")

# What cfn-lint asks of a template, not of a resource: E1029 wants Fn::Sub around ${...}, E3502 wants the dead-letter
# queue to be looked at.
OF_TEMPLATES = ["E1029", "E3502"]


def read(text: str) -> list[dict]:
    text = text.strip()
    if text.startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def check(resources: list[dict]):
    """Yields (id, path, message). All resources are one template to cfn-lint, under names it allows."""
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
            ignore_checks=["W", "I", *OF_TEMPLATES],
            # A template may write 80 as "80"; what is sent to a service may not.
            configure_rules={"E3012": {"strict": True}},
        ),
    )
    for match in matches:
        path = list(getattr(match, "path", None) or [])
        if path[:1] != ["Resources"] or len(path) < 2:
            yield "template", "", match.message
            continue
        resource = resources[int(path[1][1:])]
        if REFERENCE.search(str(at(template, path))):
            continue
        yield resource["id"], ".".join(str(step) for step in path[3:]), match.message


def at(value, path):
    """The scalar at a path; nothing for what holds other values, whose violations are its own."""
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
