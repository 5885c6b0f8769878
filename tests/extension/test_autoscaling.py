"""Auto Scaling groups, policies, schedules, hooks, instance refreshes."""

import pytest

TAG = {"Key": "tenfold:stack", "Value": "shop", "PropagateAtLaunch": True}


class Groups:
    def __init__(self, aws, net):
        self.aws, self.net, self.asg = aws, net, aws.autoscaling
        self.template = aws.ec2.create_launch_template(
            LaunchTemplateName="api", LaunchTemplateData={"InstanceType": "t3.micro", "SecurityGroupIds": [net.group]}
        )["LaunchTemplate"]["LaunchTemplateId"]

    def create(self, name="api", **more):
        settings = {
            "LaunchTemplate": {"LaunchTemplateId": self.template, "Version": "1"},
            "MinSize": 0,
            "MaxSize": 3,
            "VPCZoneIdentifier": ",".join(self.net.subnets),
            **more,
        }
        if "MixedInstancesPolicy" in more:
            del settings["LaunchTemplate"]
        self.asg.create_auto_scaling_group(
            AutoScalingGroupName=name, **{key: value for key, value in settings.items() if value is not None}
        )

    def read(self, name="api"):
        found = self.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
        return found[0] if found else None

    def states(self):
        return sorted(item["LifecycleState"] for item in (self.read() or {"Instances": []})["Instances"])

    def update(self, **change):
        self.asg.update_auto_scaling_group(AutoScalingGroupName="api", **change)


@pytest.fixture
def groups(aws, net):
    return Groups(aws, net)


@pytest.fixture
def target_group(aws, net):
    settings = dict(Protocol="HTTP", Port=80, VpcId=net.vpc)
    group = aws.elbv2.create_target_group(Name="api", **settings)["TargetGroups"][0]["TargetGroupArn"]
    balancer = aws.elbv2.create_load_balancer(Name="api", Subnets=net.subnets, SecurityGroups=[net.group])[
        "LoadBalancers"
    ][0]
    aws.elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    return group


def test_group_returns_the_requested_settings(groups):
    requested = {
        "MinSize": 1,
        "MaxSize": 4,
        "DesiredCapacity": 2,
        "HealthCheckType": "ELB",
        "HealthCheckGracePeriod": 120,
        "DefaultInstanceWarmup": 60,
        "DefaultCooldown": 30,
        "MaxInstanceLifetime": 1209600,
        "CapacityRebalance": True,
        "TerminationPolicies": ["OldestInstance", "Default"],
        "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
        "NewInstancesProtectedFromScaleIn": True,
        "DeletionProtection": "prevent-force-deletion",
    }
    groups.create(Tags=[TAG], **requested)
    read = groups.read()
    assert {name: read[name] for name in requested} == requested
    assert read["LaunchTemplate"] == {"LaunchTemplateId": groups.template, "LaunchTemplateName": "api", "Version": "1"}
    assert read["AvailabilityZones"] == ["us-east-1a", "us-east-1b"]
    assert read["Tags"] == [{**TAG, "ResourceId": "api", "ResourceType": "auto-scaling-group"}]
    groups.update(
        DefaultInstanceWarmup=-1, MaxInstanceLifetime=0, TerminationPolicies=["Default"], CapacityRebalance=False
    )
    read = groups.read()
    assert "DefaultInstanceWarmup" not in read and "MaxInstanceLifetime" not in read
    assert (read["TerminationPolicies"], read["CapacityRebalance"], read["HealthCheckType"]) == (
        ["Default"],
        False,
        "ELB",
    )


def test_mixed_instances_policy_is_returned_and_can_be_replaced(groups):
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": groups.template, "Version": "1"},
            "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3a.micro"}],
        },
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 20,
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    }
    groups.create(MixedInstancesPolicy=policy)
    read = groups.read()["MixedInstancesPolicy"]
    assert read["LaunchTemplate"]["Overrides"] == policy["LaunchTemplate"]["Overrides"]
    assert read["InstancesDistribution"] == {
        "OnDemandAllocationStrategy": "prioritized",
        **policy["InstancesDistribution"],
    }
    groups.update(LaunchTemplate={"LaunchTemplateId": groups.template, "Version": "1"})
    assert "MixedInstancesPolicy" not in groups.read()


