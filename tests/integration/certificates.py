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
        return self._issue(hosts, self.certificate.subject, self.key, expired, maximum).context

    def self_signed(self, *hosts):
        """A certificate that this authority has nothing to do with: `pem` and `context`."""
        return self._issue(hosts, _name(hosts[0]), None, False, None)

    def _issue(self, hosts, issuer, signer, expired, maximum):
        key = ec.generate_private_key(ec.SECP256R1())
        first, last = (-3 * DAY, -DAY) if expired else (-DAY, DAY)
        names = x509.SubjectAlternativeName([_alternative(host) for host in hosts])
        certificate = (
            self._builder(_name(hosts[0]), key, issuer, first, last)
            .add_extension(names, critical=False)
            .sign(signer or key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        path = os.path.join(self.folder, f"{certificate.serial_number}.pem")
        with open(path, "wb") as file:
            file.write(pem)
            file.write(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if maximum:
            context.maximum_version = maximum
        return Issued(pem.decode(), context)


class Issued:
    """A server's certificate and the context that shows it."""

    def __init__(self, pem, context):
        self.pem = pem
        self.context = context
