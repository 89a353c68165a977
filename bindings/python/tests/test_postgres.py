"""A directory on PostgreSQL, on a server of this test's own: loopback, an unprivileged user, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Iterator

import pytest

import linecard
from house import furnish


def programs() -> Path:
    """The newest version's; Debian does not have them in PATH."""
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda p: int(p.parent.name))
    assert shutil.which("initdb"), "initdb is not installed (Debian: postgresql); the library has PostgreSQL, so test it"
    return Path(str(shutil.which("initdb"))).parent


def without_preload() -> dict[str, str]:
    """PostgreSQL's programs are not ours to sanitize: some of them hang under a preloaded run-time library."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def built_without() -> bool:
    try:
        linecard.Directory.create(postgres="host=/nonexistent")
    except linecard.LinecardError as refused:
        assert refused.reason in ("not_built", "store_unreachable")
        return refused.reason == "not_built"
    raise AssertionError("a server at /nonexistent")


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    if built_without():
        yield ""
        return
    folder = tempfile.mkdtemp(prefix="linecard-py-")
    become: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        who = next(u for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))
        os.chown(folder, who.pw_uid, who.pw_gid)
        become = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    data = folder + "/data"
    quiet: dict[str, object] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **become}
    quiet["env"] = without_preload()
    initialise = [programs() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(initialise, check=True, **quiet)  # type: ignore[call-overload]
    run = [programs() / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    server = subprocess.Popen(run, **quiet)  # type: ignore[call-overload]
    try:
        ready = [programs() / "pg_isready", "-q", "-h", folder]
        while subprocess.run(ready, **quiet).returncode != 0:  # type: ignore[call-overload]
            assert server.poll() is None, "the server does not start"
            time.sleep(0.05)  # until it answers; a server that does not start ends
        yield f"host={folder} user=postgres dbname=postgres"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_directory_on_postgresql_is_made_used_and_opened_again(conninfo: str) -> None:
    if not conninfo:  # this library has none, and says so instead
        with pytest.raises(linecard.LinecardError, match="not_built"):
            linecard.Directory.create(postgres="dbname=x")
        return
    directory, key = linecard.Directory.create(postgres=conninfo)
    made = furnish(directory)
    user = made.acme.adopt_user(first_name="Ulf", last_name="User", email="ulf@acme.example").created_id("user")
    made.acme.assign_package(user_id=user, package_id=made.package["Basic"])
    tenant = made.acme.scope_id
    digest = directory.state_digest()
    made.close()
    with linecard.Directory.open(postgres=conninfo, host_key=key) as again:
        assert again.state_digest() == digest
        with again.actor(email="ops@pbx.example", scope_id=tenant) as acme:
            assert acme.find_user(user_id=user)["package"] == "Basic"
    with pytest.raises(linecard.LinecardError, match="not_created"):
        linecard.Directory.open(postgres=conninfo, postgres_schema="another", host_key=key)


def sql(conninfo: str, text: str) -> str:
    """As the host, with PostgreSQL's own tool."""
    asked = [programs() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-c", text]
    return subprocess.run(asked, check=True, capture_output=True, text=True, env=without_preload()).stdout.strip()


def test_B16_users_stand_in_the_hosts_own_table_on_postgresql(conninfo: str) -> None:
    if not conninfo:
        return
    sql(
        conninfo,
        "CREATE TABLE public.users (staff_id INT PRIMARY KEY GENERATED ALWAYS AS IDENTITY, given TEXT, family TEXT,"
        " desk TEXT DEFAULT 'none'); INSERT INTO public.users (given, family) VALUES ('Maud', 'Lewis')",
    )
    names = [("first_name", "given"), ("last_name", "family")]
    mapping = {
        "table": "users",
        "host_table": "public.users",
        "host_key": "staff_id",
        "reference": "external_ref",
        "columns": [{"column": ours, "host_column": theirs} for ours, theirs in names],
    }
    schema = "linecard_mapped"
    directory, _ = linecard.Directory.create(postgres=conninfo, postgres_schema=schema, mapped=[mapping])
    made = furnish(directory)
    adopted = made.acme.adopt_user(
        first_name="Maud", last_name="Lewis", email="maud@acme.example", external_ref="1"
    ).created_id("user")
    made.acme.adopt_user(first_name="Nora", last_name="New", email="nora@acme.example")
    assert sql(conninfo, "SELECT desk FROM public.users WHERE given = 'Nora'") == "none"
    sql(conninfo, "UPDATE public.users SET family = 'Zorn' WHERE staff_id = 1")
    assert made.acme.find_user(user_id=adopted)["last_name"] == "Zorn"
    assert {change["record"] for change in made.acme.reconcile().changes} == {"users"}
    assert made.acme.reconcile().changes == []
    sql(conninfo, "DELETE FROM public.users WHERE staff_id = 1")
    with pytest.raises(linecard.NotFound, match="user_unknown"):
        made.acme.find_user(user_id=adopted)
    made.close()


def test_what_is_wrong_with_a_server_is_told_by_reason_and_never_tells_the_password(conninfo: str) -> None:
    if not conninfo:
        return
    secret = "pa55word"
    for refusal, text in {
        "postgres_invalid": f"host=x {secret}",
        "store_unreachable": f"host=127.0.0.1 port=1 dbname=x password={secret}",
        "store_no_database": conninfo.replace("dbname=postgres", f"dbname=none password={secret}"),
    }.items():
        with pytest.raises(linecard.LinecardError) as refused:
            linecard.Directory.create(postgres=text)
        assert refused.value.reason == refusal
        assert secret not in str(refused.value)
    with pytest.raises(linecard.Invalid, match="postgres_schema_invalid"):
        linecard.Directory.create(postgres=conninfo, postgres_schema="pg_mine")
    with pytest.raises(linecard.Invalid, match="one_store_needed"):
        linecard.Directory.create("acme.db", postgres=conninfo)
