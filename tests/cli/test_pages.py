"""The pages of ``serve --dev`` in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.support.browser import Browser, browsing, needs_browser
from tests.support.project import Project
from tests.support.serving import Serving, serving

pytestmark = needs_browser

VIEWS = """
    from webzeug import Response, View

    class Home(View):
        def GET(self):
            return Response("<!doctype html><title>Home</title>hello", mimetype="text/html")

    class People(View):
        def GET(self, name):
            return Response(f"<!doctype html><title>{name}</title>hi", mimetype="text/html")

        POST = GET

    class Fails(View):
        def GET(self):
            return Response(1 / 0)

        POST = GET

    class Form(View):
        def GET(self):
            page = '<!doctype html><title>Form</title><form method="post" action="/fails"><button>'
            return Response(page, mimetype="text/html")

    class Sorry(View):
        def ERROR(self, error):
            return Response("<!doctype html><title>Sorry</title>", mimetype="text/html")
    """

MANIFEST = """
    [routes]
    "/"                = "shop.Home"
    "/people/<name>/"  = "shop.People"
    "/fails"           = "shop.Fails"
    "/form"            = "shop.Form"
    "/a/path/that/is/long/enough/for/any/line/<int:identifier_of_a_thing>" = "shop.Home"

    [errors]
    404 = "shop.Sorry"
    """


@pytest.fixture(scope="module")
def the_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(the_browser: Browser) -> Browser:
    """The browser as a person at a desk has it."""
    the_browser.open("about:blank")
    the_browser.resize(1200, 800)
    the_browser.prefer(color_scheme="light", reduced_motion="no-preference")
    the_browser.requests()
    the_browser.complaints()
    return the_browser


@dataclass(frozen=True, slots=True)
class Shop:
    """A project that is served with --dev, and what is said about it."""

    project: Project
    server: Serving

    def url(self, path: str = "/") -> str:
        return f"http://localhost:{self.server.port}{path}"

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file in place."""
        path = self.project.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@contextmanager
def served(project: Project) -> Iterator[Shop]:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    with serving(project, "--dev") as server:
        yield Shop(project, server)


@pytest.fixture
def shop(project: Project) -> Iterator[Shop]:
    with served(project) as shop:
        yield shop


@pytest.fixture(scope="module")
def calm_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One for tests that edit nothing."""
    with served(Project(tmp_path_factory.mktemp("shop"))) as shop:
        yield shop


# What is broken, until it is mended


def test_a_broken_manifest_is_shown_until_it_is_mended(browser: Browser, shop: Shop) -> None:
    """The page comes with the next click, and goes by itself."""
    browser.open(shop.url())
    assert browser.title == "Home"
    shop.edit("routes.toml", '"shop.Home"', '"shop.Hoem"')
    shop.server.hear("kept")
    browser.open(shop.url("/people/bob/"))
    assert browser.title == "1 error: shop has no `Hoem`"
    assert browser.run("document.querySelector('mark').textContent") == "Hoem"
    assert browser.text(".help") == "Help: did you mean Home?"
    shop.edit("routes.toml", '"shop.Hoem"', '"shop.Home"')
    browser.wait_for("document.title === 'bob'")
    assert browser.complaints() == []


def test_other_problems_come_by_themselves(browser: Browser, shop: Shop) -> None:
    """An edit that mends one and breaks another shows the other."""
    shop.edit("routes.toml", '"shop.Home"', '"shop.Hoem"')
    shop.server.hear("kept")
    browser.open(shop.url())
    shop.edit("routes.toml", '"shop.Hoem"', '"shop.Home" x')
    browser.wait_for("document.title.startsWith('1 error: the line must end')")
    assert browser.text("article .place").startswith("routes.toml:2:")


def test_broken_code_is_shown_until_it_is_mended(browser: Browser, shop: Shop) -> None:
    """The traceback begins in the user's code; another process mends it."""
    shop.edit("shop.py", "class Home", "1 / 0\nclass Home")
    shop.server.hear("kept")
    browser.open(shop.url())
    assert browser.title == "1 error: importing shop raised ZeroDivisionError: division by zero"
    first, second, *_ = browser.text(".trace").splitlines()
    assert first == "Traceback (most recent call last):"
    assert second.endswith('shop.py", line 3, in <module>')
    shop.edit("shop.py", "1 / 0\nclass Home", "class Home")
    browser.wait_for("document.title === 'Home'")


