"""The polynomials of `Float.branchFreeErrorFunction` and `Float.branchFreeNormal`, and their errors.

Prints coefficients from the constant one on. Needs NumPy and SciPy:
python3 scripts/reference/error_function.py
"""

import numpy as np
from numpy.polynomial import chebyshev, polynomial
from scipy.special import erf, erfc, erfcx, log_ndtr, ndtr


def fit(function, low, high, degree, weight=None):
    points = 400
    t = np.cos((np.arange(points) + 0.5) * np.pi / points)
    x = (low + high) / 2 + (high - low) / 2 * t
    series = chebyshev.Chebyshev.fit(
        x, function(x), degree, domain=[low, high], w=weight(x) if weight else None
    )
    return np.float32(series.convert(kind=polynomial.Polynomial).coef)


def near(s):
    x = np.sqrt(s)
    return erf(x) / x


def horner(coefficients, x):
    result = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        result = result * x + coefficient
    return result


# erf(x) / x in s = x^2 up to 1; log erfc(t) from 1 to 4.
p = fit(near, 1e-12, 1.0, 6)
q = fit(lambda t: log_ndtr(-t * np.sqrt(2)) + np.log(2), 1.0, 4.0, 8, lambda t: np.maximum(erfc(t), 1e-8))
print("P:", [float(c) for c in p])
print("Q:", [float(c) for c in q])

x = np.linspace(1e-6, 6, 2_000_001).astype(np.float32)
far = np.float32(1) - np.exp(horner(q, np.minimum(x, np.float32(4)))).astype(np.float32)
y = np.where(x <= 1, x * horner(p, x * x), far)
exact = erf(x.astype(np.float64))
print("largest error, and relative to erf:", np.abs(y - exact).max(), (np.abs(y - exact) / exact).max())

# erfcx(t) / u in u = 1 / (1 + 0.45 t) up to t = 9.5, where single precision ends.
SCALE = 0.45


def argument(u):
    return (1 / u - 1) / SCALE


end = 1 / (1 + SCALE * 9.5)
r = fit(lambda u: erfcx(argument(u)) / u, end, 1.0, 8, lambda u: u / erfcx(argument(u)))
print("R:", [float(c) for c in r])
x = np.linspace(-8, 8, 2_000_001).astype(np.float32)
u = (1 / (1 + np.float32(SCALE * np.sqrt(0.5)) * np.abs(x))).astype(np.float32)
tail = np.exp(-(x.astype(np.float64) ** 2) / 2).astype(np.float32) * u * horner(r, u) / np.float32(2)
y = np.where(x > 0, 1 - tail, tail)
exact = ndtr(x.astype(np.float64))
print("largest error, and relative to the distribution:", np.abs(y - exact).max(), (np.abs(y - exact) / exact).max())
