#!/bin/sh
# Accepts orders and sends them to the queue: POST / with the order as the body.
set -eu
. /etc/tenfold/environment
dnf install --assumeyes --quiet python3-boto3
cat > /opt/serve.py <<'PY'
import boto3, http.server, os

sqs = boto3.client("sqs", region_name=os.environ["QUEUE_ORDERS_URL"].split(".")[1])

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sqs.send_message(QueueUrl=os.environ["QUEUE_ORDERS_URL"], MessageBody=body)
        self.answer(202)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
PY
export QUEUE_ORDERS_URL SESSION_KEY
exec python3 /opt/serve.py