def test_the_place_in_a_long_page_is_kept(browser: Browser, shop: Shop) -> None:
    """Where other problems come, the page is where it was."""
    rows = "".join(f'"/{number}" = {{ veiw = "shop.Home" }}\n' for number in range(30))
    shop.edit("routes.toml", "[errors]", f"{rows}[errors]")
    shop.server.hear("kept")
    browser.open(shop.url())
    browser.run("window.scrollTo(0, 900)")
    shop.edit("routes.toml", '"/29" = { veiw', '"/29" = { view')
    browser.wait_for("document.title.startsWith('29 errors') && window.scrollY === 900")


def test_it_finds_a_server_that_was_away(browser: Browser, project: Project) -> None:
    """It says that nobody answers, and reloads when there is one again."""
    with served(project) as shop:
        port = shop.server.port
        browser.open(shop.url("/nowhere"))
        assert browser.text("#waiting") == "This page reloads itself when something changes."
        shop.server.stop()
        browser.wait_for("document.querySelector('#waiting').innerText.includes('not answer')")
    project.write("routes.toml", MANIFEST.replace("/fails", "/nowhere"))
    with serving(project, "--dev", "--bind", f"127.0.0.1:{port}"):
        browser.wait_for("document.title.startsWith('ZeroDivisionError')")


def test_nobody_waits_behind_a_hidden_page(browser: Browser, shop: Shop) -> None:
    """A browser has few connections to one host; when it is seen again, it looks at once."""
    browser.open(shop.url("/nowhere"))
    browser.run(
        "Object.defineProperty(document, 'hidden', { get: () => window.unseen ?? false })"
        " && (window.unseen = true) && document.dispatchEvent(new Event('visibilitychange'))"
    )
    shop.edit("routes.toml", '"/fails"', '"/nowhere"')
    shop.server.hear("swapped")
    assert browser.title == "404: GET /nowhere"
    browser.run("(window.unseen = false, document.dispatchEvent(new Event('visibilitychange')))")
    browser.wait_for("document.title.startsWith('ZeroDivisionError')")


def test_only_what_people_open_is_replaced(browser: Browser, shop: Shop) -> None:
    """Scripts, images and frames go on with the last good state."""
    browser.open(shop.url())
    shop.edit("routes.toml", '"shop.Home"', '"shop.Hoem"')
    shop.server.hear("kept")
    fetched = "fetch('/people/bob/', { headers: { Accept: 'text/html' } }).then((a) => a.text())"
    assert browser.run(fetched) == "<!doctype html><title>bob</title>hi"
    browser.run(
        "document.body.appendChild(Object.assign(document.createElement('iframe'),"
        " { src: '/people/eve/' })) && null"
    )
    browser.wait_for("frames[0]?.document.title === 'eve'")


def test_the_last_good_state_is_one_click_away(browser: Browser, shop: Shop) -> None:
    """By keyboard, too: the link comes first."""
    shop.edit("routes.toml", '"shop.Home"', '"shop.Hoem"')
    shop.server.hear("kept")
    browser.open(shop.url("/people/bob/?a=1"))
    browser.press("Tab", "Enter")
    browser.wait_for("document.title === 'bob'")
    assert browser.run("location.search") == "?a=1&webzeug=visitor"


def test_a_failure_is_mended(browser: Browser, shop: Shop) -> None:
    """The page of the traceback reloads when the code has changed."""
    browser.open(shop.url("/fails"))
    assert browser.title == "ZeroDivisionError: division by zero"
    assert browser.text(".call h3") == "shop.py:15 in Fails.GET"
    assert browser.run("document.querySelector('.here mark').textContent") == "1 / 0"
    browser.press("Tab", "Enter")
    assert "Traceback (most recent call last):" in browser.text("details pre")
    shop.edit("shop.py", "Response(1 / 0)", "Response('well')")
    browser.wait_for("document.body.innerText === 'well'")


def test_a_form_is_not_sent_again(browser: Browser, calm_shop: Shop) -> None:
    """A page that came by POST does not reload itself."""
    browser.open(calm_shop.url("/form"))
    browser.press("Tab", "Enter")
    browser.wait_for("document.title.startsWith('ZeroDivisionError')")
    assert browser.run("document.scripts.length") == 0


