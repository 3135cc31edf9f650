"""What the supervisor of ``serve --dev`` runs: ``python -m webzeug.cli.child DESCRIPTOR``."""

# Before anything that the application may import has seen the blocking functions.
from webzeug.server.patching import patch

patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterable  # noqa: E402
from types import FrameType  # noqa: E402

from gevent import monkey  # noqa: E402

from webzeug.cli.options import style_of  # noqa: E402
from webzeug.diagnostics import Diagnostic  # noqa: E402
from webzeug.reporting.following import as_problem  # noqa: E402
from webzeug.reporting.pages.development import DevelopmentPages  # noqa: E402
from webzeug.server.breakage import Problem  # noqa: E402
from webzeug.server.channel import Channel  # noqa: E402
from webzeug.server.child import Child  # noqa: E402


def main() -> None:
    """Serve what the process at the other end of the channel wants."""
    # Ctrl-C is for the supervisor, which tells us. Not ignored, as what we start would do then.
    signal.signal(signal.SIGINT, _leave_it)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    blocking_socket = monkey.get_original("socket", "socket")
    Child(Channel(blocking_socket(fileno=descriptor)), describe, DevelopmentPages).run()


def _leave_it(number: int, frame: FrameType | None) -> None:
    """A signal that somebody else sees to."""


def describe(diagnostics: Iterable[Diagnostic]) -> list[Problem]:
    """Diagnostics as the supervisor gets them."""
    style = style_of(sys.stderr)
    return [as_problem(diagnostic, style) for diagnostic in diagnostics]


if __name__ == "__main__":
    main()
