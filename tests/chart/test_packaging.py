"""What is published: one version everywhere, one file, the same bytes each time."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from scripts.install_helm import NEWEST, OLDEST, exact_helm
from scripts.package_chart import package
from tests.chart.rendering import CHART, INSTALLABLE, REPOSITORY, render

METADATA = yaml.safe_load((CHART / "Chart.yaml").read_text())


def test_the_application_has_one_version_wherever_it_stands():
    frontend = REPOSITORY / "frontend"
    lock = json.loads((frontend / "package-lock.json").read_text())
    versions = {
        "package-lock.json": lock["version"],
        "package-lock.json, its package": lock["packages"][""]["version"],
        "package.json": json.loads((frontend / "package.json").read_text())["version"],
    }
    for name in ("pyproject.toml", "backend/pyproject.toml"):
        versions[name] = tomllib.loads((REPOSITORY / name).read_text())["project"]["version"]
    for name, pattern in {
        "backend/app/main.py": r'^VERSION = "(.+?)"',
        "backend/Dockerfile": r"^ARG VERSION=(.+)$",
        "frontend/Dockerfile": r"^ARG VERSION=(.+)$",
    }.items():
        (versions[name],) = re.findall(pattern, (REPOSITORY / name).read_text(), re.MULTILINE)
    assert versions == dict.fromkeys(versions, METADATA["appVersion"])


def test_the_newest_changes_are_those_of_the_charts_version():
    newest = (CHART / "CHANGELOG.md").read_text().split("\n## ")[1]
    assert newest.splitlines()[0] == METADATA["version"]
    listed = yaml.safe_load(METADATA["annotations"]["artifacthub.io/changes"])
    said, kind = [], ""
    for line in newest.splitlines():
        kind = line.removeprefix("### ").lower() if line.startswith("### ") else kind
        if line.startswith("- "):
            said.append({"kind": kind, "description": line.removeprefix("- ")})
    assert said == listed


def test_the_charts_icon_is_the_pages():
    kind, _, data = METADATA["icon"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data) == (REPOSITORY / "frontend" / "public" / "icon.svg").read_bytes()


def test_two_packages_are_the_same_bytes_and_render_as_the_folder_does(tmp_path, monkeypatch):
    newest = exact_helm(NEWEST)
    first = package(tmp_path / "first", helm=newest)
    copy = tmp_path / "checkout" / CHART.name
    shutil.copytree(CHART, copy)
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(path.stat().st_mode | 0o111)
    (copy / ".values.yaml.swp").write_text("what an editor leaves")
    monkeypatch.setattr("scripts.package_chart.CHART", copy)
    second = package(tmp_path / "second", helm=newest)
    assert first.read_bytes() == second.read_bytes()
    for version in (OLDEST, NEWEST):
        packed = render(INSTALLABLE, helm=exact_helm(version), chart=first)
        assert packed.objects == render(INSTALLABLE, helm=exact_helm(version)).objects


def test_a_package_names_where_its_repository_is_published(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://example.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "somebody/todo")
    subprocess.run(
        [sys.executable, "-m", "scripts.package_chart", "--to", tmp_path],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (made,) = tmp_path.glob("*.tgz")
    shown = subprocess.run([exact_helm(OLDEST), "show", "chart", made], check=True, capture_output=True).stdout
    address = "https://example.com/somebody/todo"
    assert {key: yaml.safe_load(shown)[key] for key in ("home", "sources")} == {"home": address, "sources": [address]}


def test_an_address_that_is_none_is_refused(tmp_path):
    command = [sys.executable, "-m", "scripts.package_chart", "--to", tmp_path, "--source", "todo"]
    refused = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "--source is the address of the repository" in refused.stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg makes the key that signs")
def test_a_signed_package_is_verified_and_a_changed_one_is_not(tmp_path, monkeypatch):
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))

    def gpg(*arguments: str) -> bytes:
        return subprocess.run(["gpg", "--batch", *arguments], check=True, capture_output=True).stdout

    try:
        gpg("--passphrase", "", "--quick-generate-key", "Maintainers <m@example.com>", "rsa2048", "sign")
        (tmp_path / "secret.gpg").write_bytes(gpg("--export-secret-keys"))
        (tmp_path / "public.gpg").write_bytes(gpg("--export"))
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=True)
    signed = package(tmp_path, "--sign", "--key", "Maintainers", "--keyring", str(tmp_path / "secret.gpg"))
    verify = [exact_helm(NEWEST), "verify", "--keyring", tmp_path / "public.gpg", signed]
    subprocess.run(verify, check=True, capture_output=True)
    signed.write_bytes(signed.read_bytes() + b"more")
    assert subprocess.run(verify, capture_output=True).returncode != 0
