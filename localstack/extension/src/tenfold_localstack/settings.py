"""What the environment may say."""

import os

# How long states that take time on AWS last here, in seconds; 0 makes everything ready at once.
DELAY = float(os.environ.get("TENFOLD_LS_DELAY_S", "0.2"))

# The file each request is appended to, as one line of JSON.
RECORD = os.environ.get("TENFOLD_LS_RECORD")
