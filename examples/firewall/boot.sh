#!/bin/sh
# Answers on port 8080 with the instance's host name, which shows who served a request.
set -eu
mkdir -p /opt/demo
hostname > /opt/demo/index.html
echo ok > /opt/demo/healthz
exec python3 -m http.server --directory /opt/demo 8080
