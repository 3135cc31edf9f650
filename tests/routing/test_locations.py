"""Where redirects of a manifest lead."""

from tests.support.project import Project

VIEWS = """
    from webzeug import Response, View

    class Item(View):
        def GET(self, **args):
            return Response(repr(args))
"""


def test_a_named_target_gets_only_the_variables_that_it_knows(project: Project) -> None:
    """A variable of the old pattern that the new one lacks is dropped, and no error."""
    project.write("views.py", VIEWS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/items/<int:id>" = { view = "views.Item", name = "item" }
        "/old/<int:id>/<slug>" = { redirect = "item" }
        """,
    )
    response = project.load().test_client().get("/old/7/blue-hat?page=2")
    expected = ("/items/7?page=2", 308)
    assert expected == (response.headers["Location"], response.status_code)
