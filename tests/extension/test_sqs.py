"""SQS and Secrets Manager, as far as the extension changes them."""

import json

KEYS = ["All"]


def _dead(aws, name="orders-dead", **attributes):
    url = aws.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]["QueueArn"]


def _redrive(arn):
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})


def test_a_dead_letter_queue_exists_and_is_of_the_same_type(aws, refused):
    arn = f"arn:aws:sqs:us-east-1:{aws.id}:nothing"
    with refused("InvalidParameterValue", "Dead letter target does not exist"):
        aws.sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": _redrive(arn)})
    _, arn = _dead(aws)
    with refused("InvalidParameterValue", "same type"):
        attributes = {"FifoQueue": "true", "RedrivePolicy": _redrive(arn)}
        aws.sqs.create_queue(QueueName="orders.fifo", Attributes=attributes)


def test_a_redrive_allow_policy_says_who_may(aws, refused):
    sources = [f"arn:aws:sqs:us-east-1:{aws.id}:orders"]
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": sources})
    url, arn = _dead(aws, RedriveAllowPolicy=allow)
    aws.sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": _redrive(arn)})
    other = aws.sqs.create_queue(QueueName="other")["QueueUrl"]
    with refused("InvalidParameterValue", "permission"):
        aws.sqs.set_queue_attributes(QueueUrl=other, Attributes={"RedrivePolicy": _redrive(arn)})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})
    assert "RedriveAllowPolicy" not in aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]
    aws.sqs.set_queue_attributes(QueueUrl=other, Attributes={"RedrivePolicy": _redrive(arn)})


def test_one_way_of_encryption_at_a_time(aws, refused):
    url = aws.sqs.create_queue(QueueName="orders")["QueueUrl"]
    with refused("InvalidAttributeValue"):
        both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
        aws.sqs.set_queue_attributes(QueueUrl=url, Attributes=both)
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=KEYS)["Attributes"]
    assert attributes["SqsManagedSseEnabled"] == "false"


def test_a_name_rests_for_a_while(aws, refused, until):
    url = aws.sqs.create_queue(QueueName="orders")["QueueUrl"]
    aws.sqs.delete_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently"):
        aws.sqs.create_queue(QueueName="orders")

    def created():
        try:
            return aws.sqs.create_queue(QueueName="orders")
        except aws.sqs.exceptions.QueueDeletedRecently:
            return None

    until(created)


def test_what_failed_is_moved_back(aws, until):
    dead, arn = _dead(aws)
    attributes = {"RedrivePolicy": _redrive(arn), "VisibilityTimeout": "0"}
    url = aws.sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="an order")

    def waiting(of):
        found = aws.sqs.get_queue_attributes(QueueUrl=of, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def fails():
        aws.sqs.receive_message(QueueUrl=url)
        return waiting(dead)

    until(fails)
    aws.sqs.start_message_move_task(SourceArn=arn)
    until(lambda: waiting(url) == 1 and waiting(dead) == 0)
