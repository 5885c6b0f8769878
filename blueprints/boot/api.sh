#!/bin/sh
# Serves an API on port 8080: answers every path with the release it runs, /healthz with 200.
set -eu
[ -r /etc/tenfold/environment ] && . /etc/tenfold/environment

mkdir -p /opt/api
cat > /opt/api/serve.py <<'PY'
import http.server, json, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"path": self.path, "version": os.environ.get("APP_VERSION", "unset")})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
PY

cat > /etc/systemd/system/api.service <<'UNIT'
[Unit]
After=network-online.target

[Service]
EnvironmentFile=-/etc/tenfold/environment
ExecStart=/usr/bin/python3 /opt/api/serve.py
Restart=always
DynamicUser=true

[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now api.service
