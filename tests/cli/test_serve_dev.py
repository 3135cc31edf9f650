"""`webzeug serve --dev`, as real processes: it follows every change, and keeps what is good."""

import os
import signal
import socket
import textwrap
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.support.http import TIMEOUT, Connection
from tests.support.project import Project
from tests.support.serving import Serving, serving

VIEWS = """
    import os
    from webzeug import Response, View

    class Index(View):
        def GET(self, word="hello"):
            return Response(word)

    class Pid(View):
        def GET(self):
            return Response(str(os.getpid()))

    class Numbers(View):
        def GET(self):
            self.response = Response(self.numbers())
            return self.response

        def numbers(self):
            yield "0"
            while not os.path.exists("enough"):
                self.app.resources.clock.tick()
                yield "."
            yield "9"
    """

MANIFEST = """
    [routes]
    "/"    = "shop.Index"
    "/pid" = "shop.Pid"
    """


@pytest.fixture
def shop(project: Project) -> Project:
    """A project that can be served."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def following(project: Project, *args: str) -> AbstractContextManager[Serving]:
    return serving(project, "--dev", *args)


def add(project: Project, line: str) -> None:
    """Add a line to the manifest."""
    text = project.manifest.read_text("utf-8")
    project.manifest.write_text(f"{text}{line}\n", "utf-8")


def body(server: Serving, target: str = "/") -> bytes:
    answer = server.get(target)
    assert answer.status == 200, answer
    return answer.body


def pid_of(server: Serving) -> int:
    return int(body(server, "/pid"))


def has_ended(pid: int) -> bool:
    """Whether a process ends within the time limit."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def children_of(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# The manifest


def test_a_changed_manifest_is_swapped_in(shop: Project) -> None:
    """The process stays the same; a line says which routes came, went and changed."""
    with following(shop) as server:
        pid = pid_of(server)
        add(shop, '"/more" = "shop.Index"')
        assert ": added /more\n" in server.hear("swapped in [0-9]+ ms")
        assert body(server, "/more") == b"hello"
        shop.write(
            "routes.toml",
            """
            [routes]
            "/"    = { view = "shop.Index", defaults = { word = "changed" } }
            "/pid" = "shop.Pid"
            """,
        )
        assert ": removed /more; changed /\n" in server.hear("swapped")
        assert (body(server), server.get("/more").status) == (b"changed", 404)
        assert pid_of(server) == pid


def test_a_broken_manifest_is_kept_out(shop: Project) -> None:
    """The last good table goes on, the terminal shows the place; then it is mended."""
    with following(shop) as server:
        pid = pid_of(server)
        good = shop.manifest.read_text("utf-8")
        add(shop, '"/broken" = "shop.Indeks"')
        assert "routes.toml:4:19: error[WZ305]" in server.hear("error")
        server.hear(r"\^\^\^\^\^\^")
        assert server.hear("kept") == "kept the last good state: 1 error\n"
        assert (body(server), server.get("/broken").status) == (b"hello", 404)
        shop.write("routes.toml", good)
        server.hear("mended: the files are again as they are served")
        add(shop, "[routes")
        server.hear("kept the last good state: 1 error")
        shop.write("routes.toml", good + '"/new" = "shop.Index"\n')
        assert ": added /new\n" in server.hear("mended, and swapped")
        assert pid_of(server) == pid