def test_invalid_groups_are_refused(groups, net, refused):
    groups.create()
    with refused("AlreadyExists"):
        groups.create(MaxSize=9)
    assert groups.read()["MaxSize"] == 3
    for more, text in (
        ({"MinSize": 4}, "min bound"),
        ({"DesiredCapacity": 4}, "between the specified min size"),
        ({"LaunchTemplate": None}, "Valid requests must contain"),
        ({"VPCZoneIdentifier": "subnet-0123456789abcdef0"}, "does not exist"),
        ({"VPCZoneIdentifier": None}, "At least one"),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-0123456789abcdef0"}}, "launch template"),
        ({"TargetGroupARNs": ["arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/b"]}, "Target Groups"),
    ):
        with refused("ValidationError", text):
            groups.create("other", **more)
    data = {"InstanceType": "t3.micro", "IamInstanceProfile": {"Name": "api"}}
    groups.aws.ec2.create_launch_template_version(LaunchTemplateId=groups.template, LaunchTemplateData=data)
    latest = {"LaunchTemplateId": groups.template, "Version": "$Latest"}
    with refused("ValidationError", "Invalid IAM Instance Profile"):
        groups.create("other", LaunchTemplate=latest)
    groups.aws.iam.create_instance_profile(InstanceProfileName="api")
    groups.create("other", LaunchTemplate=latest)


def test_unknown_groups_are_refused(groups, refused):
    asg = groups.asg
    assert asg.describe_auto_scaling_groups(AutoScalingGroupNames=["none"])["AutoScalingGroups"] == []
    tag = {
        "ResourceId": "none",
        "ResourceType": "auto-scaling-group",
        "Key": "a",
        "Value": "b",
        "PropagateAtLaunch": False,
    }
    for call in (
        lambda: asg.update_auto_scaling_group(AutoScalingGroupName="none", MinSize=0),
        lambda: asg.delete_auto_scaling_group(AutoScalingGroupName="none"),
        lambda: asg.describe_policies(AutoScalingGroupName="none"),
        lambda: asg.describe_scheduled_actions(AutoScalingGroupName="none"),
        lambda: asg.describe_lifecycle_hooks(AutoScalingGroupName="none"),
        lambda: asg.describe_instance_refreshes(AutoScalingGroupName="none"),
        lambda: asg.create_or_update_tags(Tags=[tag]),
    ):
        with refused("ValidationError", "not found"):
            call()


def test_desired_capacity_stays_within_the_size_limits(groups, refused, until):
    groups.create(MinSize=1, MaxSize=3)
    assert groups.read()["DesiredCapacity"] == 1 and groups.states() == ["Pending"]
    until(lambda: groups.states() == ["InService"])
    groups.update(MinSize=2)
    assert groups.read()["DesiredCapacity"] == 2
    groups.update(MinSize=0, MaxSize=1)
    assert groups.read()["DesiredCapacity"] == 1
    until(lambda: groups.states() == ["InService"])
    with refused("ValidationError"):
        groups.asg.set_desired_capacity(AutoScalingGroupName="api", DesiredCapacity=2)
    with refused("ValidationError"):
        groups.update(DesiredCapacity=5)


