"""What the zygote imports ahead is found out, and can never keep the application from serving."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.loop.warm_server import WarmServer, wait_for
from warm.preload import ALWAYS


class Environment:
    """A virtual environment of the test's own that sees this one's packages too."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        self.python = str(folder / "bin" / "python")
        self.packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
        backend = Path(__file__).parents[2] / "backend"
        (self.packages / "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n{backend}\n")

    def module(self, name: str, text: str) -> None:
        (self.packages / f"{name}.py").write_text(text)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "environment")


def uses(name: str, number: int) -> str:
    """Application code that imports a module and tells whether it was there already."""
    return f"import sys\nVALUE = [{number}, '{name}' in sys.modules]\nimport {name}\n"


def settled(server: WarmServer, name: str) -> str:
    """Wait until the zygote is done; why it left the module out, or nothing."""

    def look() -> bool:
        done = server.status().get("preload", {}).get("modules", 0)
        for file in (server.folder / "cache").glob("preload-*.json"):
            known = json.loads(file.read_text())
            if name in [*known["names"], *known["left_out"]] and done >= len(ALWAYS) + len(known["names"]):
                return server.zygote().num_threads() == 1
        return False

    wait_for(look, f"the zygote to know {name}", output=server.output)
    return str(server.status()["preload"]["left_out"].get(name, ""))


def test_what_the_application_imported_is_imported_ahead_of_the_next_fork(
    server: WarmServer, environment: Environment
) -> None:
    environment.module("library", "")
    server.write("first.py", uses("library", 1))
    server.start("--burst", "0", python=environment.python)
    server.serves([1, False])
    assert settled(server, "library") == ""
    server.write("first.py", uses("library", 2))
    server.serves([2, True])
    server.stop()
    server.start(python=environment.python)
    server.serves([2, True])


LEFT_OUT = {
    "thread": ("import threading\nthreading.Thread(target=print).start()\n", "starts a thread"),
    "native": (
        "import _thread, time\n_thread.start_new_thread(time.sleep, (600,))\n",
        "has started a thread",
    ),
    "raises": (
        "import sys\nif 'app' not in sys.modules:\n    raise ValueError('alone')\n",
        "raises ValueError: alone",
    ),
    "exits": (
        "import sys, os\nif 'app' not in sys.modules:\n    os._exit(9)\n",
        "ends or stops the process that imports it",
    ),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_module_that_the_zygote_must_not_hold_is_left_out_and_named_and_the_application_serves(
    server: WarmServer, environment: Environment, case: str
) -> None:
    text, reason = LEFT_OUT[case]
    environment.module("culprit", text)
    environment.module("user", "try:\n    import culprit\nexcept Exception:\n    culprit = None\n")
    server.write("first.py", "import user\n" + uses("culprit", 1).replace("import culprit", "assert user.culprit"))
    server.start("--burst", "0", python=environment.python)
    first = server.ready()["first"]
    assert first == [1, True]
    wait_for(lambda: settled(server, "culprit") == reason, reason, output=server.output)
    for number in (2, 3):
        server.write("first.py", f"import user, culprit\nassert user.culprit is culprit\nVALUE = {number}\n")
        server.serves(number)
    wait_for(lambda: server.zygote().num_threads() == 1, "a zygote with one thread", output=server.output)
    if case != "raises":
        assert "culprit" in server.output()


def test_a_change_of_installed_packages_renews_the_zygote_and_the_server(
    server: WarmServer, environment: Environment
) -> None:
    environment.module("library", "VERSION = 1\n")
    server.write("first.py", "import library\nVALUE = library.VERSION\n")
    server.start(python=environment.python)
    server.serves(1)
    settled(server, "library")
    environment.module("library", "VERSION = 20\n")
    (environment.packages / "library-2.dist-info").mkdir()
    server.serves(20)
    server.says("installed packages changed")


def test_a_damaged_preload_list_is_ignored(server: WarmServer) -> None:
    server.start()
    server.ready()
    server.preloaded()
    server.stop()
    for file in (server.folder / "cache").glob("preload-*.json"):
        file.write_text('{"names": [1')
    server.start()
    server.serves(1000)


def test_a_preload_list_with_a_module_that_is_gone_is_harmless(server: WarmServer, environment: Environment) -> None:
    environment.module("library", "")
    server.write("first.py", "import library\nVALUE = 1\n")
    server.start(python=environment.python)
    server.serves(1)
    settled(server, "library")
    server.stop()
    (environment.packages / "library.py").unlink()
    server.write("first.py", "VALUE = 2\n")
    server.start(python=environment.python)
    server.serves(2)


def test_the_patterns_that_the_application_compiles_are_compiled_ahead(server: WarmServer) -> None:
    text = "import re\nVALUE = [{0}, any('a{{9}}b' in str(key) for key in re._cache)]\nre.compile('a{{9}}b')\n"
    server.write("first.py", text.format(1))
    server.start("--burst", "0")
    server.serves([1, False])
    kept = (server.folder / "cache").glob
    wait_for(lambda: any("a{9}b" in file.read_text() for file in kept("preload-*")), "the pattern to be learnt")
    server.write("first.py", text.format(2))
    server.serves([2, True])