@pytest.mark.parametrize("poll", [False, True], ids=["events", "poll"])
def test_whatever_stands_in_the_manifests_place(shop: Project, poll: bool) -> None:
    """A FIFO, a folder, nothing, an empty file: the last good table goes on; links are followed."""
    manifest, text = shop.manifest, shop.manifest.read_text("utf-8")
    with following(shop, *(["--poll"] if poll else [])) as server:
        manifest.unlink()
        os.mkfifo(manifest)
        server.hear("not a regular file")
        manifest.unlink()
        manifest.mkdir()
        server.hear("it is a folder")
        manifest.rmdir()
        server.hear("there is no such file")
        manifest.write_text("")
        server.hear("no .routes. table")
        assert body(server) == b"hello"
        manifest.write_text(text + '"/1" = "shop.Index"\n')
        server.hear("mended, and swapped .* added /1")
        for number in (2, 3):  # as Kubernetes exchanges a ConfigMap
            folder = shop.folder / f"..{number}"
            folder.mkdir()
            (folder / "routes.toml").write_text(f'{text}"/{number}" = "shop.Index"\n')
            (shop.folder / "..tmp").symlink_to(folder.name)
            os.replace(shop.folder / "..tmp", shop.folder / "..data")
            if number == 2:
                (shop.folder / "new").symlink_to("..data/routes.toml")
                os.replace(shop.folder / "new", manifest)
            server.hear(f"swapped .* added /{number}")
        assert body(server, "/3") == b"hello"


def test_a_file_that_is_being_written_is_left_alone(shop: Project) -> None:
    """Half a manifest would be one with fewer routes; it is looked at when it is closed."""
    text = shop.manifest.read_text("utf-8")
    with following(shop) as server:
        with shop.manifest.open("w") as file:
            file.write(text.replace('"/pid" = "shop.Pid"', ""))
            file.flush()
            time.sleep(0.3)
            assert pid_of(server)
            file.write('"/pid" = "shop.Pid"\n"/late" = "shop.Index"\n')
        assert server.hear("swapped|kept").endswith(": added /late\n")


def test_only_a_new_content_counts(shop: Project) -> None:
    """Touching, changing the mode and writing the same reloads nothing; a burst is one reload."""
    manifest = shop.manifest
    with following(shop) as server:
        os.utime(manifest)
        manifest.chmod(0o600)
        manifest.write_bytes(manifest.read_bytes().replace(b"\n", b"\r\n"))
        os.utime(shop.folder / "shop.py")
        for number in range(20):
            add(shop, f'"/{number}" = "shop.Index"')
        heard = server.hear("swapped|restarted|kept")
        while "added 20 routes: /0, /1, /2, /3, /4, ...\n" not in heard:
            # The machine was so busy that there was a pause in the burst.
            assert "swapped" in heard
            heard = server.hear("swapped|restarted|kept")
            if "/19" in heard:
                break
        assert body(server, "/19") == b"hello"


def test_warnings_are_told_once(shop: Project) -> None:
    """What is no error is served, and said when it is new."""
    shop.write("more.toml", "wrod = 1\n")
    add(shop, "[config]\nword = 1")
    with following(shop, "--config", "more.toml") as server:
        server.hear("WZ023")
        text = shop.manifest.read_text("utf-8")
        shop.write("routes.toml", text.replace("[config]", '"/a" = "shop.Index"\n[config]'))
        server.hear("swapped .* added /a")
        assert server.stop().err.count("WZ023") == 1


def test_includes_are_followed(shop: Project) -> None:
    """An included file counts as the manifest, from the moment that it is included."""
    more = '[routes]\n"/a" = "shop.Index"\n'
    with following(shop) as server:
        add(shop, '[routes."/more"]\ninclude = "more/routes.toml"')
        server.hear("there is no such file")
        server.hear("kept")
        shop.write("more/routes.toml", more)
        assert ": added /more/a\n" in server.hear("mended, and swapped")
        shop.write("more/routes.toml", more.replace("/a", "/b"))
        assert ": added /more/b; removed /more/a\n" in server.hear("swapped")
        shop.write("more/routes.toml", more + "x")
        server.hear("more/routes.toml:3:1: error")
        (shop.folder / "more/routes.toml").unlink()
        server.hear("there is no such file")
        shop.write("routes.toml", MANIFEST)
        assert ": removed /more/b\n" in server.hear("mended, and swapped")


