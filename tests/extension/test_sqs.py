"""SQS, as far as the extension changes it."""

import json

KEYS = ["All"]


def _create_dead_letter_queue(aws, name="orders-dead", **attributes):
    url = aws.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]["QueueArn"]


def _redrive_policy(arn):
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})


def test_dead_letter_queue_must_exist_and_have_the_same_type(aws, refused):
    arn = f"arn:aws:sqs:us-east-1:{aws.id}:nothing"
    with refused("InvalidParameterValue", "Dead letter target does not exist"):
        aws.sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": _redrive_policy(arn)})
    _, arn = _create_dead_letter_queue(aws)
    with refused("InvalidParameterValue", "same type"):
        attributes = {"FifoQueue": "true", "RedrivePolicy": _redrive_policy(arn)}
        aws.sqs.create_queue(QueueName="orders.fifo", Attributes=attributes)


def test_redrive_allow_policy_restricts_source_queues(aws, refused):
    sources = [f"arn:aws:sqs:us-east-1:{aws.id}:orders"]
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": sources})
    url, arn = _create_dead_letter_queue(aws, RedriveAllowPolicy=allow)
    aws.sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": _redrive_policy(arn)})
    other = aws.sqs.create_queue(QueueName="other")["QueueUrl"]
    with refused("InvalidParameterValue", "permission"):
        aws.sqs.set_queue_attributes(QueueUrl=other, Attributes={"RedrivePolicy": _redrive_policy(arn)})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})
    assert "RedriveAllowPolicy" not in aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]
    aws.sqs.set_queue_attributes(QueueUrl=other, Attributes={"RedrivePolicy": _redrive_policy(arn)})


def test_sqs_and_kms_encryption_exclude_each_other(aws, refused):
    url = aws.sqs.create_queue(QueueName="orders")["QueueUrl"]
    with refused("InvalidAttributeValue"):
        both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
        aws.sqs.set_queue_attributes(QueueUrl=url, Attributes=both)
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]
    assert attributes["SqsManagedSseEnabled"] == "false"


def test_deleted_queue_name_is_refused_for_a_while(aws, refused, until):
    url = aws.sqs.create_queue(QueueName="orders")["QueueUrl"]
    aws.sqs.delete_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently"):
        aws.sqs.create_queue(QueueName="orders")

    def create():
        try:
            return aws.sqs.create_queue(QueueName="orders")
        except aws.sqs.exceptions.QueueDeletedRecently:
            return None

    until(create)


def test_dead_letters_move_back_to_their_source_queue(aws, until):
    dead_letter_url, arn = _create_dead_letter_queue(aws)
    attributes = {"RedrivePolicy": _redrive_policy(arn), "VisibilityTimeout": "0"}
    url = aws.sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="an order")

    def message_count(queue_url):
        found = aws.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def receive_until_dead_lettered():
        aws.sqs.receive_message(QueueUrl=url)
        return message_count(dead_letter_url)

    until(receive_until_dead_lettered)
    aws.sqs.start_message_move_task(SourceArn=arn)
    until(lambda: message_count(url) == 1 and message_count(dead_letter_url) == 0)
