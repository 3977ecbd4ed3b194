"""Connections to places that others chose: only to public ones, and to the very address that was checked.

A name is looked up once. Every address that it stands for must be public, and one of these very addresses is connected
to, so that a name which changes its mind in between (rebinding) changes nothing. No proxy is asked on the way.
"""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from ipaddress import IPv6Address, ip_address
from queue import Empty, SimpleQueue
from threading import Thread

from huntaze.addresses import is_public

_CONNECT_SECONDS = 3.0  # for one address of several, so that a silent one leaves time for the next
_MOST_ADDRESSES = 16

LookUp = Callable[[str, int], Sequence[str]]


class Trouble(StrEnum):
    """What can come between a request and its answer."""

    ADDRESS_REFUSED = "address_refused"
    NAME_NOT_FOUND = "name_not_found"
    NO_CONNECTION = "no_connection"
    NO_TRUST = "no_trust"
    TOO_LATE = "too_late"
    NO_ANSWER = "no_answer"
    CONNECTION_LOST = "connection_lost"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"


class NotSent(Exception):
    """Not one byte of the request has left."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect to, as an address names it."""

    host: str
    port: int
    encrypted: bool


def system_look_up(host: str, port: int) -> Sequence[str]:
    """The addresses that a name stands for; an OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@cache
def _usual_trust() -> ssl.SSLContext:
    trust = ssl.create_default_context()
    trust.set_alpn_protocols(["http/1.1"])
    return trust


@dataclass(frozen=True, slots=True)
class GuardedNetwork:
    """Opens connections. `private` lets them lead into the own machine and networks: on the local stage alone."""

    private: bool = False
    look_up: LookUp = system_look_up
    trust: Callable[[], ssl.SSLContext] = _usual_trust
    now: Callable[[], float] = time.monotonic

    def connection(self, place: Place, until: float) -> socket.socket:
        """A fresh connection, encrypted where the place is; NotSent when there is none before that moment."""
        raw = self._connected(self._addresses(place, until), place.port, until)
        return self._encrypted(raw, place.host, until) if place.encrypted else raw

    def left(self, until: float) -> float:
        """The seconds until a moment; NotSent when it has passed."""
        left = until - self.now()
        if left <= 0:
            raise NotSent(Trouble.TOO_LATE)
        return left

    def _addresses(self, place: Place, until: float) -> Sequence[str]:
        addresses = self._looked_up(place, self.left(until))[:_MOST_ADDRESSES]
        if not addresses:
            raise NotSent(Trouble.NAME_NOT_FOUND)
        if not self.private and not all(_is_public(address) for address in addresses):
            raise NotSent(Trouble.ADDRESS_REFUSED)
        return addresses

    def _looked_up(self, place: Place, seconds: float) -> Sequence[str]:
        """In a thread of its own: the system's resolver takes the time it wants, and we have only so much."""
        found: SimpleQueue[Sequence[str]] = SimpleQueue()

        def ask() -> None:
            try:
                found.put(self.look_up(place.host, place.port))
            except (OSError, UnicodeError):
                found.put(())

        Thread(target=ask, daemon=True).start()
        try:
            return found.get(timeout=seconds)
        except Empty:
            raise NotSent(Trouble.NAME_NOT_FOUND) from None

    def _connected(self, addresses: Sequence[str], port: int, until: float) -> socket.socket:
        for address in addresses:
            with suppress(OSError):
                return _connected_to(address, port, min(self.left(until), _CONNECT_SECONDS))
        raise NotSent(Trouble.NO_CONNECTION)

    def _encrypted(self, raw: socket.socket, host: str, until: float) -> socket.socket:
        try:
            raw.settimeout(self.left(until))
            return self.trust().wrap_socket(raw, server_hostname=host)
        except TimeoutError:
            raise NotSent(Trouble.NO_CONNECTION) from None
        except (OSError, ValueError):  # that of ssl is an OSError; its text tells what the certificate says
            raise NotSent(Trouble.NO_TRUST) from None
        finally:
            raw.close()  # the encrypted connection has taken it over, or there is none


def _connected_to(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if isinstance(ip_address(address), IPv6Address) else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((address, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_public(address: str) -> bool:
    try:
        return is_public(ip_address(address))
    except ValueError:
        return False
