"""The limit beside the push intake: a bare FastAPI endpoint that inserts the body as one row and commits, and no more.

Same server, same database, same pool as `web`; nothing is verified, sealed, made unique, queued or logged.
`python -m bench.bare PORT` with the database in `BENCH_DATABASE_URL`.
"""

import os
import sys

import uvicorn
from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from sqlalchemy import Engine, create_engine, text

TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body bytea NOT NULL)"
INSERT = text("INSERT INTO bare (body) VALUES (:body)")


def application(engine: Engine) -> FastAPI:
    app = FastAPI(openapi_url=None)

    def keep(body: bytes) -> None:
        with engine.begin() as connection:
            connection.execute(INSERT, {"body": body})

    @app.get("/readyz")
    def ready() -> None:
        return None

    @app.post("/push")
    async def push(request: Request) -> Response:
        await run_sync(keep, await request.body())
        return Response(b"ok")

    return app


def main() -> None:
    engine = create_engine(os.environ["BENCH_DATABASE_URL"], pool_size=8)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    uvicorn.run(application(engine), port=int(sys.argv[1]), log_config=None, server_header=False, access_log=False)


if __name__ == "__main__":
    main()
