import pytest

from tests.chart.rendering import INSTALLABLE, Refused, every_rendering, render


def images(chart):
    return {c["image"] for _, _, spec in chart.pods() for c in [*spec["containers"], *spec.get("initContainers", [])]}


def test_the_tag_is_the_charts_appversion_unless_given():
    assert images(render(INSTALLABLE)) == {"todo-backend:3.0.0", "todo-frontend:3.0.0"}
    other = render({**INSTALLABLE, "backend": {"image": {"tag": "3.1.0-rc.1"}}})
    assert images(other) == {"todo-backend:3.1.0-rc.1", "todo-frontend:3.0.0"}


def test_a_digest_wins_over_the_tag():
    digest = "sha256:" + "ab" * 32
    chart = render({**INSTALLABLE, "frontend": {"image": {"tag": "1", "digest": digest}}})
    assert f"todo-frontend@{digest}" in images(chart)


def test_one_registry_serves_all_images_and_an_image_may_have_its_own():
    values = {"global": {"imageRegistry": "r.example.com/x/"}, "frontend": {"image": {"registry": "other.example.com"}}}
    chart = render({**INSTALLABLE, **values, "postgresql": {"enabled": True, "auth": {"password": "p"}}})
    assert images(chart) == {
        "r.example.com/x/todo-backend:3.0.0",
        "other.example.com/todo-frontend:3.0.0",
        "r.example.com/x/postgres:17",
    }


@pytest.mark.parametrize("component", ["backend", "frontend", "postgresql"])
def test_latest_is_refused(component):
    with pytest.raises(Refused, match="tag"):
        render({**INSTALLABLE, component: {"image": {"tag": "latest"}}})


@pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())
def test_every_image_is_named_exactly_and_none_is_pulled_each_time(values, files):
    for _, _, spec in render(values, *files).pods():
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert ":" in container["image"].rpartition("/")[2]
            assert container.get("imagePullPolicy", "IfNotPresent") == "IfNotPresent"
