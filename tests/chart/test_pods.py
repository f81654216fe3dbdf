import pytest

from tests.chart.rendering import INSTALLABLE, every_rendering, render

EVERY = pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())


@EVERY
def test_every_pod_satisfies_the_restricted_pod_security_standard(values, files):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    allowed_volumes = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected"}
    for name, _, spec in render(values, *files).pods():
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert all(set(volume) - {"name"} <= allowed_volumes for volume in spec.get("volumes", [])), name
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, (name, container["name"])
            assert context["capabilities"] == {"drop": ["ALL"]}, (name, container["name"])
            assert not [port for port in container.get("ports", []) if "hostPort" in port]


@EVERY
def test_every_pod_runs_as_a_number_and_gets_no_token(values, files):
    for name, _, spec in render(values, *files).pods():
        assert spec["securityContext"]["runAsUser"] in (10001, 1000, 999), name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name


@EVERY
def test_every_container_has_requests_a_memory_limit_and_no_cpu_limit(values, files):
    for name, _, spec in render(values, *files).pods():
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            resources = container["resources"]
            assert set(resources["requests"]) == {"cpu", "memory"}, (name, container["name"])
            assert set(resources["limits"]) == {"memory"}, (name, container["name"])


@EVERY
def test_the_root_is_read_only_except_in_the_inner_loop(values, files):
    chart = render(values, *files)
    in_loop = "values-dev.yaml" in files
    for component in ("backend", "frontend"):
        assert chart.container(component)["securityContext"]["readOnlyRootFilesystem"] is not in_loop


def test_only_the_folders_that_are_written_to_are_writable():
    chart = render(INSTALLABLE)
    assert {m["mountPath"] for m in chart.container("backend")["volumeMounts"]} == {"/tmp"}
    next_writes = {"/tmp", "/app/.next/cache", "/app/.next/server/route-cache"}
    assert {m["mountPath"] for m in chart.container("frontend")["volumeMounts"]} == next_writes
    for _, _, spec in chart.pods():
        mounted = {mount["name"] for container in spec["containers"] for mount in container.get("volumeMounts", [])}
        assert mounted == {volume["name"] for volume in spec.get("volumes", [])}


def test_probes_ask_the_process_every_thirty_seconds():
    chart = render(INSTALLABLE)
    paths = {"backend": ("/health", "/health", "/ready"), "frontend": ("/api/health",) * 3}
    for component, expected in paths.items():
        container = chart.container(component)
        probes = [container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")]
        assert tuple(probe["httpGet"]["path"] for probe in probes) == expected
        assert {probe["httpGet"]["port"] for probe in probes} == {"http"}
        assert [probe["periodSeconds"] for probe in probes] == [2, 30, 30]


def test_the_frontend_listens_on_every_address_and_knows_the_backend():
    env = {v["name"]: v["value"] for v in render(INSTALLABLE).container("frontend")["env"]}
    assert env == {"HOSTNAME": "0.0.0.0", "BACKEND_URL": "http://todo-todo-app-backend:8000"}


def test_migrations_run_before_the_backend_with_its_image():
    chart = render(INSTALLABLE)
    (init,) = chart.one("Deployment", "backend")["spec"]["template"]["spec"]["initContainers"]
    assert init["command"] == ["python", "-m", "app.db.migrate"]
    assert init["image"] == chart.container("backend")["image"]


def test_migrations_and_tests_run_on_the_nodes_of_the_backend():
    nodes = {"nodeSelector": {"pool": "web"}, "tolerations": [{"key": "web", "operator": "Exists"}]}
    backend = {**nodes, "priorityClassName": "high", "migrations": {"mode": "hook"}}
    for name, _, spec in render({**INSTALLABLE, "backend": backend}).pods():
        placed = {key: spec.get(key) for key in (*nodes, "priorityClassName")}
        assert (placed == {**nodes, "priorityClassName": "high"}) is ("frontend" not in name), name


def test_what_prepares_the_backend_runs_before_its_migrations():
    proxy = {"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"}
    chart = render({**INSTALLABLE, "backend": {"extraInitContainers": [proxy]}})
    inits = chart.one("Deployment", "backend")["spec"]["template"]["spec"]["initContainers"]
    assert [container["name"] for container in inits] == ["proxy", "migrate"]


def test_migrations_may_be_a_hook_or_left_out():
    hook = render({**INSTALLABLE, "backend": {"migrations": {"mode": "hook"}}})
    job = hook.one("Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["serviceAccountName"] == "default"
    none = render({**INSTALLABLE, "backend": {"migrations": {"mode": "none"}}})
    assert not none.all("Job")
    for chart in (hook, none):
        assert "initContainers" not in chart.one("Deployment", "backend")["spec"]["template"]["spec"]


def test_the_inner_loop_is_one_writable_pod_each_with_room_for_next_dev():
    chart = render({}, "values-dev.yaml")
    assert not chart.all("HorizontalPodAutoscaler")
    for component in ("backend", "frontend"):
        assert chart.one("Deployment", component)["spec"]["replicas"] == 1
    frontend = chart.container("frontend")
    assert frontend["resources"]["limits"] == {"memory": "2Gi"}
    assert frontend["lifecycle"]["preStop"] == {"sleep": {"seconds": 3}}
    assert chart.one("Deployment", "postgresql")["spec"]["strategy"] == {"type": "Recreate"}
