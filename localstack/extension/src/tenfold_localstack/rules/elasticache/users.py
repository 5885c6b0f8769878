"""Users and user groups, which control access to caches.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
"""

from ... import clock, tags
from ...overrides import error, override
from .store import arn, check_name, invalid, invalid_combination, paged, store, without_tags


def user(call, name: str) -> dict:
    found = store(call).users.get(name.lower())
    if found is None:
        raise error("UserNotFound", f"User {name} not found.", 404)
    return found


def user_group(call, name: str) -> dict:
    found = store(call).user_groups.get(name.lower())
    if found is None:
        raise error("UserGroupNotFound", f"UserGroup {name} not found.", 404)
    return found


def groups_with(call, group_id: str) -> list[str]:
    """Returns the replication groups that a user group is associated with."""
    return [name for name, group in store(call).groups.items() if group_id in group.user_groups]


def _require_active(item: dict, code: str) -> None:
    if item["Status"] != "active":
        raise error(code, f"It is {item['Status']}, not active.")


def _authentication(request) -> dict:
    """Returns the authentication of a user: no password, or one or two passwords of 16 to 128 characters."""
    passwords, open_to_all = request.get("Passwords") or [], request.get("NoPasswordRequired")
    mode = request.get("AuthenticationMode") or {}
    if mode:
        passwords, open_to_all = mode.get("Passwords") or [], mode.get("Type") == "no-password-required"
    if bool(passwords) == bool(open_to_all):
        raise invalid_combination("Either passwords, or no password required.")
    if len(passwords) > 2 or any(not 16 <= len(one) <= 128 for one in passwords):
        raise invalid("A user has one or two passwords, of 16 to 128 characters each.")
    return {"Type": "password" if passwords else "no-password"} | (
        {"PasswordCount": len(passwords)} if passwords else {}
    )


def _user(call, item: dict) -> dict:
    groups = [group["UserGroupId"] for group in store(call).user_groups.values() if item["UserId"] in group["UserIds"]]
    return {**without_tags(item), "UserGroupIds": groups}


@override("elasticache", "CreateUser")
def create_user(call, request):
    name = check_name(request["UserId"], 40)
    if name in store(call).users:
        raise error("UserAlreadyExists", f"User {name} already exists.")
    engine = request["Engine"].lower()
    if engine not in ("valkey", "redis"):
        raise invalid(f"The engine {engine} is not known.")
    if not request["AccessString"].startswith(("on", "off")):
        raise invalid("The access string must start with on or off.")
    item = {
        "UserId": name,
        "UserName": request["UserName"],
        "Status": "active",
        "Engine": engine,
        "MinimumEngineVersion": "7.2" if engine == "valkey" else "6.0",
        "AccessString": request["AccessString"],
        "Authentication": _authentication(request),
        "ARN": arn(call, "user", name),
        "Tags": tags.to_dict(request),
    }
    store(call).users[name] = item
    return _user(call, item)


@override("elasticache", "ModifyUser")
def modify_user(call, request):
    one = user(call, request["UserId"])
    _require_active(one, "InvalidUserState")
    if any(request.get(name) for name in ("Passwords", "NoPasswordRequired", "AuthenticationMode")):
        one["Authentication"] = _authentication(request)
    if request.get("AccessString"):
        one["AccessString"] = request["AccessString"]
    one["Status"] = "modifying"
    answer = _user(call, one)
    clock.later(lambda: one.update(Status="active"))
    return answer


@override("elasticache", "DescribeUsers")
def describe_users(call, request):
    name = request.get("UserId")
    users = [user(call, name)] if name else store(call).users.values()
    return paged(request, [_user(call, one) for one in users], "Users")


# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUser.html: A deleted user is removed from
# its groups. The default user of a group cannot be deleted.
@override("elasticache", "DeleteUser")
def delete_user(call, request):
    one = user(call, request["UserId"])
    _require_active(one, "InvalidUserState")
    groups = [group for group in store(call).user_groups.values() if one["UserId"] in group["UserIds"]]
    if groups and one["UserName"] == "default":
        raise error("DefaultUserAssociatedToUserGroup", "The default user is associated with a user group.")
    for group in groups:
        group["UserIds"].remove(one["UserId"])
    one["Status"] = "deleting"
    answer = _user(call, one)
    clock.later(lambda: store(call).users.pop(one["UserId"], None))
    return answer


def _check_members(call, ids: list[str], engine: str) -> None:
    users = [user(call, name) for name in ids]
    names = [one["UserName"] for one in users]
    if len(set(names)) < len(names):
        raise error("DuplicateUserName", "Two users of a group cannot have the same name.")
    if engine == "redis" and "default" not in names:
        raise error("DefaultUserRequired", "A group for Redis OSS needs a user named default.")
    if engine == "redis" and any(one["Engine"] != "redis" for one in users):
        raise invalid_combination("A user for Valkey cannot be in a group for Redis OSS.")


def _group(call, item: dict) -> dict:
    return {**without_tags(item), "ReplicationGroups": groups_with(call, item["UserGroupId"])}


@override("elasticache", "CreateUserGroup")
def create_user_group(call, request):
    name, engine = check_name(request["UserGroupId"], 40), request["Engine"].lower()
    if name in store(call).user_groups:
        raise error("UserGroupAlreadyExists", f"UserGroup {name} already exists.")
    ids = [one.lower() for one in request.get("UserIds") or []]
    _check_members(call, ids, engine)
    item = {
        "UserGroupId": name,
        "Status": "creating",
        "Engine": engine,
        "UserIds": ids,
        "MinimumEngineVersion": "7.2" if engine == "valkey" else "6.0",
        "ARN": arn(call, "usergroup", name),
        "Tags": tags.to_dict(request),
    }
    store(call).user_groups[name] = item
    answer = _group(call, item)
    clock.later(lambda: item.update(Status="active"))
    return answer


@override("elasticache", "ModifyUserGroup")
def modify_user_group(call, request):
    group = user_group(call, request["UserGroupId"])
    _require_active(group, "InvalidUserGroupState")
    added = [one.lower() for one in request.get("UserIdsToAdd") or []]
    removed = [one.lower() for one in request.get("UserIdsToRemove") or []]
    if not added and not removed:
        raise invalid_combination("There is nothing to change.")
    if set(added) & set(group["UserIds"]) or set(removed) - set(group["UserIds"]):
        raise invalid("A user to add is in the group already, or one to remove is not.")
    ids = [one for one in [*group["UserIds"], *added] if one not in removed]
    _check_members(call, ids, group["Engine"])
    pending = {name: ids for name, ids in (("UserIdsToAdd", added), ("UserIdsToRemove", removed)) if ids}
    group.update(Status="modifying", PendingChanges=pending)

    def done():
        group.update(Status="active", UserIds=ids)
        group.pop("PendingChanges", None)

    answer = _group(call, group)
    clock.later(done)
    return answer


@override("elasticache", "DescribeUserGroups")
def describe_user_groups(call, request):
    name = request.get("UserGroupId")
    groups = [user_group(call, name)] if name else store(call).user_groups.values()
    return paged(request, [_group(call, one) for one in groups], "UserGroups")


# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUserGroup.html: "The user group must first
# be disassociated from the replication group before it can be deleted."
@override("elasticache", "DeleteUserGroup")
def delete_user_group(call, request):
    group = user_group(call, request["UserGroupId"])
    _require_active(group, "InvalidUserGroupState")
    if groups_with(call, group["UserGroupId"]):
        raise error("InvalidUserGroupState", "The user group is associated with a replication group.")
    group["Status"] = "deleting"
    answer = _group(call, group)
    clock.later(lambda: store(call).user_groups.pop(group["UserGroupId"], None))
    return answer
