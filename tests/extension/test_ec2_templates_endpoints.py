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


def test_launch_template_versions_return_the_requested_data(aws, tags, refused):
    ec2 = aws.ec2
    created = ec2.create_launch_template(
        LaunchTemplateName="api",
        LaunchTemplateData=DATA,
        VersionDescription="first",
        TagSpecifications=tags("launch-template", a="b"),
    )["LaunchTemplate"]
    (version,) = latest(aws, LaunchTemplateId=created["LaunchTemplateId"])
    assert version["LaunchTemplateData"] == DATA
    assert (version["VersionNumber"], version["VersionDescription"], version["DefaultVersion"]) == (1, "first", True)
    with refused("InvalidLaunchTemplateName.AlreadyExistsException"):
        ec2.create_launch_template(LaunchTemplateName="api", LaunchTemplateData=DATA)
    ec2.create_launch_template_version(
        LaunchTemplateName="api", SourceVersion="1", LaunchTemplateData={"InstanceType": "t4g.large"}, ClientToken="t"
    )
    repeated = ec2.create_launch_template_version(
        LaunchTemplateName="api", SourceVersion="1", LaunchTemplateData={"InstanceType": "t4g.large"}, ClientToken="t"
    )
    assert repeated["LaunchTemplateVersion"]["VersionNumber"] == 2
    (version,) = latest(aws, LaunchTemplateName="api")
    assert version["LaunchTemplateData"] == {**DATA, "InstanceType": "t4g.large"}
    ec2.create_launch_template_version(LaunchTemplateName="api", LaunchTemplateData={"InstanceType": "t4g.nano"})
    assert latest(aws, LaunchTemplateName="api")[0]["LaunchTemplateData"] == {"InstanceType": "t4g.nano"}
    ec2.modify_launch_template(LaunchTemplateName="api", DefaultVersion="3")
    summary = ec2.describe_launch_templates(LaunchTemplateNames=["api"])["LaunchTemplates"][0]
    assert (summary["DefaultVersionNumber"], summary["LatestVersionNumber"]) == (3, 3)
    assert summary["Tags"] == [{"Key": "a", "Value": "b"}]


def test_default_launch_template_version_cannot_be_deleted(aws):
    ec2 = aws.ec2
    ec2.create_launch_template(LaunchTemplateName="old", LaunchTemplateData=DATA)
    for _ in range(2):
        ec2.create_launch_template_version(LaunchTemplateName="old", LaunchTemplateData=DATA)
    response = ec2.delete_launch_template_versions(LaunchTemplateName="old", Versions=["1", "2", "9"])
    deleted = [item["VersionNumber"] for item in response["SuccessfullyDeletedLaunchTemplateVersions"]]
    failed = {
        item["VersionNumber"]: item["ResponseError"]["Code"]
        for item in response["UnsuccessfullyDeletedLaunchTemplateVersions"]
    }
    assert (deleted, failed) == ([2], {1: "unexpectedError", 9: "launchTemplateVersionDoesNotExist"})
    found = ec2.describe_launch_template_versions(LaunchTemplateName="old")["LaunchTemplateVersions"]
    assert [version["VersionNumber"] for version in found] == [3, 1]


def test_latest_versions_of_all_templates_are_listed(aws):
    for index in range(17):
        aws.ec2.create_launch_template(LaunchTemplateName=f"t-{index}", LaunchTemplateData={"InstanceType": "t3.micro"})
    aws.ec2.create_launch_template_version(LaunchTemplateName="t-0", LaunchTemplateData={"InstanceType": "t3.small"})
    found = {item["LaunchTemplateName"]: item for item in latest(aws)}
    assert len(found) == 17 and len(aws.ec2.describe_launch_templates()["LaunchTemplates"]) == 17
    assert found["t-0"]["VersionNumber"] == 2


def test_unknown_launch_templates_are_refused(aws, refused):
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


def prefix_list_routes(aws, table):
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return {item["DestinationPrefixListId"]: item["GatewayId"] for item in routes if "DestinationPrefixListId" in item}