def test_instances_register_in_target_groups_and_are_replaced(groups, aws, net, target_group, until, refused):
    groups.create(DesiredCapacity=2, TargetGroupARNs=[target_group], Tags=[TAG])
    health = lambda: [
        item["TargetHealth"]["State"]
        for item in aws.elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    ]
    until(lambda: health() == ["initial"] * 2)
    until(lambda: health() == ["healthy"] * 2)
    read = groups.read()
    assert {item["AvailabilityZone"] for item in read["Instances"]} == {"us-east-1a", "us-east-1b"}
    assert read["TrafficSources"] == [{"Identifier": target_group, "Type": "elbv2"}]
    instance_ids = [item["InstanceId"] for item in read["Instances"]]
    instance = aws.ec2.describe_instances(InstanceIds=instance_ids[:1])["Reservations"][0]["Instances"][0]
    tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert tags["tenfold:stack"] == "shop" and tags["aws:autoscaling:groupName"] == "api"
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == [net.group]
    aws.ec2.terminate_instances(InstanceIds=instance_ids[:1])
    until(
        lambda: (
            groups.states() == ["InService"] * 2
            and instance_ids[0] not in [item["InstanceId"] for item in groups.read()["Instances"]]
        )
    )
    groups.asg.detach_load_balancer_target_groups(AutoScalingGroupName="api", TargetGroupARNs=[target_group])
    assert groups.read()["TargetGroupARNs"] == [] and set(health()) == {"draining"}
    until(lambda: health() == [])
    groups.asg.attach_traffic_sources(
        AutoScalingGroupName="api", TrafficSources=[{"Identifier": target_group, "Type": "elbv2"}]
    )
    until(lambda: health() == ["healthy"] * 2)
    with refused("ResourceInUse"):
        groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api")
    groups.update(MinSize=0, MaxSize=0, DesiredCapacity=0)
    assert groups.states() == ["Terminating"] * 2
    with refused("ScalingActivityInProgress"):
        groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api")
    until(lambda: groups.states() == [])
    groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api")
    until(lambda: groups.read() is None)
    interfaces = aws.ec2.describe_network_interfaces(
        Filters=[{"Name": "attachment.instance-id", "Values": instance_ids}]
    )
    assert interfaces["NetworkInterfaces"] == []


def test_force_deletion_respects_deletion_protection(groups, until, refused):
    groups.create(DesiredCapacity=2, DeletionProtection="prevent-force-deletion")
    with refused("ResourceInUse"):
        groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api", ForceDelete=True)
    groups.update(DeletionProtection="none")
    groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api", ForceDelete=True)
    assert groups.read()["Status"] == "Delete in progress"
    with refused("AlreadyExists", "pending delete"):
        groups.create()
    with refused("ValidationError", "pending delete"):
        groups.update(MaxSize=1)
    until(lambda: groups.read() is None)
    groups.create()


def test_groups_are_filtered_by_tag_and_listed_in_pages(groups):
    for name in ("a", "b", "c"):
        groups.create(name, Tags=[TAG])
    groups.create("other", Tags=[{**TAG, "Value": "other"}])
    asg, shop_filter = groups.asg, [{"Name": "tag:tenfold:stack", "Values": ["shop"]}]
    names = lambda **more: [
        item["AutoScalingGroupName"] for item in asg.describe_auto_scaling_groups(**more)["AutoScalingGroups"]
    ]
    assert names(Filters=shop_filter) == ["a", "b", "c"]
    assert len(names(Filters=[{"Name": "tag-key", "Values": ["tenfold:stack"]}])) == 4
    first = asg.describe_auto_scaling_groups(Filters=shop_filter, MaxRecords=2)
    assert names(Filters=shop_filter, MaxRecords=2, NextToken=first["NextToken"]) == ["c"]
    tag = {
        "ResourceId": "a",
        "ResourceType": "auto-scaling-group",
        "Key": "k",
        "Value": "v",
        "PropagateAtLaunch": False,
    }
    asg.create_or_update_tags(Tags=[tag, {**tag, "Key": "tenfold:stack", "Value": "mall", "PropagateAtLaunch": True}])
    assert {item["Key"]: item["Value"] for item in groups.read("a")["Tags"]} == {"tenfold:stack": "mall", "k": "v"}
    assert names(Filters=shop_filter) == ["b", "c"]
    asg.delete_tags(Tags=[tag])
    assert [item["Key"] for item in groups.read("a")["Tags"]] == ["tenfold:stack"]
    assert len(asg.describe_tags(Filters=[{"Name": "auto-scaling-group", "Values": ["a"]}])["Tags"]) == 1
    assert (
        asg.describe_auto_scaling_groups(AutoScalingGroupNames=["a"], IncludeInstances=False)["AutoScalingGroups"][
            0
        ].get("Instances", [])
        == []
    )