def test_a_broken_manifest_that_has_lost_its_include(shop: Project) -> None:
    """When it is as before, everything is, the include as well."""
    shop.write("more.toml", '[routes]\n"/a" = "shop.Index"\n')
    text = shop.manifest.read_text("utf-8") + '[routes."/more"]\ninclude = "more.toml"\n'
    with following(shop) as server:
        shop.write("routes.toml", text)
        server.hear("swapped .* added /more/a")
        shop.write("routes.toml", MANIFEST.replace("shop.Index", "shop.Indeks"))
        server.hear("kept")
        shop.write("routes.toml", text)
        server.hear("mended: the files are again as they are served")
        shop.write("more.toml", '[routes]\n"/b" = "shop.Index"\n')
        server.hear("swapped .* added /more/b")


def test_what_a_process_cannot_change_starts_another(shop: Project) -> None:
    """A change of [config], of --config or of [server] bind lets a new process take over."""
    shop.write("more.toml", "word = 1\n")
    with following(shop, "--config", "more.toml") as server:
        pid = pid_of(server)
        add(shop, "[config]\nother = 2")
        assert server.hear("restarted").endswith(": [config]\n")
        assert pid_of(server) != pid
        shop.write("more.toml", "word = 3\n")
        assert server.hear("restarted").endswith(": [config]\n")
        shop.write("more.toml", "word = [")
        server.hear("more.toml:1:8: error")
        server.hear("kept")
        shop.write("more.toml", "word = 3\n")
        server.hear("mended")


def test_the_address_can_change(shop: Project) -> None:
    """A new [server] bind is listened on; one that cannot be had is refused."""
    text = shop.manifest.read_text("utf-8")
    shop.write("routes.toml", text + '[server]\nbind = "unix:one.sock"\n')
    with serving(shop, "--dev", binds=False) as server:
        assert body(server) == b"hello"
        shop.write("routes.toml", text + '[server]\nbind = "unix:shop.py"\n')
        server.hear("cannot listen on unix:shop.py: the file exists, and is not a socket")
        server.hear("kept")
        assert body(server) == b"hello"
        shop.write("routes.toml", text + '[server]\nbind = "unix:two.sock"\n')
        assert server.hear("restarted").endswith(": [server]\n")
        assert not (shop.folder / "one.sock").exists()
        with Connection.to(str(shop.folder / "two.sock")) as client:
            assert client.get().body == b"hello"
    assert not (shop.folder / "two.sock").exists()


# The code


def test_changed_code_takes_over(shop: Project) -> None:
    """A new process answers, also on connections that the old one had accepted."""
    with following(shop) as server, server.connect() as kept, server.connect() as silent:
        pid = int(kept.get("/pid").body)
        shop.write("shop.py", VIEWS.replace("hello", "hi"))
        assert server.hear("restarted in [0-9]+ ms").endswith(": shop.py\n")
        assert has_ended(pid)
        assert (kept.get().body, silent.get().body) == (b"hi", b"hi")
        assert kept.get("/pid").body == silent.get("/pid").body != str(pid).encode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os._exit(3)", r"the process ended \(exit code 3\)"),
    ],
    ids=["syntax", "raises", "exits"],
)
def test_broken_code_is_kept_out(shop: Project, code: str, said: str) -> None:
    """The old process goes on, a change of the manifest is still swapped in; then it is mended."""
    with following(shop) as server:
        pid = pid_of(server)
        shop.write("shop.py", VIEWS)
        (shop.folder / "shop.py").write_text(f"{code}\n")
        server.hear(said)
        server.hear("kept the last good state: 1 error")
        add(shop, '"/more" = "shop.Index"')
        assert ": added /more\n" in server.hear("swapped")
        server.hear("kept")
        assert (body(server, "/more"), pid_of(server)) == (b"hello", pid)
        shop.write("shop.py", VIEWS.replace("hello", "mended"))
        server.hear("mended, and restarted")
        assert body(server) == b"mended"


def test_manifest_and_code_at_once(shop: Project) -> None:
    """A route and its View that come together are never apart."""
    with following(shop) as server:
        shop.write("shop.py", VIEWS.replace("class Index", "class Start"))
        shop.write("routes.toml", MANIFEST.replace("Index", "Start"))
        heard = server.hear("restarted|kept|swapped")
        while "restarted" not in heard:
            heard = server.hear("restarted|kept|swapped")
        assert heard.endswith("; changed /\n")
        assert body(server) == b"hello"


