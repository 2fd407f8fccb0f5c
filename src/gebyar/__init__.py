"""Gebyar runs a small-industry development programme, from a firm's first registration to the nation's figures."""

__version__ = "0.1.0"
