"""Opens a network for one call at a time: parallelism is the workers' business."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

_PROCESSORS = Path("/proc/cpuinfo")


def open_session(model: Path | bytes, *, exact: bool | None = None) -> onnxruntime.InferenceSession:
    """On one thread. A sum before a layer's norm stays a node of its own: fused it is slower.

    x86 without VNNI multiplies int8 in pairs that overflow 16 bits without a word; asked to be
    `exact`, onnxruntime takes kernels that do not (a tenth slower there), so that a text has
    the same score and the same vector on every machine. With VNNI all kernels are exact and
    these take twice as long, so they are asked for where `vnni` finds none.
    """
    options = onnxruntime.SessionOptions()
    if not vnni() if exact is None else exact:
        options.add_session_config_entry("session.x64quantprecision", "1")
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def vnni(processors: Path = _PROCESSORS) -> bool:
    """Whether every processor multiplies int8 without overflow; false where nobody says so."""
    try:
        said = processors.read_text().splitlines()
    except OSError:
        return False
    flags = [line.split() for line in said if line.startswith("flags")]
    return bool(flags) and all({"avx512_vnni", "avx_vnni"} & set(one) for one in flags)