def test_code_elsewhere_is_followed(
    shop: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A module that is imported from outside the application's folder counts, wherever it is."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "library.py").write_text("WORD = 'first'\n")
    shop.write("shop.py", VIEWS.replace('"hello"', "library.WORD"))
    source = (shop.folder / "shop.py").read_text()
    (shop.folder / "shop.py").write_text(f"import library\n{source}")
    environ = {"PYTHONPATH": str(elsewhere)}
    with serving(shop, "--dev", environ=environ) as server:
        assert body(server) == b"first"
        (elsewhere / "library.py").write_text("WORD = 'second'\n")
        assert server.hear("restarted").endswith("library.py\n")
        assert body(server) == b"second"


def test_code_that_is_imported_late_is_followed(
    shop: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A module that only a request has imported counts from then on."""
    elsewhere = tmp_path_factory.mktemp("late")
    (elsewhere / "library.py").write_text("WORD = 'first'\n")
    late = "from library import WORD; return Response(WORD)"
    shop.write("shop.py", VIEWS.replace("return Response(word)", late))
    with serving(shop, "--dev", environ={"PYTHONPATH": str(elsewhere)}) as server:
        assert body(server) == b"first"
        (elsewhere / "library.py").write_text("WORD = 'second'\n")
        assert server.hear("restarted").endswith("library.py\n")
        assert body(server) == b"second"


def test_code_that_changes_while_it_is_imported(shop: Project) -> None:
    """What was made of it is not served; it is made again of the code as it is then."""
    writing = "from pathlib import Path; Path('made.py').write_text('WORD = 1')"
    with following(shop) as server:
        shop.write("shop.py", f"{writing}\n")
        (shop.folder / "shop.py").write_text(f"{writing}\n{textwrap.dedent(VIEWS)}", "utf-8")
        assert server.hear("restarted").endswith(": made.py, shop.py\n")
        assert body(server) == b"hello"
    (shop.folder / "made.py").unlink()
    with following(shop) as server:
        # At the start there is nothing better, so it is served meanwhile.
        assert server.hear("restarted").endswith(": made.py\n")
        assert body(server) == b"hello"


def test_a_new_folder_of_code_is_followed(shop: Project) -> None:
    """A package that is missing at first mends the application when it comes."""
    with following(shop) as server:
        add(shop, '"/new" = "new.views.Index"')
        server.hear("there is no module `?new")
        server.hear("kept")
        shop.write("new/views.py", VIEWS)
        server.hear("mended, and restarted")
        assert body(server, "/new") == b"hello"


# Streams and resources


@pytest.fixture
def streams(shop: Project) -> Project:
    """A project with a stream and a resource that says when it is opened and closed."""
    shop.write(
        "clock.py",
        """
        import os, sys, time
        from gevent import sleep

        class Clock:
            def __init__(self, app):
                if os.path.exists("no-clock"):
                    raise OSError("there is no clock")
                print("clock opened", file=sys.stderr, flush=True)

            def tick(self):
                sleep(0.01)

            def close(self):
                print("clock closed", file=sys.stderr, flush=True)
        """,
    )
    add(shop, '"/numbers" = "shop.Numbers"\n[resources]\nclock = "clock.Clock"')
    return shop


def begin(client: Connection) -> None:
    """Ask for the stream, and wait for its beginning."""
    client.send("GET /numbers HTTP/1.1\r\nHost: test\r\n\r\n")
    received = b""
    while b"\r\n1\r\n0\r\n" not in received:
        received += client.file.read1()


def test_streams_outlive_a_swap_and_a_change_of_the_code(streams: Project) -> None:
    """A stream goes on to its end in the process where it began, with its resources open."""
    text = streams.manifest.read_text("utf-8")
    with following(streams) as server, server.connect() as client:
        server.hear("clock opened")
        begin(client)
        streams.write("routes.toml", text.replace('"/pid" =', '"/other" ='))
        server.hear("swapped")
        streams.write("shop.py", VIEWS.replace("hello", "hi"))
        server.hear("clock opened")
        server.hear("restarted")
        assert body(server) == b"hi"
        streams.write("enough", "")
        received = b""
        while not received.endswith(b"1\r\n9\r\n0\r\n\r\n"):
            received += client.file.read1()
        assert server.hear("clock") == "clock closed\n"
        # The connection of the stream has moved on as well.
        assert client.get().body == b"hi"


def test_a_resource_that_is_not_there_yet(streams: Project) -> None:
    """Until it can be opened, every request is told why; no file has to change for that."""
    streams.write("no-clock", "")
    with following(streams) as server:
        server.hear("WZ306")
        answer = server.get(host="localhost")
        assert (answer.status, b"there is no clock" in answer.body) == (503, True)
        (streams.folder / "no-clock").unlink()
        assert body(server) == b"hello"
        server.hear("mended: the resources could be opened")
        add(streams, '[routes."/more"]\n"/" = "shop.Index"')
        server.hear("swapped")
        streams.write("no-clock", "")
        streams.write("shop.py", VIEWS.replace("hello", "hi"))
        server.hear("WZ306")
        server.hear("kept")
        assert body(server) == b"hello"


def test_a_resource_that_cannot_be_closed(streams: Project) -> None:
    """It is told of at its place in the manifest, when the process ends that had opened it."""
    text = (streams.folder / "clock.py").read_text("utf-8")
    streams.write("clock.py", text.replace("def close(self):", "def close(self):\n        1 / 0"))
    with following(streams) as server:
        server.hear("clock opened")
        result = server.stop()
        assert "could not be closed: ZeroDivisionError" in result.err
        assert (result.code, "supervisor.py" in result.err) == (0, False)


# The start


def test_a_start_with_a_broken_manifest(shop: Project) -> None:
    """It serves what is wrong, as text, until it is mended."""
    shop.write("routes.toml", '[routes]\n"/" = shop.Index\n')
    with following(shop) as server:
        answer = server.get(host="localhost")
        assert (answer.status, answer.field("Content-Type")) == (503, "text/plain; charset=utf-8")
        assert b"routes.toml:2:7: error[WZ003]: a dotted path must be quoted" in answer.body
        shop.write("routes.toml", '[routes]\n"/" = "shop.Index"\n"/" = "shop.Pid"\n')
        server.hear("routes.toml:3:1: error")
        shop.write("routes.toml", MANIFEST)
        server.hear("mended, and restarted")
        assert body(server) == b"hello"


def test_a_start_with_broken_code(shop: Project) -> None:
    """What can be imported is served; the rest is reported."""
    shop.write("other.py", "1 / 0\n")
    add(shop, '"/other" = "other.Index"')
    with following(shop) as server:
        server.hear("ZeroDivisionError")
        server.hear("webzeug serves routes.toml")
        assert (body(server), server.get("/other").status) == (b"hello", 500)
        add(shop, '"/more" = "shop.Index"')
        server.hear("ZeroDivisionError")
        shop.write("other.py", VIEWS)
        server.hear("mended, and restarted")
        assert (body(server, "/other"), body(server, "/more")) == (b"hello", b"hello")


def test_a_start_with_code_that_ends_the_process(shop: Project) -> None:
    """It serves that the process ended, until that is mended."""
    shop.write("shop.py", "import os; os._exit(3)")
    with following(shop) as server:
        answer = server.get(host="localhost")
        assert (answer.status, b"exit code 3" in answer.body) == (503, True)
        shop.write("shop.py", VIEWS)
        server.hear("mended, and restarted")
        assert body(server) == b"hello"


def test_a_start_with_a_broken_include(shop: Project) -> None:
    """What is wrong is said once."""
    shop.write("more.toml", "[")
    add(shop, '[routes."/more"]\ninclude = "more.toml"')
    with following(shop) as server:
        server.hear("webzeug serves")
        shop.write("more.toml", '[routes]\n"/a" = "shop.Index"\n')
        server.hear("mended, and restarted")
        assert body(server, "/more/a") == b"hello"
        assert server.stop().err.count("more.toml:1:") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere.toml"], 2, "cannot read nowhere.toml: there is no such file"),
        (["--config", "nowhere.toml"], 2, "cannot read nowhere.toml: there is no such file"),
        (["--set", "server.port=1"], 2, "[server] has no key `port`"),
        (["--bind", "nowhere"], 2, "Invalid value for '--bind'"),
    ],
)
def test_a_start_with_wrong_options(
    shop: Project, arguments: list[str], code: int, said: str
) -> None:
    """What no change of a file can mend ends the program with a message."""
    done = shop.run("serve", "--dev", "--bind", "127.0.0.1:0", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err


def test_a_start_where_another_program_listens(shop: Project) -> None:
    """A port that is taken ends the program with a message, and nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = shop.run("serve", "--dev", "--bind", f"127.0.0.1:{port}")
    assert done.code == 1
    assert f"cannot listen on 127.0.0.1:{port}: another program does already" in done.err
    assert "Traceback" not in done.err


def test_poll_needs_dev(shop: Project) -> None:
    """--poll alone is a mistake."""
    done = shop.run("serve", "--poll")
    assert (done.code, "together with --dev" in done.err) == (2, True)


# The end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_without_a_word(shop: Project, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end all processes; nothing is printed, and nothing is left."""
    with following(shop) as server:
        assert body(server) == b"hello"
        children = children_of(server.pid)
        result = server.stop(number)
        lines = [line for line in result.err.splitlines() if '"GET /' not in line]
        assert (result.code, len(lines)) == (0, 2), result.err
        assert children
        assert all(map(has_ended, children))


def test_ctrl_c_reaches_all_processes_of_a_terminal(shop: Project) -> None:
    """Where the terminal sends the signal to every process, they end in order all the same."""
    with following(shop) as server:
        children = children_of(server.pid)
        for pid in children:
            os.kill(pid, signal.SIGINT)
        assert body(server) == b"hello"
        result = server.stop(signal.SIGINT)
        assert (result.code, "Traceback" in result.err) == (0, False)


def test_a_killed_supervisor_leaves_nobody_behind(shop: Project) -> None:
    """The processes notice that they are alone, and end."""
    with following(shop) as server:
        children = children_of(server.pid)
        server.signal(signal.SIGKILL)
        assert all(map(has_ended, children))


def test_a_request_that_does_not_end_holds_up_nobody(shop: Project) -> None:
    """Ctrl-C ends a process that is busy; a second one ends it at once."""
    shop.write("shop.py", VIEWS.replace("return Response(word)", "while True: pass"))
    with following(shop) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        children = children_of(server.pid)
        server.signal(signal.SIGINT)
        time.sleep(0.1)  # or the system would make one of the two
        server.signal(signal.SIGINT)
        assert server.wait().code == 0
        assert all(map(has_ended, children))


def test_a_process_that_is_killed_is_replaced(shop: Project) -> None:
    """One that has served for a while is started again as it is."""
    with following(shop) as server:
        pid = pid_of(server)
        time.sleep(2.1)
        os.kill(pid, signal.SIGKILL)
        server.hear(r"the process that served has ended \(signal 9\); another takes its place")
        assert server.hear("restarted").endswith(": its process had ended\n")
        assert pid_of(server) != pid


def test_a_process_that_ends_is_replaced(shop: Project) -> None:
    """If the application ends its process, another takes its place, at first as it is."""
    shop.write("shop.py", VIEWS.replace("return Response(word)", "os._exit(7)"))
    with following(shop) as server:
        with server.connect() as client:
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
            assert client.rest() == b""
        server.hear(r"the process that served has ended \(exit code 7\)")
        answer = server.get("/pid", host="localhost")
        while answer.status == 503:
            assert b"exit code 7" in answer.body
            shop.write("shop.py", VIEWS)
            server.hear("mended")
            answer = server.get("/pid", host="localhost")
        assert answer.status == 200
