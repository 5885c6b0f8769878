"""Launch templates, VPC endpoints, flow logs."""

S3 = "com.amazonaws.us-east-1.s3"
DATA = {
    "ImageId": "ami-0123456789abcdef0",
    "InstanceType": "t4g.small",
    "UserData": "ZWNobw==",
    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}}
    ],
    "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "api"}]}],
}


def latest(aws, **named):
    return aws.ec2.describe_launch_template_versions(Versions=["$Latest"], **named)["LaunchTemplateVersions"]


def test_a_version_is_what_was_asked_for(aws, tags, refused):
    ec2 = aws.ec2
    made = ec2.create_launch_template(
        LaunchTemplateName="api",
        LaunchTemplateData=DATA,
        VersionDescription="first",
        TagSpecifications=tags("launch-template", a="b"),
    )["LaunchTemplate"]
    (version,) = latest(aws, LaunchTemplateId=made["LaunchTemplateId"])
    assert version["LaunchTemplateData"] == DATA
    assert (version["VersionNumber"], version["VersionDescription"], version["DefaultVersion"]) == (1, "first", True)
    with refused("InvalidLaunchTemplateName.AlreadyExistsException"):
        ec2.create_launch_template(LaunchTemplateName="api", LaunchTemplateData=DATA)
    ec2.create_launch_template_version(
        LaunchTemplateName="api", SourceVersion="1", LaunchTemplateData={"InstanceType": "t4g.large"}, ClientToken="t"
    )
    again = ec2.create_launch_template_version(
        LaunchTemplateName="api", SourceVersion="1", LaunchTemplateData={"InstanceType": "t4g.large"}, ClientToken="t"
    )
    assert again["LaunchTemplateVersion"]["VersionNumber"] == 2
    (version,) = latest(aws, LaunchTemplateName="api")
    assert version["LaunchTemplateData"] == {**DATA, "InstanceType": "t4g.large"}
    ec2.create_launch_template_version(LaunchTemplateName="api", LaunchTemplateData={"InstanceType": "t4g.nano"})
    assert latest(aws, LaunchTemplateName="api")[0]["LaunchTemplateData"] == {"InstanceType": "t4g.nano"}
    ec2.modify_launch_template(LaunchTemplateName="api", DefaultVersion="3")
    summary = ec2.describe_launch_templates(LaunchTemplateNames=["api"])["LaunchTemplates"][0]
    assert (summary["DefaultVersionNumber"], summary["LatestVersionNumber"]) == (3, 3)
    assert summary["Tags"] == [{"Key": "a", "Value": "b"}]


def test_versions_are_deleted_but_not_the_default_one(aws):
    ec2 = aws.ec2
    ec2.create_launch_template(LaunchTemplateName="old", LaunchTemplateData=DATA)
    for _ in range(2):
        ec2.create_launch_template_version(LaunchTemplateName="old", LaunchTemplateData=DATA)
    answer = ec2.delete_launch_template_versions(LaunchTemplateName="old", Versions=["1", "2", "9"])
    deleted = [item["VersionNumber"] for item in answer["SuccessfullyDeletedLaunchTemplateVersions"]]
    kept = {
        item["VersionNumber"]: item["ResponseError"]["Code"]
        for item in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    }
    assert (deleted, kept) == ([2], {1: "unexpectedError", 9: "launchTemplateVersionDoesNotExist"})
    found = ec2.describe_launch_template_versions(LaunchTemplateName="old")["LaunchTemplateVersions"]
    assert [version["VersionNumber"] for version in found] == [3, 1]


def test_latest_of_all_templates(aws):
    for index in range(17):
        aws.ec2.create_launch_template(LaunchTemplateName=f"t-{index}", LaunchTemplateData={"InstanceType": "t3.micro"})
    aws.ec2.create_launch_template_version(LaunchTemplateName="t-0", LaunchTemplateData={"InstanceType": "t3.small"})
    found = {one["LaunchTemplateName"]: one for one in latest(aws)}
    assert len(found) == 17 and len(aws.ec2.describe_launch_templates()["LaunchTemplates"]) == 17
    assert found["t-0"]["VersionNumber"] == 2


def test_templates_that_are_not_there(aws, refused):
    ec2 = aws.ec2
    with refused("InvalidLaunchTemplateId.NotFound"):
        ec2.describe_launch_templates(LaunchTemplateIds=["lt-0123456789abcdef0"])
    with refused("InvalidLaunchTemplateName.NotFoundException"):
        ec2.describe_launch_templates(LaunchTemplateNames=["nothing"])
    with refused("InvalidLaunchTemplateId.NotFound"):
        ec2.delete_launch_template(LaunchTemplateId="lt-0123456789abcdef0")
    ec2.create_launch_template(LaunchTemplateName="api", LaunchTemplateData=DATA)
    with refused("InvalidLaunchTemplateId.VersionNotFound"):
        ec2.describe_launch_template_versions(LaunchTemplateName="api", Versions=["9"])
    ec2.delete_launch_template(LaunchTemplateName="api")
    assert ec2.describe_launch_templates()["LaunchTemplates"] == []


