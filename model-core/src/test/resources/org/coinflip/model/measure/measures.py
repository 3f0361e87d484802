"""Writes measures.json: predictions, and what scikit-learn and numpy say of them.

    python measures.py > measures.json

Needs numpy and scikit-learn (the file was written with 2.4.6 and 1.9.1). Predictions are float32 numbers; most are multiples of 1/64, so that
scores are equal often and probabilities of 0 occur.
"""

import json
import warnings

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

BINS = 15


def probabilities(random, rows, classes, parts, evenness):
    """Rows that add up to 1, of multiples of 1/parts."""
    return np.array([random.multinomial(parts, random.dirichlet(np.full(classes, evenness))) for _ in range(rows)]) / parts


def labels_of(random, p):
    """Labels drawn from flattened predictions: a network that is too sure of itself."""
    flat = 0.6 * p / p.sum(axis=1, keepdims=True) + 0.4 / p.shape[1]
    return np.array([random.choice(p.shape[1], p=row) for row in flat])


def area(sureness, wrong):
    """The area under the risk-coverage curve, the mean over random orders of what is equally sure, by its definition."""
    n = len(wrong)
    order = np.argsort(-sureness, kind="stable")
    expected = np.array([wrong[sureness == s].mean() for s in sureness[order]])
    return float(np.mean(np.cumsum(expected) / np.arange(1, n + 1)))


