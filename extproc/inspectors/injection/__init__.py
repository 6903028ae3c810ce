"""Prompt injection and jailbreaks: normalise, match rules, ask a classifier."""
