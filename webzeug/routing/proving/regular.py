"""Regular languages over characters: put together, intersected, and taken from each other.

A language is asked by derivatives: what may follow once a character has been read (Brzozowski,
"Derivatives of Regular Expressions", 1964). That gives complements and intersections for free,
and with them inclusion: A is in B if A without B has no member.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Among:
    """Any of these characters."""

    members: frozenset[str]

    def __contains__(self, character: str) -> bool:
        return character in self.members


@dataclass(frozen=True, slots=True)
class Besides:
    """Any character but these."""

    members: frozenset[str]

    def __contains__(self, character: str) -> bool:
        return character not in self.members


@dataclass(frozen=True, slots=True)
class Digits:
    """Decimal digits of a value, in any script: ``\\d`` of Python's ``re``, and of its ``int``."""

    low: int = 0
    high: int = 9

    def __contains__(self, character: str) -> bool:
        return character.isdecimal() and self.low <= int(character) <= self.high


Characters = Among | Besides | Digits


class Expression:
    """A set of texts. Values of the same form are equal; equal sets may have two forms."""

    @property
    def has_empty(self) -> bool:
        """Whether the empty text is a member."""
        raise NotImplementedError

    def after(self, character: str) -> "Expression":
        """The rests of all members that begin with a character."""
        raise NotImplementedError

    @property
    def told_apart(self) -> frozenset[Characters]:
        """Sets that decide what may follow: two characters in the same of them are alike."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Expression):
    """One text."""

    text: str

    @property
    def has_empty(self) -> bool:
        return not self.text

    def after(self, character: str) -> Expression:
        if self.text[:1] != character:
            return NOTHING
        return Text(self.text[1:]) if len(self.text) > 1 else EMPTY

    @property
    def told_apart(self) -> frozenset[Characters]:
        return frozenset([Among(frozenset(self.text[:1]))])


@dataclass(frozen=True)
class Repeat(Expression):
    """Between ``least`` and ``most`` characters of a kind; None stands for no bound."""

    characters: Characters
    least: int = 1
    most: int | None = 1

    @property
    def has_empty(self) -> bool:
        return self.least <= 0

    def after(self, character: str) -> Expression:
        if self.most == 0 or character not in self.characters:
            return NOTHING
        most = None if self.most is None else self.most - 1
        return Repeat(self.characters, max(self.least - 1, 0), most) if most != 0 else EMPTY

    @property
    def told_apart(self) -> frozenset[Characters]:
        return frozenset([self.characters])


@dataclass(frozen=True)
class Sequence(Expression):
    """A member of one language, then a member of another."""

    first: Expression
    rest: Expression

    @property
    def has_empty(self) -> bool:
        return self.first.has_empty and self.rest.has_empty

    def after(self, character: str) -> Expression:
        longer = _then(self.first.after(character), self.rest)
        if not self.first.has_empty:
            return longer
        return choice(longer, self.rest.after(character))

    @property
    def told_apart(self) -> frozenset[Characters]:
        sets = self.first.told_apart
        return sets | self.rest.told_apart if self.first.has_empty else sets


@dataclass(frozen=True)
class Choice(Expression):
    """The members of any of some languages; of none, nothing."""

    items: frozenset[Expression]

    @property
    def has_empty(self) -> bool:
        return any(item.has_empty for item in self.items)

    def after(self, character: str) -> Expression:
        return choice(*[item.after(character) for item in self.items])

    @property
    def told_apart(self) -> frozenset[Characters]:
        return frozenset().union(*[item.told_apart for item in self.items])


@dataclass(frozen=True)
class Both(Expression):
    """The members that all of some languages share."""

    items: frozenset[Expression]

    @property
    def has_empty(self) -> bool:
        return all(item.has_empty for item in self.items)

    def after(self, character: str) -> Expression:
        return both(*[item.after(character) for item in self.items])

    @property
    def told_apart(self) -> frozenset[Characters]:
        return frozenset().union(*[item.told_apart for item in self.items])


@dataclass(frozen=True)
class Not(Expression):
    """All texts but the members of a language."""

    item: Expression

    @property
    def has_empty(self) -> bool:
        return not self.item.has_empty

    def after(self, character: str) -> Expression:
        return complement(self.item.after(character))

    @property
    def told_apart(self) -> frozenset[Characters]:
        return self.item.told_apart


NOTHING: Expression = Choice(frozenset())
EMPTY: Expression = Text("")
EVERYTHING: Expression = Repeat(Besides(frozenset()), 0, None)


def sequence(*items: Expression) -> Expression:
    """A member of each language, one after the other."""
    result = EMPTY
    for item in reversed(items):
        result = _then(item, result)
    return result


def _then(first: Expression, rest: Expression) -> Expression:
    if first is NOTHING or rest is NOTHING:
        return NOTHING
    if first is EMPTY or rest is EMPTY:
        return rest if first is EMPTY else first
    if isinstance(first, Text) and isinstance(rest, Text):
        return Text(first.text + rest.text)
    return Sequence(first, rest)


def choice(*items: Expression) -> Expression:
    """The members of any of the languages."""
    flat: set[Expression] = set()
    for item in items:
        flat |= item.items if isinstance(item, Choice) else {item}
    if EVERYTHING in flat:
        return EVERYTHING
    if len(flat) > 1:
        return Choice(frozenset(flat))
    return flat.pop() if flat else NOTHING


def both(*items: Expression) -> Expression:
    """The members that all of the languages share."""
    flat: set[Expression] = set()
    for item in items:
        flat |= item.items if isinstance(item, Both) else {item}
    flat.discard(EVERYTHING)
    if NOTHING in flat or any(isinstance(item, Not) and item.item in flat for item in flat):
        return NOTHING
    if len(flat) > 1:
        return Both(frozenset(flat))
    return flat.pop() if flat else EVERYTHING


def complement(item: Expression) -> Expression:
    """All texts that are not in the language."""
    if item is NOTHING or item == EVERYTHING:
        return EVERYTHING if item is NOTHING else NOTHING
    return item.item if isinstance(item, Not) else Not(item)


def without(language: Expression, others: Iterable[Expression]) -> Expression:
    """The members of a language that no other has."""
    return both(language, *[complement(other) for other in others])


def contains(language: Expression, text: str) -> bool:
    """Whether a text is a member."""
    for character in text:
        language = language.after(character)
    return language.has_empty
