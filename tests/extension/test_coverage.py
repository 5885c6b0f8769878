"""COVERAGE.md is current."""

import subprocess
import sys

from conftest import LOCALSTACK


def test_coverage_table_is_current():
    generated = subprocess.run(
        [sys.executable, LOCALSTACK / "coverage.py", "--print"], capture_output=True, text=True, check=True
    ).stdout
    stored = (LOCALSTACK / "COVERAGE.md").read_text()
    assert stored == generated, "localstack/COVERAGE.md is stale: run localstack/python localstack/coverage.py"
