"""Rate limits and budgets."""

from extproc.inspectors.limits.budget import Budget
from extproc.inspectors.limits.limits import Limits
from extproc.inspectors.limits.settings import BudgetSettings, LimitsSettings

__all__ = ["Budget", "BudgetSettings", "Limits", "LimitsSettings"]
