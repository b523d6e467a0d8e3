"""The suite's own servers are the real ones, and answer."""

import psycopg
import redis


def test_postgresql_is_version_15_or_newer(postgresql_server: str) -> None:
    with psycopg.connect(postgresql_server) as connection:
        assert connection.info.server_version >= 150000


def test_redis_and_valkey_keep_an_append_only_file_and_evict_nothing(redis_url: str, valkey_url: str) -> None:
    for url in (redis_url, valkey_url):
        client = redis.Redis.from_url(url)
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.close()
