"""Launching and terminating instances, with their network interfaces."""

from ... import clock, tokens
from ...overrides import override
from . import backend, interfaces


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html: A client token makes the request
# idempotent.
@override("ec2", "RunInstances")
def run_instances(call, request):
    create = lambda: call({name: value for name, value in request.items() if name != "ClientToken"})
    return tokens.once(call, request, create)


# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html: An instance is shutting-down, then
# terminated. Its primary interface is deleted with it.
@override("ec2", "TerminateInstances")
def terminate_instances(call, request):
    ec2 = backend(call)
    answer = call()
    for item in answer.get("TerminatingInstances") or []:
        shut_down(ec2, ec2.get_instance(item["InstanceId"]))
        item["CurrentState"] = {"Code": 32, "Name": "shutting-down"}
    return answer


def terminate(ec2, instance) -> None:
    ec2.terminate_instances([instance.id])
    shut_down(ec2, instance)


def shut_down(ec2, instance) -> None:
    instance._state.name, instance._state.code = "shutting-down", 32

    def finish_termination():
        instance._state.name, instance._state.code = "terminated", 48
        for interface in list(ec2.enis.values()):
            if interface.instance is instance:
                interfaces.remove(ec2, interface.id)

    clock.later(finish_termination)
