"""How long things take, and reads that lag: by the timing page, for one account at a time."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from conftest import LOCALSTACK, Account

STACK = [{"Key": "stack", "Value": "shop"}]


class Page:
    """The timing page for one account."""

    def __init__(self, account):
        self.account, self.url = account, account.url + "/_localstack/timing"

    def set(self, **more):
        return self._send("POST", self.url, json.dumps({"account": self.account.id, **more}).encode())

    def read(self):
        return self._send("GET", f"{self.url}?account={self.account.id}")

    def reset(self):
        return self._send("DELETE", f"{self.url}?account={self.account.id}")

    def _send(self, method, url, body=None):
        with urllib.request.urlopen(urllib.request.Request(url, body, method=method)) as answer:
            return json.load(answer)


@pytest.fixture
def page(aws):
    page = Page(aws)
    yield page
    page.reset()


def test_an_account_has_times_of_its_own(page, url):
    unless = page.read()
    assert page.set(delay_s=3, delays_s={"rds": 1.5})["delay_s"] == 3
    assert page.read()["delays_s"] == {"rds": 1.5}
    assert Page(Account(url)).read() == unless
    assert page.reset() == unless


def test_the_environment_says_what_holds_unless_told():
    variables = {
        "TENFOLD_LS_DELAY_S": "0",
        "TENFOLD_LS_DELAYS_S": "rds=5, cloudfront=0.5",
        "TENFOLD_LS_READ_LAG": "2",
        "TENFOLD_LS_TAG_LAG": "3",
        "TENFOLD_LS_ROLE_LAG_S": "4",
        "TENFOLD_LS_QUEUE_REST_S": "60",
        "PYTHONPATH": str(LOCALSTACK / "extension" / "src"),
    }
    script = "import json; from tenfold_localstack import settings; print(json.dumps(settings.DEFAULTS))"
    said = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, check=True).stdout
    assert json.loads(said) == {
        "delay_s": 0,
        "delays_s": {"rds": 5, "cloudfront": 0.5},
        "read_lag": 2,
        "tag_lag": 3,
        "role_lag_s": 4,
        "queue_rest_s": 60,
    }


@pytest.mark.parametrize(
    "wrong", [{"delay": 1}, {"delay_s": -1}, {"delay_s": "1"}, {"delays_s": 1}, {"read_lag": True}, {"account": "1"}]
)
def test_what_is_no_time_is_refused(page, wrong):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        page.set(**wrong)
    assert refusal.value.code == 400


def links(aws, net):
    made = aws.apigatewayv2.create_vpc_link(Name="l", SubnetIds=net.subnets)
    return lambda: aws.apigatewayv2.get_vpc_link(VpcLinkId=made["VpcLinkId"])["VpcLinkStatus"] == "AVAILABLE"


def balancers(aws, net):
    made = aws.elbv2.create_load_balancer(Name="b", Subnets=net.subnets, Scheme="internal")["LoadBalancers"][0]
    read = lambda: aws.elbv2.describe_load_balancers(LoadBalancerArns=[made["LoadBalancerArn"]])  # noqa: E731
    return lambda: read()["LoadBalancers"][0]["State"]["Code"] == "active"


def databases(aws, net):
    login = {"MasterUsername": "admin", "MasterUserPassword": "passw0rd!"}
    aws.rds.create_db_instance(
        DBInstanceIdentifier="d", Engine="mysql", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **login
    )
    return lambda: aws.rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"


def caches(aws, net):
    aws.elasticache.create_replication_group(
        ReplicationGroupId="c", ReplicationGroupDescription="c", Engine="redis", CacheNodeType="cache.t4g.micro"
    )
    return lambda: aws.elasticache.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "available"


def gateways(aws, net):
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    aws.ec2.create_nat_gateway(SubnetId=net.subnets[0], AllocationId=address)
    return lambda: aws.ec2.describe_nat_gateways()["NatGateways"][0]["State"] == "available"


def distributions(aws, net):
    origin = {
        "Id": "web",
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    behavior = {
        "TargetOriginId": "web",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    }
    config = {"CallerReference": "1", "Comment": "c", "Enabled": True, "DefaultCacheBehavior": behavior}
    config["Origins"] = {"Quantity": 1, "Items": [origin]}
    name = aws.cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    paths = {"CallerReference": "1", "Paths": {"Quantity": 1, "Items": ["/*"]}}
    one = aws.cloudfront.create_invalidation(DistributionId=name, InvalidationBatch=paths)["Invalidation"]["Id"]
    read = lambda: aws.cloudfront.get_invalidation(DistributionId=name, Id=one)["Invalidation"]  # noqa: E731
    deployed = lambda: aws.cloudfront.get_distribution(Id=name)["Distribution"]["Status"] == "Deployed"  # noqa: E731
    return lambda: deployed() and read()["Status"] == "Completed"


@pytest.mark.parametrize("make", [links, balancers, databases, caches, gateways, distributions])
def test_what_takes_time_takes_as_long_as_told(aws, net, page, until, make):
    page.set(delay_s=0)
    assert make(aws, net)()
    page.reset()


@pytest.mark.parametrize("make, service", [(links, "apigatewayv2"), (gateways, "ec2"), (distributions, "cloudfront")])
def test_a_service_may_take_longer_than_the_others(aws, net, page, until, make, service):
    page.set(delay_s=0, delays_s={service: 2})
    ready, began = make(aws, net), time.monotonic()
    until(ready)
    assert time.monotonic() - began > 1.5


def test_reads_lag_behind_changes(aws, net, page, refused):
    ec2 = aws.ec2
    page.set(read_lag=2)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    for _ in range(2):
        with refused("InvalidVpcID.NotFound"):
            ec2.describe_vpcs(VpcIds=[vpc])
    read = lambda: ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0].get("Tags", [])  # noqa: E731
    assert read() == []
    ec2.create_tags(Resources=[vpc], Tags=STACK)
    assert [read(), read(), read()] == [[], [], STACK]
    ec2.delete_vpc(VpcId=vpc)
    assert read() == read() == STACK
    with refused("InvalidVpcID.NotFound"):
        read()


def test_lists_do_not_have_what_is_new(aws, page):
    page.set(read_lag=1)
    made = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    read = lambda: [one["InternetGatewayId"] for one in aws.ec2.describe_internet_gateways()["InternetGateways"]]  # noqa: E731
    assert made not in read()
    assert made in read()


def test_a_read_gets_there_whatever_is_written_meanwhile(aws, page):
    page.set(read_lag=2)
    name = lambda number: f"/app/{number}"  # noqa: E731
    read = lambda: len(aws.logs.describe_log_groups()["logGroups"])  # noqa: E731
    told = []
    for number in range(5):
        told.append(read())
        aws.logs.create_log_group(logGroupName=name(number))
    assert told == [0, 0, 0, 1, 2]


def test_a_read_that_was_never_asked_before_knows_all_but_what_is_new(aws, page):
    page.set(tag_lag=1)
    old, new = (aws.sns.create_topic(Name=name, Tags=STACK)["TopicArn"] for name in ("old", "new"))
    tags = lambda arn: aws.sns.list_tags_for_resource(ResourceArn=arn)["Tags"]  # noqa: E731
    assert [tags(old), tags(old)] == [[], STACK]
    find = lambda: aws.resourcegroupstaggingapi.get_resources(ResourceTypeFilters=["sns"])["ResourceTagMappingList"]  # noqa: E731
    assert [{one["ResourceARN"] for one in find()} for _ in range(2)] == [{old}, {old, new}]


def test_a_witness_sees_and_is_seen_at_once(aws, page):
    page.set(read_lag=3)
    witness = aws._client("logs", user_agent_appid="witness")
    names = lambda logs: [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]  # noqa: E731
    assert names(aws.logs) == []
    aws.logs.create_log_group(logGroupName="/app/1")
    assert names(witness) == ["/app/1"] and names(aws.logs) == []
    witness.create_log_group(logGroupName="/app/2")
    assert names(aws.logs) == ["/app/1", "/app/2"]


def test_a_refusal_is_told_again_too(aws, page, refused, trust):
    page.set(read_lag=1)
    with refused("NoSuchEntity"):
        aws.iam.get_role(RoleName="r")
    aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    with refused("NoSuchEntity"):
        aws.iam.get_role(RoleName="r")
    assert aws.iam.get_role(RoleName="r")["Role"]["RoleName"] == "r"


def test_s3_does_not_lag(aws, page):
    page.set(read_lag=5)
    bucket = f"b-{aws.id}"
    aws.s3.create_bucket(Bucket=bucket)
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert aws.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


def test_tags_lag_alone(aws, page):
    page.set(tag_lag=1)
    url = aws.sqs.create_queue(QueueName="q", tags={"stack": "shop"})["QueueUrl"]
    assert aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    mine = lambda: aws.resourcegroupstaggingapi.get_resources(TagFilters=[{"Key": "stack"}])["ResourceTagMappingList"]  # noqa: E731
    assert mine() == []
    assert len(mine()) == 1
    arn = aws.sns.create_topic(Name="t", Tags=STACK)["TopicArn"]
    read = lambda: aws.sns.list_tags_for_resource(ResourceArn=arn)["Tags"]  # noqa: E731
    assert [read(), read()] == [[], STACK]


def test_a_new_profile_cannot_be_used_yet(aws, net, page, refused):
    page.set(role_lag_s=60)
    aws.iam.create_instance_profile(InstanceProfileName="p")
    data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "IamInstanceProfile": {"Name": "p"}}
    aws.ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    create = lambda: aws.autoscaling.create_auto_scaling_group(  # noqa: E731
        AutoScalingGroupName="g",
        LaunchTemplate={"LaunchTemplateName": "web"},
        MinSize=0,
        MaxSize=1,
        VPCZoneIdentifier=net.subnets[0],
    )
    with refused("ValidationError", "Invalid IAM Instance Profile name"):
        create()
    page.set(role_lag_s=0)
    create()


def test_a_new_role_cannot_be_used_yet(aws, page, trust, refused):
    page.set(role_lag_s=60)
    role = aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust.replace("ec2.", "apigateway."))
    arn = role["Role"]["Arn"]
    set_role = lambda: aws.apigateway.update_account(  # noqa: E731
        patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
    )
    with refused("BadRequestException"):
        set_role()
    page.set(role_lag_s=0)
    assert set_role()["cloudwatchRoleArn"] == arn


def test_the_name_of_a_queue_rests_as_long_as_told(aws, page, refused):
    page.set(queue_rest_s=60)
    url = aws.sqs.create_queue(QueueName="q")["QueueUrl"]
    aws.sqs.delete_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently"):
        aws.sqs.create_queue(QueueName="q")
    page.set(queue_rest_s=0)
    aws.sqs.create_queue(QueueName="q")
