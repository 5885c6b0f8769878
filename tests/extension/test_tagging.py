"""Resource Groups Tagging: everything with tags in one list; and secrets, which are asked for twice."""

import uuid

TAGS = {"stack": "shop"}
LIST = [{"Key": "stack", "Value": "shop"}]
MINE = [{"Key": "stack", "Values": ["shop"]}]


def arns(aws, **more):
    pages = aws.resourcegroupstaggingapi.get_paginator("get_resources").paginate(**more)
    return [one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]]


def tagged(aws, net):
    """One of each of some services, and a queue of another stack."""
    aws.sqs.create_queue(QueueName="orders", tags=TAGS)
    aws.sqs.create_queue(QueueName="other", tags={"stack": "other"})
    aws.sns.create_topic(Name="alerts", Tags=LIST)
    aws.logs.create_log_group(logGroupName="/shop", tags=TAGS)
    aws.ec2.create_tags(Resources=[net.vpc], Tags=LIST)
    aws.ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": LIST}],
    )
    aws.elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="c", CacheSubnetGroupDescription="c", SubnetIds=net.subnets, Tags=LIST
    )
    aws.rds.create_db_subnet_group(
        DBSubnetGroupName="d", DBSubnetGroupDescription="d", SubnetIds=net.subnets, Tags=LIST
    )
    aws.wafv2.create_ip_set(Name="w", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[], Tags=LIST)


def test_every_service_is_in_one_list(aws, net):
    tagged(aws, net)
    found = arns(aws, TagFilters=MINE)
    assert sorted(arn.split(":")[2] for arn in found) == [
        "ec2",
        "ec2",
        "elasticache",
        "logs",
        "rds",
        "sns",
        "sqs",
        "wafv2",
    ]
    assert any(":launch-template/" in arn for arn in found)
    assert arns(aws, TagFilters=[{"Key": "stack", "Values": ["shop", "other"]}]) != found
    assert arns(aws, TagFilters=[*MINE, {"Key": "nothing"}]) == []


def test_keys_and_values(aws, net):
    tagged(aws, net)
    aws.s3.create_bucket(Bucket="of-the-third")
    aws.s3.put_bucket_tagging(Bucket="of-the-third", Tagging={"TagSet": [{"Key": "stack", "Value": "third"}]})
    assert aws.resourcegroupstaggingapi.get_tag_keys()["TagKeys"] == ["stack"]
    found = aws.resourcegroupstaggingapi.get_tag_values(Key="stack")["TagValues"]
    assert found == ["other", "shop", "third"]
    assert aws.resourcegroupstaggingapi.get_tag_values(Key="team")["TagValues"] == []


def test_types_and_pages(aws, net, refused):
    tagged(aws, net)
    assert [arn.rsplit(":", 1)[1] for arn in arns(aws, TagFilters=MINE, ResourceTypeFilters=["sqs"])] == ["orders"]
    assert len(arns(aws, TagFilters=MINE, ResourceTypeFilters=["ec2:vpc", "sns"])) == 2
    first = aws.resourcegroupstaggingapi.get_resources(TagFilters=MINE, ResourcesPerPage=3)
    assert len(first["ResourceTagMappingList"]) == 3 and first["PaginationToken"]
    with refused("InvalidParameterException"):
        aws.resourcegroupstaggingapi.get_resources(ResourceARNList=arns(aws), TagFilters=MINE)


def test_a_secret_asked_for_twice_is_one(aws, refused):
    given = {"Name": "login", "SecretString": "a", "ClientRequestToken": str(uuid.uuid4())}
    made = aws.secretsmanager.create_secret(**given)
    again = aws.secretsmanager.create_secret(**given)
    assert (again["ARN"], again["VersionId"]) == (made["ARN"], made["VersionId"])
    with refused("ResourceExistsException"):
        aws.secretsmanager.create_secret(**{**given, "SecretString": "b"})
    with refused("ResourceExistsException"):
        aws.secretsmanager.create_secret(Name="login", SecretString="a")
