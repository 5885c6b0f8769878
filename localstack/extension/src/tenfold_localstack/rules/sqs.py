"""SQS: dependent attributes, permissions to use dead-letter queues, and when queue names can be reused."""

import json
import time

from localstack.aws.api.sqs import QueueDeletedRecently
from localstack.services.sqs import constants
from localstack.services.sqs.models import sqs_stores

from localstack import config

from .. import settings
from ..overrides import error, override

# LocalStack's own check has one fixed time for all accounts; `_check_name_reuse` replaces it.
config.SQS_DELAY_RECENTLY_DELETED = False
constants.RECENTLY_DELETED_TIMEOUT = 24 * 60 * 60


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html: A name can be reused 60
# seconds after its queue was deleted; here after five delays by default.
def _check_name_reuse(call, name: str) -> None:
    wait = settings.get("queue_rest_s")
    wait = 5 * settings.delay() if wait is None else wait
    deleted = sqs_stores[call.account][call.region].deleted.get(name)
    if _queue(call, name) is None and deleted is not None and time.time() - deleted < wait:
        raise QueueDeletedRecently(
            "You must wait 60 seconds after deleting a queue before you can create another with the same name."
        )


def _queue(call, name: str):
    return sqs_stores[call.account][call.region].queues.get(name)


def _invalid(name: str, value: str, reason: str):
    return error("InvalidParameterValue", f"Value {value} for parameter {name} is invalid. Reason: {reason}.")


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html: The
# dead-letter queue must exist, be of the same type, and allow this queue in its redrive allow policy.
def _check_redrive(call, name: str, text: str) -> None:
    arn = json.loads(text).get("deadLetterTargetArn") or ""
    target = _queue(call, arn.rsplit(":", 1)[-1])
    if target is None:
        raise _invalid("RedrivePolicy", text, "Dead letter target does not exist")
    if name.endswith(".fifo") != target.name.endswith(".fifo"):
        raise _invalid("RedrivePolicy", text, "Dead-letter queue must be same type of queue as the source")
    allow = json.loads(target.attributes.get("RedriveAllowPolicy") or "{}")
    own = f"{arn.rsplit(':', 1)[0]}:{name}"
    permission = allow.get("redrivePermission", "allowAll")
    if permission == "denyAll" or (permission == "byQueue" and own not in allow.get("sourceQueueArns", [])):
        raise _invalid("RedrivePolicy", text, "Queue does not have permission to use the dead letter target")


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html: Only one type of
# encryption at a time. A KMS key turns SQS-managed encryption off.
def _check(call, name: str, attributes: dict) -> dict:
    if attributes.get("RedrivePolicy"):
        _check_redrive(call, name, attributes["RedrivePolicy"])
    if attributes.get("KmsMasterKeyId"):
        if str(attributes.get("SqsManagedSseEnabled", "false")).lower() == "true":
            raise error("InvalidAttributeValue", "You can use one type of server-side encryption (SSE) at one time.")
        return {**attributes, "SqsManagedSseEnabled": "false"}
    return attributes


@override("sqs", "CreateQueue")
def create_queue(call, request):
    _check_name_reuse(call, request["QueueName"])
    attributes = request.get("Attributes") or {}
    checked = _check(call, request["QueueName"], attributes)
    return call.parsed({**request, "Attributes": checked}) if attributes else call()


@override("sqs", "SetQueueAttributes")
def set_queue_attributes(call, request):
    name = request["QueueUrl"].rsplit("/", 1)[-1]
    attributes = _check(call, name, request.get("Attributes") or {})
    answer = call.parsed({**request, "Attributes": attributes})
    # An empty string removes an attribute.
    queue = _queue(call, name)
    for key in [key for key, value in attributes.items() if value == "" and key in queue.attributes]:
        del queue.attributes[key]
    return answer
