"""The affected tests: never fewer than those that the full run fails, and few when little changed."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.affected_tests import client
from scripts.affected_tests.run import Wish, state_folder
from tests.loop.warm_server import wait_for

REPOSITORY = Path(__file__).parents[2]

APPLICATION = {
    "app/__init__.py": "",
    "app/limits.py": "LONGEST = 5\n\n\ndef fits(text):\n    return len(text) <= LONGEST\n",
    "app/prices.py": (
        "from functools import cache\n\n\n@cache\ndef table():\n    return load()\n\n\n"
        "def load():\n    return {'tea': 2}\n\n\ndef price(name):\n    return table()[name]\n"
    ),
    "app/names.py": "def clean(text):\n    return text.strip()\n\n\nDEFAULT = clean(' tea ')\n",
    "app/tasks.py": (
        "from app.limits import LONGEST, fits\nfrom app.names import DEFAULT\n\n\n"
        "class Tasks:\n    '''Kept in order.'''\n\n    def __init__(self):\n        self.all = []\n\n"
        "    def add(self, title=DEFAULT):\n        if not fits(title):\n            raise ValueError(LONGEST)\n"
        "        self.all.append(title)\n        return self.all\n\n"
        "    def count(self):\n        return len(self.all)\n"
    ),
    "app/words.py": (
        "from pathlib import Path\n\n\n"
        "def words():\n    return Path(__file__).with_name('words.txt').read_text().split()\n"
    ),
    "app/words.txt": "tea milk\n",
    "app/command.py": "def main():\n    print('ready')\n\n\nif __name__ == '__main__':\n    main()\n",
}
TESTS = {
    "conftest.py": (
        "import pytest\nfrom app.tasks import Tasks\n\n\n@pytest.fixture\ndef tasks():\n    return Tasks()\n\n\n"
        "@pytest.fixture(scope='session')\ndef shared():\n    tasks = Tasks()\n    tasks.add('one')\n    return tasks\n"
    ),
    "test_tasks.py": (
        "import pytest\n\n\ndef test_add(tasks):\n    assert tasks.add('milk') == ['milk']\n\n\n"
        "def test_default(tasks):\n    assert tasks.add() == ['tea']\n\n\n"
        "def test_long(tasks):\n    with pytest.raises(ValueError, match='5'):\n        tasks.add('123456')\n\n\n"
        "def test_empty(tasks):\n    assert tasks.count() == 0\n"
    ),
    "test_shared.py": (
        "def test_one(shared):\n    assert shared.all == ['one']\n\n\n"
        "def test_two(shared):\n    assert shared.count() == 1\n"
    ),
    "test_prices.py": "from app import prices\n\n\ndef test_tea():\n    assert prices.price('tea') == 2\n",
    "test_late.py": "def test_late():\n    from app.names import clean\n    assert clean(' x ') == 'x'\n",
    "test_words.py": "from app.words import words\n\n\ndef test_words():\n    assert words() == ['tea', 'milk']\n",
    "test_command.py": (
        "import subprocess, sys\n\n\ndef test_command():\n"
        "    ran = subprocess.run([sys.executable, '-m', 'app.command'], capture_output=True, cwd='backend')\n"
        "    assert ran.stdout == b'ready\\n'\n"
    ),
}
FAULTS = [
    ("app/limits.py", "LONGEST = 5", "LONGEST = 3"),
    ("app/limits.py", "len(text) <= LONGEST", "len(text) < 4"),
    ("app/prices.py", "{'tea': 2}", "{'tea': 3}"),
    ("app/prices.py", "return table()[name]", "return 0"),
    ("app/names.py", "text.strip()", "text"),
    ("app/names.py", "' tea '", "' soup '"),
    ("app/tasks.py", "self.all = []", "self.all = ['x']"),
    ("app/tasks.py", "self.all.append(title)", "self.all += title"),
    ("app/tasks.py", "return len(self.all)", "return 7"),
    ("app/tasks.py", "raise ValueError(LONGEST)", "raise ValueError"),
    ("app/tasks.py", "title=DEFAULT", "title=''"),
    ("app/words.py", "with_name('words.txt')", "with_name('gone.txt')"),
    ("app/words.txt", "milk", "beer"),
    ("app/command.py", "'ready'", "'gone'"),
    ("app/tasks.py", "import DEFAULT", "import MISSING"),
    ("app/limits.py", "def fits", "def fits("),
]


@pytest.fixture
def project() -> Iterator[Path]:
    """A small project in a folder whose name is short enough for a Unix socket below it."""
    with tempfile.TemporaryDirectory(prefix="at-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield written(Path(folder))


def written(folder: Path) -> Path:
    for name, text in [
        *((f"backend/{name}", text) for name, text in APPLICATION.items()),
        *((f"tests/backend/{name}", text) for name, text in TESTS.items()),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--import-mode=importlib'\nmarkers = ['slow']\n"),
    ]:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


@pytest.fixture
def zygote(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zygote of the test's own, that sees the small project's application."""
    path = os.pathsep.join(map(str, (project / "backend", REPOSITORY, REPOSITORY / "backend")))
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("TMPDIR", str(project))
    monkeypatch.setattr(tempfile, "tempdir", str(project))
    client.start_zygote(wait=True)
    yield
    os.kill(int((state_folder() / "pid").read_text()), signal.SIGTERM)