def test_gateway_endpoint_adds_and_removes_prefix_list_routes(aws, net, refused, until):
    ec2 = aws.ec2
    first, second = (ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    settings = dict(VpcId=net.vpc, ServiceName=S3, RouteTableIds=[first])
    endpoint_id = ec2.create_vpc_endpoint(ClientToken="t", **settings)["VpcEndpoint"]["VpcEndpointId"]
    assert ec2.create_vpc_endpoint(ClientToken="t", **settings)["VpcEndpoint"]["VpcEndpointId"] == endpoint_id
    read = lambda: ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]
    assert (read()["VpcEndpointType"], read()["State"], read()["RouteTableIds"]) == ("Gateway", "available", [first])
    prefix_list = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [S3]}])[
        "PrefixLists"
    ][0]
    assert prefix_list_routes(aws, first) == {prefix_list["PrefixListId"]: endpoint_id}
    with refused("RouteAlreadyExists"):
        ec2.create_vpc_endpoint(**settings)
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint_id,
        AddRouteTableIds=[second],
        RemoveRouteTableIds=[first],
        PolicyDocument='{"Statement": []}',
    )
    assert read()["RouteTableIds"] == [second] and '"Statement": []' in read()["PolicyDocument"]
    assert (prefix_list_routes(aws, first), prefix_list_routes(aws, second)) == (
        {},
        {prefix_list["PrefixListId"]: endpoint_id},
    )
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])
    assert read()["State"] == "deleting" and prefix_list_routes(aws, second) == {}
    until(lambda: not ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["VpcEndpoints"])
    with refused("InvalidVpcEndpointId.NotFound"):
        read()
    missing = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])["Unsuccessful"]
    assert [item["Error"]["Code"] for item in missing] == ["InvalidVpcEndpoint.NotFound"]


def test_interface_endpoint_blocks_deletion_of_its_subnets_and_groups(aws, net, refused, until):
    ec2 = aws.ec2
    endpoint_id = ec2.create_vpc_endpoint(
        VpcId=net.vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.ssm",
        SubnetIds=[net.subnets[0]],
        SecurityGroupIds=[net.group],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    read = lambda: ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]
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
        VpcEndpointId=endpoint_id,
        AddSubnetIds=[net.subnets[1]],
        RemoveSubnetIds=[net.subnets[0]],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[net.group],
    )
    assert read()["SubnetIds"] == [net.subnets[1]] and [group["GroupId"] for group in read()["Groups"]] == [other]
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_subnet(SubnetId=net.subnets[0])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[1])
    until(
        lambda: (
            not ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["NetworkInterfaces"]
        )
    )
    ec2.delete_subnet(SubnetId=net.subnets[1])


def test_flow_log_returns_its_settings_and_is_unique(aws, net, tags, refused):
    ec2 = aws.ec2
    aws.logs.create_log_group(logGroupName="flow")
    settings = dict(
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
    (flow_log_id,) = ec2.create_flow_logs(**settings)["FlowLogIds"]
    assert ec2.create_flow_logs(**settings)["FlowLogIds"] == [flow_log_id]
    with refused("FlowLogAlreadyExists"):
        ec2.create_flow_logs(**{**settings, "ClientToken": "u"})
    (log,) = ec2.describe_flow_logs(Filter=[{"Name": "resource-id", "Values": [net.vpc]}])["FlowLogs"]
    assert (log["TrafficType"], log["LogGroupName"], log["MaxAggregationInterval"]) == ("REJECT", "flow", 60)
    assert log["Tags"] == [{"Key": "a", "Value": "b"}] and log["FlowLogStatus"] == "ACTIVE"
    ec2.delete_flow_logs(FlowLogIds=[flow_log_id])
    assert ec2.describe_flow_logs()["FlowLogs"] == []
    group = f"arn:aws:logs:us-east-1:{aws.id}:log-group:flow:*"
    by_arn = {**settings, "LogDestination": group, "ClientToken": "v"}
    del by_arn["LogGroupName"]
    ec2.create_flow_logs(**by_arn)
    (log,) = ec2.describe_flow_logs()["FlowLogs"]
    assert (log["LogGroupName"], log["LogDestination"], log["DeliverLogsStatus"]) == ("flow", group, "SUCCESS")
