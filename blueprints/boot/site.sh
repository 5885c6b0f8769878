#!/bin/sh
# Serves a static page on port 8080, and /healthz for the load balancer.
set -eu

mkdir -p /opt/site
echo '<!doctype html><title>It runs</title><h1>It runs</h1>' > /opt/site/index.html
echo ok > /opt/site/healthz

cat > /etc/systemd/system/site.service <<'UNIT'
[Unit]
After=network-online.target

[Service]
ExecStart=/usr/bin/python3 -m http.server --directory /opt/site 8080
Restart=always
DynamicUser=true

[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now site.service
