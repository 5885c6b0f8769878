"""Finds the shard of a key in the published map of a database.

    shard = ShardMap.from_parameter(os.environ["DATABASE_LEDGER_MAP"]).locate("tenant-1")

A map is valid for `ttl_seconds`. `Cached` reads it again after that, and keeps the last good map while reading fails.
"""

import bisect
import hashlib
import json
import random
import sys
import time

FORMAT = 1
HASH = "sha256-be64-and"


def slot(key: str, slots: int) -> int:
    """Returns the slot of a key, which never changes. `slots` is a power of two."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") & (slots - 1)


class ShardMap:
    def __init__(self, document: str):
        fields = json.loads(document)
        if fields["min_client_format"] > FORMAT or fields["hash"] != HASH:
            raise ValueError("this map is for newer clients")
        self.version = fields["version"]
        self.slots = fields["slots"]
        self.ttl = fields["ttl_seconds"]
        self._shards = {shard["id"]: shard for shard in fields["shards"]}
        self._ends = [last for _, last, _ in fields["ranges"]]
        self._owners = [owner for _, _, owner in fields["ranges"]]

    def locate(self, key: str) -> dict:
        """Returns the shard that stores the rows of a key: `writer`, `readers`, `port`, `db`, `secret_arn`."""
        return self._shards[self._owners[bisect.bisect_left(self._ends, slot(key, self.slots))]]

    @classmethod
    def from_file(cls, path: str) -> "ShardMap":
        with open(path, encoding="utf-8") as file:
            return cls(file.read())

    @classmethod
    def from_parameter(cls, pointer: str, ssm=None, s3=None) -> "ShardMap":
        """Reads the map that the parameter `pointer` points to; its name ends in /current."""
        if ssm is None:
            import boto3

            ssm = boto3.client("ssm")
        at = json.loads(ssm.get_parameter(Name=pointer)["Parameter"]["Value"])
        if at["location"] == "s3":
            if s3 is None:
                import boto3

                s3 = boto3.client("s3")
            document = s3.get_object(Bucket=at["bucket"], Key=at["key"])["Body"].read().decode()
        else:
            name = f"{pointer.removesuffix('/current')}/v/{at['version']}"
            document = ssm.get_parameter(Name=name)["Parameter"]["Value"]
        if hashlib.sha256(document.encode()).hexdigest() != at["sha256"]:
            raise ValueError(f"version {at['version']} is not what {pointer} points to")
        return cls(document)


class Cached:
    """A map that is read again when it expires. The first call of `read` must succeed; later calls may fail."""

    def __init__(self, read, clock=time.monotonic):
        self._read, self._clock = read, clock
        self._map, self._until = read(), 0.0
        self._wait()

    def locate(self, key: str) -> dict:
        if self._clock() >= self._until:
            self.refresh()
        return self._map.locate(key)

    def refresh(self) -> None:
        """Reads the map now, for example after a shard reports that a slot has moved."""
        try:
            self._map = max(self._map, self._read(), key=lambda one: one.version)
        except Exception as error:  # keep the last good map
            print(f"the shard map cannot be read: {error}", file=sys.stderr)
        self._wait()

    def _wait(self) -> None:
        # Jitter, so that clients do not all read at once.
        self._until = self._clock() + self._map.ttl * random.uniform(0.8, 1.2)


def main(source: str, key: str) -> None:
    from_parameter = source.startswith("/tenfold/")
    found = ShardMap.from_parameter(source) if from_parameter else ShardMap.from_file(source)
    shard = found.locate(key)
    print(f"slot {slot(key, found.slots)}, {shard['id']}: {shard['writer']}:{shard['port']}/{shard['db']}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: shardmap.py FILE-OR-PARAMETER KEY")
    main(sys.argv[1], sys.argv[2])
