"""Tags in the format of most services: a list of keys and values."""

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html: the maximum number of tags of
# a resource.
MAX_TAGS = 50


def to_dict(item: dict, member: str = "Tags") -> dict[str, str]:
    return {tag["Key"]: tag.get("Value") or "" for tag in item.get(member) or []}


def to_list(tags: dict[str, str]) -> list[dict]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
