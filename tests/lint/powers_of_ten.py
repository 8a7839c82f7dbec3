#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints agent/base/powers_of_ten.inc, the table that agent/base/real.c reads:
ceil(10^k * 2^(127 - floor(log2(10^k)))) for k from -292 to 324, with Python's exact
integers. ./dev generate writes it; the check of generated files compares it."""

from fractions import Fraction


def floor_log2(value):
    e = value.numerator.bit_length() - value.denominator.bit_length()
    return e if value >= Fraction(2) ** e else e - 1


def entry(k):
    power = Fraction(10) ** k
    scaled = power * Fraction(2) ** (127 - floor_log2(power))
    return -(-scaled.numerator // scaled.denominator)


for k in range(-292, 325):
    g = entry(k)
    print(f"\t{{ 0x{g >> 64:016x}, 0x{g & (1 << 64) - 1:016x} }}, /* 1e{k} */")
