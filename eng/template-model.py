#!/usr/bin/env python3
"""Makes the model that the templates start with: python3 eng/template-model.py (needs numpy).

The customers are made up: a generator with a fixed seed, and a rule with chance in it that says who leaves. A logistic
regression is fitted to them; the transformer's template gets its scaler and weights, the explainer's an ONNX file and
the customers as an artefact. Prints the weights, which ChurnPredictor.cs has in it.
"""
import json
import pathlib
import struct

import numpy as np

FIELDS = ["age", "tenure_days", "monthly_spend", "support_tickets", "last_login_days"]
CONTENT = pathlib.Path(__file__).parent.parent / "templates/Sidecars.Templates/content"


def customers(count, random):
    rows = np.column_stack([
        random.integers(18, 80, count),
        random.integers(0, 2500, count),
        random.integers(500, 15000, count) / 100,
        np.minimum(random.integers(0, 10, count), random.integers(0, 10, count)),
        np.minimum(random.integers(0, 120, count), random.integers(0, 120, count)),
    ])
    tendency = -0.6 - 0.01 * (rows[:, 0] - 45) - 0.0011 * rows[:, 1] - 0.012 * rows[:, 2] + 0.45 * rows[:, 3] + 0.035 * rows[:, 4]
    return rows, random.random(count) < 1 / (1 + np.exp(-tendency))


def fit(x, y, rounds=25):
    """Newton's method on the likelihood, with a little ridge."""
    x = np.column_stack([np.ones(len(x)), x])
    w = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(w)), x.T @ (y - p) - 1e-3 * w)
    return w


# Just as much of protobuf and ONNX as one scaler and one linear classifier need.
def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def floats(name, values):
    return block(5, block(1, name) + b"".join(varint(7 << 3 | 5) + struct.pack("<f", v) for v in values) + number(20, 6))


def ints(name, values):
    return block(5, block(1, name) + b"".join(number(8, v) for v in values) + number(20, 7))


def integer(name, value):
    return block(5, block(1, name) + number(3, value) + number(20, 2))


def text(name, value):
    return block(5, block(1, name) + block(4, value) + number(20, 3))


def node(kind, inputs, outputs, *attributes):
    names = b"".join(block(1, i) for i in inputs) + b"".join(block(2, o) for o in outputs)
    return block(1, names + block(3, kind) + block(4, kind) + b"".join(attributes) + block(7, "ai.onnx.ml"))


def value(field, name, element, *columns):
    shape = block(1, block(2, "rows")) + b"".join(block(1, number(1, c)) for c in columns)
    return block(field, block(1, name) + block(2, block(1, number(1, element) + block(2, shape))))


def onnx(mean, deviation, weights, intercept):
    graph = (
        node("Scaler", ["customers"], ["scaled"], floats("offset", mean), floats("scale", 1 / deviation))
        + node("LinearClassifier", ["scaled"], ["label", "probabilities"],
               floats("coefficients", [*-weights, *weights]), floats("intercepts", [-intercept, intercept]),
               ints("classlabels_ints", [0, 1]), integer("multi_class", 1), text("post_transform", "LOGISTIC"))
        + block(2, "churn")
        + value(11, "customers", 1, len(FIELDS))
        + value(12, "label", 7) + value(12, "probabilities", 1, 2))
    opsets = block(8, block(1, "") + number(2, 17)) + block(8, block(1, "ai.onnx.ml") + number(2, 1))
    return number(1, 8) + block(2, "sidecars") + block(7, graph) + opsets


def csv(rows, left=None):
    lines = [",".join(FIELDS + ([] if left is None else ["left"]))]
    for i, row in enumerate(rows):
        lines.append(",".join(f"{v:g}" for v in row) + ("" if left is None else f",{int(left[i])}"))
    return "\n".join(lines) + "\n"


random = np.random.default_rng(20260101)
rows, left = customers(4000, random)
mean, deviation = (np.float32(np.round(v, 4)).astype(float) for v in (rows.mean(0), rows.std(0)))
intercept, *weights = np.round(fit((rows - mean) / deviation, left), 4)
weights = np.array(weights)
right = ((((rows - mean) / deviation) @ weights + intercept > 0) == left).mean()
print("intercept", intercept, "weights", dict(zip(FIELDS, weights)), "accuracy", round(float(right), 3))

transformer = CONTENT / "kserve-transformer/src/Company.Churn-1/model"
explainer = CONTENT / "kserve-explainer/src/Company.Churn-1/model"
for folder in (transformer, explainer):
    folder.mkdir(parents=True, exist_ok=True)
rounded = {"features": FIELDS, "mean": np.round(mean, 4).tolist(), "deviation": np.round(deviation, 4).tolist()}
(transformer / "scaler.json").write_text(json.dumps(rounded, indent=2) + "\n")
(transformer / "customers.csv").write_text(csv(rows[:200]))
(explainer / "customers.csv").write_text(csv(rows[:1000]))
(explainer / "model.onnx").write_bytes(onnx(mean, deviation, weights, intercept))
features = [{"name": f} for f in FIELDS]
common = {"schema": "sidecars/explainer-v1", "features": features}
(transformer / "explainer.json").write_text(json.dumps({
    **common, "data": "customers.csv", "background": {"rows": 50, "method": "kmeans"}, "output": "churn_probability",
    "explainers": [{"type": "Shap", "options": {}}]}, indent=2) + "\n")
(explainer / "explainer.json").write_text(json.dumps({
    **common, "classes": ["stays", "leaves"], "data": "customers.csv", "background": {"rows": 100, "method": "kmeans"},
    "model": "model.onnx",
    "explainers": [{"type": "AnchorTabular", "options": {"threshold": 0.9}}, {"type": "Shap", "options": {}}]}, indent=2) + "\n")