def routed(aws, table):
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return {one["DestinationPrefixListId"]: one["GatewayId"] for one in routes if "DestinationPrefixListId" in one}


def test_gateway_endpoint(aws, net, refused, until):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    make = dict(VpcId=net.vpc, ServiceName=S3, RouteTableIds=[first])
    name = ec2.create_vpc_endpoint(ClientToken="t", **make)["VpcEndpoint"]["VpcEndpointId"]
    assert ec2.create_vpc_endpoint(ClientToken="t", **make)["VpcEndpoint"]["VpcEndpointId"] == name
    read = lambda: ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"][0]
    assert (read()["VpcEndpointType"], read()["State"], read()["RouteTableIds"]) == ("Gateway", "available", [first])
    prefix_list = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [S3]}])[
        "PrefixLists"
    ][0]
    assert routed(aws, first) == {prefix_list["PrefixListId"]: name}
    with refused("RouteAlreadyExists"):
        ec2.create_vpc_endpoint(**make)
    ec2.modify_vpc_endpoint(
        VpcEndpointId=name, AddRouteTableIds=[second], RemoveRouteTableIds=[first], PolicyDocument='{"Statement": []}'
    )
    assert read()["RouteTableIds"] == [second] and '"Statement": []' in read()["PolicyDocument"]
    assert (routed(aws, first), routed(aws, second)) == ({}, {prefix_list["PrefixListId"]: name})
    ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    assert read()["State"] == "deleting" and routed(aws, second) == {}
    until(lambda: not ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["VpcEndpoints"])
    with refused("InvalidVpcEndpointId.NotFound"):
        read()
    missing = ec2.delete_vpc_endpoints(VpcEndpointIds=[name])["Unsuccessful"]
    assert [one["Error"]["Code"] for one in missing] == ["InvalidVpcEndpoint.NotFound"]


def test_interface_endpoint(aws, net, refused, until):
    ec2 = aws.ec2
    name = ec2.create_vpc_endpoint(
        VpcId=net.vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.ssm",
        SubnetIds=[net.subnets[0]],
        SecurityGroupIds=[net.group],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    read = lambda: ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"][0]
    assert read()["State"] == "pending"
    until(lambda: read()["State"] == "available")
    assert [group["GroupId"] for group in read()["Groups"]] == [net.group]
    interface = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [net.group]}])[
        "NetworkInterfaces"
    ][0]
    assert (
        interface["InterfaceType"] == "vpc_endpoint"
        and [interface["NetworkInterfaceId"]] == read()["NetworkInterfaceIds"]
    )
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    with refused("InvalidParameterValue"):
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    other = ec2.create_security_group(GroupName="o", Description="o", VpcId=net.vpc)["GroupId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=name,
        AddSubnetIds=[net.subnets[1]],
        RemoveSubnetIds=[net.subnets[0]],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[net.group],
    )
    assert read()["SubnetIds"] == [net.subnets[1]] and [group["GroupId"] for group in read()["Groups"]] == [other]
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_subnet(SubnetId=net.subnets[0])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[1])
    until(
        lambda: (
            not ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["NetworkInterfaces"]
        )
    )
    ec2.delete_subnet(SubnetId=net.subnets[1])


def test_flow_logs(aws, net, tags, refused):
    ec2 = aws.ec2
    aws.logs.create_log_group(logGroupName="flow")
    make = dict(
        ResourceIds=[net.vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogDestinationType="cloud-watch-logs",
        LogGroupName="flow",
        DeliverLogsPermissionArn=f"arn:aws:iam::{aws.id}:role/flow",
        MaxAggregationInterval=60,
        TagSpecifications=tags("vpc-flow-log", a="b"),
        ClientToken="t",
    )
    (name,) = ec2.create_flow_logs(**make)["FlowLogIds"]
    assert ec2.create_flow_logs(**make)["FlowLogIds"] == [name]
    with refused("FlowLogAlreadyExists"):
        ec2.create_flow_logs(**{**make, "ClientToken": "u"})
    (log,) = ec2.describe_flow_logs(Filter=[{"Name": "resource-id", "Values": [net.vpc]}])["FlowLogs"]
    assert (log["TrafficType"], log["LogGroupName"], log["MaxAggregationInterval"]) == ("REJECT", "flow", 60)
    assert log["Tags"] == [{"Key": "a", "Value": "b"}] and log["FlowLogStatus"] == "ACTIVE"
    ec2.delete_flow_logs(FlowLogIds=[name])
    assert ec2.describe_flow_logs()["FlowLogs"] == []
    group = f"arn:aws:logs:us-east-1:{aws.id}:log-group:flow:*"
    by_arn = {**make, "LogDestination": group, "ClientToken": "v"}
    del by_arn["LogGroupName"]
    ec2.create_flow_logs(**by_arn)
    (log,) = ec2.describe_flow_logs()["FlowLogs"]
    assert (log["LogGroupName"], log["LogDestination"], log["DeliverLogsStatus"]) == ("flow", group, "SUCCESS")
