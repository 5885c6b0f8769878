#!/bin/sh
# Processes the queue that the environment names: receives a message, handles it and deletes it. SQS delivers a message again if
# its handler fails.
set -eu
[ -r /etc/tenfold/environment ] && . /etc/tenfold/environment

mkdir -p /opt/worker
cat > /opt/worker/work.py <<'PY'
import json, os, subprocess

queue = next(value for name, value in sorted(os.environ.items()) if name.startswith("QUEUE_") and name.endswith("_URL"))

def sqs(*words):
    run = subprocess.run(["aws", "sqs", *words, "--queue-url", queue, "--output", "json"], capture_output=True, check=True)
    return json.loads(run.stdout or b"{}")

while True:
    got = sqs("receive-message", "--wait-time-seconds", "20", "--max-number-of-messages", "10")
    for message in got.get("Messages", []):
        print(json.dumps({"event": "handled", "id": message["MessageId"]}), flush=True)
        sqs("delete-message", "--receipt-handle", message["ReceiptHandle"])
PY

cat > /etc/systemd/system/worker.service <<'UNIT'
[Unit]
After=network-online.target

[Service]
EnvironmentFile=-/etc/tenfold/environment
ExecStart=/usr/bin/python3 /opt/worker/work.py
Restart=always
DynamicUser=true

[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now worker.service
