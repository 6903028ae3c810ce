"""One configuration in every form in which the doctor takes it, and ways to change it."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path

import yaml

from extproc.doctor.documents import from_roots
from extproc.doctor.examine import judge
from extproc.doctor.finding import Options
from extproc.doctor.node import camel
from extproc.doctor.read import parse
from extproc.render.bootstrap import static_bootstrap
from extproc.render.upstreams import Endpoint, Service, Upstream


@functools.cache
def _rendered() -> str:
    document = static_bootstrap(
        [
            Upstream("gpu-a", [Endpoint("10.0.0.1", 9101)]),
            Upstream("cloud", [Endpoint("api.openai.com", 443)], tls=True),
        ],
        service=Service("/run/extproc.sock"),
        listen=Endpoint("127.0.0.1", 10000),
        admin=Endpoint("127.0.0.1", 9901),
    )
    return json.dumps(document)


def rendered() -> dict:
    """A fresh copy of what `extproc render envoy` writes."""
    return json.loads(_rendered())


def manager(document: dict) -> dict:
    return document["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0][
        "typed_config"
    ]


def filters(document: dict) -> list:
    return manager(document)["http_filters"]


def ext_proc(document: dict) -> dict:
    return filters(document)[0]["typed_config"]


def host(document: dict) -> dict:
    return manager(document)["route_config"]["virtual_hosts"][0]


def cluster(document: dict, name: str) -> dict:
    return next(c for c in document["static_resources"]["clusters"] if c["name"] == name)


def as_bootstrap(document: dict) -> str:
    return json.dumps(document)


def as_yaml(document: dict) -> str:
    return yaml.safe_dump(document)


def as_dump(document: dict) -> str:
    """Envoy's `/config_dump`, with routes and listeners delivered by discovery."""
    document = copy.deepcopy(document)
    static = document.pop("static_resources")
    tables = []
    for listener in static["listeners"]:
        for chain in listener.get("filter_chains", []):
            for one in chain["filters"]:
                config = one.get("typed_config", {})
                if "route_config" in config:
                    table = config.pop("route_config")
                    table["name"] = f"table-{len(tables)}"
                    config["rds"] = {"route_config_name": table["name"]}
                    tables.append({"version_info": "1", "route_config": table})
    kind = "type.googleapis.com/envoy.admin.v3."
    return json.dumps(
        {
            "configs": [
                {"@type": f"{kind}BootstrapConfigDump", "bootstrap": document},
                {
                    "@type": f"{kind}ListenersConfigDump",
                    "dynamic_listeners": [
                        {"name": each["name"], "active_state": {"listener": each}}
                        for each in static["listeners"]
                    ],
                },
                {
                    "@type": f"{kind}ClustersConfigDump",
                    "dynamic_active_clusters": [{"cluster": each} for each in static["clusters"]],
                },
                {"@type": f"{kind}RoutesConfigDump", "dynamic_route_configs": tables},
            ]
        }
    )


def as_camel(document: dict) -> str:
    """What Go tools print: the same dump with `lowerCamelCase` names."""
    return json.dumps(_camel(json.loads(as_dump(document))))


MAPS = {"typed_per_filter_config", "typed_extension_protocol_options", "filter_metadata"}


def _camel(value, *, names=True):
    if isinstance(value, dict):
        return {
            camel(k) if names and k.islower() else k: _camel(v, names=k not in MAPS)
            for k, v in value.items()
        }
    return [_camel(item) for item in value] if isinstance(value, list) else value


def as_lists(document: dict) -> str:
    """Listeners, clusters and routes, each as an array, one after the other."""
    dump = json.loads(as_dump(document))["configs"]
    listeners = [each["active_state"]["listener"] for each in dump[1]["dynamic_listeners"]]
    clusters = [each["cluster"] for each in dump[2]["dynamic_active_clusters"]]
    routes = [each["route_config"] for each in dump[3]["dynamic_route_configs"]]
    return "\n".join(json.dumps(_camel(each)) for each in (listeners, clusters, routes))


FORMS = {
    "bootstrap": as_bootstrap,
    "yaml": as_yaml,
    "config_dump": as_dump,
    "camel": as_camel,
    "lists": as_lists,
}


def findings(text: str, options: Options | None = None):
    roots = [document.root for document in parse(text, "input")]
    found = from_roots({Path("input"): roots}, Path("input"))
    return judge(found, options or Options())


def rules(text: str, options: Options | None = None) -> set[str]:
    return {finding.rule.id for finding in findings(text, options)}
