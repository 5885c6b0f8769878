"""The recorder, check_requests.py and check_templates.py."""

import json
import subprocess
import sys

from conftest import LOCALSTACK


def run(script, *arguments, stdin=""):
    completed = subprocess.run(
        [sys.executable, LOCALSTACK / script, *arguments], input=stdin, capture_output=True, text=True, check=False
    )
    return completed.returncode, completed.stdout


def recorded(record, account):
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    return [line for line in lines if line["account"] == account]


def test_requests_are_recorded(aws, record):
    aws.ec2.create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]
    )
    aws.logs.create_log_group(logGroupName="g")
    aws.s3.create_bucket(Bucket=f"b-{aws.id}")
    aws.s3.put_object(Bucket=f"b-{aws.id}", Key="k", Body=b"secret")
    lines = recorded(record, aws.id)
    assert [(item["service"], item["operation"]) for item in lines] == [
        ("ec2", "CreateVpc"),
        ("logs", "CreateLogGroup"),
        ("s3", "CreateBucket"),
        ("s3", "PutObject"),
    ]
    assert lines[0]["parameters"]["CidrBlock"] == "10.0.0.0/16" and lines[0]["region"] == "us-east-1"
    assert lines[3]["parameters"]["Body"] == "<stream>"
    assert not any(item["unknown"] for item in lines)


def test_valid_requests_pass(aws, net, record, tmp_path):
    aws.cloudwatch.put_metric_alarm(
        AlarmName="a",
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    file = tmp_path / "record"
    file.write_text("".join(json.dumps(line) + "\n" for line in recorded(record, aws.id)))
    code, out = run("check_requests.py", file)
    assert (code, out) == (0, "7 requests of 6 operations valid\n")


def test_members_unknown_to_the_model_are_recorded(aws, record):
    import urllib.parse
    import urllib.request

    form = {"Action": "DescribeVpcs", "Version": "2016-11-15", "Colour": "red"}
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={aws.id}/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    urllib.request.urlopen(urllib.request.Request(aws.url, urllib.parse.urlencode(form).encode(), headers)).read()
    assert [line["unknown"] for line in recorded(record, aws.id)] == [["Colour"]]


def test_request_violations_are_reported(tmp_path):
    file = tmp_path / "record"
    requests = [
        {"service": "ec2", "operation": "CreateVpc", "parameters": {"InstanceTenancy": "shared", "Colour": "red"}},
        {"service": "elbv2", "operation": "CreateTargetGroup", "parameters": {"Port": "80"}, "unknown": ["Shape"]},
        {"service": "autoscaling", "operation": "MakeCoffee", "parameters": {}},
        {
            "service": "autoscaling",
            "operation": "PutScalingPolicy",
            "parameters": {"AutoScalingGroupName": "a", "PolicyName": "b"},
        },
    ]
    file.write_text("".join(json.dumps(request) + "\n" for request in requests))
    code, out = run("check_requests.py", file)
    assert code == 1
    for text in (
        'Unknown parameter in input: "Colour"',
        "InstanceTenancy: 'shared' is not one of default, dedicated, host",
        'Missing required parameter in input: "Name"',
        "Invalid type for parameter Port",
        "unknown member on the wire: Shape",
        "record:3: autoscaling MakeCoffee: no such operation",
        "6 violations in 4 requests of 4 operations",
    ):
        assert text in out


VPC = {"id": "vpc.main", "type": "AWS::EC2::VPC", "properties": {"CidrBlock": "10.0.0.0/16"}}


def test_valid_resources_pass():
    group = {
        "id": "target-group.api",
        "type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "properties": {"Port": 80, "Protocol": "HTTP", "VpcId": "${vpc.main.id}", "HealthCheckPath": "/h"},
    }
    lines = "".join(json.dumps(item) + "\n" for item in (VPC, group))
    assert run("check_templates.py", stdin=lines) == (0, "2 resources valid\n")
    assert run("check_templates.py", stdin=json.dumps([VPC])) == (0, "1 resources valid\n")


def test_schema_violations_are_reported():
    subnet = {
        "id": "subnet.a",
        "type": "AWS::EC2::Subnet",
        "properties": {"CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": "yes", "VpcId": "${vpc.main.id}"},
    }
    group = {
        "id": "target-group.api",
        "type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "properties": {"Port": "80", "Protocol": "HTP", "VpcId": "${vpc.main.id}", "Colour": "red"},
    }
    asg = {"id": "asg.api", "type": "AWS::AutoScaling::AutoScalingGroup", "properties": {"MinSize": "${x.y.z}"}}
    code, out = run("check_templates.py", stdin=json.dumps([VPC, subnet, group, asg]))
    assert code == 1
    for text in (
        "asg.api: 'MaxSize' is a required property",
        "subnet.a: MapPublicIpOnLaunch: ",
        "target-group.api: Port: '80' is not of type 'integer'",
        "target-group.api: Protocol: 'HTP' is not one of",
        "target-group.api: Colour: Additional properties are not allowed",
    ):
        assert text in out, out
    assert "vpc.main" not in out and "MinSize" not in out
