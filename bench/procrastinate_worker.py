"""The peer beside the ledger: procrastinate, in an environment of its own (`bench.overhead`), whose worker does nothing.

`PYTHON bench/procrastinate_worker.py schema|defer N|work` with the database in `BENCH_DATABASE_URL`. It is run by a Python that has
procrastinate and none of ours, so it imports nothing of ours.
"""

import asyncio
import os
import sys

import procrastinate

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["BENCH_DATABASE_URL"], max_size=8))


@app.task(queue="noop")
def nothing(number: int) -> None: ...


async def main(words: list[str]) -> None:
    async with app.open_async():
        if words[0] == "schema":
            await app.schema_manager.apply_schema_async()
        elif words[0] == "defer":
            for number in range(int(words[1])):
                await nothing.defer_async(number=number)
        else:
            await app.run_worker_async(queues=["noop"], concurrency=8, listen_notify=True)


asyncio.run(main(sys.argv[1:]))
