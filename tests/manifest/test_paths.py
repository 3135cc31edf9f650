"""The form of dotted paths."""

import pytest

from webzeug.manifest.paths import path_problem


@pytest.mark.parametrize(
    "path", ["shop.Home", "shop.views.Home", "shop.views:Home", "shop:Outer.Inner", "a.b_2.C3"]
)
def test_sound_paths(path: str) -> None:
    """A module and a class, with a colon where the module's end must be said."""
    assert path_problem(path) is None


@pytest.mark.parametrize(
    ("path", "part", "advice"),
    [
        ("Home", "", 'write "package.module.Home"'),
        ("", "", 'write "package.module.Class"'),
        ("shop.views.Home()", "()", 'write "shop.views.Home"'),
        ("shop.Home(x=1)", "(x=1)", 'write "shop.Home"'),
        ("shop/views.py", "", 'write "shop.views.Class"'),
        ("./shop/views", "", 'write "shop.views.Class"'),
        ("views.py", "", 'write "views.Class"'),
        (".views.Home", ".", 'write "package.module.Class"'),
        ("shop..Home", "", 'write "package.module.Class"'),
        ("shop.", "", 'write "package.module.Class"'),
        ("shop:", "", 'write "package.module.Class"'),
        ("shop._Home", "_Home", "take the `_` away, in the code too"),
        ("shop.__init__.Home", "__init__", "take the `_` away, in the code too"),
        ("shop.class.Home", "class", 'write "package.module.Class"'),
        ("my-shop.Home", "my-shop", 'write "my_shop.Home"'),
        ("shop.my views:Home", "my views", 'write "shop.my_views:Home"'),
        ("shop.2.Home", "2", 'write "package.module.Class"'),
        ("shop.Café", "Café", 'write "package.module.Class"'),
        ("shop:A:B", ":", 'write "shop:A.B"'),
        ("shop.Home\n", "Home\n", 'write "shop.Home"'),
    ],
)
def test_bad_paths(path: str, part: str, advice: str) -> None:
    """What is wrong is placed, as far as it is a part, and mended."""
    problem = path_problem(path)
    assert problem is not None
    assert (path[problem.start : problem.end], problem.help) == (part, advice)
