"""Reads of the register that are more than a filter."""

from gebyar.registry.queries.marks import holds_synthetic_firms

__all__ = ["holds_synthetic_firms"]
