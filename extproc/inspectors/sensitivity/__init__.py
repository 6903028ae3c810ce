"""Finds sensitive data, labels the request, and says where it may go."""

from extproc.inspectors.sensitivity.analyzer import Analyzer, Entity
from extproc.inspectors.sensitivity.inspector import SensitivityInspector
from extproc.inspectors.sensitivity.settings import SensitivitySettings

__all__ = ["Analyzer", "Entity", "SensitivityInspector", "SensitivitySettings"]
