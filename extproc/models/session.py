"""Opens a network for one call at a time: parallelism is the workers' business."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    """On one thread. A sum before a layer's norm stays a node of its own: fused it is slower.

    x86 without VNNI multiplies int8 in pairs that overflow 16 bits without a word; asked for
    precision, onnxruntime takes kernels there that do not (a tenth slower), so that a text has
    the same score and the same vector on every machine.
    """
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )
