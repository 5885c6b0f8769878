"""Simulated durations and lagging reads, set on the timing page for one account at a time."""

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
    """A client of the timing page for one account."""

    def __init__(self, account):
        self.account, self.url = account, account.url + "/_localstack/timing"

    def set(self, **more):
        return self._send("POST", self.url, json.dumps({"account": self.account.id, **more}).encode())

    def read(self):
        return self._send("GET", f"{self.url}?account={self.account.id}")

    def reset(self):
        return self._send("DELETE", f"{self.url}?account={self.account.id}")

    def _send(self, method, url, body=None):
        with urllib.request.urlopen(urllib.request.Request(url, body, method=method)) as response:
            return json.load(response)


@pytest.fixture
def page(aws):
    page = Page(aws)
    yield page
    page.reset()


def test_timing_of_one_account_does_not_affect_others(page, url):
    defaults = page.read()
    assert page.set(delay_s=3, delays_s={"rds": 1.5})["delay_s"] == 3
    assert page.read()["delays_s"] == {"rds": 1.5}
    assert Page(Account(url)).read() == defaults
    assert page.reset() == defaults


def test_environment_variables_set_the_defaults():
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
    output = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, check=True).stdout
    assert json.loads(output) == {
        "delay_s": 0,
        "delays_s": {"rds": 5, "cloudfront": 0.5},
        "read_lag": 2,
        "tag_lag": 3,
        "role_lag_s": 4,
        "queue_rest_s": 60,
    }


@pytest.mark.parametrize(
    "timing", [{"delay": 1}, {"delay_s": -1}, {"delay_s": "1"}, {"delays_s": 1}, {"read_lag": True}, {"account": "1"}]
)
def test_invalid_timing_is_refused(page, timing):
    with pytest.raises(urllib.error.HTTPError) as response:
        page.set(**timing)
    assert response.value.code == 400


# Each function below creates a resource and returns a function that reports whether it is ready.
def new_vpc_link(aws, net):
    created = aws.apigatewayv2.create_vpc_link(Name="l", SubnetIds=net.subnets)
    return lambda: aws.apigatewayv2.get_vpc_link(VpcLinkId=created["VpcLinkId"])["VpcLinkStatus"] == "AVAILABLE"


def new_load_balancer(aws, net):
    created = aws.elbv2.create_load_balancer(Name="b", Subnets=net.subnets, Scheme="internal")["LoadBalancers"][0]
    read = lambda: aws.elbv2.describe_load_balancers(LoadBalancerArns=[created["LoadBalancerArn"]])  # noqa: E731
    return lambda: read()["LoadBalancers"][0]["State"]["Code"] == "active"


def new_database(aws, net):
    login = {"MasterUsername": "admin", "MasterUserPassword": "passw0rd!"}
    aws.rds.create_db_instance(
        DBInstanceIdentifier="d", Engine="mysql", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **login
    )
    return lambda: aws.rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"


def new_replication_group(aws, net):
    aws.elasticache.create_replication_group(
        ReplicationGroupId="c", ReplicationGroupDescription="c", Engine="redis", CacheNodeType="cache.t4g.micro"
    )
    return lambda: aws.elasticache.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "available"


def new_nat_gateway(aws, net):
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    aws.ec2.create_nat_gateway(SubnetId=net.subnets[0], AllocationId=address)
    return lambda: aws.ec2.describe_nat_gateways()["NatGateways"][0]["State"] == "available"


def new_distribution(aws, net):
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
    distribution = aws.cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    paths = {"CallerReference": "1", "Paths": {"Quantity": 1, "Items": ["/*"]}}
    created = aws.cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=paths)["Invalidation"]

    def ready():
        read = aws.cloudfront.get_invalidation(DistributionId=distribution, Id=created["Id"])["Invalidation"]
        deployed = aws.cloudfront.get_distribution(Id=distribution)["Distribution"]["Status"] == "Deployed"
        return deployed and read["Status"] == "Completed"

    return ready


@pytest.mark.parametrize(
    "create", [new_vpc_link, new_load_balancer, new_database, new_replication_group, new_nat_gateway, new_distribution]
)
def test_resources_are_ready_at_once_with_zero_delay(aws, net, page, until, create):
    page.set(delay_s=0)
    assert create(aws, net)()
    page.reset()


