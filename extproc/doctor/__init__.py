"""Finds what makes a proxy's configuration unsafe for AI traffic, before an attacker does.

Every form of input (`read`, `documents`) becomes one resolved model (`model`), and the rules
(`rules`) look only at that.
"""
