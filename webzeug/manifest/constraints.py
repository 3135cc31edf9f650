"""What a value of the right type must be besides: a check, and the same as JSON Schema."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from webzeug.manifest.address import parse_address


class Constraint(Protocol):
    """Called with a value, it returns what is wrong with it, or None.

    ``schema`` are the keywords of JSON Schema (draft-07) that say the same, as far as they can.
    """

    def __call__(self, value: Any, /) -> str | None: ...

    @property
    def schema(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Anything:
    """No constraint."""

    def __call__(self, value: object) -> None:
        return None

    @property
    def schema(self) -> Mapping[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class Range:
    """A number between two others, both of them allowed unless ``is_open`` shuts the lower out."""

    minimum: int
    maximum: int
    problem: str
    is_open: bool = False

    def __call__(self, value: float) -> str | None:
        is_above = self.minimum < value if self.is_open else self.minimum <= value
        return None if is_above and value <= self.maximum else self.problem

    @property
    def schema(self) -> Mapping[str, Any]:
        lower = "exclusiveMinimum" if self.is_open else "minimum"
        return {lower: self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values."""

    values: Sequence[Any]
    problem: str

    def __call__(self, value: object) -> str | None:
        return None if value in self.values else self.problem

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Form:
    """A text that a regular expression takes as a whole."""

    pattern: str
    problem: str

    def __call__(self, value: str) -> str | None:
        return None if re.fullmatch(self.pattern, value) else self.problem

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"pattern": f"^({self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Forms:
    """A list of such texts."""

    pattern: str
    problem: str

    def __call__(self, value: list[str]) -> str | None:
        taken = all(re.fullmatch(self.pattern, item) for item in value)
        return None if taken else self.problem

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"items": {"type": "string", "pattern": f"^({self.pattern})$"}}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server may listen."""

    def __call__(self, value: str) -> str | None:
        try:
            parse_address(value)
        except ValueError as error:
            return str(error)
        return None

    @property
    def schema(self) -> Mapping[str, Any]:
        return {}


REDIRECT_STATUS = Choice(
    (301, 302, 303, 307, 308), "a redirect's status is one of 301, 302, 303, 307, 308"
)
COUNT = Range(1, 1_000_000, "it must be between 1 and 1,000,000")
AMOUNT = Range(0, 1_000_000, "it must be between 0 and 1,000,000")
SIZE = Range(0, 2**40, "it must be between 0 and 1,099,511,627,776 (1 TiB)")
FORM = Range(2**17, 2**40, "it must be between 131,072 (128 KiB) and 1,099,511,627,776 (1 TiB)")
TIMEOUT = Range(0, 86_400, "it must be more than 0, and at most 86,400 (a day)", is_open=True)
DURATION = Range(0, 86_400, "it must be between 0 and 86,400 (a day)")
NAME = Form(
    r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*",
    "a name is made of letters, digits, `_` and `-`, with dots between its parts",
)
BASE_URL = Form(
    r"https?://[^/?#\s]+(/[^?#\s]*)?",
    'it must be an absolute URL such as "https://example.com"',
)
HOST = Form(r"[^/\s<>?#@]+", 'it must be a host name such as "example.com"')
HOSTS = Forms(
    r"\.?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]",
    'each must be a host name without a port, such as "example.com" or ".example.com"',
)
ORIGINS = Forms(
    r"\*|[a-z][a-z0-9+.-]*://[^/\s?#@A-Z]+",
    'each must be "*", or a scheme and a host in lower case, such as "https://example.com"',
)
PROBE = Form(r"|(/[A-Za-z0-9._~-]+)+/?", 'it must be a path without variables, such as "/healthz"')
LOG_FORM = Choice(("text", "json", "off"), 'it must be "text", "json" or "off"')
ANYTHING = Anything()
ADDRESS = Address()
