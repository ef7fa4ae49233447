#!/usr/bin/env python3
"""Goal: the worked example of docs/protocol.md follows from its inputs by the text of the
protocol alone. Method: this second implementation, in Python's standard library only and
without a line of ours, computes every value again and opens the envelope.
    example_read.py docs/protocol.md
"""
import base64
import hashlib
import hmac
import re
import struct
import sys

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493  # order of the Ed25519 group


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def lp(text):
    return bytes([len(text)]) + text


def x25519(k, u):  # RFC 7748 section 5
    k = bytearray(k)
    k[0] &= 248
    k[31] = k[31] & 127 | 64
    k, u = int.from_bytes(k, "little"), int.from_bytes(u, "little") % 2**255
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for i in reversed(range(255)):
        bit = k >> i & 1
        if swap != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


D = -121665 * pow(121666, P - 2, P) % P


def add(p, q):  # affine, complete; RFC 8032 section 5.1.4
    t = D * p[0] * q[0] * p[1] * q[1] % P
    x = (p[0] * q[1] + q[0] * p[1]) * pow(1 + t, P - 2, P) % P
    y = (p[1] * q[1] + p[0] * q[0]) * pow(1 - t, P - 2, P) % P
    return x, y


def times(n, p):
    out = (0, 1)
    while n:
        if n & 1:
            out = add(out, p)
        p, n = add(p, p), n >> 1
    return out


