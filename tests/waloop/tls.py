"""A certificate authority of our own, for the hosts of WhatsApp: verification in the client stays on."""

import datetime as dt
import ssl
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOSTS = ["web.whatsapp.com", "mmg.whatsapp.net", "*.whatsapp.net", "*.whatsapp.com"]


def certificates(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The authority's file, for SSL_CERT_FILE, and a server context with a certificate it signed."""
    authority, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = _name("loopback test authority")
    root = _certificate(name, name, authority.public_key(), authority, [(x509.BasicConstraints(True, 0), True)])
    hosts = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    served = _certificate(_name(HOSTS[0]), name, leaf.public_key(), authority, [(hosts, False)])
    pem = serialization.Encoding.PEM
    secret = leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(root.public_bytes(pem))
    chain.write_bytes(served.public_bytes(pem) + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return trusted, context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    extensions: Iterable[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256())
