#!/bin/sh
# A load to scale with: every request uses some CPU time.
set -eu
cat > /opt/serve.py <<'PY'
import hashlib, http.server

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        digest = b""
        for _ in range(1 if self.path == "/healthz" else 20000):
            digest = hashlib.sha256(digest).digest()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(digest.hex().encode())

http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
PY
exec python3 /opt/serve.py