def rejection(sureness, wrong):
    n = len(wrong)
    order = np.argsort(-sureness, kind="stable")
    expected = np.array([wrong[sureness == s].mean() for s in sureness[order]])
    return [float(expected[: n - i * n // 20].mean()) for i in range(20)]


def classification(p, labels, is_probability):
    classes = p.shape[1]
    best = p.argmax(axis=1)
    right = best == labels
    confidence = p.max(axis=1)
    two = {"average": "binary"} if classes == 2 else {"average": "macro"}
    expected = {
        "balancedError": 1 - metrics.balanced_accuracy_score(labels, best),
        "precision": metrics.precision_score(labels, best, zero_division=0, **two),
        "recall": metrics.recall_score(labels, best, zero_division=0, **two),
        "f1": metrics.f1_score(labels, best, zero_division=0, **two),
        "rejectionArea": area(confidence, ~right),
        "rejection": rejection(confidence, ~right),
    }
    per_class = metrics.precision_recall_fscore_support(labels, best, labels=range(classes), zero_division=np.nan)
    present = [c for c in range(classes) if 0 < (labels == c).sum() < len(labels)]
    aucs = {c: metrics.roc_auc_score(labels == c, p[:, c]) for c in present}
    aps = {c: metrics.average_precision_score(labels == c, p[:, c]) for c in present}
    expected["auc"] = aucs[1] if classes == 2 else float(np.mean(list(aucs.values())))
    expected["averagePrecision"] = aps[1] if classes == 2 else float(np.mean(list(aps.values())))
    expected["perClass"] = [
        {
            key: None if value is None or np.isnan(value) else float(value)
            for key, value in {
                "precision": per_class[0][c],
                "recall": per_class[1][c],
                "f1": per_class[2][c],
                "auc": aucs.get(c),
                "averagePrecision": aps.get(c),
            }.items()
        }
        for c in range(classes)
    ]
    if classes == 2:
        false_positives, recall, _ = metrics.roc_curve(labels, p[:, 1], drop_intermediate=False)
        precision, same, _ = metrics.precision_recall_curve(labels, p[:, 1])
        assert np.array_equal(same[-2::-1], recall[1:])
        expected["thresholds"] = {
            "falsePositiveRate": false_positives[1:].tolist(),
            "recall": recall[1:].tolist(),
            "precision": precision[-2::-1].tolist(),
        }
    # equal predictions of one example are ordered otherwise there
    if all(len(set(row)) == classes for row in p):
        for k in (2, 3, 5, 10):
            if k < classes:
                expected["top%dError" % k] = 1 - metrics.top_k_accuracy_score(labels, p, k=k, labels=range(classes))
    if is_probability:
        expected["logLoss"] = metrics.log_loss(labels, p, labels=range(classes))
        expected["brier"] = float(metrics.brier_score_loss(labels, p, labels=range(classes), scale_by_half=False))
        accuracy, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="uniform")
        counts = np.histogram(-confidence, bins=np.flip(-np.linspace(0, 1, BINS + 1)))[0][::-1]
        counts = counts[counts > 0]
        gaps = np.abs(accuracy - mean)
        expected["ece"] = float((counts * gaps).sum() / len(labels))
        expected["mce"] = float(gaps.max())
        expected["calibration"] = {"accuracy": accuracy.tolist(), "confidence": mean.tolist()}
    else:
        expected.update(residuals(p, np.eye(classes)[labels]))
    return {"predictions": p.tolist(), "labels": labels.tolist(), "expected": expected}


def residuals(y, t):
    return {
        "mae": float(metrics.mean_absolute_error(t, y)),
        "rmse": float(np.sqrt(metrics.mean_squared_error(t, y))),
        "r2": float(metrics.r2_score(t, y, multioutput="variance_weighted")),
    }


def entropy(p):
    return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(axis=-1)


def drawn(random, draws, rows, classes):
    p = np.array([probabilities(random, rows, classes, 64, 0.7) for _ in range(draws)])
    # all draws of the first agree
    p[:, 0] = p[0, 0]
    labels = labels_of(random, p.mean(axis=0))
    counts = [1, 2, 4, draws]
    # predictions are float32
    means = [p[:count].mean(axis=0).astype(np.float32).astype(np.float64) for count in counts]
    best = means[-1].argmax(axis=1)
    predictive = entropy(p.mean(axis=0))
    information = predictive - entropy(p).mean(axis=0)
    expected = {
        "draws": draws,
        "predictiveEntropy": float(predictive.mean()),
        "expectedEntropy": float(entropy(p).mean()),
        "mutualInformation": float(information.mean()),
        "disagreement": float((p.argmax(axis=2) != best).mean()),
        "deviation": float(np.sqrt(p.var(axis=0, ddof=1).mean(axis=1)).mean()),
        "byDraws": [
            {
                "draws": count,
                "error": float(metrics.zero_one_loss(labels, mean.argmax(axis=1))),
                "logLoss": metrics.log_loss(labels, mean, labels=range(classes)),
            }
            for count, mean in zip(counts, means)
        ],
    }
    return {"draws": p.tolist(), "labels": labels.tolist(), "expected": expected}


def main():
    warnings.simplefilter("error")
    random = np.random.default_rng(20261202)
    three = probabilities(random, 60, 3, 64, 0.8)
    two = probabilities(random, 80, 2, 64, 0.9)
    four = probabilities(random, 40, 4, 64, 0.6)
    # class 2 has no example
    missing = labels_of(random, four)
    missing[missing == 2] = 3
    twelve = random.dirichlet(np.full(12, 0.5), 48).astype(np.float32).astype(np.float64)
    twelve_labels = np.concatenate([np.arange(12), labels_of(random, twelve)[12:]])
    scores = (random.normal(0.3, 0.5, (40, 3)) * 64).round() / 64
    values = (random.normal(1000, 2, 50)).astype(np.float32).astype(np.float64)
    outputs = (values + random.normal(0, 1, 50)).astype(np.float32).astype(np.float64)
    with warnings.catch_warnings():
        # rows of float32 add up to 1 but for rounding, and a class without examples is what is tested
        warnings.simplefilter("ignore")
        cases = {
            "threeClasses": classification(three, labels_of(random, three), True),
            "twoClasses": classification(two, labels_of(random, two), True),
            "aClassWithoutExamples": classification(four, missing, True),
            "twelveClasses": classification(twelve, twelve_labels, True),
            "scores": classification(scores, random.integers(0, 3, 40), False),
            "draws": drawn(random, 7, 24, 3),
        }
    cases["regression"] = {"predictions": outputs.tolist(), "values": values.tolist(), "expected": residuals(outputs, values)}
    print(json.dumps(cases, indent=None, separators=(",", ":")))


main()
