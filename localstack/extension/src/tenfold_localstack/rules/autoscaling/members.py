"""Instances of a group: launching and terminating them, and registering them in target groups."""

import uuid

from localstack.aws.api import CommonServiceException
from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from ... import clock
from .. import iam
from ..ec2 import instances
from .store import Group, Member, invalid, now


def _ec2(group: Group):
    return ec2_backends[group.account][group.region]


def _elb(group: Group):
    return elbv2_backends[group.account][group.region]


def template_of(spec: dict) -> dict | None:
    """Returns the launch template of a group or of a refresh's desired configuration."""
    mixed = (spec.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    return spec.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")


def resolve(group: Group, template: dict):
    """Returns the version object that a LaunchTemplateSpecification references."""
    ec2, version = _ec2(group), str(template.get("Version") or "$Default")
    template_id = template.get("LaunchTemplateId") or ec2.launch_template_name_to_ids.get(
        template.get("LaunchTemplateName")
    )
    found = ec2.launch_templates.get(template_id)
    if found is None:
        named = template.get("LaunchTemplateId") or template.get("LaunchTemplateName")
        raise invalid(
            f"You must use a valid fully-formed launch template. The specified launch template, {named}, does not exist."
        )
    if version not in ("$Latest", "$Default") and not (version.isdigit() and 1 <= int(version) <= len(found.versions)):
        raise invalid(
            f"You must use a valid fully-formed launch template. Could not find launch template version {version}."
        )
    return found.get_version(version)


def check_template(group: Group, spec: dict) -> None:
    """Refuses a group whose launch template references resources that do not exist.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-launch-template.html
    """
    template = template_of(spec)
    if not template:
        return
    data = resolve(group, template).data
    _check_security_groups(group, data)
    profile = data.get("IamInstanceProfile") or {}
    name = profile.get("Name") or (profile.get("Arn") or "").rsplit("/", 1)[-1]
    if name:
        if not iam.usable_profile(group.account, group.region, name):
            raise invalid(
                "You must use a valid fully-formed launch template. "
                f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
            )


def _check_security_groups(group: Group, data: dict) -> None:
    for group_id in security_groups(data):
        if _ec2(group).get_security_group_from_id(group_id) is None:
            raise invalid(
                f"You must use a valid fully-formed launch template. The security group '{group_id}' does not exist"
            )


def security_groups(data: dict) -> list[str]:
    interfaces = data.get("NetworkInterfaces") or []
    return list(data.get("SecurityGroupIds") or (interfaces[0].get("Groups") if interfaces else None) or [])


def record_activity(group: Group, description: str, cause: str, failure: str | None = None) -> None:
    activity = {
        "ActivityId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "Description": f"{description}.  Status Reason: {failure}" if failure else description,
        "Cause": f"At {now():%Y-%m-%dT%H:%M:%SZ} in response to {cause}.",
        "StartTime": now(),
        "EndTime": now(),
        "StatusCode": "Failed" if failure else "Successful",
        "Progress": 100,
        "Details": "{}",
    }
    last = group.activities[0] if group.activities else {}
    if failure and last.get("Description") == activity["Description"]:
        return  # repeated failed attempt
    group.activities.insert(0, activity | ({"StatusMessage": failure} if failure else {}))


def converge(group: Group) -> None:
    """Launches or terminates until the number of instances, without terminating ones, is the desired capacity."""
    _drop_terminated(group)
    active = [member for member in group.members if member.state in ("Pending", "InService")]
    desired = 0 if group.status else int(group.spec["DesiredCapacity"])
    try:
        for _ in range(desired - len(active)):
            launch(group)
    except (CommonServiceException, ServiceException) as exception:
        # https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html: The failure shows as a failed
        # activity.
        record_activity(
            group,
            "Launching a new EC2 instance",
            "a difference between desired and actual capacity",
            failure=exception.message,
        )
    # The Default termination policy starts with the oldest configuration. Terminating the oldest instances first is
    # close enough.
    removable = [member for member in active if not member.protected or group.status]
    for member in removable[: max(0, len(active) - desired)]:
        terminate(group, member)


def _drop_terminated(group: Group) -> None:
    """Removes instances that were terminated directly in EC2 from the group."""
    for member in list(group.members):
        if member.state in ("Pending", "InService") and member.instance.state in ("shutting-down", "terminated"):
            _deregister(group, member, group.spec["TargetGroupARNs"])
            group.members.remove(member)


def launch(group: Group, spec: dict | None = None) -> Member:
    # During a refresh with a desired configuration, new instances use that configuration.
    refresh = group.refresh
    wanted = spec or (refresh or {}).get("DesiredConfiguration") or group.spec
    template = template_of(wanted)
    ec2, subnets = _ec2(group), (group.spec.get("VPCZoneIdentifier") or "").split(",")
    version = resolve(group, template) if template else None
    data = version.data if version else {}
    _check_security_groups(group, data)
    overrides = ((wanted.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}).get("Overrides") or [{}]
    load = {name: sum(one.instance.subnet_id == name for one in group.members) for name in subnets}
    subnet = min(subnets, key=lambda name: load[name])
    own = {tag["Key"]: tag["Value"] for tag in group.tags.values() if tag.get("PropagateAtLaunch")}
    reservation = ec2.run_instances(
        data.get("ImageId") or "",
        1,
        data.get("UserData"),
        [],
        security_group_ids=security_groups(data),
        instance_type=overrides[0].get("InstanceType") or data.get("InstanceType") or "t3.micro",
        is_instance_type_default=False,
        subnet_id=subnet or None,
        launch_template={"LaunchTemplateId": version.template.id, "Version": str(version.number)} if version else None,
        tags={"instance": {**own, "aws:autoscaling:groupName": group.name}},
    )
    instance = reservation.instances[0]
    instance._state.name, instance._state.code = "pending", 0
    used = (
        {
            "LaunchTemplateId": version.template.id,
            "LaunchTemplateName": version.template.name,
            "Version": str(version.number),
        }
        if version
        else None
    )
    member = Member(instance, used, protected=bool(group.spec.get("NewInstancesProtectedFromScaleIn")))
    group.members.append(member)
    record_activity(
        group, f"Launching a new EC2 instance: {instance.id}", "a difference between desired and actual capacity"
    )

    def ready():
        if member.state == "Pending" and instance.state == "pending":
            instance._state.name, instance._state.code = "running", 16
            member.state = "InService"
            register(group, [member], group.spec["TargetGroupARNs"])

    clock.later(ready)
    return member


def terminate(group: Group, member: Member) -> None:
    member.state = "Terminating"
    _deregister(group, member, group.spec["TargetGroupARNs"])
    record_activity(
        group, f"Terminating EC2 instance: {member.instance.id}", "a difference between desired and actual capacity"
    )
    instances.terminate(_ec2(group), member.instance)
    clock.later(lambda: member in group.members and group.members.remove(member))


def register(group: Group, members: list[Member], arns) -> None:
    for arn in arns:
        target_group = _elb(group).target_groups.get(arn)
        running = [member for member in members if member.state == "InService" and member.instance.state == "running"]
        if target_group:
            target_group.register([{"Id": member.instance.id, "Port": target_group.port} for member in running])


def _deregister(group: Group, member: Member, arns) -> None:
    for arn in arns:
        target_group = _elb(group).target_groups.get(arn)
        if target_group:
            target_group.deregister([{"Id": member.instance.id}])


def attach(group: Group, arns: list[str]) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html"""
    for arn in arns:
        if arn not in _elb(group).target_groups:
            raise invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.")
    new = [arn for arn in arns if arn not in group.spec["TargetGroupARNs"]]
    group.spec["TargetGroupARNs"] += new
    register(group, group.members, new)


def detach(group: Group, arns: list[str]) -> None:
    for arn in arns:
        if arn not in group.spec["TargetGroupARNs"]:
            raise invalid("Trying to remove Target Groups that are not part of the group")
    group.spec["TargetGroupARNs"] = [arn for arn in group.spec["TargetGroupARNs"] if arn not in arns]
    for member in group.members:
        _deregister(group, member, arns)
