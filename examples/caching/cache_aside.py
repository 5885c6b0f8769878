"""A client for a cache in cluster mode: cache-aside with protection against a stampede when a popular key expires.

    CACHE_PAGES_ENDPOINT=clustercfg... CACHE_PAGES_PORT=6379 CACHE_PAGES_SECRET_ARN=arn:... python3 cache_aside.py

What a cluster requires of a client: TLS, a library that supports cluster mode and follows MOVED, one connection pool per
process (a node accepts 65,000 connections in total), times to live with some jitter, and a marker for missing values.
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
    """Connects as user `app`, with the password from Secrets Manager."""
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
    """Returns the cached value. On a miss, one caller runs `load` and the others wait for its result."""
    lock = f"{{{key}}}:lock"  # the braces place the lock on the shard of the key
    for _ in range(LOCK_S * 10):
        found = cache.get(key)
        if found is not None:
            return None if found == MISSING else json.loads(found)
        if cache.set(lock, 1, nx=True, ex=LOCK_S):
            break
        time.sleep(0.1)
    value = load()
    # 10 % jitter, so that keys cached together do not expire together. A missing value expires sooner, to be loaded again.
    life_s = ttl_s * random.uniform(0.9, 1.1) if value is not None else max(1, ttl_s / 10)
    cache.set(key, MISSING if value is None else json.dumps(value), px=int(life_s * 1000))
    cache.delete(lock)
    return value


if __name__ == "__main__":
    print(cached(connect("PAGES"), "page:1", 60, lambda: {"title": "hello", "at": time.time()}))
