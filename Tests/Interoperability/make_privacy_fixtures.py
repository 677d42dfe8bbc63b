"""Writes renyi.json, sharing.json and masks.json of Tests/FederationTests/Fixtures.

Usage: python make_privacy_fixtures.py     (dp-accounting 0.6.0, mpmath 1.4.1, pyshamir 1.1.0, cryptography 50.0.2)

renyi.json: the Poisson-subsampled Gaussian mechanism, neighbours by adding or removing one contributor. Divergences of
one release by quadrature with 30 digits; epsilon by dp-accounting at its own orders, at whole orders, and by its privacy
loss distributions, and by quadrature (scipy 1.17.1) at the orders 1.1 to 10.9. sharing.json: shares over GF(256) by pyshamir, each with its point. masks.json: X25519, HKDF-SHA256
and AES-256-CTR by the package cryptography; three parties with test keys.
"""

import json
import struct
from importlib.metadata import version
from pathlib import Path

import mpmath
import numpy as np
import pyshamir
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent, pld, rdp
from scipy.integrate import quad

FIXTURES = Path(__file__).resolve().parent.parent / "FederationTests" / "Fixtures"
WHOLE_ORDERS = list(range(2, 64)) + [128, 256]
mpmath.mp.dps = 30


def write(name, origin, content):
    FIXTURES.mkdir(exist_ok=True)
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps({"origin": f"{origin} {version(origin)}", **content}) + "\n")
    print(path.name, path.stat().st_size)


def divergence(q, sigma, order):
    if q == 1:
        return order / (2 * sigma**2)
    q, sigma, order = mpmath.mpf(q), mpmath.mpf(sigma), mpmath.mpf(order)

    def integrand(t):
        ratio = (1 - q) + q * mpmath.exp((2 * t * sigma - 1) / (2 * sigma**2))
        return mpmath.npdf(t) * ratio**order

    # Pieces of one unit, far beyond the last bump.
    last = int(mpmath.ceil(order / sigma)) + 14
    value = mpmath.quad(integrand, list(range(-14, last + 1)))
    return float(mpmath.log(value) / (order - 1))


def quadrature_epsilon(q, sigma, releases, delta):
    best = float("inf")
    for tenths in range(11, 110):
        order = tenths / 10

        def integrand(t):
            u = (2 * t * sigma - 1) / (2 * sigma**2)
            ratio = np.logaddexp(np.log1p(-q), np.log(q) + u) if q < 1 else u
            return np.exp(order * ratio - t * t / 2) / np.sqrt(2 * np.pi)

        pieces = [quad(integrand, a, a + 1, epsabs=0)[0] for a in range(-12, int(order / sigma) + 13)]
        total = releases * np.log(sum(pieces)) / (order - 1)
        best = min(best, total + np.log1p(-1 / order) - np.log(delta * order) / (order - 1))
    return float(best)


def epsilon(q, sigma, releases, delta, accountant):
    event = GaussianDpEvent(sigma)
    if q < 1:
        event = PoissonSampledDpEvent(q, event)
    accountant.compose(SelfComposedDpEvent(event, releases))
    return accountant


def case(q, sigma, releases, delta):
    whole = epsilon(q, sigma, releases, delta, rdp.RdpAccountant(orders=WHOLE_ORDERS))
    theirs = epsilon(q, sigma, releases, delta, rdp.RdpAccountant())
    exact = epsilon(q, sigma, releases, delta, pld.PLDAccountant())
    orders = [1.1, 1.25, 1.5, 1.7, 2, 2.5, 3, 4.3, 5, 8, 10.9, 16, 32]
    return {
        "q": q, "sigma": sigma, "releases": releases, "delta": delta, "orders": orders,
        "divergences": [divergence(q, sigma, order) for order in orders],
        "wholeOrders": list(map(float, WHOLE_ORDERS)),
        "wholeDivergences": [float(x) / releases for x in whole._rdp],
        "wholeEpsilon": whole.get_epsilon(delta), "epsilon": theirs.get_epsilon(delta),
        "order": float(theirs.get_epsilon_and_optimal_order(delta)[1]),
        "quadratureEpsilon": quadrature_epsilon(q, sigma, releases, delta),
        "lossEpsilon": exact.get_epsilon(delta),
    }


def sharing(secret, holders, threshold):
    shares = [list(share) for share in pyshamir.split(secret, holders, threshold)]
    return {
        "secret": list(secret), "threshold": threshold, "points": [share[-1] for share in shares],
        "shares": [share[:-1] for share in shares],
    }


def masks():
    keys = [
        X25519PrivateKey.from_private_bytes(bytes.fromhex(digits)) for digits in (
            "721b2d6b78bbe60973d1b92e7f3169ce4fcc4935a5b9ea8c7b30919947b9084f",
            "95b7c937cde55706e0ae477d612cc9824cf4581df49eeb2248bda0debd85b169",
            "edd1591c448eb5a332923d7fd1ecbc1c3525b5e7dc3ce6f40e44ca89e638437e",
        )
    ]
    values = np.array([
        [0.5, -1.25, 2.0, 0.0, -0.125, 3.0], [1.0, 0.25, -0.5, 3.0, -7.5, 2.0**-10],
        [-2.0, 1.0, 0.75, -3.0, 100.0, -1000.5],
    ])
    turn, count = 7, values.shape[1]

    def public(key):
        return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    def mask(a, b):
        secret = keys[a].exchange(X25519PublicKey.from_public_bytes(public(keys[b])))
        key = HKDF(hashes.SHA256(), 32, b"edgewise-secure-aggregation/1", struct.pack(">Q", turn)).derive(secret)
        stream = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(4 * count))
        return np.frombuffer(stream, "<u4").astype(np.uint64)

    masked = []
    for own in range(len(keys)):
        words = np.rint(values[own] * 2**16).astype(np.int64).astype(np.uint64)
        for other in range(len(keys)):
            if other != own:
                words = words + mask(own, other) if own < other else words - mask(own, other)
        masked.append((words % np.uint64(2**32)).tolist())
    raw = serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    return {
        "round": turn, "privateKeys": [list(key.private_bytes(*raw)) for key in keys],
        "publicKeys": [list(public(key)) for key in keys], "values": values.tolist(), "masked": masked,
        "sum": values.sum(axis=0).tolist(),
    }


write("masks", "cryptography", masks())
write("sharing", "pyshamir", {"cases": [
    sharing(bytes(range(32)), 3, 2), sharing(bytes([0, 255, 1, 128]), 10, 7), sharing(bytes(range(200, 232)), 40, 27),
]})
write("renyi", "dp-accounting", {"cases": [
    case(0.01, 1.1, 1000, 1e-5), case(0.1, 1.0, 100, 1e-5), case(1.0, 2.0, 50, 1e-5), case(0.25, 0.8, 200, 1e-6),
    case(0.001, 0.7, 10_000, 1e-6), case(0.5, 5.0, 100, 1e-5), case(0.2, 3.0, 1000, 1e-3), case(1.0, 30.0, 1, 1e-2),
    case(0.9, 0.4, 3, 1e-5), case(0.02, 10.0, 200, 1e-5),
]})
