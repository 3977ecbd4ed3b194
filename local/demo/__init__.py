"""The demo's data, and the generator that makes the benches' large data too."""

from local.demo.connecting import connect_creators
from local.demo.counting import count_numbers
from local.demo.introducing import introduce_creators
from local.demo.loading import load_demo

__all__ = ["connect_creators", "count_numbers", "introduce_creators", "load_demo"]
