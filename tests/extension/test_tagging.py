"""Resource Groups Tagging: all tagged resources in one list. Secrets Manager: idempotent creation."""

import uuid

TAGS = {"stack": "shop"}
TAG_LIST = [{"Key": "stack", "Value": "shop"}]
SHOP_FILTER = [{"Key": "stack", "Values": ["shop"]}]


def arns(aws, **more):
    pages = aws.resourcegroupstaggingapi.get_paginator("get_resources").paginate(**more)
    return [item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]]


def create_tagged_resources(aws, net):
    """Creates one resource of each of several services, and a queue of another stack."""
    aws.sqs.create_queue(QueueName="orders", tags=TAGS)
    aws.sqs.create_queue(QueueName="other", tags={"stack": "other"})
    aws.sns.create_topic(Name="alerts", Tags=TAG_LIST)
    aws.logs.create_log_group(logGroupName="/shop", tags=TAGS)
    aws.ec2.create_tags(Resources=[net.vpc], Tags=TAG_LIST)
    aws.ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": TAG_LIST}],
    )
    aws.elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="c", CacheSubnetGroupDescription="c", SubnetIds=net.subnets, Tags=TAG_LIST
    )
    aws.rds.create_db_subnet_group(
        DBSubnetGroupName="d", DBSubnetGroupDescription="d", SubnetIds=net.subnets, Tags=TAG_LIST
    )
    aws.wafv2.create_ip_set(Name="w", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[], Tags=TAG_LIST)


def test_one_list_contains_resources_of_every_service(aws, net):
    create_tagged_resources(aws, net)
    found = arns(aws, TagFilters=SHOP_FILTER)
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
    assert arns(aws, TagFilters=[*SHOP_FILTER, {"Key": "nothing"}]) == []


def test_tag_keys_and_values_are_listed(aws, net):
    create_tagged_resources(aws, net)
    aws.s3.create_bucket(Bucket="third-stack")
    aws.s3.put_bucket_tagging(Bucket="third-stack", Tagging={"TagSet": [{"Key": "stack", "Value": "third"}]})
    assert aws.resourcegroupstaggingapi.get_tag_keys()["TagKeys"] == ["stack"]
    found = aws.resourcegroupstaggingapi.get_tag_values(Key="stack")["TagValues"]
    assert found == ["other", "shop", "third"]
    assert aws.resourcegroupstaggingapi.get_tag_values(Key="team")["TagValues"] == []


def test_resources_are_filtered_by_type_and_listed_in_pages(aws, net, refused):
    create_tagged_resources(aws, net)
    assert [arn.rsplit(":", 1)[1] for arn in arns(aws, TagFilters=SHOP_FILTER, ResourceTypeFilters=["sqs"])] == [
        "orders"
    ]
    assert len(arns(aws, TagFilters=SHOP_FILTER, ResourceTypeFilters=["ec2:vpc", "sns"])) == 2
    first = aws.resourcegroupstaggingapi.get_resources(TagFilters=SHOP_FILTER, ResourcesPerPage=3)
    assert len(first["ResourceTagMappingList"]) == 3 and first["PaginationToken"]
    with refused("InvalidParameterException"):
        aws.resourcegroupstaggingapi.get_resources(ResourceARNList=arns(aws), TagFilters=SHOP_FILTER)


def test_secret_creation_is_idempotent_by_token(aws, refused):
    secret = {"Name": "login", "SecretString": "a", "ClientRequestToken": str(uuid.uuid4())}
    created = aws.secretsmanager.create_secret(**secret)
    repeated = aws.secretsmanager.create_secret(**secret)
    assert (repeated["ARN"], repeated["VersionId"]) == (created["ARN"], created["VersionId"])
    with refused("ResourceExistsException"):
        aws.secretsmanager.create_secret(**{**secret, "SecretString": "b"})
    with refused("ResourceExistsException"):
        aws.secretsmanager.create_secret(Name="login", SecretString="a")
