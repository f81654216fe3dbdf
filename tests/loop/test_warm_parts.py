"""The parts of the warm server that decide without processes."""

import contextlib
import os
import socket
from pathlib import Path

import pytest

from app.operations.source import source_digest
from scripts.bench.digest import source_digest as digest_of_the_bench
from warm import tree
from warm.channel import Channel
from warm.pacing import Pacing


def test_a_single_save_waits_for_nothing_and_a_burst_for_its_end() -> None:
    pacing = Pacing()
    assert pacing.delay(10.0) == 0.0
    pacing.acted()
    assert pacing.delay(10.2) == 0.1
    assert pacing.delay(10.25) == 0.25
    assert pacing.delay(10.3) == 0.25
    pacing.acted()
    assert pacing.delay(12.0) == 0.0


def test_an_endless_burst_is_acted_on_all_the_same() -> None:
    pacing = Pacing()
    delays = [pacing.delay(number / 20) for number in range(50)]
    assert delays[-1] == 0.0
    assert sum(delay == 0.25 for delay in delays) > 20


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("app/main.py", True),
        ("prompts/system.md", True),
        ("main.py~", False),
        (".main.py.swp", False),
        (".#main.py", False),
        ("4913", False),
        ("sedk3aQ9x", False),
        ("main.py___jb_tmp___", False),
        ("flycheck_main.py", False),
        ("app/__pycache__/main.cpython-313.pyc", False),
        ("todo.db", False),
        ("todo.db-wal", False),
        ("server.log", False),
    ],
)
def test_which_files_count_as_source(path: str, counts: bool) -> None:
    assert tree.counts(path) is counts


def test_a_snapshot_sees_every_kind_of_change(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text("1")
    (tmp_path / "gone.py").write_text("1")
    (tmp_path / "moved.py").write_text("1")
    before = tree.snapshot([tmp_path])
    (tmp_path / "gone.py").unlink()
    (tmp_path / "moved.py").rename(tmp_path / "here.py")
    (tmp_path / "kept.py").write_text("22")
    names = [os.path.basename(path) for path in tree.changed(before, tree.snapshot([tmp_path]))]
    assert names == ["gone.py", "here.py", "kept.py", "moved.py"]


def test_a_channel_carries_messages_and_descriptors_in_order() -> None:
    ours, theirs = Channel.pair()
    other = Channel(theirs)
    pipes = [os.pipe() for _ in range(3)]
    for number, (reader, writer) in enumerate(pipes):
        ours.send({"number": number, "text": "x" * 50_000 * number}, [reader])
        os.close(reader)
        os.write(writer, str(number).encode())
        os.close(writer)
    ours.sock.shutdown(socket.SHUT_WR)
    received = []
    with contextlib.suppress(EOFError):
        while True:
            received += other.receive()
    assert [message["number"] for message, _ in received] == [0, 1, 2]
    assert [os.read(descriptor, 9) for _, [descriptor] in received] == [b"0", b"1", b"2"]
    for _, [descriptor] in received:
        assert not os.get_inheritable(descriptor)
        os.close(descriptor)
    ours.close()
    other.close()


def test_the_bench_computes_the_digest_that_the_application_shows() -> None:
    root = Path(__file__).parents[2] / "backend" / "app"
    assert digest_of_the_bench(root) == source_digest(root)
