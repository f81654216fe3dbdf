"""The second zygote: what nobody edits stays imported, and nothing that is served is older than its source."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.loop.warm_server import WarmServer, steady, wait_for
from warm.import_graph import kept

UNEDITED = "import os\nVALUE = os.getpid()\n"  # the process that imported it


def keeps(server: WarmServer, modules: int) -> None:
    """Wait until a second zygote has imported so many modules of the application."""

    def look() -> bool:
        return bool(server.status().get("preload", {}).get("kept", 0) == modules)

    wait_for(look, f"{modules} kept modules", output=server.output)


@pytest.fixture
def edited(server: WarmServer) -> WarmServer:
    """A server whose `first` has been saved once, so that the other modules are kept."""
    server.write("second.py", UNEDITED)
    server.start("--burst", "0")
    server.ready()
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    keeps(server, 3)  # the package, `second` and `startup`; `source` reads other files, so it is imported every time
    return server


def test_the_next_save_of_a_file_imports_only_what_depends_on_it(edited: WarmServer) -> None:
    for value in (1002, 1003):
        edited.write("first.py", f"VALUE = {value}\n")
        answer = edited.serves(value)
        assert answer["second"] not in {answer["pid"], edited.zygote().pid}
        files = sorted((edited.folder / "app").glob("*.py"))
        assert answer["digest"] == hashlib.sha256(b"".join(f.name.encode() + f.read_bytes() for f in files)).hexdigest()


def test_it_has_the_packages_that_the_first_one_has_learnt(edited: WarmServer) -> None:
    text = "import sys\nVALUE = [{0}, 'wave' in sys.modules]\nimport wave\n"
    before = edited.status()["preload"]["modules"]
    edited.write("first.py", text.format(1))
    edited.serves([1, False])
    wait_for(lambda: edited.status()["preload"]["modules"] > before, "`wave` to be learnt", output=edited.output)
    keeps(edited, 3)
    edited.write("first.py", text.format(2))
    answer = edited.serves([2, True])
    assert answer["second"] not in {answer["pid"], edited.zygote().pid}


def test_a_kept_module_that_is_edited_is_imported_anew(edited: WarmServer) -> None:
    edited.write("second.py", "VALUE = 'new'\n")
    wait_for(lambda: (edited.try_get() or {}).get("second") == "new", "the new value", output=edited.output)
    edited.write("first.py", "VALUE = 1002\n")
    assert edited.serves(1002)["second"] == "new"


def test_two_files_in_one_save_and_a_new_file_are_seen(edited: WarmServer) -> None:
    edited.write("third.py", "VALUE = 'third'\n")
    edited.write("first.py", "from app.third import VALUE\n")
    edited.serves("third")
    edited.write("third.py", "VALUE = 'changed'\n")
    edited.serves("changed")


@pytest.mark.parametrize("how", ["from app import first", "import app.first as first"])
def test_a_module_that_reaches_the_edited_one_in_a_function_is_never_old(server: WarmServer, how: str) -> None:
    server.write("second.py", f"def _read():\n    {how}\n    return first.VALUE\n\n\nVALUE = _read()\n")
    server.start("--burst", "0")
    server.ready()
    for value in range(1001, 1004):
        server.write("first.py", f"VALUE = {value}\n")
        assert server.serves(value)["second"] == value
        keeps(server, 2)


def test_an_error_is_told_and_the_next_good_save_recovers(edited: WarmServer) -> None:
    with steady(edited.get) as wrong:
        for broken in ("VALUE = (\n", "VALUE = 1 / 0\n", "from app.second import NOTHING\n"):
            edited.write("first.py", broken)
            wait_for(lambda: edited.status().get("state") == "failed", "the failure", output=edited.output)
            assert edited.get()["first"] != 0
            edited.write("first.py", f"VALUE = {len(broken)}\n")
            edited.serves(len(broken))
    assert not wrong


def test_what_must_not_be_copied_by_a_fork_is_imported_by_every_server(server: WarmServer) -> None:
    server.write("second.py", "import os, threading\nthreading.Thread(target=print).start()\nVALUE = os.getpid()\n")
    server.start("--burst", "0")
    server.ready()
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    server.says("every save imports the whole application: app.second starts a thread")
    server.write("first.py", "VALUE = 1002\n")
    answer = server.serves(1002)
    assert answer["second"] == answer["pid"]


def test_it_can_be_turned_off(server: WarmServer) -> None:
    server.write("second.py", UNEDITED)
    server.start("--burst", "0", "--no-keep")
    server.ready()
    for value in (1001, 1002):
        server.write("first.py", f"VALUE = {value}\n")
        answer = server.serves(value)
        assert answer["second"] == answer["pid"]
        server.preloaded()
    assert "kept" not in json.dumps(server.status())


def project(folder: Path, **texts: str) -> dict[str, str]:
    """Modules of a package `app`, by name; a double underscore stands for a dot."""
    own = {}
    for name, text in texts.items():
        file = folder / f"{name}.py"
        file.write_text(text)
        own["app" if name == "app" else f"app.{name.replace('__', '.')}"] = str(file)
    return own


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("import json", True),
        ("import app.edited", False),
        ("from app import edited", False),
        ("from . import edited", False),
        ("from .edited import VALUE", False),
        ("from app.user import name", False),
        ("import app.edited_too", True),
        ("try:\n    import app.edited\nexcept ImportError:\n    pass", False),
        ("class Outer:\n    from app.edited import VALUE", False),
        ("def later():\n    import app.edited", True),
        ("import importlib", False),
        ("HERE = __file__", False),
        ("import sys\nEDITED = sys.modules['app.' + 'edited']", False),
    ],
)
def test_a_module_stays_when_its_import_cannot_reach_an_edited_one(tmp_path: Path, text: str, stays: bool) -> None:
    own = project(tmp_path, edited="", edited_too="", user="import app.edited\nname = 1", module=text, main="")
    found = kept(own, [own["app.edited"]], target="app.main", deep=False)
    assert ("app.module" in found) is stays
    assert "app.user" not in found
    assert "app.edited_too" in found
    assert "app.main" not in found
