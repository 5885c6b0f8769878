#!/bin/sh
# Answers on port 8080, and ships /var/log/shop.log, one JSON object per line, to the service's log
# group. /etc/tenfold/environment contains the name of the log group.
set -eu
. /etc/tenfold/environment
dnf install -y amazon-cloudwatch-agent
cat > /opt/aws/amazon-cloudwatch-agent/etc/shop.json <<END
{"logs": {"logs_collected": {"files": {"collect_list": [
  {"file_path": "/var/log/shop.log", "log_group_name": "$LOG_GROUP", "log_stream_name": "{instance_id}"}
]}}}}
END
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/shop.json
mkdir -p /opt/demo
echo ok > /opt/demo/healthz
echo '{"level": "INFO", "event": "started", "route": "/", "status": 200, "duration_ms": 1}' >> /var/log/shop.log
exec python3 -m http.server --directory /opt/demo 8080
