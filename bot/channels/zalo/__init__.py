"""Zalo: only this folder knows the Zalo Bot Platform (docs/zalo.md)."""
