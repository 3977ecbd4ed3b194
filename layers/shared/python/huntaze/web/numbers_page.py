"""The page of numbers: who pays and why, when, and through whom. What it is made of is loaded when it is asked for."""

from http import HTTPStatus

from huntaze.web.answer import Answer
from huntaze.web.site import Route
from huntaze.web.visit import Visit

PATH, SHORTCUT = "/platforms/onlyfans/analytics", "/onlyfans/analytics"


def show_numbers(visit: Visit) -> Answer:
    """The whole page, or what changes with a filter."""
    from huntaze.web.numbers_reading import read  # noqa: PLC0415  (few of those who come here look at numbers)

    view = read(visit)
    status = HTTPStatus.BAD_REQUEST if view.filters.problems else HTTPStatus.OK
    if visit.request.part:
        return visit.part(view, status=status)
    return visit.page("numbers.html", view, status, active="numbers")


def export(visit: Visit) -> Answer:
    """One table as a file."""
    from huntaze.web.numbers_reading import sheet  # noqa: PLC0415  (the same)

    return sheet(visit)


ROUTES = (
    Route("GET", PATH, show_numbers),
    Route("GET", SHORTCUT, show_numbers),
    Route("GET", f"{PATH}/export.csv", export),
)
