"""Times PyTorch's training steps of the samples on a CUDA device; see scripts/gpu-peers.

    gpu_peers.py NAME [DIM=SIZE ...]

Prints one JSON document a mode: the median time of a step and the most bytes allocated, parameters and optimizer included.
Modes: `eager`, and `graph`, the whole step captured once and replayed; each with and without TF32. The optimizer is the fused
one. Dropout is PyTorch's own.
"""

import inspect
import json
import re
import statistics
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

import peer_models

STEPS, WARM_UP = 20, 5


class Values(peer_models.Values):
    """As for comparing numbers, but for dropout, and without numbers of one place each."""

    def new(self, name, shape, **how):
        if "classes" in how:
            return torch.randint(how["classes"], shape)
        return how["around"] + (torch.rand(shape) * 2 - 1) * how["scale"]

    def dropout(self, x, rate, path, seed=1):
        return F.dropout(x, rate)


def declared(name):
    """Returns the dims that a sample declares as numbers."""
    text = (Path(__file__).parent.parent / "samples" / f"{name}.cgm").read_text()
    lines = "\n".join(re.findall(r"^dim (.*)$", re.sub("//.*", "", text), re.MULTILINE))
    return {k: int(v) for k, v in re.findall(r"(\w+)\s*=\s*(\d+)\b", lines)}


def sized(name, changes):
    """Returns model, dims, shapes of the inputs and optimizer of a sample, its dims being changed."""
    model, small, inputs, optimizer, *frozen = peer_models.SAMPLES[name]
    dims = {**declared(name), **changes}
    shapes = {
        "gpt": lambda d: [(d["B"], d["T"])] * 2, "llama": lambda d: [(d["B"], d["T"])] * 2,
        "deep": lambda d: [(d["B"], d["D"])] * 2, "resnet18": lambda d: [(d["B"], 3, d["Y"], d["X"]), (d["B"],)],
        "minilm": lambda d: [(d["B"], d["T"]), (d["B"], d["D"])],
        "lstm": lambda d: [(d["B"], d["Rows"] * d["Columns"]), (d["B"],)],
        "unet": lambda d: [(d["B"], d["Y"] * d["X"])],
    }[name](dims)
    made = {}
    for (key, (_, how)), shape in zip(inputs.items(), shapes):
        if "V" in small and how.get("classes") == small["V"]:
            how = {**how, "classes": dims["V"]}
        made[key] = (shape, how)
    return model, dims, made, optimizer, *frozen


def measure(mode, tf32, model, dims, inputs, optimizer, frozen=None):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    torch.manual_seed(0)
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    p = Values()
    p.frozen = frozen
    given = {k: p.new(k, shape, **how) for k, (shape, how) in inputs.items()}
    with torch.no_grad():
        model(p, dims, *given.values())
    parameters = [x for x in p.parameters.values() if x.requires_grad]
    update = optimizer(parameters)
    taken = inspect.signature(type(update)).parameters
    settings = {k: v for k, v in update.defaults.items() if k in taken} | {"fused": True, "foreach": None}
    if "capturable" in taken:
        settings["capturable"] = mode == "graph"
    update = type(update)(parameters, **settings)

    def step():
        update.zero_grad(set_to_none=True)
        loss = model(p, dims, *given.values())
        loss.backward()
        update.step()
        return loss

    if mode == "graph":
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        run = graph.replay
    else:
        run = step
    for _ in range(WARM_UP):
        run()
    times = []
    for _ in range(STEPS):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        run()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return {
        "mode": mode + (" tf32" if tf32 else ""), "step_ms": statistics.median(times),
        "peak_bytes": torch.cuda.max_memory_allocated(),
    }


def main():
    name, *rest = sys.argv[1:]
    torch.set_default_device("cuda")
    settings = sized(name, {k: int(v) for k, v in (x.split("=") for x in rest)})
    for tf32 in (False, True):
        for mode in ("eager", "graph"):
            try:
                print(json.dumps(measure(mode, tf32, *settings)), flush=True)
            except (RuntimeError, torch.OutOfMemoryError) as error:
                print(json.dumps({"mode": mode, "error": str(error).splitlines()[0]}), flush=True)


if __name__ == "__main__":
    main()
