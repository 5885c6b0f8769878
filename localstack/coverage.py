"""Writes COVERAGE.md: which operations of which services the tests of the extension hold, and what they refuse.

    localstack/python localstack/coverage.py            writes it
    localstack/python localstack/coverage.py --print    prints it instead

It reads tests/extension and runs nothing. A call counts for the test that makes it, by itself or by a helper of its
file; a refusal is the code that `with refused(...)` around a call asks for.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import botocore.session
from botocore import xform_name

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "extension"
SHOWN = 4  # tests a row, lest some rows fill pages

HEAD = """# What the tests of the extension hold

By `localstack/python localstack/coverage.py`, from `tests/extension`. Each row is an operation with what holds of it, in the
words of the tests that call it, and the codes that they see it refused with. What has no row is as LocalStack has it.
"""


class Models:
    """Operations by the names that clients have for them."""

    def __init__(self):
        self.session = botocore.session.get_session()
        self.services = set(self.session.get_available_services())
        self.known: dict[str, dict[str, str]] = {}

    def operations(self, service: str) -> dict[str, str]:
        if service not in self.known:
            names = self.session.get_service_model(service).operation_names
            self.known[service] = {xform_name(name): name for name in names}
        return self.known[service]


class Calls(ast.NodeVisitor):
    """What one function or class calls itself, and the names that it uses."""

    def __init__(self, node, models: Models, aliases: dict[str, set[str]], services: set[str]):
        self.models, self.services = models, services
        # A name of its own goes before the same name elsewhere in the file.
        self.aliases = aliases | aliases_of(node, models.services)[0]
        self.codes: list[str] = []
        self.found: set[tuple[str, str, str | None]] = set()
        self.names: set[str] = set()
        self.visit(node)

    def visit_With(self, node):
        codes = [code for item in node.items if (code := _refusal(item.context_expr))]
        self.codes += codes
        self.generic_visit(node)
        del self.codes[len(self.codes) - len(codes) :]

    def visit_arg(self, node):
        self.names.add(node.arg)

    def visit_Name(self, node):
        self.names.add(node.id)

    def visit_Attribute(self, node):
        self.names.add(node.attr)
        service = self._service(node)
        if service:
            operation = self.models.operations(service)[node.attr]
            self.found.add((service, operation, self.codes[-1] if self.codes else None))
        self.generic_visit(node)

    def _service(self, node) -> str | None:
        named = service_of(node.value, self.models.services)
        likely = {named} if named else self.aliases.get(_tail(node.value)) or self.services
        able = [one for one in sorted(likely) if node.attr in self.models.operations(one)]
        return able[0] if len(able) == 1 else None


def _tail(node) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _refusal(node) -> str | None:
    if isinstance(node, ast.Call) and _tail(node.func) == "refused" and isinstance(node.args[0], ast.Constant):
        return node.args[0].value
    return None


def service_of(node, services: set[str]) -> str | None:
    """`aws.ec2`, `Account(url).ec2`, `aws.unchecked("ec2")`, `getattr(aws, "application-autoscaling")`."""
    if isinstance(node, ast.Call):
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return next((word for word in words if word in services), None)
    of_account = isinstance(node, ast.Attribute) and (isinstance(node.value, ast.Call) or _tail(node.value) == "aws")
    return node.attr if of_account and node.attr in services else None


def aliases_of(tree, services: set[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Names that stand for clients, and the services that there are clients of."""
    aliases, used = defaultdict(set), set()
    for node in ast.walk(tree):
        if service := service_of(node, services):
            used.add(service)
        # A fixture that is a client bears the name of its service.
        if isinstance(node, ast.arg) and node.arg in services:
            aliases[node.arg].add(node.arg)
            used.add(node.arg)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                pairs = zip(target.elts, node.value.elts, strict=False) if parts else [(target, node.value)]
                for to, value in pairs:
                    if service := service_of(value, services):
                        aliases[_tail(to)].add(service)
    return aliases, used


def of_file(path: Path, models: Models):
    """(service, operation, code or None, name of the test), over all tests of a file."""
    tree = ast.parse(path.read_text())
    aliases, services = aliases_of(tree, models.services)
    parts: dict[str, list[Calls]] = defaultdict(list)
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    methods = [one for node in definitions if isinstance(node, ast.ClassDef) for one in node.body]
    for node in [*(one for one in definitions if isinstance(one, ast.FunctionDef)), *methods]:
        if isinstance(node, ast.FunctionDef):
            parts[node.name].append(Calls(node, models, aliases, services))
    for node in definitions:
        if isinstance(node, ast.ClassDef):
            parts[node.name] += parts.get("__init__", [])
    for name in [name for name in parts if name.startswith("test_")]:
        for calls in _reached(parts, name):
            yield from ((*one, name) for one in calls.found)


def _reached(parts: dict[str, list[Calls]], name: str) -> list[Calls]:
    seen, todo, reached = set(), [name], []
    while todo:
        one = todo.pop()
        if one not in seen and one in parts:
            seen.add(one)
            reached += parts[one]
            todo += [other for calls in parts[one] for other in calls.names]
    return reached


def sentence(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def table() -> str:
    models, rows = Models(), defaultdict(lambda: (defaultdict(set), set()))
    for path in sorted(TESTS.glob("test_*.py")):
        for service, operation, code, test in of_file(path, models):
            tests, codes = rows[service, operation]
            tests[path.name].add(test)
            codes.update([code] if code else [])
    services = sorted({service for service, _ in rows})
    lines = [HEAD, f"{len(rows)} operations of {len(services)} services.", ""]
    for service in services:
        lines += [f"## {service}", "", "| operation | what holds | refused with |", "|---|---|---|"]
        for (of, operation), (tests, codes) in sorted(rows.items()):
            if of == service:
                lines.append(f"| {operation} | {_told(tests)} | {', '.join(f'`{code}`' for code in sorted(codes))} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _told(tests: dict[str, set[str]]) -> str:
    everything = [(sentence(test), file) for file in sorted(tests) for test in sorted(tests[file])]
    shown = [f"[{words}](../tests/extension/{file})" for words, file in everything[:SHOWN]]
    more = len(everything) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


if __name__ == "__main__":
    if "--print" in sys.argv[1:]:
        print(table(), end="")
    else:
        (HERE / "COVERAGE.md").write_text(table())
