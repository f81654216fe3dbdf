"""The production images by themselves, as Docker runs them without a cluster."""

import contextlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.bench.footprint import IMAGES as BASES
from tests.cluster.images import Images, build
from tests.cluster.kubernetes import REPOSITORY, Failed, run, wait_until

USERS = {"backend": "10001:10001", "frontend": "1000:1000"}
MOST_MEGABYTES = {"backend": 150, "frontend": 120}  # besides the base
WRITABLE = {"backend": set(), "frontend": {"/app/.next/cache", "/app/.next/server/route-cache"}}
PAGE = {"backend": ("8000", "/api/health"), "frontend": ("3000", "/")}
BOTH = pytest.mark.parametrize("component", ["backend", "frontend"])
HARDENED = ["--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp"]


def inspect(image: str) -> Any:
    return json.loads(run("docker", "image", "inspect", image))[0]


def shell(image: str, script: str) -> list[str]:
    """The lines that a script prints inside the image, as its own user."""
    return run("docker", "run", "--rm", "--network=none", "--entrypoint=sh", image, "-c", script).split("\n")[:-1]


@contextlib.contextmanager
def running(image: str, *options: str) -> Iterator[str]:
    """A container by its id; its health is asked every second instead of every thirty."""
    container = run("docker", "run", "--detach", "--health-interval=1s", *options, image).strip()
    try:
        yield container
    finally:
        run("docker", "rm", "--force", "--volumes", container)


def state(container: str) -> Any:
    return json.loads(run("docker", "container", "inspect", container))[0]["State"]


@BOTH
def test_an_image_runs_as_a_number_and_says_what_it_is(built: Images, component: str):
    config = inspect(f"todo-{component}:{built.tag}")["Config"]
    assert config["User"] == USERS[component]
    labels = {name.removeprefix("org.opencontainers.image."): text for name, text in config["Labels"].items()}
    assert (labels["title"], labels["revision"]) == (f"todo-{component}", built.tag)
    assert {"description", "licenses", "version"} <= set(labels)
    assert config["Healthcheck"]["Test"][0] == "CMD", "no shell between"


@BOTH
def test_an_image_adds_less_than_promised_to_its_base(built: Images, component: str):
    own = inspect(f"todo-{component}:{built.tag}")["Size"] - inspect(BASES[component])["Size"]
    print(f"todo-{component}: {own / 1e6:.1f} MB besides {BASES[component]}")
    assert own / 1e6 <= MOST_MEGABYTES[component]


@BOTH
def test_an_image_has_no_compiler_no_cache_and_little_that_its_user_may_write(built: Images, component: str):
    image = f"todo-{component}:{built.tag}"
    assert not shell(image, "command -v cc gcc g++ clang make ld || true")
    assert not shell(image, "ls -d /var/cache/pip* /var/cache/npm* ~/.npm ~/.cache /root/.cache 2>/dev/null || true")
    assert set(shell(image, "find /app /opt -writable ! -type l 2>/dev/null")) == WRITABLE[component]
    if component == "backend":
        assert not shell(image, "find /opt/venv -name pip -o -name tests -type d")


def test_nothing_that_a_browser_gets_names_the_backends_address(built: Images):
    found = shell(
        f"todo-frontend:{built.tag}", "grep -rlE 'backend-service|NEXT_PUBLIC_|:8000' /app/.next/static || true"
    )
    assert not found


@BOTH
def test_an_image_serves_without_rights_or_a_network_on_a_read_only_root_and_ends_when_told(
    built: Images, component: str
):
    writable = [f"--tmpfs={path}:uid=1000,gid=1000" for path in WRITABLE[component]]
    with running(f"todo-{component}:{built.tag}", *HARDENED, *writable) as container:
        wait_until("a healthy container", lambda: state(container)["Health"]["Status"] == "healthy", 60)
        port, path = PAGE[component]
        asks = {
            "backend": ["python", "-c", f"import urllib.request as u; u.urlopen('http://127.0.0.1:{port}{path}')"],
            "frontend": ["node", "-e", f"fetch('http://127.0.0.1:{port}{path}').then(r => process.exit(r.ok ? 0 : 1))"],
        }
        run("docker", "exec", container, *asks[component])
        run("docker", "stop", "--time=15", container)
        ended = state(container)
        assert ended["ExitCode"] in (0, 143), "137 would mean that it had to be killed"
        assert not ended["OOMKilled"]


def builds_the_same(built: Images, component: str, context: str | Path, *options: str) -> bool:
    """Whether this context's image has the layers of the one under test."""
    tag = f"{built.tag}-again"
    try:
        again = build(context, tag, *options)
        first, second = (inspect(name)["RootFS"]["Layers"] for name in (f"todo-{component}:{built.tag}", again))
        return bool(first == second)
    finally:
        with contextlib.suppress(Failed):
            run("docker", "image", "rm", f"todo-{component}:{tag}")


@BOTH
def test_two_builds_are_the_same_layers(built: Images, component: str):
    assert builds_the_same(built, component, component, "--no-cache")


@BOTH
def test_no_secret_beside_the_sources_comes_into_an_image(built: Images, component: str, tmp_path: Path):
    context = tmp_path / component
    shutil.copytree(REPOSITORY / component, context, ignore=shutil.ignore_patterns("node_modules", ".next*", ".*cache"))
    for name in (".env", ".env.production.local", ".git/config"):
        (context / name).parent.mkdir(exist_ok=True)
        (context / name).write_text("SECRET_KEY=hush\n")
    assert builds_the_same(built, component, context)


@BOTH
def test_an_image_carries_no_secret_in_its_settings_and_tells_nobody_of_its_use(built: Images, component: str):
    image = f"todo-{component}:{built.tag}"
    settings = dict(line.split("=", 1) for line in inspect(image)["Config"]["Env"])
    steps = run("docker", "history", "--no-trunc", "--format={{.CreatedBy}}", image)
    assert not re.findall(r"\w*(?:SECRET|PASSWORD|TOKEN|API_KEY|DATABASE_URL)\w*", f"{settings} {steps}")
    if component == "frontend":
        assert settings["NEXT_TELEMETRY_DISABLED"] == "1"
    assert not [name for name in settings if name.startswith("OTEL_")]


def test_the_bills_of_materials_name_what_the_images_are_made_of(built: Images, tmp_path: Path):  # noqa: ARG001
    run(sys.executable, "-m", "scripts.sbom", "--to", tmp_path)
    expected = {"backend": ("pypi", {"fastapi", "mcp", "uvicorn"}), "frontend": ("npm", {"next", "react"})}
    locks = {
        "backend": (REPOSITORY / "backend" / "requirements.txt").read_text(),
        "frontend": (REPOSITORY / "frontend" / "package.json").read_text(),
    }
    for name, (kind, packages) in expected.items():
        bill = json.loads((tmp_path / f"todo-{name}.cdx.json").read_text())
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        found = {c["name"]: c for c in bill["components"] if c["purl"].startswith(f"pkg:{kind}/")}
        assert packages <= set(found)
        assert [name for name, c in found.items() if not c.get("licenses")] == []
        for package in packages:
            assert found[package]["version"] in locks[name]
        assert {"libc6", "base-files"} <= {c["name"] for c in bill["components"]}, "Debian's packages too"
        references = [c["bom-ref"] for c in bill["components"]]
        assert len(references) == len(set(references))
