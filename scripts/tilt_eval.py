"""Evaluate the Tiltfile without Tilt: a real Starlark interpreter whose builtins record what they are told.

The lint of the sync rules and the tests read the recording. A builtin takes exactly the arguments that Tilt's own takes
(https://api.tilt.dev), so that a misspelt keyword fails here as it would there.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import starlark
import yaml

ROOT = Path(__file__).resolve().parent.parent

# name: its parameters, in order. Those before a slash must be given.
BUILTINS = {
    "allow_k8s_contexts": "contexts /",
    "analytics_settings": "enable /",
    "blob": "contents /",
    "ci_settings": "k8s_grace_period timeout readiness_timeout",
    "docker_build": "ref context / build_args dockerfile dockerfile_contents live_update match_in_env_vars ignore only"
    " entrypoint target ssh network secret extra_tag container_args cache_from pull platform extra_hosts",
    "docker_prune_settings": "disable max_age_mins num_builds interval_hrs keep_recent",
    "exec_action": "command /",
    "fall_back_on": "files /",
    "filter_yaml": "yaml / labels name namespace kind api_version",
    "helm": "pathToChartDir / name namespace values set kube_version skip_crds",
    "http_get_action": "port / host scheme path",
    "initial_sync": "",
    "k8s_resource": "workload new_name port_forwards extra_pod_selectors trigger_mode resource_deps objects auto_init"
    " pod_readiness links labels discovery_strategy",
    "k8s_yaml": "yaml / allow_duplicates",
    "link": "url / name",
    "listdir": "directory / recursive",
    "local": "command / quiet command_bat echo_off env dir stdin",
    "local_resource": "name / cmd deps trigger_mode resource_deps ignore auto_init serve_cmd cmd_bat serve_cmd_bat"
    " allow_parallel links labels env serve_env readiness_probe dir serve_dir",
    "port_forward": "local_port / container_port name link_path host",
    "probe": "initial_delay_secs timeout_secs period_secs success_threshold failure_threshold exec http_get tcp_socket",
    "read_file": "file_path / default",
    "read_yaml": "path / default",
    "run": "cmd / trigger echo_off",
    "secret_settings": "disable_scrub",
    "sync": "local_path remote_path /",
    "tcp_socket_action": "port / host",
    "trigger_mode": "trigger_mode /",
    "update_settings": "max_parallel_updates k8s_upsert_timeout_secs suppress_unused_image_warnings"
    " k8s_server_side_apply",
    "version_settings": "check_updates constraint",
    "warn": "msg /",
    "watch_file": "file_path /",
    "watch_settings": "ignore /",
    "config.clear_enabled_resources": "",
    "config.define_bool": "name / args usage",
    "config.define_string": "name / args usage",
    "config.define_string_list": "name / args usage",
    "config.parse": "",
    "config.set_enabled_resources": "resources /",
    "os.getenv": "key / default",
    "os.path.basename": "path /",
    "os.path.exists": "path /",
    "v1alpha1.cmd": "name / labels annotations args dir env readiness_probe restart_on start_on disable_source",
    "v1alpha1.start_on_spec": "ui_buttons",
    "v1alpha1.ui_bool_input_spec": "default_value true_string false_string",
    "v1alpha1.ui_button": "name / labels annotations location text icon_name icon_svg disabled requires_confirmation"
    " inputs",
    "v1alpha1.ui_choice_input_spec": "choices",
    "v1alpha1.ui_component_location": "component_id component_type",
    "v1alpha1.ui_hidden_input_spec": "value",
    "v1alpha1.ui_input_spec": "name label text bool hidden choice",
    "v1alpha1.ui_text_input_spec": "default_value placeholder",
}
# The interpreter lacks Tilt's namespaces; this Starlark makes them of the flat names that Python adds.
NAMESPACES = """
TRIGGER_MODE_AUTO = "auto"
TRIGGER_MODE_MANUAL = "manual"
def _join(*parts): return "/".join(parts)
os = struct(getenv=_os_getenv, path=struct(basename=_os_path_basename, exists=_os_path_exists, join=_join))
config = struct(tilt_subcommand=_subcommand, main_dir=_main_dir, {config})
v1alpha1 = struct({v1alpha1})
"""
# What the two questions to the machine are answered with: every tool there, a minikube that runs Docker.
HEALTHY = "docker=29.0.0\nruntime=docker://29.0.0\ningress=nginx\n"


class TiltfileError(Exception):
    """The Tiltfile called fail(), or a builtin with arguments that it does not take."""


@dataclass(frozen=True)
class Call:
    """One call of a builtin: its name and the arguments that were given, by parameter name."""

    name: str
    given: dict[str, Any]


@dataclass
class Recording:
    """Everything that one evaluation did, in order."""

    calls: list[Call] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[dict[str, Any]]:
        """The arguments of every call of a builtin."""
        return [call.given for call in self.calls if call.name == name]

    def resources(self) -> dict[str, dict[str, Any]]:
        """Local and Kubernetes resources by the name that the dashboard shows."""
        local = {given["name"]: given for given in self.of("local_resource")}
        deployed = {given.get("new_name") or given["workload"]: given for given in self.of("k8s_resource")}
        return local | deployed


@dataclass(frozen=True)
class Machine:
    """The surroundings in which the Tiltfile is evaluated; the defaults are a healthy desktop."""

    root: Path = ROOT
    subcommand: str = "up"
    context: str = "minikube"
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=lambda: {".env": "", "tilt-settings.yaml": "{}"})
    absent: Sequence[str] = ()
    missing_tools: Sequence[str] = ()
    cluster: str = HEALTHY


def evaluate(*arguments: str, machine: Machine | None = None) -> Recording:
    """Evaluate the Tiltfile with the arguments that follow `tilt up --`; raises TiltfileError."""
    return _Evaluation(machine or Machine(), arguments).run()


class _Evaluation:
    def __init__(self, machine: Machine, arguments: Sequence[str]) -> None:
        self.machine = machine
        self.arguments = arguments
        self.recording = Recording()
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "blob": lambda given: given["contents"],
            "config.parse": lambda _: self._parse_flags(),
            "filter_yaml": lambda given: ("matching", given["yaml"]),
            "helm": lambda given: f"helm:{given['pathToChartDir']}",
            "listdir": lambda given: [str(file) for file in sorted((ROOT / given["directory"]).iterdir())],
            "local": self._local,
            "os.getenv": lambda given: machine.env.get(given["key"], given.get("default")),
            "os.path.basename": lambda given: Path(given["path"]).name,
            "os.path.exists": lambda given: given["path"] not in machine.absent,
            "read_file": lambda given: self._read(given["file_path"], given.get("default")),
            "read_yaml": lambda given: yaml.safe_load(self._read(given["path"], "{}")),
        }

    def run(self) -> Recording:
        try:
            self._execute(self.machine.root / "Tiltfile")
        except starlark.StarlarkError as error:
            raise TiltfileError(str(error)) from None
        return self.recording

    def _execute(self, path: Path) -> starlark.Module:
        module = starlark.Module()
        self._add_builtins(module)
        extras = [starlark.LibraryExtension.StructType]
        library = starlark.Globals.extended_by(extras)
        spaces = {
            space: ", ".join(f"{_last(name)}={_flat(name)}" for name in BUILTINS if name.startswith(f"{space}."))
            for space in ("config", "v1alpha1")
        }
        prelude = NAMESPACES.format(**spaces)
        dialect = starlark.Dialect.extended()
        dialect.enable_load_reexport = False
        loader = starlark.FileLoader(lambda name: self._execute((path.parent / name).resolve()).freeze())
        starlark.eval(module, starlark.parse("namespaces", prelude, dialect), library)
        starlark.eval(module, starlark.parse(str(path), path.read_text(), dialect), library, loader)
        return module

    def _add_builtins(self, module: starlark.Module) -> None:
        for name, parameters in BUILTINS.items():
            module.add_callable(_flat(name), self._recorder(name, parameters))
        module.add_callable("print", lambda *words: self.recording.printed.append(" ".join(map(str, words))))
        module.add_callable("k8s_context", lambda: self.machine.context)
        module.add_callable("encode_yaml", lambda value: yaml.safe_dump(value, sort_keys=False))
        module.add_callable("encode_json", lambda value: json.dumps(value))
        module["_subcommand"] = self.machine.subcommand
        module["_main_dir"] = str(self.machine.root)

    def _recorder(self, name: str, parameters: str) -> Callable[..., Any]:
        signature = _signature(parameters)

        def record(*args: Any, **kwargs: Any) -> Any:
            try:
                given = dict(signature.bind(*args, **kwargs).arguments)
            except TypeError as error:
                raise TypeError(f"{name}: {error}") from None
            self.recording.calls.append(Call(name, given))
            answer = self.answers.get(name)
            return answer(given) if answer else {"builtin": name, **given}

        return record

    def _local(self, given: dict[str, Any]) -> str:
        command = " ".join(given["command"])
        if "command -v" in command:
            return "\n".join(self.machine.missing_tools)
        if "cluster-facts" in command:
            return self.machine.cluster
        raise TypeError(f"local: no answer is known for {command!r}")

    def _read(self, path: str, default: str | None) -> str:
        if path in self.machine.files:
            return self.machine.files[path]
        file = self.machine.root / path
        if not file.exists() and default is not None:
            return default
        return file.read_text()

    def _parse_flags(self) -> dict[str, Any]:
        """As Tilt does: --name=value for what was defined, the rest to the one that was defined with args=True."""
        kinds = {call.given["name"]: call for call in self.recording.calls if call.name.startswith("config.define_")}
        values: dict[str, Any] = {}
        for argument in self.arguments:
            name, equals, value = argument.removeprefix("--").partition("=")
            if not argument.startswith("--"):
                rest = next(key for key, call in kinds.items() if call.given.get("args"))
                values.setdefault(rest, []).append(argument)
            elif name not in kinds:
                raise TypeError(f"unknown flag: --{name}")
            elif kinds[name].name == "config.define_bool":
                values[name] = value != "false" if equals else True
            else:
                values[name] = value
        return values


def _signature(parameters: str) -> inspect.Signature:
    required, _, optional = parameters.rpartition("/")
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [inspect.Parameter(name, kind) for name in required.split()]
        + [inspect.Parameter(name, kind, default=None) for name in optional.split()]
    )


def _flat(name: str) -> str:
    return "_" + name.replace(".", "_") if "." in name else name


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def tracked_files(folder: Path) -> list[str]:
    """The files under a folder that an editor may save, relative to it: everything that no tool makes."""
    skipped = {"node_modules", "__pycache__", ".venv", ".git", ".data"}
    found = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in skipped and not name.startswith(".next"))
        found += [str((Path(where) / name).relative_to(folder)) for name in sorted(files)]
    return found
