#!/usr/bin/env python3
"""Mean ranks of samplers from lines of JSON with case, sampler, seed and the best so far after each trial.

usage: sampler_ranks.py FILE

In every case and seed samplers are ranked by the best that they have at the end (1 is best, ties share). The interval of a mean rank is from 10,000 bootstrap
samples of cases and of seeds within them; the first sampler named is told from each other by a sign-flip test of the mean difference in ranks, cases and
seeds as pairs, Holm over all others.
"""
import json
import random
import sys


def ranks(values):
    order = sorted(values, reverse=True)
    return [sum(i + 1 for i, o in enumerate(order) if o == v) / order.count(v) for v in values]


def main():
    lines = [json.loads(line) for line in open(sys.argv[1])]
    samplers = list(dict.fromkeys(line["sampler"] for line in lines))
    cases = list(dict.fromkeys(line["case"] for line in lines))
    seeds = sorted({line["seed"] for line in lines})
    best = {(l["case"], l["sampler"], l["seed"]): l["best"] for l in lines}
    trials = min(len(line["best"]) for line in lines)
    draw = random.Random(1)
    table = {c: {s: ranks([best[c, a, s][trials - 1] for a in samplers]) for s in seeds} for c in cases}
    print(f"{trials} trials, {len(seeds)} seeds; mean best, and mean rank with its 95 % interval\n")
    print("| sampler | mean rank | interval | " + " | ".join(cases) + " |")
    print("|---|---|---|" + "---|" * len(cases))
    for i, sampler in enumerate(samplers):
        mean = sum(table[c][s][i] for c in cases for s in seeds) / len(cases) / len(seeds)
        boot = []
        for _ in range(10_000):
            chosen = draw.choices(cases, k=len(cases))
            boot.append(sum(sum(table[c][s][i] for s in draw.choices(seeds, k=len(seeds))) for c in chosen) / len(cases) / len(seeds))
        boot.sort()
        low, high = boot[int(0.025 * len(boot))], boot[int(0.975 * len(boot))]
        means = [sum(best[c, sampler, s][trials - 1] for s in seeds) / len(seeds) for c in cases]
        print(f"| {sampler} | {mean:.2f} | {low:.2f} to {high:.2f} | " + " | ".join(f"{m:.4f}" for m in means) + " |")
    tests = []
    for j in range(1, len(samplers)):
        pairs = [table[c][s][0] - table[c][s][j] for c in cases for s in seeds]
        observed = abs(sum(pairs))
        flips = sum(abs(sum(p if draw.random() < 0.5 else -p for p in pairs)) >= observed for _ in range(9999))
        worse = [c for c in cases if sum(best[c, samplers[0], s][trials - 1] - best[c, samplers[j], s][trials - 1] for s in seeds) < 0]
        tests.append((float(flips + 1) / 10_000, sum(pairs) / len(pairs), samplers[j], worse))
    print()
    least = 0.0
    for k, (p, difference, other, worse) in enumerate(sorted(tests)):
        least = max(least, min(1.0, p * (len(tests) - k)))
        where = "lower mean in " + ", ".join(worse) if worse else "a mean at least as high in every case"
        print(f"{samplers[0]} against {other}: rank {difference:+.2f}, p = {least:.4f} (Holm); {where}")


main()
