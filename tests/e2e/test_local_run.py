"""The local run starts, says where it is, and leaves nothing behind."""

import os
import signal
import sys
import time
from pathlib import Path
from threading import Timer

import psutil
import pytest

from local import supervision
from local.processes import run_unprivileged
from local.up import stay


def _processes_of(folder: Path) -> list[psutil.Process]:
    """Whatever runs with this folder in its command line or its environment."""
    return [process for process in psutil.process_iter() if _mentions(process, str(folder))]


def _mentions(process: psutil.Process, folder: str) -> bool:
    try:
        words = [*process.cmdline(), *process.environ().values()]
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return process.pid != os.getpid() and any(folder in word for word in words)


def _wait_until_gone(folder: Path) -> list[psutil.Process]:
    for _ in range(200):
        if not (left := _processes_of(folder)):
            return []
        time.sleep(0.1)
    return left


def test_down_leaves_no_process(tmp_path: Path) -> None:
    supervision.ensure_running(tmp_path)
    assert _processes_of(tmp_path)
    assert supervision.stop(tmp_path)
    assert _wait_until_gone(tmp_path) == []


def test_a_killed_supervisor_takes_its_servers_along_and_the_next_run_finds_the_data(tmp_path: Path) -> None:
    servers = supervision.ensure_running(tmp_path)
    supervisor = next(p for p in _processes_of(tmp_path) if "local.supervisor" in p.cmdline())
    supervisor.send_signal(signal.SIGKILL)
    assert _wait_until_gone(tmp_path) == []
    again = supervision.ensure_running(tmp_path)
    assert (again.password, again.platform) == (servers.password, servers.platform)
    supervision.stop(tmp_path)


def test_a_second_start_finds_the_first(tmp_path: Path) -> None:
    first = supervision.ensure_running(tmp_path)
    try:
        assert supervision.ensure_running(tmp_path) == first
    finally:
        supervision.stop(tmp_path)


def test_two_folders_run_side_by_side(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    try:
        one, two = (supervision.ensure_running(folder) for folder in folders)
        assert not {one.web_port, one.aws_port, one.postgres_port, one.valkey_port, one.simulator_port} & {
            two.web_port,
            two.aws_port,
            two.postgres_port,
            two.valkey_port,
            two.simulator_port,
        }
    finally:
        for folder in folders:
            supervision.stop(folder)


def test_who_stays_with_the_servers_leaves_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervision.ensure_running(tmp_path)
    elsewhere = Timer(1.5, supervision.stop, [tmp_path])
    elsewhere.start()
    stay(tmp_path, watch=False)
    elsewhere.join()
    assert "The servers have ended." in capsys.readouterr().out


def test_stopping_what_does_not_run_says_so(tmp_path: Path) -> None:
    assert not supervision.stop(tmp_path)


def test_an_unprivileged_program_is_found_below_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    (program := closed / "program").touch(mode=0o755)
    ask = "import os, sys; sys.exit(not os.access(sys.argv[1], os.R_OK | os.X_OK))"
    run_unprivileged([sys.executable, "-c", ask, program])


def test_everything_listens_on_the_loopback_alone(tmp_path: Path) -> None:
    supervision.ensure_running(tmp_path)
    try:
        addresses = {
            connection.laddr.ip
            for process in _processes_of(tmp_path)
            for connection in process.net_connections(kind="inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert addresses == {"127.0.0.1"}
    finally:
        supervision.stop(tmp_path)
