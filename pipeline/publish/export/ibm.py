"""Numbers as SAS transport files hold them: floating point of the IBM System/360, eight bytes, nothing lost.

Source: SAS technical note TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format".
"""

from __future__ import annotations

import numpy as np

MISSING = np.uint64(0x2E) << np.uint64(56)
SIGN = np.uint64(1) << np.uint64(63)
LEAST, MOST = -64, 63  # powers of 16


def carried(values: np.ndarray) -> np.ndarray:
    """True for numbers that have an exact form: finite and between 16^-65 and 16^63; also for missing ones."""
    power = _parts(values)[1]
    fits = np.isfinite(values) & (power >= LEAST) & (power <= MOST)
    return fits | np.isnan(values) | (values == 0)


def ibm_bytes(values: np.ndarray) -> np.ndarray:
    """The numbers as rows of eight bytes; a missing one is SAS's dot. Of numbers not `carried` nothing is promised.

    A double is m * 2^e with 53 bits of m; a number of IBM is f * 16^p with 56, so that shifting by up to 3 loses none.
    """
    fraction, power = _parts(values)
    bits = fraction | (power + 64).astype("uint64") << np.uint64(56)
    bits = np.where(values < 0, bits | SIGN, bits)
    bits = np.where(values == 0, np.uint64(0), bits)
    bits = np.where(np.isnan(values), MISSING, bits)
    return bits.astype(">u8").view("u1").reshape(len(values), 8)


def _parts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 56 bits of the fraction, and the power of 16."""
    mantissa, exponent = np.frexp(np.where(np.isfinite(values), np.abs(values), 0.0))
    power = -(-exponent // 4)
    whole = (mantissa * 2.0**53).astype("uint64")
    return whole << (3 - (4 * power - exponent)).astype("uint64"), power
