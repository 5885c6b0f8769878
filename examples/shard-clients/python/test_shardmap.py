"""Run in this folder: python3 -m unittest"""

import contextlib
import hashlib
import io
import json
import unittest
from pathlib import Path

from shardmap import Cached, ShardMap, slot

FOLDER = Path(__file__).parent.parent


class Parameters:
    """The part of boto3's SSM client that the module uses."""

    def __init__(self, values):
        self.values = values

    def get_parameter(self, Name):
        return {"Parameter": {"Value": self.values[Name]}}


class Test(unittest.TestCase):
    def test_slot_matches_vectors(self):
        known = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
        for vector in known["vectors"]:
            self.assertEqual(slot(vector["key"], known["slots"]), vector["slot"], vector["key"])

    def test_locates_shard_of_key(self):
        found = ShardMap.from_file(str(FOLDER / "map.json"))
        self.assertEqual(found.locate("tenant-1")["id"], "s002")
        self.assertEqual(found.locate("tenant-2")["id"], "s000")

    def test_reads_map_by_pointer_and_refuses_wrong_checksum(self):
        document = (FOLDER / "map.json").read_text(encoding="utf-8")
        pointer = {"version": 1, "sha256": hashlib.sha256(document.encode()).hexdigest(), "location": "ssm"}
        path = "/tenfold/shop/databases/ledger/map"
        parameters = Parameters({f"{path}/current": json.dumps(pointer), f"{path}/v/1": document})
        found = ShardMap.from_parameter(f"{path}/current", ssm=parameters)
        self.assertEqual(found.locate("tenant-1")["id"], "s002")
        parameters.values[f"{path}/v/1"] = document.replace("s002", "s003")
        with self.assertRaises(ValueError):
            ShardMap.from_parameter(f"{path}/current", ssm=parameters)

    def test_keeps_last_good_map_while_reading_fails(self):
        good = ShardMap.from_file(str(FOLDER / "map.json"))
        answers, now = [good], [0.0]

        def read():
            if not answers:
                raise OSError("unreachable")
            return answers.pop()

        cached = Cached(read, clock=lambda: now[0])
        now[0] = 100.0
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(cached.locate("tenant-1")["id"], "s002")
        self.assertIn("unreachable", said.getvalue())
        newer = ShardMap.from_file(str(FOLDER / "map.json"))
        newer.version = 2
        answers.append(newer)
        cached.refresh()
        self.assertIs(cached._map, newer)


if __name__ == "__main__":
    unittest.main()