def test_metrics_and_suspended_processes_can_change(groups):
    groups.create()
    groups.asg.enable_metrics_collection(AutoScalingGroupName="api", Granularity="1Minute")
    assert len(groups.read()["EnabledMetrics"]) == 20
    groups.asg.disable_metrics_collection(AutoScalingGroupName="api")
    groups.asg.enable_metrics_collection(AutoScalingGroupName="api", Granularity="1Minute", Metrics=["GroupMinSize"])
    assert groups.read()["EnabledMetrics"] == [{"Metric": "GroupMinSize", "Granularity": "1Minute"}]
    groups.asg.suspend_processes(AutoScalingGroupName="api", ScalingProcesses=["AZRebalance"])
    assert [item["ProcessName"] for item in groups.read()["SuspendedProcesses"]] == ["AZRebalance"]
    groups.asg.resume_processes(AutoScalingGroupName="api")
    assert groups.read()["SuspendedProcesses"] == []


def stat(query, name, hidden=True):
    metric = {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": [{"Name": "QueueName", "Value": "q"}]}
    return {"Id": query, "MetricStat": {"Metric": metric, "Stat": "Sum"}, "ReturnData": not hidden}


POLICIES = {
    "simple": {
        "PolicyType": "SimpleScaling",
        "AdjustmentType": "ChangeInCapacity",
        "ScalingAdjustment": 1,
        "Cooldown": 60,
    },
    "step": {
        "PolicyType": "StepScaling",
        "AdjustmentType": "PercentChangeInCapacity",
        "MinAdjustmentMagnitude": 1,
        "MetricAggregationType": "Maximum",
        "StepAdjustments": [
            {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 10},
            {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 30},
        ],
    },
    "cpu": {
        "PolicyType": "TargetTrackingScaling",
        "EstimatedInstanceWarmup": 90,
        "TargetTrackingConfiguration": {
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 55.0,
            "DisableScaleIn": True,
        },
    },
    "backlog": {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "CustomizedMetricSpecification": {
                "Metrics": [
                    stat("m1", "ApproximateNumberOfMessagesVisible"),
                    stat("m2", "NumberOfMessagesSent"),
                    {"Id": "e1", "Expression": "m1 / m2", "Label": "backlog", "ReturnData": True},
                ]
            },
            "TargetValue": 100.0,
            "DisableScaleIn": False,
        },
    },
    "forecast": {
        "PolicyType": "PredictiveScaling",
        "PredictiveScalingConfiguration": {
            "MetricSpecifications": [
                {
                    "TargetValue": 50.0,
                    "PredefinedMetricPairSpecification": {"PredefinedMetricType": "ASGCPUUtilization"},
                }
            ],
            "Mode": "ForecastAndScale",
            "SchedulingBufferTime": 300,
            "MaxCapacityBreachBehavior": "HonorMaxCapacity",
        },
    },
}


@pytest.mark.parametrize("name", POLICIES)
def test_policies_are_returned_as_requested(groups, name):
    requested = POLICIES[name]
    groups.create()
    put = lambda: groups.asg.put_scaling_policy(AutoScalingGroupName="api", PolicyName=name, **requested)
    first = put()
    assert first["PolicyARN"].endswith(f":autoScalingGroupName/api:policyName/{name}")
    assert put()["PolicyARN"] == first["PolicyARN"]
    (read,) = groups.asg.describe_policies(AutoScalingGroupName="api")["ScalingPolicies"]
    assert {member: read[member] for member in requested} == requested
    assert read["Enabled"] is True and read["PolicyARN"] == first["PolicyARN"]


def test_target_tracking_creates_and_deletes_its_alarms(groups, aws):
    groups.create()
    put = lambda name: groups.asg.put_scaling_policy(AutoScalingGroupName="api", PolicyName=name, **POLICIES[name])[
        "Alarms"
    ]
    alarms = lambda: sorted(
        item["AlarmName"]
        for item in aws.cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking-api-")["MetricAlarms"]
    )
    high, both = put("cpu"), put("backlog")
    assert (len(high), len(both)) == (1, 2) and len(alarms()) == 3
    repeated = put("backlog")
    assert sorted(item["AlarmName"] for item in high + repeated) == alarms()
    groups.asg.delete_policy(AutoScalingGroupName="api", PolicyName="backlog")
    assert alarms() == [high[0]["AlarmName"]]
    groups.asg.delete_auto_scaling_group(AutoScalingGroupName="api")
    assert alarms() == []


