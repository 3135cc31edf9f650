"""Hosts of a manifest that no request can name."""

from webzeug.manifest.patterns import Literal, Pattern
from webzeug.routing.hosts import names_port
from webzeug.routing.proving.languages import HOSTS, HOSTS_WITH_PORT
from webzeug.routing.proving.members import UndecidedError, find_member
from webzeug.routing.proving.regular import both
from webzeug.routing.proving.vocabulary import UnknownConverterError, Vocabulary

_LONGEST_LABEL = 63  # RFC 1035 2.3.4
_MADE_OF = "a host is made of lower-case letters, digits, `-`, `_` and dots; a port of five digits"


def impossible_host(host: Pattern, vocabulary: Vocabulary) -> str | None:
    """Why no request can name a host; None if one can, or if it is not known."""
    labels = "".join(p.text if isinstance(p, Literal) else "." for p in host.parts).split(".")
    longest = max(labels, key=len)
    if len(longest.partition(":")[0]) > _LONGEST_LABEL:
        return f"between two dots there are at most {_LONGEST_LABEL} characters"
    try:
        for variable in host.variables:
            if not vocabulary.converter(variable).part_isolating:
                return f"`{variable}` takes slashes, which would take the path as well"
        taken = vocabulary.taken(host)
        universe = HOSTS_WITH_PORT if names_port(host) else HOSTS
        if taken is not None and find_member(both(taken.accepted.most, universe)) is None:
            return _MADE_OF
    except (UnknownConverterError, UndecidedError):
        pass
    return None
