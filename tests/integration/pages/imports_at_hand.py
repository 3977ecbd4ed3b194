"""What the tests of imports' pages share."""

from huntaze.imports.model import Import
from tests.support.browser import Browser, Page
from tests.support.imports import csv

HERE = "/platforms/connect/onlyfans/imports"
FANS = csv("Username,Display Name,Total Spent", "zoe,Zoë,$12.50", "max,Max,3", "zoe,Zoë,1", ",Nobody,5", "ada,Ada,x")


def show(browser: Browser, one: Import, query: str = "") -> Page:
    """The page of one import."""
    return browser.get(f"{HERE}/{one.id}{query}")


def send(browser: Browser, one: Import, act: str, **typed: object) -> Page:
    """One of its forms."""
    return browser.submit(f"{HERE}/{one.id}/{act}", **typed)
