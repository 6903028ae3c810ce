"""Where 0.8 and 0.5 stand: at fixed shares of false alarms on harmless text.

    PYTHONPATH=. python models/injection/calibrate.py DATA_DIR

Only sources for tuning and texts of our own are used; writes `calibration.json`.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from compose import Composer
from evaluate import hard
from export import digests
from sources import Row, read, split
from written import expand, load, unseen

from extproc.inspectors.injection.idioms import blank
from extproc.inspectors.injection.normalise import fold
from extproc.models.injection import MiniLM

HERE = Path(__file__).parent
BLOCK, FLAG = 0.01, 0.04
"""Shares of harmless texts above 0.8 and above 0.5: no group may have more."""
HARD_BLOCK, HARD_FLAG = 0.02, 0.08
"""The same for texts made to be mistaken for attacks."""
HARD = {"hard", "unseen"}
UNPROVEN = {"assistant": 1.0, "tool_call": 2.0, "tool_definition": 1.5}
"""Logits added to both thresholds in channels with few or no texts to measure on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    tune = [row for row in split(read(parser.parse_args().data))[1] if not row.attack]
    neutral = {"slope": 1.0, "offsets": {"user": 0.0}}
    _write(neutral)
    model = MiniLM(HERE)
    composer = Composer(11)
    written = list(expand(load(held_out=True), 6, 2))
    groups = {
        "public": [_highest(model, row) for row in tune],
        "hard": [_highest(model, row) for row in hard(78)],
        "documents": [_highest(model, composer.clean()) for _ in range(400)],
        "unseen": [_highest(model, row) for row in unseen(calibration=True) if not row.attack],
        "written": [_highest(model, row) for row in written if not row.attack],
    }
    for name, logits in groups.items():
        print(name, len(logits), np.quantile(logits, (0.5, 0.9, 0.95, 0.97, 0.98, 0.99)).round(2))
    shares = {name: HARD_BLOCK if name in HARD else BLOCK for name in groups}
    block = max(float(np.quantile(own, 1 - shares[name])) for name, own in groups.items())
    shares = {name: HARD_FLAG if name in HARD else FLAG for name in groups}
    flag = max(float(np.quantile(own, 1 - shares[name])) for name, own in groups.items())
    slope = math.log(4) / max(block - flag, 0.5)
    offsets = {
        channel: -slope * (flag + UNPROVEN.get(channel, 0.0))
        for channel in ("user", "assistant", "system", "document", "tool_result", "tool_call",
                        "tool_definition")
    }  # fmt: skip
    _write({"slope": slope, "offsets": offsets})
    print(f"0.5 at logit {flag:.2f}, 0.8 at {block:.2f}")


def _highest(model: MiniLM, row: Row) -> float:
    windows = model.windows(blank(fold(row.text).text), row.channel)
    return max((model.logit(window) for window in windows if window.ids), default=-20.0)


def _write(fit: dict[str, object]) -> None:
    (HERE / "calibration.json").write_text(json.dumps(fit, indent=2) + "\n")
    digests()


if __name__ == "__main__":
    main()
