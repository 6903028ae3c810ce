"""Which caller may use which model and path, and who may send data of which label."""

from extproc.inspectors.access.inspector import Access, LabelAccess
from extproc.inspectors.access.settings import AccessSettings

__all__ = ["Access", "AccessSettings", "LabelAccess"]