@pytest.mark.parametrize(
    "create, service", [(new_vpc_link, "apigatewayv2"), (new_nat_gateway, "ec2"), (new_distribution, "cloudfront")]
)
def test_delay_can_be_set_for_one_service(aws, net, page, until, create, service):
    page.set(delay_s=0, delays_s={service: 2})
    ready, started = create(aws, net), time.monotonic()
    until(ready)
    assert time.monotonic() - started > 1.5


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


def test_lists_omit_new_resources_during_read_lag(aws, page):
    page.set(read_lag=1)
    gateway = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    read = lambda: [item["InternetGatewayId"] for item in aws.ec2.describe_internet_gateways()["InternetGateways"]]  # noqa: E731
    assert gateway not in read()
    assert gateway in read()


def test_lagging_read_catches_up_during_further_writes(aws, page):
    page.set(read_lag=2)
    name = lambda number: f"/app/{number}"  # noqa: E731
    count_groups = lambda: len(aws.logs.describe_log_groups()["logGroups"])  # noqa: E731
    counts = []
    for number in range(5):
        counts.append(count_groups())
        aws.logs.create_log_group(logGroupName=name(number))
    assert counts == [0, 0, 0, 1, 2]


def test_first_read_of_a_request_omits_only_new_resources(aws, page):
    page.set(tag_lag=1)
    old, new = (aws.sns.create_topic(Name=name, Tags=STACK)["TopicArn"] for name in ("old", "new"))
    tags = lambda arn: aws.sns.list_tags_for_resource(ResourceArn=arn)["Tags"]  # noqa: E731
    assert [tags(old), tags(old)] == [[], STACK]
    find = lambda: aws.resourcegroupstaggingapi.get_resources(ResourceTypeFilters=["sns"])["ResourceTagMappingList"]  # noqa: E731
    assert [{item["ResourceARN"] for item in find()} for _ in range(2)] == [{old}, {old, new}]


def test_witness_reads_and_writes_without_lag(aws, page):
    page.set(read_lag=3)
    witness = aws._client("logs", user_agent_appid="witness")
    names = lambda logs: [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]  # noqa: E731
    assert names(aws.logs) == []
    aws.logs.create_log_group(logGroupName="/app/1")
    assert names(witness) == ["/app/1"] and names(aws.logs) == []
    witness.create_log_group(logGroupName="/app/2")
    assert names(aws.logs) == ["/app/1", "/app/2"]


def test_error_responses_lag_too(aws, page, refused, trust):
    page.set(read_lag=1)
    with refused("NoSuchEntity"):
        aws.iam.get_role(RoleName="r")
    aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    with refused("NoSuchEntity"):
        aws.iam.get_role(RoleName="r")
    assert aws.iam.get_role(RoleName="r")["Role"]["RoleName"] == "r"


def test_s3_reads_do_not_lag(aws, page):
    page.set(read_lag=5)
    bucket = f"b-{aws.id}"
    aws.s3.create_bucket(Bucket=bucket)
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert aws.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


def test_tag_lag_affects_only_reads_of_tags(aws, page):
    page.set(tag_lag=1)
    url = aws.sqs.create_queue(QueueName="q", tags={"stack": "shop"})["QueueUrl"]
    assert aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    tagged = lambda: aws.resourcegroupstaggingapi.get_resources(TagFilters=[{"Key": "stack"}])["ResourceTagMappingList"]  # noqa: E731
    assert tagged() == []
    assert len(tagged()) == 1
    arn = aws.sns.create_topic(Name="t", Tags=STACK)["TopicArn"]
    read = lambda: aws.sns.list_tags_for_resource(ResourceArn=arn)["Tags"]  # noqa: E731
    assert [read(), read()] == [[], STACK]


def test_new_instance_profile_is_refused_during_role_lag(aws, net, page, refused):
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


def test_new_role_is_refused_during_role_lag(aws, page, trust, refused):
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


def test_deleted_queue_name_is_refused_for_the_configured_time(aws, page, refused):
    page.set(queue_rest_s=60)
    url = aws.sqs.create_queue(QueueName="q")["QueueUrl"]
    aws.sqs.delete_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently"):
        aws.sqs.create_queue(QueueName="q")
    page.set(queue_rest_s=0)
    aws.sqs.create_queue(QueueName="q")
