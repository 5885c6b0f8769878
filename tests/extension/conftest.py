"""Starts a dedicated LocalStack for this folder and gives each test a separate account."""

import itertools
import json
import os
import random
import subprocess
import time
from pathlib import Path

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

LOCALSTACK = Path(__file__).parents[2] / "localstack"
_accounts = itertools.count(random.randrange(10**11, 9 * 10**11))


def _start(**variables) -> str:
    environment = {**os.environ, "TENFOLD_LS_DELAY_S": "0.2", **variables}
    return subprocess.run(
        [LOCALSTACK / "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def _stop(url: str) -> None:
    subprocess.run([LOCALSTACK / "down", "--port", url.rsplit(":", 1)[1]], check=True)


@pytest.fixture(scope="session")
def record(tmp_path_factory):
    return tmp_path_factory.mktemp("record") / "requests.jsonl"


@pytest.fixture(scope="session")
def url(record):
    url = _start(TENFOLD_LS_RECORD=str(record))
    yield url
    _stop(url)


# Reading the service models is slow and all clients can share them.
_models = botocore.session.get_session().get_component("data_loader")


class Account:
    """Clients of one account in us-east-1, created on first use: `aws.ec2`, `aws.elbv2`."""

    def __init__(self, url: str):
        self.id = f"{next(_accounts):012d}"
        self.url = url
        session = botocore.session.get_session()
        session.register_component("data_loader", _models)
        self._session = boto3.Session(self.id, "test", region_name="us-east-1", botocore_session=session)

    def _client(self, service: str, **more):
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, **more)
        return self._session.client(service, endpoint_url=self.url, config=config)

    def __getattr__(self, service: str):
        client = self._client(service)
        setattr(self, service, client)
        return client

    def unchecked(self, service: str):
        """A client without parameter validation, to send requests that boto3 itself would refuse."""
        return self._client(service, parameter_validation=False)


@pytest.fixture
def aws(url):
    return Account(url)


class Net:
    """A VPC with an attached internet gateway, two subnets in two zones and a security group."""

    def __init__(self, aws: Account):
        ec2 = aws.ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.igw, VpcId=self.vpc)
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for index, zone in enumerate("ab")
        ]
        self.group = ec2.create_security_group(GroupName="web", Description="web", VpcId=self.vpc)["GroupId"]


@pytest.fixture
def net(aws):
    return Net(aws)


class Refused:
    """`with refused("DependencyViolation"):` fails unless its body raises an AWS error of that code.

    With `text`, the message of the error must contain it.
    """

    def __init__(self, code: str, text: str = ""):
        self.code, self.text = code, text

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, _trace):
        assert isinstance(exception, ClientError), f"expected the AWS error {self.code}, got {exception!r}"
        error = exception.response["Error"]
        assert error["Code"] == self.code, error
        assert self.text in (error.get("Message") or ""), error
        return True


@pytest.fixture
def refused():
    return Refused


@pytest.fixture
def until():
    """Calls a function until it returns a true value, and returns that value."""

    def wait(read, seconds: float = 10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = read()
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"the condition was not met within {seconds} s")

    return wait


@pytest.fixture
def tags():
    """`tags("vpc", stack="a")` as TagSpecifications."""

    def specification(kind: str, **values):
        return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in values.items()]}]

    return specification


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@pytest.fixture
def trust():
    return TRUST
