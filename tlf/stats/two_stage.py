"""Simon's two-stage design of a single-arm trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tlf.stats.binomial import upper_tail


@dataclass(frozen=True)
class TwoStage:
    """Stop after n1 subjects with at most r1 responses; of n subjects, at most r responses do not decide.

    alpha and power are attained; pet is the probability of an early stop and en the expected number of subjects, both
    under p0.
    """

    r1: int
    n1: int
    r: int
    n: int
    alpha: float
    power: float
    pet: float
    en: float


def simon(p0: float, p1: float, alpha: float, power: float, largest: int = 100) -> dict[str, TwoStage | None]:
    """OPTIMAL (smallest expected number under p0) and MINIMAX (smallest n, then smallest expected number) designs.

    None where no design of at most `largest` subjects keeps alpha and power. Raises ValueError unless
    0 < p0 < p1 < 1. Source: Simon 1989, Controlled Clinical Trials 10:1-10; analysis plan 8.5.
    """
    if not 0 < p0 < p1 < 1:
        raise ValueError(f"p0 {p0} and p1 {p1}: a two-stage design needs 0 < p0 < p1 < 1")
    sizes = [(n1, n) for n in range(2, largest + 1) for n1 in range(1, n)]
    designs = [design for n1, n in sizes for design in _of(n1, n, p0, p1, alpha, power)]
    return {
        "OPTIMAL": min(designs, key=lambda d: (d.en, d.n, d.n1), default=None),
        "MINIMAX": min(designs, key=lambda d: (d.n, d.en, d.n1), default=None),
    }


def _of(n1: int, n: int, p0: float, p1: float, alpha: float, power: float) -> list[TwoStage]:
    """For each r1 the design with the smallest r that keeps alpha, where it has the power."""
    deciding0, deciding1 = _deciding(n1, n, p0), _deciding(n1, n, p1)  # [r1, r]: P(more than r1, then more than r)
    kept = deciding0 <= alpha
    r = np.where(kept.any(axis=1), kept.argmax(axis=1), n)
    r1 = np.arange(n1)
    enough = (r < n) & (r >= r1) & (np.take_along_axis(deciding1, np.minimum(r, n - 1)[:, None], axis=1)[:, 0] >= power)
    stops = 1 - upper_tail(r1 + 1, n1, p0)
    return [
        TwoStage(int(a), n1, int(b), n, float(deciding0[a, b]), float(deciding1[a, b]), float(stops[a]),
                 float(n1 + (1 - stops[a]) * (n - n1)))
        for a, b in zip(r1[enough], r[enough], strict=True)
    ]  # fmt: skip


def _deciding(n1: int, n: int, p: float) -> np.ndarray:
    """P(X1 > r1 and X1 + X2 > r) for r1 of 0 to n1 - 1 (rows) and r of 0 to n - 1 (columns)."""
    x1 = np.arange(n1 + 1)
    tail = upper_tail(x1, n1, p)
    exactly = tail - np.append(tail[1:], 0.0)
    later = upper_tail(np.arange(n)[None, :] + 1 - x1[:, None], n - n1, p)  # [x1, r]
    joint = exactly[:, None] * later
    return joint[::-1].cumsum(axis=0)[::-1][1:]
