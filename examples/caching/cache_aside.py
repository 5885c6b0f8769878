"""A client of a cache with cluster mode: cache-aside that holds up when many ask for what has just expired.

    CACHE_PAGES_ENDPOINT=clustercfg... CACHE_PAGES_PORT=6379 CACHE_PAGES_SECRET_ARN=arn:... python3 cache_aside.py

What a client owes a cluster: TLS, a client that knows cluster mode and follows MOVED, one pool of connections a process
(a node takes 65,000 in all), times to live that differ a little, and a word for what is not there.
"""

import json
import os
import random
import time

import boto3
from redis.cluster import RedisCluster

MISSING = b"\x00"
LOCK_S = 10


def connect(name: str) -> RedisCluster:
    """Signs in as `app`, with the password that Secrets Manager keeps."""
    at = {what: os.environ[f"CACHE_{name}_{what}"] for what in ("ENDPOINT", "PORT", "SECRET_ARN")}
    password = boto3.client("secretsmanager").get_secret_value(SecretId=at["SECRET_ARN"])["SecretString"]
    return RedisCluster(
        host=at["ENDPOINT"],
        port=int(at["PORT"]),
        ssl=True,
        username="app",
        password=password,
        read_from_replicas=True,
        socket_timeout=1,
    )


def cached(cache: RedisCluster, key: str, ttl_s: int, load):
    """The value, from the cache if it is there; else from `load`, which one caller runs and the others wait for."""
    lock = f"{{{key}}}:lock"  # the braces put it on the shard of the key
    for _ in range(LOCK_S * 10):
        found = cache.get(key)
        if found is not None:
            return None if found == MISSING else json.loads(found)
        if cache.set(lock, 1, nx=True, ex=LOCK_S):
            break
        time.sleep(0.1)
    value = load()
    # A tenth more or less, so that what came together does not expire together; what is not there is asked for sooner.
    life_s = ttl_s * random.uniform(0.9, 1.1) if value is not None else max(1, ttl_s / 10)
    cache.set(key, MISSING if value is None else json.dumps(value), px=int(life_s * 1000))
    cache.delete(lock)
    return value


if __name__ == "__main__":
    print(cached(connect("PAGES"), "page:1", 60, lambda: {"title": "hello", "at": time.time()}))
