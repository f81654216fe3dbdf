"""The application on a machine whose clock jumps: `POST /clock?-3600` sets it back by an hour.

Only what tells the time of day jumps; what measures how long something takes goes on, as in the kernel.
"""

import time

import time_machine
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.main import app as application

clock = time_machine.travel(time.time(), tick=True).start()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"] == "/clock":
        clock.shift(float(scope["query_string"]))
        await Response(status_code=204)(scope, receive, send)
    else:
        await application(scope, receive, send)
