"""Queries beside each other: requests that each wait a second for PostgreSQL, one connection each.

    python benchmarks/pools.py [--queries 20] [--size 20]

Debian's PostgreSQL is started in a folder of its own. With a pool of their number, the requests
take a second together. Fails if they take more than 1.5 times what the pool's size allows.
"""

import argparse
import math
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

from serving import served

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.postgresql import postgresql

ALLOWED = 1.5
MANIFEST = """\
[routes]
"/warm" = "app.Warm"
"/sleep" = "app.Sleep"

[config]
url = "{url}"
size = {size}

[resources]
db = "app.open_pool"
"""
APP = """\
from psycopg_pool import ConnectionPool

from webzeug import Response, View


def open_pool(app):
    size = app.config["size"]
    return ConnectionPool(app.config["url"], min_size=size, max_size=size, open=False)


class Warm(View):
    def GET(self):
        self.app.resources.db.wait()
        return Response("warm")


class Sleep(View):
    def GET(self):
        with self.app.resources.db.connection() as connection:
            connection.execute("select pg_sleep(1)")
        return Response("awake")
"""


def ask(url: str) -> bytes:
    """What a GET answers."""
    with urlopen(url, timeout=120) as answer:
        body: bytes = answer.read()
        return body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--size", type=int, default=20)
    options = parser.parse_args()
    with postgresql() as cluster, tempfile.TemporaryDirectory() as folder:
        manifest = MANIFEST.format(url=cluster.url, size=options.size)
        with served(manifest, APP, Path(folder, "log")) as (_, port):
            ask(f"http://127.0.0.1:{port}/warm")
            urls = [f"http://127.0.0.1:{port}/sleep"] * options.queries
            with ThreadPoolExecutor(options.queries) as clients:
                begin = time.perf_counter()
                answers = list(clients.map(ask, urls))
                took = time.perf_counter() - begin
    assert answers == [b"awake"] * options.queries
    least = math.ceil(options.queries / options.size)
    print(f"{options.queries} queries of 1 s, a pool of {options.size}: {took:.2f} s")
    if took > least * ALLOWED:
        raise SystemExit(f"more than {least * ALLOWED:.1f} s")


if __name__ == "__main__":
    main()
