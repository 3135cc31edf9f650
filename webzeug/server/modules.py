"""Where the code comes from that an application has imported."""

import os
import sys
from types import ModuleType

from webzeug.tracebacks import installed_folders


class Modules:
    """The folders of the user's own modules: neither the standard library's nor installed ones."""

    def __init__(self) -> None:
        self._count = 0
        self._known: set[str] = set()

    def new_folders(self) -> list[str]:
        """The folders that modules were imported from since the last call."""
        if len(sys.modules) == self._count:
            return []
        modules = tuple(sys.modules.values())
        self._count = len(modules)
        folders = {os.path.dirname(file) for module in modules if (file := _file_of(module))}
        new = {folder for folder in folders - self._known if not _is_installed(folder)}
        self._known |= folders
        return sorted(new)


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
