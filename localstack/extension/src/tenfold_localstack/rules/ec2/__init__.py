"""EC2: networks, security groups, addresses, launch templates."""

from moto.ec2.models import EC2Backend, ec2_backends


def backend(call) -> EC2Backend:
    return ec2_backends[call.account][call.region]
