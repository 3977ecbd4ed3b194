"""The routes of one function: who calls is known, input is checked, and every error leaves as a problem."""

import functools
import inspect
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from huntaze.edge import forms, once, problem, rate_limit
from huntaze.edge.parts import Parts
from huntaze.edge.request import JSON, admitted, failing_fields, header, parsed_json, wanted_workspace
from huntaze.edge.tokens import subject_of
from huntaze.errors import Invalid, NotFound, TooLarge
from huntaze.members.model import Claimant, Principal
from huntaze.runtime.logging import add_ids, begin_call
from huntaze.runtime.settings import Settings

_ON_EVERY_ANSWER = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_LARGEST_ANSWER = 5_500_000  # characters of ASCII; Lambda's own limit is 6 MB with everything around them

# The parameter of a route that is to know who calls, and in which of their workspaces.
Caller = Annotated[Principal, "who calls"]

# The same where the caller may belong to no workspace yet: their subject. What such a route does must be the same when
# done twice: it keeps no answers.
Person = Annotated[str, "whose token it is"]

# The same where the route must answer even while nobody can look up who that is: it looks for itself, in its own time.
Claimed = Annotated[Claimant, "who says that they call"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Declared:
    """One route of a function, as tests and the description of the API see it."""

    method: str
    path: str
    function: Callable[..., Any]

    @property
    def is_personal(self) -> bool:
        """Whether it is for people who may belong to no workspace yet: nothing can be kept for them in one."""
        return Person in inspect.get_annotations(self.function).values()

    @property
    def takes_form(self) -> bool:
        """Whether it takes a form with a file, and nothing else."""
        return forms.Sent in inspect.get_annotations(self.function).values()

    def is_at(self, path: str) -> bool:
        """Whether a request for this path could mean this route."""
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None


class HttpApi(APIGatewayHttpResolver):
    """Powertools' resolver with our manners.

    `parts` is asked at the first request, never at import. Where no route takes input, saying so spares the cold start
    the whole of validation. `group` names the routes whose requests are counted together. `only_while` is asked before
    each request of theirs is looked at, and refuses while an operator keeps them closed.
    """

    def __init__(
        self,
        parts: Callable[[], Parts],
        *,
        group: str = "api",
        public: bool = False,
        takes_input: bool = True,
        accepts: Sequence[str] = (JSON,),
        only_while: Callable[[Settings], None] | None = None,
    ) -> None:
        super().__init__(
            debug=False,  # its debug mode prints whole requests
            enable_validation=takes_input,
            json_body_deserializer=parsed_json,
            # Without this, an answer of ours that breaks its own schema would be told as the caller's mistake.
            response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR if takes_input else None,
        )
        self.public = public
        self._group = group
        self._parts = parts
        self._accepts = accepts
        self._only_while = only_while
        self._etag: str | None = None
        self.declared: list[Declared] = []
        self.exception_handler(NotFoundError)(self._no_such_route)
        self.exception_handler(Exception)(self._failed)

    def route(self, rule: str, method: Any, *options: Any, **named: Any) -> Any:
        """Declare a route, and remember it."""
        register = super().route(rule, method, *options, **named)
        told = inspect.signature(super().route).bind(rule, method, *options, **named).arguments
        status = told.get("status_code", HTTPStatus.OK)

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declared.append(Declared(method, re.sub(r"<(\w+)>", r"{\1}", rule), function))
            register(self._made_ready(function, status))
            return function

        return declare

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Answer one request; whatever happens, with an answer."""
        began = time.monotonic()
        begin_call(requestId=event["requestContext"]["requestId"])
        self.context.clear()  # what was refused before any route was asked has left its caller here
        more = dict(_ON_EVERY_ANSWER)
        try:
            answer = self._answer(event, context, more)
        except Exception as error:  # noqa: BLE001 - what happens outside a route is told like what happens inside
            answer = _as_event(_told(error))
        status = int(answer["statusCode"])
        milliseconds = round((time.monotonic() - began) * 1000)
        _log.info("answered", extra={"route": event["routeKey"], "status": status, "milliseconds": milliseconds})
        return {**answer, "statusCode": status, "headers": {**answer["headers"], **more}}

    def _answer(self, event: Mapping[str, Any], context: Any, more: dict[str, str]) -> dict[str, Any]:
        if self.public:
            return super().resolve(admitted(event, self._accepts), context)
        parts = self._parts()
        subject = subject_of(event, parts.settings.sign_in, parts.clock.now())
        allowance = parts.request_limit.count(self._group, subject)
        more.update(rate_limit.headers(allowance))
        rate_limit.must_be_left(allowance)
        if self._only_while is not None:
            self._only_while(parts.settings)
        request = self._admitted(event)
        self.context.update(subject=subject, workspace=header(event, "x-workspace"))
        keyed, route = once.keyed(request), self._meant(request)
        if keyed is None or (route is not None and route.is_personal):
            return self._from_route(request, context)
        # Who calls is asked before the transaction begins that the whole request becomes.
        who = self._caller()
        act = functools.partial(self._from_route, request, context)
        return once.as_event(parts.idempotency.once(who, keyed, lambda: once.as_answer(act())))

    def _from_route(self, request: dict[str, Any], context: Any) -> dict[str, Any]:
        self._etag = None
        answer: dict[str, Any] = super().resolve(request, context)
        if int(answer["statusCode"]) == HTTPStatus.NO_CONTENT:
            return {**answer, "body": "", "headers": {}}  # Powertools would say `null`, in JSON
        if len(answer["body"]) > _LARGEST_ANSWER:
            raise TooLarge("The answer is more than one request can carry.")
        if self._etag is not None:
            answer["headers"] = {**answer["headers"], "ETag": self._etag}
        return answer

    def _meant(self, request: Mapping[str, Any]) -> Declared | None:
        """The route that will be asked, if there is one."""
        method, path = request["requestContext"]["http"]["method"], request["rawPath"]
        return next((route for route in self.declared if route.method == method and route.is_at(path)), None)

    def _admitted(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The request, of the type and the size that its route takes; a form is read here, and told as text."""
        route = self._meant(event)
        if route is None or not route.takes_form:
            return admitted(event, self._accepts)
        request = admitted(event, (forms.MULTIPART,), forms.LARGEST_FORM)
        self.context["form"] = form = forms.form(request)
        return {**request, "body": form.told(), "isBase64Encoded": False}

    def _made_ready(self, function: Callable[..., Any], status: int) -> Callable[..., Any]:
        """The function as Powertools sees it: it asks for input alone, and answers with text.

        Who calls is handed in here, and the body that a route returns is written here: one that knows its version sends
        it along as the ETag, one that knows that it was there before is not told as created, one that knows that work
        goes on is told as accepted, one that says when to ask again tells of something that is away. Powertools would
        read the annotations anew for each request, check the body once more and write it by way of plain dictionaries,
        which takes longer than reading a page of fans.
        """
        signature = inspect.signature(function)
        told = [*self._callers(), (forms.Sent, lambda: self.context["form"])]
        callers = {
            name: tell
            for name, parameter in signature.parameters.items()
            for kind, tell in told
            if parameter.annotation == kind
        }
        writes = hasattr(signature.return_annotation, "model_dump_json")

        @functools.wraps(function)
        def answer(**given: Any) -> Any:
            body = function(**given, **{name: tell() for name, tell in callers.items()})
            if not writes:
                return body
            self._etag = getattr(body, "etag", None)
            wait = getattr(body, "retry_after", None)
            headers = {} if wait is None else {"Retry-After": str(wait)}
            return Response(_status(body, status), JSON, body.model_dump_json(by_alias=True), headers)

        seen = [parameter for name, parameter in signature.parameters.items() if name not in callers]
        returned = Response[str] if writes else signature.return_annotation
        answer.__signature__ = signature.replace(parameters=seen, return_annotation=returned)  # type: ignore[attr-defined]  # what Powertools reads
        answer.__annotations__ = {parameter.name: parameter.annotation for parameter in seen}  # and again
        return answer

    def _caller(self) -> Principal:
        """Who calls, and in which of their workspaces; looked up when it is first asked."""
        if "who" not in self.context:
            wanted = wanted_workspace(self.context["workspace"])
            who = self._parts().members.principal_for(self.context["subject"], wanted)
            add_ids(workspaceId=str(who.workspace_id), userId=str(who.member_id))
            self.context["who"] = who
        known: Principal = self.context["who"]
        return known

    def _subject(self) -> str:
        """Whose token it is, wherever they belong."""
        subject: str = self.context["subject"]
        return subject

    def _claimant(self) -> Claimant:
        """Who says that they call; nothing has been looked up."""
        return Claimant(self._subject(), wanted_workspace(self.context["workspace"]))

    def _callers(self) -> list[tuple[Any, Callable[[], Any]]]:
        return [(Caller, self._caller), (Person, self._subject), (Claimed, self._claimant)]

    def _failed(self, error: Exception) -> Response[str]:
        return _as_response(_told(error))

    def _no_such_route(self, _: NotFoundError) -> Response[str]:
        allowed = sorted({route.method for route in self.declared if route.is_at(self.current_event.path)})
        # A method that the path does take was refused for an id of letters that no id has.
        other_methods = allowed and self.current_event.http_method not in allowed
        return _as_response(problem.method_not_allowed(", ".join(allowed)) if other_methods else problem.of(NotFound()))


def _status(body: Any, declared: int) -> int:
    if getattr(body, "retry_after", None) is not None:
        return HTTPStatus.SERVICE_UNAVAILABLE
    if declared == HTTPStatus.CREATED and getattr(body, "was_there", False):
        return HTTPStatus.OK
    return HTTPStatus.ACCEPTED if getattr(body, "goes_on", False) else declared


def _told(error: BaseException) -> problem.Problem:
    if isinstance(error, RequestValidationError):
        error = Invalid(failing_fields(error.errors()))
    told = problem.of(error)
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", exc_info=error)
    return told


def _as_response(told: problem.Problem) -> Response[str]:
    return Response(told.status, problem.CONTENT_TYPE, told.body, dict(told.headers))


def _as_event(told: problem.Problem) -> dict[str, Any]:
    headers = {"Content-Type": problem.CONTENT_TYPE, **told.headers}
    return {"statusCode": told.status, "body": told.body, "isBase64Encoded": False, "headers": headers, "cookies": []}
