"""Filters and pages for the responses of Describe operations. Members have the names of the service model."""

import base64
import binascii
import fnmatch
import re
from collections.abc import Callable, Iterable

from .overrides import error


def values_at(item, path: str) -> list:
    """Returns all values at a dotted path; the path continues through lists."""
    found = [item]
    for step in path.split("."):
        found = [value[step] for value in _flat(found) if isinstance(value, dict) and step in value]
    return _flat(found)


def _flat(values: list) -> list:
    return [inner for value in values for inner in (_flat(value) if isinstance(value, list) else [value])]


def matches(value, patterns: list[str]) -> bool:
    """Whether a value matches one of the patterns.

    Patterns are case-sensitive; * and ? are wildcards, and a backslash escapes them.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return any(_regex(pattern).fullmatch(text) for pattern in patterns)


def _regex(pattern: str) -> re.Pattern:
    escaped = re.sub(r"\\(.)", lambda match: "[" + match[1] + "]" if match[1] in "*?" else match[0], pattern)
    return re.compile(fnmatch.translate(re.sub(r"\[(?![*?]\])", "[[]", escaped)))


def filtered(items: Iterable[dict], filters: list[dict], paths: dict[str, str]) -> list[dict]:
    """Returns the items that match all filters. A filter matches if one of its values does."""
    items = list(items)
    for one in filters or []:
        read, wanted = _reader(one.get("Name", ""), paths), one.get("Values") or []
        items = [item for item in items if any(matches(value, wanted) for value in read(item))]
    return items


def _reader(name: str, paths: dict[str, str]) -> Callable[[dict], list]:
    """Returns the function that reads the values a filter is compared with."""
    if name.startswith("tag:"):
        return lambda item: [tag["Value"] for tag in _tags(item) if tag["Key"] == name[len("tag:") :]]
    if name == "tag-key":
        return lambda item: [tag["Key"] for tag in _tags(item)]
    if name in paths:
        return lambda item: values_at(item, paths[name])
    raise error("InvalidParameterValue", f"The filter '{name}' is invalid")


def _tags(item: dict) -> list[dict]:
    return item.get("Tags") or item.get("TagSet") or []  # network interfaces use TagSet


def page(items: list, size: int | None, token: str | None, bad_token="InvalidNextToken") -> tuple[list, str | None]:
    """Returns one page of items and the token of the next page, or None after the last page."""
    start = 0
    if token:
        try:
            start = int(base64.urlsafe_b64decode(token.encode()).decode())
        except (binascii.Error, ValueError):
            raise error(bad_token, f"The token '{token}' is invalid") from None
    if not size:
        return items[start:], None
    end = start + int(size)
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return items[start:end], following


def answer(
    member: str, items: list, request, size: int | None, token: str = "Marker", bad_token="InvalidNextToken"
) -> dict:
    """Returns one page as a response. The token has the same member name in requests and responses."""
    found, following = page(items, size, request.get(token), bad_token)
    return {member: found} | ({token: following} if following else {})
