"""Checks on answers: what they hold, and whether they have the form that was agreed."""

from extproc.inspectors.output.inspector import Output
from extproc.inspectors.output.settings import OutputSettings

__all__ = ["Output", "OutputSettings"]
