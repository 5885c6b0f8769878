"""Tags in the format of most services: a list of keys and values."""

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html: the maximum number of tags of
# a resource.
MOST = 50


def of(request, member: str = "Tags") -> dict[str, str]:
    return {tag["Key"]: tag.get("Value") or "" for tag in request.get(member) or []}


def listed(tags: dict[str, str]) -> list[dict]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
