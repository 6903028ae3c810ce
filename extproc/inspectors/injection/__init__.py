"""Prompt injection and jailbreaks: fold and decode, match rules, ask a classifier."""

from extproc.inspectors.injection.answers import AnswerScan
from extproc.inspectors.injection.inspector import Injection
from extproc.inspectors.injection.settings import InjectionSettings

__all__ = ["AnswerScan", "Injection", "InjectionSettings"]
