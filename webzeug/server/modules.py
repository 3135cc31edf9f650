"""Where the code comes from that an application has imported."""

import os
import sys
import time
from types import ModuleType

from webzeug.tracebacks import installed_folders


class Modules:
    """The folders of the user's own modules: neither the standard library's nor installed ones."""

    def __init__(self) -> None:
        self._count = 0
        self._known: set[str] = set()
        self._looked_at = time.time()

    def new_folders(self) -> dict[str, float]:
        """The folders that modules were imported from since the last call.

        With each, when (Unix time) that call was: a file that was written since then may be
        another one than was imported.
        """
        before, self._looked_at = self._looked_at, time.time()
        if len(sys.modules) == self._count:
            return {}
        modules = tuple(sys.modules.values())
        self._count = len(modules)
        folders = {os.path.dirname(file) for module in modules if (file := _file_of(module))}
        new = sorted(folder for folder in folders - self._known if not _is_installed(folder))
        self._known |= folders
        return dict.fromkeys(new, before)


def _is_installed(folder: str) -> bool:
    return os.path.join(folder, "").startswith(installed_folders())


def _file_of(module: object) -> str | None:
    if not isinstance(module, ModuleType):
        return None
    # Not as an attribute: a lazy module would be imported by that.
    file = object.__getattribute__(module, "__dict__").get("__file__")
    if isinstance(file, str) and file.endswith(".py"):
        return os.path.abspath(file)
    return None
