#!/bin/sh
# Processes the queue that the environment names. The worker deletes a message once it is done. SQS delivers a failed message
# again after the queue's `visibility`, and finally moves it to the dead-letter queue.
set -eu
. /etc/tenfold/environment
dnf install --assumeyes --quiet python3-boto3
cat > /opt/work.py <<'PY'
import boto3, os, time, urllib.request

url = os.environ.get("QUEUE_ORDERS_URL") or os.environ["QUEUE_REPORTS_URL"]
sqs = boto3.client("sqs", region_name=url.split(".")[1])
HOST = "http://169.254.169.254/latest"

def leaving():
    """Whether the Auto Scaling group is terminating this instance; the worker then receives no more messages."""
    ask = urllib.request.Request(f"{HOST}/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    token = urllib.request.urlopen(ask, timeout=2).read().decode()
    ask = urllib.request.Request(
        f"{HOST}/meta-data/autoscaling/target-lifecycle-state", headers={"X-aws-ec2-metadata-token": token}
    )
    return urllib.request.urlopen(ask, timeout=2).read() == b"Terminated"

while not leaving():
    for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages", []):
        time.sleep(0.25)  # the work
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
PY
export QUEUE_ORDERS_URL="${QUEUE_ORDERS_URL:-}" QUEUE_REPORTS_URL="${QUEUE_REPORTS_URL:-}"
exec python3 /opt/work.py
