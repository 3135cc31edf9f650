"""The access log: one record for each request, on the logger ``webzeug.access``."""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from webzeug.server.log import escaped
from webzeug.wrappers import REQUEST_ID

log = logging.getLogger("webzeug.access")

_TEXT = '%(client)s "%(request)s" %(status)d %(bytes)d %(ms).1fms %(route)s %(request_id)s'
_JSON = "%(json)s"


def log_access(
    form: str,
    environ: Mapping[str, Any] | None,
    *,
    client: str,
    request: str,
    status: int,
    octets: int,
    seconds: float,
) -> None:
    """Log one request, in the form that ``[server] access_log`` says: text, json or off.

    ``request`` is the request line, as it came; ``octets`` are those of the whole answer. A
    formatter finds the values in the record's ``args``, a mapping.
    """
    if form == "off" or not log.isEnabledFor(logging.INFO):
        return
    environ = environ or {}
    line = escaped(request.rstrip())
    values = {
        "client": client,
        "request": line,
        "method": line.partition(" ")[0],
        "route": getattr(environ.get("webzeug.route"), "path", None),
        "status": status,
        "bytes": octets,
        "ms": round(seconds * 1000, 3),
        "request_id": environ.get(REQUEST_ID),
    }
    if form == "json":
        log.info(_JSON, {**values, "json": json.dumps({"time": _now(), **values})})
    else:
        log.info(_TEXT, {key: "-" if value is None else value for key, value in values.items()})


def _now() -> str:
    """The time as RFC 3339 has it, in UTC."""
    seconds = time.time()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03}Z"
