#!/usr/bin/env python3
"""Noiseless functions of BBOB (Hansen, Finck, Ros, Auger, RR-6829, 2009) by their definitions, least value 0; instances are those of bbob.json.

usage: bbob.py  prints bbob.json anew: shifts and rotations from a seed, and the value of each function at one point
"""
import json
import math

import numpy

DIMENSION = 5


def oscillated(x):
    """T_osz of the report: irregular, and monotone."""
    log = numpy.log(numpy.abs(numpy.where(x == 0, 1, x)))
    first, second = numpy.where(x > 0, 10, 5.5), numpy.where(x > 0, 7.9, 3.1)
    return numpy.sign(x) * numpy.exp(log + 0.049 * (numpy.sin(first * log) + numpy.sin(second * log)))


def asymmetric(x, beta):
    """T_asy."""
    powers = 1 + beta * places() * numpy.sqrt(numpy.maximum(x, 0))
    return numpy.where(x > 0, numpy.maximum(x, 0) ** powers, x)


def places():
    return numpy.arange(DIMENSION) / (DIMENSION - 1)


def conditioned(x, alpha):
    """Lambda to the alpha."""
    return alpha ** (places() / 2) * x


def rastrigin(z):
    return 10 * (DIMENSION - numpy.cos(2 * math.pi * z).sum()) + z @ z


def rosenbrock(z):
    return (100 * (z[:-1] ** 2 - z[1:]) ** 2 + (z[:-1] - 1) ** 2).sum()


FUNCTIONS = {
    "f1-sphere": lambda x, r, q: x @ x,
    "f2-ellipsoid": lambda x, r, q: (10 ** (6 * places())) @ oscillated(x) ** 2,
    "f3-rastrigin": lambda x, r, q: rastrigin(conditioned(asymmetric(oscillated(x), 0.2), 10)),
    "f8-rosenbrock": lambda x, r, q: rosenbrock(max(1, math.sqrt(DIMENSION) / 8) * x + 1),
    "f10-ellipsoid-rotated": lambda x, r, q: (10 ** (6 * places())) @ oscillated(r @ x) ** 2,
    "f11-discus": lambda x, r, q: (lambda z: 1e6 * z[0] ** 2 + z[1:] @ z[1:])(oscillated(r @ x)),
    "f14-different-powers": lambda x, r, q: math.sqrt((numpy.abs(r @ x) ** (2 + 4 * places())).sum()),
    "f15-rastrigin-rotated": lambda x, r, q: rastrigin(r @ conditioned(q @ asymmetric(oscillated(r @ x), 0.2), 10)),
}


def value(name, instance, x):
    shifted = numpy.asarray(x, float) - numpy.asarray(instance["least"])
    return float(FUNCTIONS[name](shifted, numpy.asarray(instance["rotation"]), numpy.asarray(instance["second"])))


def main():
    draw = numpy.random.default_rng(1)
    rotation = lambda: numpy.linalg.qr(draw.normal(size=(DIMENSION, DIMENSION)))[0].round(12).tolist()
    point = [-3.5, -1.25, 0.5, 2.0, 4.75]
    functions = {}
    for name in FUNCTIONS:
        instance = {"least": draw.uniform(-4, 4, DIMENSION).round(4).tolist(), "rotation": rotation(), "second": rotation()}
        instance["value"] = value(name, instance, point)
        functions[name] = instance
    about = "Instances of noiseless BBOB functions (Hansen, Finck, Ros, Auger, RR-6829, 2009) on [-5, 5]^5: where each is 0, its rotations, and its value at the point; made by bbob.py"
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(instance)}" for name, instance in functions.items())
    print(f'{{\n "about": {json.dumps(about)},\n "point": {json.dumps(point)},\n "functions": {{\n{lines}\n }}\n}}')


if __name__ == "__main__":
    main()
