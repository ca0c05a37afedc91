# SPDX-License-Identifier: Apache-2.0
"""Authorities and server certificates for tests, made at run time."""

import datetime
import ipaddress
import os
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Authority:
    """Issues certificates; its own is `pem`."""

    def __init__(self, folder, name="Test authority"):
        self.folder = folder
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._builder(_name(name), self.key, _name(name)).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        ).sign(self.key, hashes.SHA256())  # fmt: skip
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @staticmethod
    def _builder(subject, key, issuer, first=-DAY, last=DAY):
        now = datetime.datetime.utcnow()
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + first).not_valid_after(now + last)
        )  # fmt: skip

    def context(self, *hosts, expired=False, maximum=None):
        """A TLS server's context with a certificate for `hosts`."""
        key = ec.generate_private_key(ec.SECP256R1())
        first, last = (-3 * DAY, -DAY) if expired else (-DAY, DAY)
        builder = self._builder(
            _name(hosts[0]), key, self.certificate.subject, first, last
        ).add_extension(
            x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        path = os.path.join(self.folder, f"{certificate.serial_number}.pem")
        with open(path, "wb") as file:
            file.write(certificate.public_bytes(serialization.Encoding.PEM))
            file.write(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if maximum:
            context.maximum_version = maximum
        return context
