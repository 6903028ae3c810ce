"""`extproc render`: configuration for the proxies that extproc is attached to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Write the configuration of proxies.")


@app.command()
def envoy(  # noqa: PLR0917 - typer's options
    policies: Annotated[
        Path,
        typer.Option(
            envvar="EXTPROC_POLICIES", metavar="DIR", help="The policy set, for its pools."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTPROC_OUT",
            metavar="DIR",
            help="Write DIR/envoy.json; without it, print.",
        ),
    ] = None,
    service: Annotated[
        str,
        typer.Option(
            envvar="EXTPROC_LISTEN", help="Where `extproc serve` listens: host:port or unix:PATH."
        ),
    ] = "127.0.0.1:50051",
    listen: Annotated[
        str, typer.Option(envvar="EXTPROC_ENVOY_LISTEN", help="Where clients connect.")
    ] = "127.0.0.1:10000",
    admin: Annotated[
        str, typer.Option(envvar="EXTPROC_ENVOY_ADMIN", help="Envoy's own admin pages.")
    ] = "127.0.0.1:9901",
    credentials: Annotated[
        str,
        typer.Option(
            envvar="EXTPROC_CREDENTIALS",
            metavar="DIR",
            help="Where Envoy finds the secrets that pools name: a file for each, with its name. "
            "This command does not read them.",
        ),
    ] = "/etc/extproc/credentials",
) -> None:
    """Write an Envoy bootstrap with the pools of a policy set, as JSON."""
    # Imported here so that `--help` and the other commands stay quick.
    from extproc.inspectors import SECTIONS  # noqa: PLC0415
    from extproc.policy.errors import PolicyErrors  # noqa: PLC0415
    from extproc.policy.load import load  # noqa: PLC0415
    from extproc.render.bootstrap import static_bootstrap  # noqa: PLC0415
    from extproc.render.pools import buffer_bytes, injected, upstream  # noqa: PLC0415
    from extproc.render.upstreams import Endpoint, Service  # noqa: PLC0415

    try:
        loaded = load(policies, SECTIONS)
        document = static_bootstrap(
            [
                upstream(pool, credential=injected(pool, credentials, discovered=False))
                for pool in loaded.registry.pools.values()
            ],
            service=Service.parse(service),
            listen=Endpoint.parse(listen),
            admin=Endpoint.parse(admin),
            buffer_bytes=buffer_bytes(loaded),
        )
    except PolicyErrors as errors:
        typer.echo(f"{errors}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    text = json.dumps(document, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "envoy.json").write_text(text)
    typer.echo(out / "envoy.json")


@app.command()
def istio(  # noqa: PLR0917 - typer's options
    policies: Annotated[
        Path,
        typer.Option(
            envvar="EXTPROC_POLICIES",
            metavar="DIR",
            help="The policy set: its pools become ServiceEntries, its files a ConfigMap.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(envvar="EXTPROC_OUT", metavar="DIR", help="Write base and overlays here."),
    ],
    namespace: Annotated[
        str, typer.Option(envvar="EXTPROC_NAMESPACE", help="Of the applications to govern.")
    ] = "ai-apps",
    host: Annotated[
        str, typer.Option(help="The Kubernetes Service that applications call: http://HOST/v1.")
    ] = "ai",
    also: Annotated[
        list[str] | None,
        typer.Option(help="Another host name under which applications call models; repeatable."),
    ] = None,
    trust_domain: Annotated[str, typer.Option(help="Of the mesh.")] = "cluster.local",
    plain_pool: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POOL",
            help="A pool of the cluster whose pods have no sidecar, to be reached in clear; "
            "repeatable. Others are reached over mutual TLS.",
        ),
    ] = None,
    image: Annotated[
        str,
        typer.Option(envvar="EXTPROC_IMAGE", help="The image, by digest.", show_default=False),
    ] = "",
) -> None:
    """Write Istio manifests: a kustomize base, and overlays sidecar, gateway and service."""
    # Imported here so that `--help` and the other commands stay quick.
    from extproc.inspectors import SECTIONS  # noqa: PLC0415
    from extproc.policy.errors import PolicyErrors  # noqa: PLC0415
    from extproc.policy.load import load  # noqa: PLC0415
    from extproc.render.istio.mesh import PLACEHOLDER_IMAGE, Attach, Mesh  # noqa: PLC0415
    from extproc.render.istio.tree import files  # noqa: PLC0415

    try:
        mesh = Mesh(
            Attach.SIDECAR,
            load(policies, SECTIONS),
            namespace,
            host=host,
            extra_hosts=tuple(also or ()),
            plain_pools=tuple(plain_pool or ()),
            trust_domain=trust_domain,
            image=image or PLACEHOLDER_IMAGE,
        )
        written = files(mesh, policies)
    except PolicyErrors as errors:
        typer.echo(f"{errors}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    for name, text in written.items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    typer.echo(f"{len(written)} files in {out}")