# What no route answers


def test_the_routes_are_searched_by_keyboard(browser: Browser, calm_shop: Shop) -> None:
    """A slash leads to the field, typing filters, Escape shows all again, links can be followed."""
    browser.open(calm_shop.url("/peple/bob/"))
    assert browser.title == "404: GET /peple/bob/"
    assert browser.text(".misses .pattern, .misses code") == "/people/<name>/"
    assert browser.text("#count") == "5 routes"
    browser.press("/")
    assert browser.run("document.activeElement.id") == "filter"
    browser.press(*"POST /f")
    assert browser.text("#count") == "1 of 5 routes"
    assert visible_rows(browser) == ["/fails"]
    browser.press("Escape")
    assert (browser.text("#count"), len(visible_rows(browser))) == ("5 routes", 5)
    browser.press(*"zzz")
    assert (browser.text("#count"), visible_rows(browser)) == ("0 of 5 routes", [])
    browser.press("Escape", *"/form", "Tab", "Enter")
    browser.wait_for("document.title === 'Form'")


def visible_rows(browser: Browser) -> list[str]:
    """The paths of the rows that are to be seen."""
    script = (
        "Array.from(document.querySelectorAll('tbody tr')).filter((row) => row.offsetHeight > 0)"
        ".map((row) => row.cells[0].innerText)"
    )
    rows: list[str] = browser.run(script)
    return rows


def test_the_search_is_still_there_after_a_change(browser: Browser, shop: Shop) -> None:
    """The table is the new one."""
    browser.open(shop.url("/peple/bob/"))
    browser.press("/", *"fails")
    shop.edit("routes.toml", '"/form" ', '"/fails/too" = "shop.Form"\n"/form" ')
    browser.wait_for("document.getElementById('count').textContent === '2 of 6 routes'")
    assert visible_rows(browser) == ["/fails", "/fails/too"]


def test_the_applications_own_page_is_one_click_away(browser: Browser, calm_shop: Shop) -> None:
    """And what it says is to be seen as a visitor sees it."""
    browser.open(calm_shop.url("/peple/bob/"))
    browser.press("Tab", "Enter")
    browser.wait_for("document.title === 'Sorry'")


