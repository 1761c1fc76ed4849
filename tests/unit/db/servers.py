"""MariaDB and PostgreSQL of Debian, started for the tests in a folder of their own, on loopback."""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_TIMEOUT = 60.0
USER, PASSWORD, DATABASE = "kamailio", "kamailiorw", "kamailio"


def missing(engine: str) -> str:
    """Why the tests of a server can't run here; empty when they can."""
    driver = {"mysql": "pymysql", "postgres": "psycopg"}[engine]
    if importlib.util.find_spec(driver) is None:
        return f"{driver} is not installed"
    if engine == "mysql":
        return "" if _program("mariadbd") and shutil.which("mariadb-install-db") else "mariadb-server is not installed"
    if not _postgres("postgres"):
        return "postgresql is not installed"
    return "" if os.geteuid() or shutil.which("setpriv") else "setpriv is not installed, and PostgreSQL does not run as root"


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _postgres(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(engine: str, folder: Path) -> Iterator[str]:
    """A server with an empty database; its URL as Kamailio writes it."""
    port = _free_port()
    start = _mariadb if engine == "mysql" else _postgresql
    with start(folder, port):
        yield f"{'mysql' if engine == 'mysql' else 'postgres'}://{USER}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}"


@contextmanager
def _mariadb(folder: Path, port: int) -> Iterator[None]:
    data = folder / "mariadb"
    program = shutil.which("mariadb-install-db") or ""
    options = ["--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"]
    for _ in range(3):  # a machine that is short of memory or asynchronous I/O for a moment makes it fail
        done = subprocess.run([program, *options], capture_output=True, text=True)
        if done.returncode == 0:
            break
        shutil.rmtree(data, ignore_errors=True)
        time.sleep(1)
    else:
        raise RuntimeError(f"mariadb-install-db: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    server = _program("mariadbd") or ""
    options = [
        f"--datadir={data}",
        f"--socket={data}/s",
        "--bind-address=127.0.0.1",
        f"--port={port}",
        f"--pid-file={data}/pid",
        "--user=root",
    ]
    with _process([server, "--no-defaults", *options, "--skip-networking=0"], port, folder / "mariadb.log"):
        statements = (
            f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4; CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}'; "
            f"GRANT ALL ON {DATABASE}.* TO '{USER}'@'%'; CREATE USER '{USER}'@'localhost' IDENTIFIED BY '{PASSWORD}'; "
            f"GRANT ALL ON {DATABASE}.* TO '{USER}'@'localhost';"
        )
        subprocess.run(["mariadb", "--no-defaults", f"--socket={data}/s", "-u", "root", "-e", statements], check=True, capture_output=True)
        yield


@contextmanager
def _postgresql(folder: Path, port: int) -> Iterator[None]:
    data = folder / "postgresql"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(data, "postgres", "postgres")
        for parent in (folder, *folder.parents):
            if parent.owner() == "root" and parent != Path("/tmp") and parent.is_relative_to("/tmp"):
                parent.chmod(0o755)
    secret = data.parent / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    initdb = [_postgres("initdb") or "", "-D", str(data), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N"]
    subprocess.run([*as_user, *initdb], check=True, capture_output=True, cwd="/")
    options = ["-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", str(data), "-F"]
    with _process([*as_user, _postgres("postgres") or "", *options], port, folder / "postgresql.log"):
        psql = ["psql", "-h", "127.0.0.1", "-p", str(port), "-U", USER, "-d", "postgres", "-c", f"CREATE DATABASE {DATABASE}"]
        subprocess.run(psql, check=True, capture_output=True, env={**os.environ, "PGPASSWORD": PASSWORD})
        yield


@contextmanager
def _process(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd="/") as server:
        try:
            end = time.monotonic() + START_TIMEOUT
            while not _listens(port):
                if server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(log.read_text(errors="replace")[-2000:])
                time.sleep(0.05)
            yield
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
