# SPDX-License-Identifier: Apache-2.0
"""The id of a sample, made from docs/DATA-MODEL.md alone: a second implementation
that the agent's output is compared with."""

MASK = (1 << 64) - 1
KINDS = {"gauge": 0, "delta": 1, "cumulative": 2}


def _rotate(value, bits):
    return ((value << bits) | (value >> (64 - bits))) & MASK


def _round(v):
    v[0] = (v[0] + v[1]) & MASK
    v[1] = _rotate(v[1], 13) ^ v[0]
    v[0] = _rotate(v[0], 32)
    v[2] = (v[2] + v[3]) & MASK
    v[3] = _rotate(v[3], 16) ^ v[2]
    v[0] = (v[0] + v[3]) & MASK
    v[3] = _rotate(v[3], 21) ^ v[0]
    v[2] = (v[2] + v[1]) & MASK
    v[1] = _rotate(v[1], 17) ^ v[2]
    v[2] = _rotate(v[2], 32)


def siphash128(key, message):
    """SipHash-2-4 with 16 bytes of output, as its authors' siphash.c has it."""
    k0 = int.from_bytes(key[:8], "little")
    k1 = int.from_bytes(key[8:], "little")
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D ^ 0xEE,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]
    whole = len(message) // 8 * 8
    words = [int.from_bytes(message[i:i + 8], "little") for i in range(0, whole, 8)]
    words.append(int.from_bytes(message[whole:], "little") | (len(message) & 255) << 56)
    for word in words:
        v[3] ^= word
        _round(v)
        _round(v)
        v[0] ^= word
    v[2] ^= 0xEE
    for _ in range(4):
        _round(v)
    first = v[0] ^ v[1] ^ v[2] ^ v[3]
    v[1] ^= 0xDD
    for _ in range(4):
        _round(v)
    second = v[0] ^ v[1] ^ v[2] ^ v[3]
    return first.to_bytes(8, "little") + second.to_bytes(8, "little")


def _varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _text(text):
    encoded = text.encode()
    return _varint(len(encoded)) + encoded


def sample_id(identity, metric, kind, unit, labels, time_ns, start_ns):
    """labels: the series' own, with its tenant as one of them where the plugin set
    one; start_ns: 0 where there is none. Returns 32 hexadecimal digits."""
    message = _text(identity) + _text(metric) + bytes([KINDS[kind]]) + _text(unit)
    message += _varint(len(labels))
    for name in sorted(labels, key=str.encode):
        message += _text(name) + _text(labels[name])
    series = siphash128(b"rookery.sample.1", message)
    times = (time_ns & MASK).to_bytes(8, "little") + (start_ns & MASK).to_bytes(8, "little")
    return siphash128(series, times).hex()
