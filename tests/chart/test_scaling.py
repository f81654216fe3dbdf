import pytest

from tests.chart.rendering import INSTALLABLE, render

COMPONENTS = pytest.mark.parametrize("component", ["backend", "frontend"])


def with_component(component, values):
    return render({**INSTALLABLE, component: values})


def test_the_autoscalers_follow_the_scaling_strategy():
    chart = render(INSTALLABLE)
    for component, most, percent in (("backend", 3, 70), ("frontend", 2, 80)):
        spec = chart.one("HorizontalPodAutoscaler", component)["spec"]
        assert (spec["minReplicas"], spec["maxReplicas"]) == (1, most)
        target = {"type": "Utilization", "averageUtilization": percent}
        assert spec["metrics"] == [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]


@COMPONENTS
def test_the_number_of_pods_is_left_to_the_autoscaler_while_there_is_one(component):
    scaled = with_component(component, {"autoscaling": {"enabled": True}})
    assert "replicas" not in scaled.one("Deployment", component)["spec"]
    fixed = with_component(component, {"autoscaling": {"enabled": False}, "replicaCount": 2})
    assert fixed.one("Deployment", component)["spec"]["replicas"] == 2
    assert not [o for o in fixed.all("HorizontalPodAutoscaler") if o["metadata"]["name"].endswith(component)]


def test_every_scaled_pod_requests_what_its_autoscaler_looks_at():
    chart = render({}, "ci/available-values.yaml")
    for scaler in chart.all("HorizontalPodAutoscaler"):
        looked_at = {m["resource"]["name"] for m in scaler["spec"]["metrics"] if m["type"] == "Resource"}
        name = scaler["metadata"]["name"].rpartition("-")[2]
        assert looked_at <= set(chart.container(name)["resources"]["requests"])


@COMPONENTS
def test_a_disruption_budget_exists_only_where_it_cannot_block_a_drain(component):
    def budgets(values):
        found = with_component(component, values).all("PodDisruptionBudget")
        return [entry["spec"] for entry in found]

    assert not budgets({})
    assert not budgets({"autoscaling": {"enabled": False}, "replicaCount": 1})
    assert not budgets({"autoscaling": {"minReplicas": 2}, "podDisruptionBudget": {"enabled": False}})
    for values in ({"autoscaling": {"minReplicas": 2}}, {"autoscaling": {"enabled": False}, "replicaCount": 2}):
        (spec,) = budgets(values)
        assert spec["maxUnavailable"] == 1
        assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
        assert spec["selector"]["matchLabels"]["app.kubernetes.io/component"] == component


@COMPONENTS
def test_pods_are_replaced_one_by_one_and_leave_before_they_stop(component):
    deployment = render(INSTALLABLE).one("Deployment", component)["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] >= pause + 20


@COMPONENTS
def test_pods_may_be_replaced_all_at_once_without_unsaying_the_default(component):
    strategy = with_component(component, {"strategy": {"type": "Recreate"}}).one("Deployment", component)["spec"][
        "strategy"
    ]
    assert strategy == {"type": "Recreate"}


def test_before_kubernetes_1_30_the_pause_is_a_command():
    old = render(INSTALLABLE, kube_version="1.29.0").container("backend")["lifecycle"]["preStop"]
    assert old == {"exec": {"command": ["sleep", "15"]}}


@COMPONENTS
def test_pods_spread_over_nodes_unless_told_otherwise(component):
    default = render(INSTALLABLE).one("Deployment", component)["spec"]["template"]["spec"]
    (spread,) = default["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    off = with_component(component, {"spreadOverNodes": False}).one("Deployment", component)
    assert "topologySpreadConstraints" not in off["spec"]["template"]["spec"]
