"""Host keys: ``//api.<region>.example.com/status`` split into a host and a path."""

from webzeug.manifest.patterns import BAD_HOST, Literal, Pattern, Problem, parse_pattern


def split_host_key(key: str) -> tuple[str, str]:
    """Host and path of a key that begins with ``//``; a slash inside ``<...>`` splits nothing."""
    depth = 0
    for index, character in enumerate(key[2:], start=2):
        depth += (character == "<") - (character == ">")
        if character == "/" and depth <= 0:
            return key[2:index], key[index:]
    return key[2:], ""


def parse_host(text: str, server_name: str | None) -> tuple[Pattern | None, list[Problem]]:
    """Parse a host: lower-case, IDNA; a trailing dot makes it relative to ``server_name``."""
    pattern, problems = parse_pattern(text)
    if pattern is None or problems:
        return None, problems
    if text.endswith(".") and server_name is None:
        message = "a host that ends with a dot is relative to `server_name`, which is not set"
        help_text = 'add server_name = "example.com" under [matching], or write the whole host'
        return None, [Problem(BAD_HOST, message, 0, len(text), help_text)]
    problem = _problem(pattern)
    if problem:
        return None, [problem]
    encoded = "".join(
        _normal(part.text) if isinstance(part, Literal) else str(part) for part in pattern.parts
    )
    full = f"{encoded}{server_name.lower()}" if text.endswith(".") and server_name else encoded
    return parse_pattern(full)[0], []


def _problem(pattern: Pattern) -> Problem | None:
    if not pattern.text:
        return Problem(BAD_HOST, "the host is empty", 0, 0, 'write "//host.example.com/path"')
    for part in pattern.parts:
        if isinstance(part, Literal):
            try:
                _normal(part.text)
            except UnicodeError:
                message = f"`{part.text}` cannot be a part of a host name"
                return Problem(BAD_HOST, message, part.start, part.start + len(part.text))
    return None


def _normal(text: str) -> str:
    """Lower-case ASCII of a part of a host, as it comes in a Host header (RFC 5891)."""
    if any(character.isspace() or character in "@\\" for character in text):
        raise UnicodeError("not a host character")
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return ".".join(label.encode("idna").decode("ascii") for label in lowered.split("."))
