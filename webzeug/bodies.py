"""Bodies that are limited where Werkzeug has no limit, or only cuts."""

from typing import IO, cast

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import LimitedStream

_URL_ENCODED = "application/x-www-form-urlencoded"


class AtMost(LimitedStream):
    """A body in chunks that is refused where it is too large, which Werkzeug only cuts."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__(stream, limit, is_max=True)
        self._all = stream

    def readall(self) -> bytes:
        data = super().readall()
        if self.is_exhausted and self._all.read(1):
            raise RequestEntityTooLarge
        return data


class FormParser(FormDataParser):
    """Werkzeug's, which has no limit of its own for URL-encoded forms."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """A form's fields and files. Raises RequestEntityTooLarge."""
        limit = self.max_form_memory_size
        if mimetype == _URL_ENCODED and limit is not None:
            if content_length is not None and content_length > limit:
                raise RequestEntityTooLarge
            stream = cast("IO[bytes]", AtMost(stream, limit))
        return super().parse(stream, mimetype, content_length, options)
