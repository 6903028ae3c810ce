"""Where 0.8 and 0.5 stand: at fixed shares of false alarms on harmless text.

    PYTHONPATH=. python models/injection/calibrate.py DATA_DIR --outside FOLDER

Only texts that no weight was trained on are used: harmless ones of sources for tuning, of FOLDER
(`sources.outside`) and of our own; writes `calibration.json`.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from compose import Composer
from evaluate import hard
from shipped import classifier, digests
from sources import Row, outside, read, split
from written import expand, load, unseen

from extproc.inspectors.injection.idioms import blank
from extproc.inspectors.injection.normalise import fold
from extproc.models.injection import SPOKEN, MiniLM

HERE = Path(__file__).parent
BLOCK, FLAG = 0.004, 0.03
"""Shares of harmless texts above 0.8 and above 0.5: no group may have more."""
HARD_BLOCK, HARD_FLAG = 0.008, 0.05
"""The same for texts made to be mistaken for attacks."""
HARD = {"hard", "unseen"}
UNPROVEN = {"assistant": 1.0, "tool_call": 3.0, "tool_definition": 3.0}
"""Logits added to both thresholds in channels with few or no texts to measure on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--outside", type=Path, help="folder of further sources, *.jsonl")
    arguments = parser.parse_args()
    tune = split(read(arguments.data), refit=True)[1]
    tune += outside(arguments.outside) if arguments.outside else []
    tune = [row for row in tune if not row.attack]
    neutral = {"slope": 1.0, "offsets": {"user": 0.0}}
    _write(neutral)
    model = classifier()
    composer = Composer(11)
    written = list(expand(load(held_out=True), 6, 2))
    benign = [
        *(("public", row) for row in tune),
        *(("hard", row) for row in hard(78)),
        *(("documents", composer.clean()) for _ in range(400)),
        *(("unseen", row) for row in unseen(calibration=True) if not row.attack),
        *(("written", row) for row in written if not row.attack),
    ]
    logits: dict[tuple[bool, str], list[float]] = {}
    for name, row in benign:
        logits.setdefault((row.channel in SPOKEN, name), []).append(_highest(model, row))
    cuts = {}
    for spoken in (True, False):
        own = {name: found for (kind, name), found in logits.items() if kind == spoken}
        for name, found in own.items():
            print(
                "spoken" if spoken else "read",
                name,
                len(found),
                np.quantile(found, (0.5, 0.9, 0.95, 0.98, 0.99)).round(2),
            )
        cuts[spoken] = (_cut(own, FLAG, HARD_FLAG), _cut(own, BLOCK, HARD_BLOCK))
    slope = math.log(4) / max(cuts[True][1] - cuts[True][0], 0.5)
    offsets = {
        channel: math.log(4) - slope * (cuts[channel in SPOKEN][1] + UNPROVEN.get(channel, 0.0))
        for channel in ("user", "assistant", "system", "document", "tool_result", "tool_call",
                        "tool_definition")
    }  # fmt: skip
    _write({"slope": slope, "offsets": offsets})
    print("logits of 0.5 and 0.8, users and others:", cuts)


def _cut(groups: Mapping[str, Sequence[float]], share: float, hard_share: float) -> float:
    """The highest of the groups' own cuts; small groups say nothing of a hundredth."""
    shares = {name: hard_share if name in HARD else share for name in groups}
    return max(
        float(np.quantile(own, 1 - shares[name])) for name, own in groups.items() if len(own) >= 80
    )


def _highest(model: MiniLM, row: Row) -> float:
    windows = model.windows(blank(fold(row.text).text), row.channel)
    return max((model.logit(window) for window in windows if window.ids), default=-20.0)


def _write(fit: dict[str, object]) -> None:
    (HERE / "calibration.json").write_text(json.dumps(fit, indent=2) + "\n")
    digests()


if __name__ == "__main__":
    main()
