#!/bin/sh
# Answers on port 8080 with the name of the machine, so that one sees who served a request.
set -eu
mkdir -p /opt/demo
hostname > /opt/demo/index.html
echo ok > /opt/demo/healthz
exec python3 -m http.server --directory /opt/demo 8080