def test_invalid_policies_are_refused(groups, refused, target_group):
    groups.create()
    put = lambda **policy: groups.asg.put_scaling_policy(AutoScalingGroupName="api", PolicyName="p", **policy)
    with refused("ValidationError"):
        put(PolicyType="StepScaling", AdjustmentType="ChangeInCapacity")
    with refused("ValidationError", "PolicyName not found"):
        groups.asg.delete_policy(AutoScalingGroupName="api", PolicyName="none")
    balancer = groups.aws.elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"].split("loadbalancer/")[
        1
    ]
    requests = {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": f"{balancer}/targetgroup/{target_group.split('targetgroup/')[1]}",
            },
            "TargetValue": 1000.0,
        },
    }
    with refused("ValidationError", "not attached"):
        put(**requests)
    groups.asg.attach_load_balancer_target_groups(AutoScalingGroupName="api", TargetGroupARNs=[target_group])
    assert len(put(**requests)["Alarms"]) == 2


def test_policies_of_the_region_are_listed_in_pages(groups):
    for group in ("a", "b"):
        groups.create(group)
        for name in ("simple", "step"):
            groups.asg.put_scaling_policy(AutoScalingGroupName=group, PolicyName=name, **POLICIES[name])
    first = groups.asg.describe_policies(MaxRecords=3)
    second = groups.asg.describe_policies(MaxRecords=3, NextToken=first["NextToken"])
    assert (len(first["ScalingPolicies"]), len(second["ScalingPolicies"])) == (3, 1)
    assert len(groups.asg.describe_policies(PolicyTypes=["StepScaling"])["ScalingPolicies"]) == 2


def test_scheduled_actions_are_returned_and_validated(groups, refused):
    asg = groups.asg
    groups.create()
    morning = {
        "Recurrence": "0 8 * * 1-5",
        "MinSize": 1,
        "MaxSize": 4,
        "DesiredCapacity": 2,
        "TimeZone": "Europe/Berlin",
    }
    asg.put_scheduled_update_group_action(AutoScalingGroupName="api", ScheduledActionName="morning", **morning)
    (read,) = asg.describe_scheduled_actions(AutoScalingGroupName="api")["ScheduledUpdateGroupActions"]
    assert {name: read[name] for name in morning} == morning and read["StartTime"]
    with refused("ValidationError"):
        asg.put_scheduled_update_group_action(
            AutoScalingGroupName="api", ScheduledActionName="bad", Recurrence="often", MinSize=1
        )
    failed = asg.batch_put_scheduled_update_group_action(
        AutoScalingGroupName="api",
        ScheduledUpdateGroupActions=[
            {"ScheduledActionName": "night", "Recurrence": "0 20 * * *", "MinSize": 0},
            {"ScheduledActionName": "bad", "Recurrence": "often", "MinSize": 0},
        ],
    )["FailedScheduledUpdateGroupActions"]
    assert [item["ScheduledActionName"] for item in failed] == ["bad"]
    assert len(asg.describe_scheduled_actions()["ScheduledUpdateGroupActions"]) == 2
    failed = asg.batch_delete_scheduled_action(AutoScalingGroupName="api", ScheduledActionNames=["night", "none"])[
        "FailedScheduledActions"
    ]
    assert [item["ScheduledActionName"] for item in failed] == ["none"]
    with refused("ValidationError"):
        asg.delete_scheduled_action(AutoScalingGroupName="api", ScheduledActionName="night")


