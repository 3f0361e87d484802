#!/usr/bin/env python3
"""Optuna's sampler on the cases that SurrogateTrialsTest and BbobTest run this project's on; prints the same lines of JSON.

usage: optuna_trials.py --cases yahpo.json --surrogates DIR | --cases bbob.json  [--sampler tpe|tpe-multivariate|random|cmaes|gp] [--trials N] [--seeds S] [--first-seed S]
"""
import argparse
import json
import math
import os

import numpy
import optuna

import bbob

optuna.logging.set_verbosity(optuna.logging.ERROR)
SAMPLERS = {
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "tpe-multivariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "cmaes": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
}


def suggest(trial, axis):
    name, kind = axis["name"], axis["type"]
    if kind == "categorical":
        return trial.suggest_categorical(name, axis["choices"])
    low, high, log = axis["lower"], axis["upper"], axis["log"]
    return trial.suggest_int(name, low, high, log=log) if kind == "uniform_int" else trial.suggest_float(name, low, high, log=log)


def is_there(axis, conditions, values):
    for condition in conditions:
        if condition["child"] == axis["name"]:
            options = condition.get("values", [condition.get("value")])
            if values.get(condition["parent"]) not in options:
                return False
    return True


def surrogates(written, root):
    import onnxruntime

    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = 1
    for name, scenario in written["scenarios"].items():
        folder = os.path.join(root, name)
        session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), session_options)
        encoding = json.load(open(os.path.join(folder, "encoding.json")))
        space = json.load(open(os.path.join(folder, "config_space.json")))
        free = [a for a in space["hyperparameters"] if a["name"] not in scenario["fixed"] and a["name"] != scenario["instance"]]
        free.sort(key=lambda a: any(c["child"] == a["name"] for c in space["conditions"]))
        for instance in scenario["instances"]:

            def objective(trial):
                values = {}
                for axis in free:
                    if is_there(axis, space["conditions"], values):
                        values[axis["name"]] = suggest(trial, axis)
                values.update(scenario["fixed"])
                values[scenario["instance"]] = instance
                cat = [encoding[c].get(str(values.get(c, "#na#")), 0) for c in scenario["categorical"]]
                cont = [values.get(c, 0) for c in scenario["continuous"]]
                inputs = {"x_cat": numpy.array([cat], numpy.int32), "x_cont": numpy.array([cont], numpy.float32)}
                return float(session.run(None, inputs)[0][0][scenario["output"]])

            yield f"{name}/{instance}", objective


def functions(written):
    for name, instance in written["functions"].items():

        def objective(trial):
            x = [trial.suggest_float(f"x{j + 1}", -5, 5) for j in range(bbob.DIMENSION)]
            return -math.log10(max(bbob.value(name, instance, x), 1e-12))

        yield name, objective


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--surrogates")
    parser.add_argument("--cases", required=True)
    parser.add_argument("--sampler", default="tpe", choices=SAMPLERS)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    options = parser.parse_args()
    written = json.load(open(options.cases))
    if "scenarios" in written and not options.surrogates:
        parser.error("--surrogates: got none, expected the folder of the cases' surrogates")
    for case, objective in surrogates(written, options.surrogates) if "scenarios" in written else functions(written):
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            study = optuna.create_study(direction="maximize", sampler=SAMPLERS[options.sampler](seed))
            study.optimize(objective, n_trials=options.trials)
            best = numpy.maximum.accumulate([t.value for t in study.trials]).tolist()
            print(json.dumps({"case": case, "sampler": f"optuna {options.sampler}", "seed": seed, "best": best}), flush=True)


main()
