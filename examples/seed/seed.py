"""The program that webzeug was first written for: three Views, a table in code, gevent.

Run it by hand with ``python examples/seed/seed.py``, or let ``routes.toml`` beside it serve the
same Views: ``python -m webzeug serve examples/seed/routes.toml``.
"""

from gevent import monkey

monkey.patch_all()

import time  # noqa: E402

from gevent.pywsgi import WSGIServer  # noqa: E402

from webzeug import App, Request, Response, View  # noqa: E402, F401


class Index(View):
    def GET(self):
        return Response("Hello world!\n")


class Hello(View):
    def GET(self, name):
        return Response(f"Hey there {name}!\n")


class CountIter:
    """One line a second, for ever."""

    def __init__(self):
        self.number = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        time.sleep(1)
        return f"{self.number}\n"


class Counter(View):
    def GET(self):
        return Response(CountIter())


app = App(
    [
        ("/", "index", Index),
        ("/people/<name>/", "hello", Hello),
        ("/count/", "counter", Counter),
    ]
)

if __name__ == "__main__":
    print("http://127.0.0.1:8000/people/bob/")
    WSGIServer(("127.0.0.1", 8000), app).serve_forever()