def test_two_groups_can_use_the_same_policy_and_action_names(groups):
    for group in ("a", "b"):
        groups.create(group)
        groups.asg.put_scheduled_update_group_action(
            AutoScalingGroupName=group, ScheduledActionName="s", Recurrence="0 8 * * *", MinSize=1
        )
        groups.asg.put_scaling_policy(AutoScalingGroupName=group, PolicyName="simple", **POLICIES["simple"])
    assert len(groups.asg.describe_policies()["ScalingPolicies"]) == 2
    assert len(groups.asg.describe_scheduled_actions()["ScheduledUpdateGroupActions"]) == 2
    groups.asg.delete_policy(AutoScalingGroupName="a", PolicyName="simple")
    assert [item["AutoScalingGroupName"] for item in groups.asg.describe_policies()["ScalingPolicies"]] == ["b"]


def test_lifecycle_hooks_have_defaults_and_can_be_updated(groups):
    hook = {
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": 120,
        "DefaultResult": "CONTINUE",
    }
    groups.create(
        LifecycleHookSpecificationList=[
            {"LifecycleHookName": "first", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}
        ]
    )
    groups.asg.put_lifecycle_hook(AutoScalingGroupName="api", LifecycleHookName="drain", **hook)
    groups.asg.put_lifecycle_hook(AutoScalingGroupName="api", LifecycleHookName="drain", HeartbeatTimeout=60)
    read = {
        item["LifecycleHookName"]: item
        for item in groups.asg.describe_lifecycle_hooks(AutoScalingGroupName="api")["LifecycleHooks"]
    }
    assert (read["first"]["HeartbeatTimeout"], read["first"]["DefaultResult"], read["first"]["GlobalTimeout"]) == (
        3600,
        "ABANDON",
        172800,
    )
    assert (read["drain"]["HeartbeatTimeout"], read["drain"]["DefaultResult"], read["drain"]["GlobalTimeout"]) == (
        60,
        "CONTINUE",
        6000,
    )
    groups.asg.delete_lifecycle_hook(AutoScalingGroupName="api", LifecycleHookName="drain")
    assert len(groups.asg.describe_lifecycle_hooks(AutoScalingGroupName="api")["LifecycleHooks"]) == 1


class Refresh:
    def __init__(self, groups, until):
        self.groups, self.asg = groups, groups.asg
        groups.create(DesiredCapacity=2)
        until(lambda: groups.states() == ["InService"] * 2)
        groups.aws.ec2.create_launch_template_version(
            LaunchTemplateId=groups.template, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
        )
        self.desired = {"LaunchTemplate": {"LaunchTemplateId": groups.template, "Version": "2"}}

    def start(self, **more):
        return self.asg.start_instance_refresh(AutoScalingGroupName="api", DesiredConfiguration=self.desired, **more)[
            "InstanceRefreshId"
        ]

    def read(self):
        return self.asg.describe_instance_refreshes(AutoScalingGroupName="api")["InstanceRefreshes"][0]

    def versions(self):
        return sorted(
            item["LaunchTemplate"]["Version"]
            for item in self.groups.read()["Instances"]
            if item["LifecycleState"] == "InService"
        )


@pytest.fixture
def refresh(groups, until):
    return Refresh(groups, until)


def test_instance_refresh_replaces_all_instances(refresh, refused, until):
    preferences = {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 150,
        "SkipMatching": True,
        "AutoRollback": True,
        "BakeTime": 60,
    }
    refresh_id = refresh.start(Preferences=preferences)
    assert refresh.read()["Status"] == "Pending"
    with refused("InstanceRefreshInProgress"):
        refresh.start()
    until(lambda: refresh.read()["Status"] == "InProgress")
    assert refresh.groups.read()["LaunchTemplate"]["Version"] == "1"
    with refused("ValidationError", "instance refresh"):
        refresh.groups.update(LaunchTemplate=refresh.desired["LaunchTemplate"])
    until(lambda: refresh.read()["Status"] == "Baking")
    until(lambda: refresh.read()["Status"] == "Successful")
    read = refresh.read()
    assert (read["InstanceRefreshId"], read["PercentageComplete"], read["InstancesToUpdate"]) == (refresh_id, 100, 0)
    assert {key: read["Preferences"][key] for key in preferences} == preferences
    assert refresh.groups.read()["LaunchTemplate"]["Version"] == "2"
    until(lambda: refresh.versions() == ["2", "2"])
    refresh.start(Preferences=preferences)
    until(lambda: refresh.read()["Status"] == "Successful")
    assert len(refresh.asg.describe_instance_refreshes(AutoScalingGroupName="api")["InstanceRefreshes"]) == 2


