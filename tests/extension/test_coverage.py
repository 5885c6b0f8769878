"""COVERAGE.md says what the tests hold."""

import subprocess
import sys

from conftest import LOCALSTACK


def test_the_table_is_of_these_tests():
    made = subprocess.run(
        [sys.executable, LOCALSTACK / "coverage.py", "--print"], capture_output=True, text=True, check=True
    ).stdout
    told = (LOCALSTACK / "COVERAGE.md").read_text()
    assert told == made, "localstack/COVERAGE.md is stale: run localstack/python localstack/coverage.py"