def run(project: Path, *, everything: bool = False) -> tuple[int | None, set[str], set[str], str]:
    """The exit status, the tests that ran and those that failed, and the output."""
    wish = Wish(marker="not slow", everything=everything, extra=("-vv", "-p", "no:cacheprovider"))
    channel = client.connect(state_folder())
    assert channel is not None, (state_folder() / "zygote.log").read_text()
    with contextlib.closing(channel), tempfile.TemporaryFile() as output:
        client.ask(channel, wish, output.fileno(), project)
        status = client.answer(channel)
        output.seek(0)
        text = output.read().decode()
    lines = re.findall(r"^(tests/\S+::\S+) (PASSED|FAILED|ERROR)", text, re.MULTILINE)
    failed = {test for test, outcome in lines if outcome != "PASSED"}
    failed |= set(re.findall(r"^ERROR (tests/\S+)", text, re.MULTILINE))
    return status, {test for test, _ in lines}, failed, text


@pytest.mark.slow
@pytest.mark.usefixtures("zygote")
def test_no_test_that_a_fault_breaks_is_left_out(project: Path) -> None:
    status, everything, failed, output = run(project)
    assert (status, failed) == (0, set()), output
    assert len(everything) == 10
    assert run(project)[1] == set(), "nothing changed, so nothing runs"
    record = {file: file.read_bytes() for file in project.glob("affected-tests-*/record-*.json")}
    few = []
    for name, before, after in FAULTS if os.environ.get("CHAOS_FAULTS") else FAULTS[::2]:  # all in `make chaos`
        file = project / "backend" / name
        good = file.read_text()
        assert before in good
        file.write_text(good.replace(before, after))
        status, ran, failed, output = run(project)
        full_status, _, would_fail, _ = run(project, everything=True)
        assert full_status, f"{name}: {after} breaks nothing"
        assert failed == would_fail, f"{name}: {after}\n{output}"
        assert status == full_status
        few.append(len(ran))
        file.write_text(good)
        for kept, data in record.items():
            kept.write_bytes(data)
    # The others are in what conftest.py imports or what a session's fixture ran: those count for every test.
    assert sum(count < len(everything) for count in few) >= len(few) // 3, f"nearly every fault ran every test: {few}"


@pytest.mark.usefixtures("zygote")
def test_a_change_that_runs_nothing_else_runs_nothing_and_new_tests_run(project: Path) -> None:
    everything = run(project)[1]
    file = project / "backend" / "app" / "tasks.py"
    file.write_text("# a comment\n\n" + file.read_text())
    assert run(project)[:3] == (0, set(), set())
    (project / "tests" / "backend" / "test_new.py").write_text("def test_new():\n    assert False\n")
    status, ran, failed, _ = run(project)
    # A test during which Python listed the folder of the new file counts as affected by it too.
    assert status == 1
    assert "tests/backend/test_new.py::test_new" in ran
    assert len(ran) <= 2 < len(everything)
    assert run(project)[2] == failed, "a failed test runs until it passes"


@pytest.mark.usefixtures("zygote")
def test_a_deleted_test_takes_no_other_with_it(project: Path) -> None:
    everything = run(project)[1]
    gone = project / "tests/backend/test_words.py"
    gone.unlink()
    (project / "tests/backend/test_late.py").unlink()  # Python lists the folder while it runs
    status, ran, failed, output = run(project)
    assert (status, failed) == (0, set()), output
    assert len(ran) <= 1 < len(everything), output  # one may have run while Python listed the folder


@pytest.mark.usefixtures("zygote")
def test_what_is_about_the_change_runs_first_and_is_red_at_once(project: Path) -> None:
    colours = project / "backend/app/colours.py"
    colours.write_text("def warm(name):\n    return name == 'red'\n")
    narrow = (
        "from app import colours\nfrom app.tasks import Tasks\n\n\ndef test_it():\n    assert colours.warm('red')\n"
    )
    (project / "tests/backend/test_z_narrow.py").write_text(narrow)
    (project / "tests/backend/test_a_broad.py").write_text(narrow + "    assert Tasks().count() == 0\n")
    run(project)
    colours.write_text("def warm(name):\n    return False\n")
    output = run(project)[3]
    red = [line for line in output.splitlines() if line.startswith("red: ")]
    assert "test_z_narrow.py::test_it: AssertionError" in red[0]
    assert output.index(red[0]) < output.index("test_a_broad.py::test_it")


@pytest.mark.usefixtures("zygote")
@pytest.mark.parametrize("name", ["pyproject.toml", "tests/backend/conftest.py", "backend/migrations/one.py"])
def test_configuration_fixtures_and_migrations_count_for_every_test(project: Path, name: str) -> None:
    everything = run(project)[1]
    file = project / name
    file.parent.mkdir(exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + "\n# changed\n")
    assert run(project)[1] == everything


def test_without_a_zygote_the_run_is_cold_with_the_same_verdict_and_starts_one(project: Path) -> None:
    path = os.pathsep.join(map(str, (project / "backend", REPOSITORY, REPOSITORY / "backend")))
    env = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(project), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "scripts.affected_tests", "--root", str(project), "-m", "not slow"]
    ran = subprocess.run(command, capture_output=True, text=True, env=env, cwd=project, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "10 of 10 tests passed" in ran.stdout
    pid = wait_for(lambda: [file.read_text() for file in project.glob("affected-tests-*/pid")], "a zygote")[0]
    try:
        (project / "backend/app/limits.py").write_text("LONGEST = 2\n\n\ndef fits(text):\n    return False\n")
        ran = subprocess.run(command, capture_output=True, text=True, env=env, cwd=project, check=False)
        assert ran.returncode == 1, ran.stdout + ran.stderr
    finally:
        os.kill(int(pid), signal.SIGTERM)
