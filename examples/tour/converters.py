"""A converter: Werkzeug's own kind of class, named under [converters]."""

from werkzeug.routing import BaseConverter


class SemVer(BaseConverter):
    """``1.2.3`` in a URL is (1, 2, 3) in a View."""

    regex = r"\d{1,9}\.\d{1,9}\.\d{1,9}"

    def to_python(self, value: str) -> tuple[int, ...]:
        return tuple(map(int, value.split(".")))

    def to_url(self, value: tuple[int, ...]) -> str:
        return ".".join(map(str, value))
