"""A LocalStack of its own for this folder, and an account of its own for each test."""

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


def _up(**variables) -> str:
    environment = {**os.environ, "TENFOLD_LS_DELAY_S": "0.2", **variables}
    return subprocess.run(
        [LOCALSTACK / "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def _down(url: str) -> None:
    subprocess.run([LOCALSTACK / "down", "--port", url.rsplit(":", 1)[1]], check=True)


@pytest.fixture(scope="session")
def record(tmp_path_factory):
    return tmp_path_factory.mktemp("record") / "requests.jsonl"


@pytest.fixture(scope="session")
def url(record):
    url = _up(TENFOLD_LS_RECORD=str(record))
    yield url
    _down(url)


# The service models take a while to read, and are the same for all.
_models = botocore.session.get_session().get_component("data_loader")


class Account:
    """Clients of one account in us-east-1, made when asked for: `aws.ec2`, `aws.elbv2`."""

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
        """A client that sends what boto3 itself would refuse."""
        return self._client(service, parameter_validation=False)


@pytest.fixture
def aws(url):
    return Account(url)


class Net:
    """A VPC with an attached gateway and two subnets in two zones."""

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
    """`with refused("DependencyViolation"):` the body must end in that error."""

    def __init__(self, code: str, text: str = ""):
        self.code, self.text = code, text

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, _trace):
        assert isinstance(exception, ClientError), f"not refused, want {self.code}"
        error = exception.response["Error"]
        assert error["Code"] == self.code, error
        assert self.text in (error.get("Message") or ""), error
        return True


@pytest.fixture
def refused():
    return Refused


@pytest.fixture
def until():
    """Calls it until it answers something true."""

    def wait(read, seconds: float = 10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answer = read()
            if answer:
                return answer
            time.sleep(0.05)
        raise AssertionError("it did not happen in time")

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
