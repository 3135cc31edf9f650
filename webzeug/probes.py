"""What answers the probes of an orchestrator such as Kubernetes, or of a load balancer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webzeug.app import App
from webzeug.manifest.model import ProbeTarget
from webzeug.wrappers import UNLOGGED, Request, Response


@dataclass(frozen=True, slots=True)
class ProbeHandler:
    """Tells in JSON how the process is; nothing of it is in the access log."""

    target: ProbeTarget

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> Response:
        """200, or 503 from a readiness probe while the server stops."""
        request.environ[UNLOGGED] = True
        if self.target.kind == "health":
            return _answer(200, status="alive")
        is_draining = app.draining.is_set()
        status = "draining" if is_draining else "ready"
        code = 503 if is_draining else 200
        return _answer(code, status=status, generation=app.generation, table=app.digest)


def _answer(code: int, **values: object) -> Response:
    fields = {"Cache-Control": "no-store"}
    return Response(json.dumps(values), code, fields, mimetype="application/json")