def point(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y % 2**255
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == xx
    return (P - x if x % 2 != sign else x), y


def verifies(pk, message, sig):  # RFC 8032 section 5.1.7, cofactorless
    s = int.from_bytes(sig[32:], "little")
    k = int.from_bytes(hashlib.sha512(sig[:32] + pk + message).digest(), "little") % Q
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    return s < Q and times(s, base) == add(point(sig[:32]), times(k, point(pk)))


def chacha_block(key, counter):  # RFC 8439 section 2.3, nonce of zeros
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I12x", counter)))
    w = state[:]

    def quarter(a, b, c, d):
        for x, y, z, r in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            w[x] = (w[x] + w[y]) % 2**32
            w[z] ^= w[x]
            w[z] = (w[z] << r | w[z] >> 32 - r) % 2**32

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<16I", *((a + b) % 2**32 for a, b in zip(w, state)))


def seal(key, aad, plain):  # RFC 8439 section 2.8
    stream = b"".join(chacha_block(key, 1 + i) for i in range((len(plain) + 63) // 64))
    ct = bytes(a ^ b for a, b in zip(plain, stream))
    one = chacha_block(key, 0)
    r = int.from_bytes(one[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    pad = lambda b: b + bytes(-len(b) % 16)
    data, acc = pad(aad) + pad(ct) + struct.pack("<QQ", len(aad), len(ct)), 0
    for i in range(0, len(data), 16):
        acc = (acc + int.from_bytes(data[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ct + ((acc + int.from_bytes(one[16:32], "little")) % 2**128).to_bytes(16, "little")


def hpke_export(enc, sk, pk, info, exporter, length):  # RFC 9180, mode base
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    extract = lambda s, salt, label, ikm: hmac.digest(
        salt or bytes(32), b"HPKE-v1" + s + label + ikm, "sha256")
    expand = lambda s, prk, label, more, n: hmac.digest(  # n <= 32: one block
        prk, struct.pack(">H", n) + b"HPKE-v1" + s + label + more + b"\1", "sha256")[:n]
    shared = expand(kem, extract(kem, b"", b"eae_prk", x25519(sk, enc)), b"shared_secret",
                    enc + pk, 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(
        suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    return expand(suite, expand(suite, secret, b"exp", context, 32), b"sec", exporter, length)


def main(file):
    text = open(file, encoding="utf-8").read()
    text = text[text.index("<!-- example:begin -->"):text.index("<!-- example:end -->")]
    checked = []

    def value(label):
        found = re.search(r"^" + re.escape(label) + r"(?: \(\d+ bytes\)\n((?:  [0-9a-f]+\n)+)"
                          r"|  +([0-9a-f]+)\n)", text, re.M)
        return bytes.fromhex(re.sub(r"\s", "", found.group(1) or found.group(2)))

    def same(label, computed):
        assert value(label) == computed, label
        checked.append(label)

    keys = {m.group(1): bytes.fromhex(m.group(2))
            for m in re.finditer(r"^(X\w [a-z ]+?) +[0-9a-f]{2}  ([0-9a-f]{64})$", text, re.M)}
    card = text[text.index("focal-card/v1"):]
    same("card_id", H(card[:card.index("\n\n") + 1].encode()))
    sealing = x25519(b"\x10" * 32, b"\x09" + bytes(31))
    assert sealing == keys["XB sealing"]
    kid = H(b"focal/kid/v1\0\1", sealing)[:16]
    same("kid, week 1", kid)

    prints = [H(b"focal/fp/v1\0", lp(p.encode()), keys[p + " root"]) for p in ("XA", "XB")]
    same("fp(XA)", prints[0])
    same("fp(XB)", prints[1])
    pair = H(b"focal/pair/v1\0", min(prints), max(prints))
    same("N", pair)
    digits = "%060d" % (int.from_bytes(pair, "big") % 10**60)
    assert " ".join(re.findall("." * 5, digits)) in text
    checked.append("shown")

    manifest, stmt, inner = value("manifest"), value("stmt"), value("Inner")
    same("body_commit", H(b"focal/body/v1\0", value("salt"), value("body")))
    assert value("body_commit") in manifest and value("card_id") in manifest
    rid = H(b"\0", manifest)
    same("rid", rid)
    root = H(b"\1", rid, b"\xc0" * 32)
    same("root", root)
    assert root in stmt
    kind = b"application/vnd.focal.batch.v1"
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(stmt), stmt)
    same("PAE", pae)
    assert verifies(keys["XA sign"], pae, value("sig"))
    assert not verifies(keys["XB sign"], pae, value("sig"))
    for part in (stmt, value("sig"), manifest, value("salt"), value("body"), b"\xc0" * 32):
        assert part in inner

    info = b"focal/env/v1\0" + b"\1\0" + lp(b"XB") + kid
    exporter = b"focal/env-key/v1\0" + struct.pack(">Q", 0)
    enc = x25519(b"\x40" * 32, b"\x09" + bytes(31))
    aad = b"\1\1\0" + kid + struct.pack(">H", 32) + enc + b"\0" + struct.pack(">Q", 0)
    same("info", info)
    same("enc", enc)
    same("exporter ctx", exporter)
    same("aad", aad)
    key = hpke_export(enc, b"\x10" * 32, sealing, info, exporter, 32)
    same("key", key)
    envelope = aad + seal(key, aad, (struct.pack(">I", len(inner)) + inner).ljust(1024, b"\0"))
    same("H(envelope)", H(envelope))
    same("env_id", H(b"focal/envelope/v1\0", envelope))

    at_ms = int(re.search(r"stored it at (\d+) ms", text).group(1))
    same("leaf", b"\1\2" + struct.pack(">Q", at_ms) + rid + bytes(32))
    same("leaf hash", H(b"\0", value("leaf")))
    leaves = [value("leaf hash")] + [
        H(b"\0", b"\1\0" + struct.pack(">Q", at_ms) + bytes([n]) * 32 + bytes(32))
        for n in range(1, 64)]
    while len(leaves) > 1:
        leaves = [H(b"\1", a, b) for a, b in zip(leaves[::2], leaves[1::2])]
    assert "focal/XB/log/1\n64\n" + base64.b64encode(leaves[0]).decode() + "\n" in text
    print("computed again:", ", ".join(checked + ["sig", "checkpoint"]))


main(sys.argv[1])