def test_a_page_works_without_its_script(browser: Browser, calm_shop: Shop) -> None:
    """Everything is there but the search, and it is said that one has to reload."""
    browser.emulate("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(calm_shop.url("/peple/bob/"))
        source: str = browser.do("/source")
    finally:
        browser.emulate("Emulation.setScriptExecutionDisabled", value=False)
    assert source.count('<tr><th scope="row">') == 5
    assert '<div class="search" role="search" hidden="">' in source
    assert "Reload this page when you have changed something." in source


# All pages: for everybody, and nothing from elsewhere


@pytest.mark.parametrize("path", ["/peple/bob/", "/fails"])
def test_calm_pages(browser: Browser, calm_shop: Shop, path: str) -> None:
    """Of a 404 and of a failure."""
    is_for_everybody(browser, calm_shop.url(path))


def test_pages_of_what_is_broken(browser: Browser, shop: Shop) -> None:
    """Of a manifest, and of code whose lines are long."""
    shop.edit("routes.toml", '"/form" ', '"/form" = "x" \n"/form" ')
    shop.server.hear("kept")
    is_for_everybody(browser, shop.url("/manifest"))
    long = "'a long line' + " * 30
    shop.edit("routes.toml", '"/form" = "x" \n"/form" ', '"/form" ')
    shop.edit("shop.py", "class Home", f"print({long}1)\nclass Home")
    browser.wait_for("document.title.includes('TypeError')")
    is_for_everybody(browser, shop.url("/code"))


def is_for_everybody(browser: Browser, url: str) -> None:
    """On a phone and at a desk, by day and by night; and nothing of it comes from elsewhere."""
    browser.requests()
    browser.open(url)
    assert browser.text("footer").startswith("Only you see")
    browser.run("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    for width in (360, 1200):
        browser.resize(width, 740)
        assert browser.run("document.documentElement.scrollWidth") <= width
        assert browser.run(OUT_OF_REACH) == []
        for scheme in ("light", "dark"):
            browser.prefer(color_scheme=scheme)
            assert pale_texts(browser) == [], (width, scheme)
    assert nameless(browser.emulate("Accessibility.getFullAXTree")["nodes"]) == []
    levels = browser.run(LEVELS)
    assert (levels[0], levels.count(1)) == (1, 1)
    assert max(after - before for before, after in pairwise(levels)) == 1
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelectorAll('main, header, footer').length") == 3
    ids = browser.run("Array.from(document.querySelectorAll('[id]'), (e) => e.id)")
    assert len(set(ids)) == len(ids)
    # The page, and what waits for a change; no fonts, no icons.
    assert {asked for asked in browser.requests() if not asked.startswith("data:")} == {url}
    assert browser.complaints() == []


LEVELS = "Array.from(document.querySelectorAll('h1,h2,h3,h4'), (e) => +e.tagName[1])"

OUT_OF_REACH = """
Array.from(document.querySelectorAll("body *"))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
    && getComputedStyle(e).overflowX === "auto" && e.tabIndex !== 0)
  .map((e) => e.outerHTML)
"""
"""What scrolls sideways, and cannot be reached by keyboard."""

TEXTS = r"""
(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    if (["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    let back = element;
    while (back && getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") {
      back = back.parentElement;
    }
    found.push({
      text: walker.currentNode.data.trim().slice(0, 40),
      color: getComputedStyle(element).color,
      back: back ? getComputedStyle(back).backgroundColor : "none",
    });
  }
  return found;
})()
"""


def pale_texts(browser: Browser) -> list[dict[str, str]]:
    """The texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3)."""
    texts: list[dict[str, str]] = browser.run(TEXTS)
    assert len(texts) > 10
    return [text for text in texts if contrast(rgb(text["color"]), rgb(text["back"])) < 4.5]


def rgb(text: str) -> list[float]:
    match = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", text)
    assert match is not None, text
    return [int(value) / 255 for value in match.groups()]


def contrast(one: list[float], other: list[float]) -> float:
    """The ratio of WCAG 2.2: 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: list[float]) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


INTERACTIVE = ("link", "button", "searchbox", "textbox", "region", "table", "DisclosureTriangle")


def nameless(tree: list[dict[str, Any]]) -> list[str]:
    """The roles of what can be used, or gone to, and has no name."""
    return [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored")
        and node["role"]["value"] in INTERACTIVE
        and not node.get("name", {}).get("value")
    ]


def test_scripts_of_others_do_not_run(browser: Browser, calm_shop: Shop) -> None:
    """What a URL or a file holds is text; and the policy stops what is put in by other ways."""
    browser.open(calm_shop.url("/%3Cscript%3Edocument.title='x'%3C/script%3E"))
    assert browser.title.startswith("404: GET /%3Cscript%3E")
    assert browser.run("document.scripts.length") == 2
    browser.run(
        "document.body.appendChild(Object.assign(document.createElement('script'),"
        " { textContent: 'window.ran = true' })) && null"
    )
    assert browser.run("window.ran ?? null") is None
    assert any("Content Security Policy" in said for said in browser.complaints())


def test_a_foreign_name_of_this_machine_is_shown_nothing(
    calm_shop: Shop,
) -> None:
    """A site whose name leads here (DNS rebinding) sees what everybody sees."""
    for name, is_told in (("evil.example", False), ("localhost", True)):
        answer = calm_shop.server.get("/fails", host=f"{name}:{calm_shop.server.port}")
        assert (answer.status, b"ZeroDivisionError" in answer.body) == (500, is_told)


def test_without_dev_there_are_no_pages(browser: Browser, project: Project) -> None:
    """A visitor's 404 and 500."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    with serving(project) as server:
        for path, title in (("peple/bob/", "Sorry"), ("fails", "500 Internal Server Error")):
            browser.open(f"http://localhost:{server.port}/{path}")
            assert browser.title == title


def test_on_other_addresses_there_are_no_pages(browser: Browser, project: Project) -> None:
    """Where other machines can connect, nobody is shown anything, not even this one."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    with serving(project, "--dev", "--bind", "0.0.0.0:0") as server:
        for path, title in (("peple/bob/", "Sorry"), ("fails", "500 Internal Server Error")):
            browser.open(f"http://localhost:{server.port}/{path}")
            assert browser.title == title
