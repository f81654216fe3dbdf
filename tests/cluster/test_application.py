import json

from playwright.sync_api import expect, sync_playwright

from scripts.chromium import chromium
from tests.cluster.kubernetes import helm, kubectl
from tests.cluster.release import Release


def test_a_restricted_namespace_admits_every_pod_and_all_become_ready(release: Release):
    for component in ("backend", "frontend", "postgresql"):
        assert len(release.ready_pods(component)) == 1, component
    events = kubectl("get", "events", "-n", release.namespace, "-o", "json")
    refused = [e["message"] for e in json.loads(events)["items"] if "PodSecurity" in e["message"]]
    assert not refused


def test_helm_test_passes(release: Release):
    assert "Succeeded" in helm("test", release.name, "--namespace", release.namespace, "--logs")


def test_the_router_sends_api_to_the_backend_and_the_rest_to_the_frontend(release: Release):
    assert json.loads(release.ask("/api/meta")[1])["database"]["kind"] == "postgresql"
    assert "<html" in release.ask("/")[1]


def test_a_task_typed_in_a_browser_is_kept_over_a_reload(release: Release):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(release.url)
        box = page.get_by_role("textbox", name="Add a task")
        box.fill("Water the plants")
        box.press("Enter")
        expect(page.get_by_role("main").get_by_text("Water the plants")).to_be_visible()
        page.reload()
        expect(page.get_by_role("main").get_by_text("Water the plants")).to_be_visible()
        browser.close()
