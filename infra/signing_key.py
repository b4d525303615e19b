"""Make the key that signs access tokens, where there is none yet.

python -m infra.signing_key /keys/signing.pem
"""

import os
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@click.command(help=__doc__)
@click.argument("file", type=click.Path(path_type=Path))
def main(file: Path) -> None:
    """Write a new Ed25519 private key in PEM, readable by its owner alone; leave one that is there."""
    if file.exists():
        click.echo(f"{file} is there")
        return
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(pem)
    click.echo(f"{file} made")


if __name__ == "__main__":
    main()
