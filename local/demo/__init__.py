"""The demo's data, and the generator that makes the benches' large data too."""

from local.demo.loading import load_demo

__all__ = ["load_demo"]