def test_instance_refresh_can_be_cancelled(refresh, refused, until):
    with refused("ActiveInstanceRefreshNotFound"):
        refresh.asg.cancel_instance_refresh(AutoScalingGroupName="api")
    refresh.start()
    refresh.asg.cancel_instance_refresh(AutoScalingGroupName="api")
    assert refresh.read()["Status"] == "Cancelling"
    until(lambda: refresh.read()["Status"] == "Cancelled")
    assert refresh.groups.read()["LaunchTemplate"]["Version"] == "1"


def test_instance_refresh_can_be_rolled_back(refresh, until):
    refresh.start()
    until(lambda: refresh.read()["Status"] == "InProgress" and refresh.read()["PercentageComplete"] >= 50)
    refresh.asg.rollback_instance_refresh(AutoScalingGroupName="api")
    assert refresh.read()["Status"] == "RollbackInProgress"
    until(lambda: refresh.read()["Status"] == "RollbackSuccessful")
    assert refresh.groups.read()["LaunchTemplate"]["Version"] == "1"
    until(lambda: refresh.versions() == ["1", "1"])


@pytest.fixture
def failing_refresh(refresh, aws, net):
    """A refresh whose instances cannot launch after `remove_security_group`, as their template needs that group."""
    group = aws.ec2.create_security_group(GroupName="temporary", Description="d", VpcId=net.vpc)["GroupId"]
    aws.ec2.create_launch_template_version(
        LaunchTemplateId=refresh.groups.template, SourceVersion="1", LaunchTemplateData={"SecurityGroupIds": [group]}
    )
    refresh.desired["LaunchTemplate"]["Version"] = "3"
    refresh.remove_security_group = lambda: aws.ec2.delete_security_group(GroupId=group)
    return refresh


def test_instance_refresh_fails_if_instances_cannot_launch(failing_refresh, until):
    failing_refresh.start()
    failing_refresh.remove_security_group()
    until(lambda: failing_refresh.read()["Status"] == "Failed")
    assert "could not be launched" in failing_refresh.read()["StatusReason"]
    assert failing_refresh.groups.read()["LaunchTemplate"]["Version"] == "1"
    assert failing_refresh.versions() == ["1", "1"]


def test_failed_instance_refresh_rolls_back_with_auto_rollback(failing_refresh, until):
    failing_refresh.start(Preferences={"AutoRollback": True})
    failing_refresh.remove_security_group()
    until(lambda: failing_refresh.read()["Status"] == "RollbackSuccessful")
    assert "could not be launched" in failing_refresh.read()["RollbackDetails"]["RollbackReason"]
    assert failing_refresh.versions() == ["1", "1"]


def test_invalid_instance_refreshes_are_refused(refresh, refused):
    for preferences in ({"MaxHealthyPercentage": 150}, {"MinHealthyPercentage": 0, "MaxHealthyPercentage": 150}):
        with refused("ValidationError"):
            refresh.start(Preferences=preferences)
    refresh.desired["LaunchTemplate"]["Version"] = "$Latest"
    with refused("ValidationError", "version number"):
        refresh.start(Preferences={"AutoRollback": True})
    refresh.groups.update(LaunchTemplate={"LaunchTemplateId": refresh.groups.template, "Version": "$Default"})
    refresh.start()
    with refused("IrreversibleInstanceRefresh"):
        refresh.asg.rollback_instance_refresh(AutoScalingGroupName="api")


def test_failed_launches_are_reported_as_scaling_activities(groups, aws, until):
    groups.create()
    aws.ec2.delete_launch_template(LaunchTemplateId=groups.template)
    groups.asg.set_desired_capacity(AutoScalingGroupName="api", DesiredCapacity=1)
    assert groups.read()["Instances"] == []
    (activity,) = groups.asg.describe_scaling_activities(AutoScalingGroupName="api")["Activities"]
    assert activity["StatusCode"] == "Failed" and "does not exist" in activity["StatusMessage"]
