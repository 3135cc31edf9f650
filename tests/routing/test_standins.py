"""URLs for commands that import nothing of the application."""

import pytest

from tests.support.project import Project
from tests.support.tables import read_text, request
from webzeug.routing.standins import BuiltURL, compile_without_code, url_of
from webzeug.routing.urls import URLError, URLOptions

TEXT = """
[matching]
base_url = "https://shop.test"

[converters]
semver = "shop.converters.SemVer"

[routes]
"/items/<int:id>/" = "v.Item"
"/releases/<semver(3, x='y'):version>/<int:part>" = "v.Release"
"/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1, ratio = 0.5, on = true } }
"/pages/<int:page>" = { view = "v.Pages", name = "pages", defaults = { ratio = 0.5, on = true } }
"//other.test/x" = "v.Other"
"/a" = "one.Same"
"/b" = "two.Same"
"""


@pytest.mark.parametrize(
    ("name", "texts", "url"),
    [
        ("item", {"id": "7"}, BuiltURL("/items/7/", ())),
        ("release", {"version": "1.2", "part": "3"}, BuiltURL("/releases/1.2/3", ("semver",))),
        ("pages", {}, BuiltURL("/pages/", ())),
        ("pages", {"page": "1", "ratio": "0.5", "on": "true"}, BuiltURL("/pages/", ())),
        ("pages", {"page": "2"}, BuiltURL("/pages/2", ())),
        ("other", {}, BuiltURL("https://other.test/x", ())),
    ],
)
def test_values_are_given_as_text(
    project: Project, name: str, texts: dict[str, str], url: BuiltURL
) -> None:
    """Converters and defaults make values of them; the application's own are stood in for."""
    assert url_of(read_text(project.manifest, TEXT), name, texts, URLOptions()) == url


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("item", {"id": "x"}, "invalid literal for int"),
        ("item", {}, "`item` needs `id`"),
        ("itme", {}, "did you mean `item`?"),
        ("same", {}, "the name `same` is unclear"),
        ("pages", {"ratio": "much"}, "`pages` is only for ratio = 0.5, not 'much'"),
    ],
)
def test_what_keeps_a_url_from_being_built(
    project: Project, name: str, texts: dict[str, str], message: str
) -> None:
    """The messages are those of ``url_for``, and know all names of the manifest."""
    with pytest.raises(URLError) as caught:
        url_of(read_text(project.manifest, TEXT), name, texts, URLOptions())
    assert message in str(caught.value)


def test_options_are_passed_on(project: Project) -> None:
    """Query, anchor, and the whole URL."""
    options = URLOptions({"q": ["1", "2"]}, "top", external=True)
    built = url_of(read_text(project.manifest, TEXT), "item", {"id": "7"}, options)
    assert built.url == "https://shop.test/items/7/?q=1&q=2#top"


def test_a_stand_in_takes_one_segment(project: Project) -> None:
    """Whatever the converter's arguments are; nothing is imported."""
    table = compile_without_code(read_text(project.manifest, TEXT)).table
    match = table.match(request("/releases/anything/3"))
    assert (match.route.name, match.args) == ("release", {"version": "anything", "part": 3})
