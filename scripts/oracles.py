"""Writes what PyTorch computes for small models, to be compared with what compiled plans compute.

Each case is a model in the language of cgad with the values of its storage, and the losses and gradients that PyTorch
gets for the same formula. Numbers are drawn in f32 and computed with in f64.
"""

import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

import peer_models
from peer_models import hashed, records

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
generator = torch.Generator()


def reseed(number):
    """Starts the numbers of a case, which the seed of the run moves."""
    generator.manual_seed(number + 1_000_003 * peer_models.SEED)


def draw(shape, low=-2.0, high=2.0):
    """Returns numbers in [low, high) that f32 holds exactly."""
    return (torch.rand(shape, generator=generator) * (high - low) + low).float().double()


def away_from_zero(shape):
    """Returns numbers of magnitude 0.2 to 2.2, where no derivative jumps."""
    x = draw(shape)
    return (x + 0.2 * torch.where(x < 0, -1.0, 1.0)).float().double()


def tensor(x):
    # 9 digits tell any f32 from its neighbours, and are 10⁻⁹ of what was computed in f64
    return {"shape": list(x.shape), "data": [float("%.9g" % v) for v in x.detach().flatten().tolist()]}


def tensors(named):
    return {name: tensor(x) for name, x in named.items()}


def case(name, source, parameters, inputs, loss, steps=1, optimizer=None, schedule=None, clip=None, frozen=()):
    """Returns the record of `steps` steps; `loss` is a function of the dictionaries of parameters and inputs.

    `schedule` makes a schedule of the rate for an optimizer, `clip` is the most that the norm of all gradients may be, and
    `frozen` are the parameters that are not trained.
    """
    record = {
        "name": name,
        "source": [line for line in source.splitlines() if line.strip()],
        "parameters": tensors(parameters),
        "inputs": tensors(inputs),
        "losses": [],
    }
    leaves = {n: x.clone().requires_grad_(True) for n, x in parameters.items()}
    trained = [x for n, x in leaves.items() if n not in frozen]
    update = optimizer(trained) if optimizer else None
    rates = schedule(update) if schedule else None
    for step in range(steps):
        for x in leaves.values():
            x.grad = None
        value = loss(leaves, inputs)
        value.backward()
        record["losses"].append(float("%.12g" % value.item()))
        if step == 0:
            record["gradients"] = tensors({n: x.grad for n, x in leaves.items() if n not in frozen})
        if clip:
            torch.nn.utils.clip_grad_norm_(trained, clip)
        if update:
            update.step()
        if rates:
            rates.step()
    if update:
        record["final"] = tensors(leaves)
    return record


# MARK: Single operations

SIZES = {"A": 3, "B": 5, "C": 4, "D": 7}
TYPE_OF = {v: k for k, v in SIZES.items()}


def dims(shape):
    return "f32[%s]" % ", ".join(TYPE_OF.get(n, str(n)) for n in shape)


def operation(name, expression, function, domains, labels=None):
    """Returns the case `sum(expression · r)`, `expression` being of parameters x, y, … and perhaps `labels`."""
    reseed(sum(name.encode()))
    names = "xyz"[: len(domains)]
    parameters = {n: make(shape) for n, (make, shape) in zip(names, domains)}
    inputs = {}
    if labels:
        shape, classes = labels
        inputs["train.classes.0"] = torch.randint(classes, shape, generator=generator)
    result = function(*parameters.values(), *inputs.values())
    inputs["train.factors.0"] = away_from_zero(result.shape or (1,))  # data has an axis at least
    types = [dims(inputs["train.factors.0"].shape)] + (["i32[%s]" % ", ".join(TYPE_OF[n] for n in labels[0])] if labels else [])
    formals = "r: %s%s" % (types[0], ", labels: " + types[1] if labels else "")
    params = "\n".join("  param %s: %s ~ zeros()" % (n, dims(x.shape)) for n, x in parameters.items())
    source = f"""
dim {", ".join("%s = %d" % d for d in SIZES.items())}
data factors: {types[0]} = synthetic()
{f"data classes: {types[1]} = synthetic()" if labels else ""}
model Single({formals}) -> f32[] {{
{params}
  return sum(({expression}) * r)
}}
train {{
  let r = batch(factors)
  {"let labels = batch(classes)" if labels else ""}
  loss = Single(r{", labels" if labels else ""})
  optimizer = sgd(lr: 0.1)
  steps = 1
}}
"""
    rest = [inputs[n] for n in inputs if n != "train.factors.0"]
    return case(
        name, source, parameters, inputs,
        lambda p, i: (function(*p.values(), *rest) * i["train.factors.0"]).sum())


def positive(shape):
    return draw(shape, 0.3, 2.3)


UNARY = {
    "neg": (draw, torch.neg), "abs": (away_from_zero, torch.abs), "relu": (away_from_zero, torch.relu),
    "tanh": (draw, torch.tanh), "sigmoid": (draw, torch.sigmoid), "exp": (draw, torch.exp),
    "log": (positive, torch.log), "sqrt": (positive, torch.sqrt), "rsqrt": (positive, torch.rsqrt),
    "square": (draw, torch.square), "sin": (draw, torch.sin), "cos": (draw, torch.cos),
    "gelu": (draw, lambda x: F.gelu(x, approximate="tanh")), "silu": (draw, F.silu), "softplus": (draw, F.softplus),
}

BINARY = {"+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div}

SHAPES = [((3, 5), (3, 5)), ((3, 5), (5,)), ((5,), (3, 5)), ((3, 1), (1, 5)), ((4, 3, 5), (3, 1)), ((3, 5), (1,))]


def operations():
    for name, (make, f) in UNARY.items():
        yield operation(name, f"{name}(x)", f, [(make, (3, 5))])
    for sign, f in BINARY.items():
        for l, r in SHAPES:
            yield operation(f"{list(l)} {sign} {list(r)}", f"x {sign} y", f, [(draw, l), (away_from_zero, r)])
        yield operation(f"x {sign} x", f"x {sign} x", lambda x, f=f: f(x, x), [(away_from_zero, (3, 5))])
    yield operation("1 / x", "1 / x", lambda x: 1 / x, [(away_from_zero, (3, 5))])
    for name, f in {"sum": torch.sum, "mean": torch.mean}.items():
        for axes in [(0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2)]:
            for keep in (False, True):
                text = "(%s)" % ", ".join(map(str, axes)) if len(axes) > 1 else str(axes[0])
                label = "axes" if len(axes) > 1 else "axis"
                expression = f"{name}(x, {label}: {text}{', keep: true' if keep else ''})"
                yield operation(
                    expression, expression, lambda x, f=f, axes=axes, keep=keep: f(x, dim=axes, keepdim=keep),
                    [(draw, (4, 3, 5))])
    yield operation("matmul", "x @ y", torch.matmul, [(draw, (3, 5)), (draw, (5, 4))])
    yield operation("x @ x", "x @ x", lambda x: x @ x, [(draw, (4, 4))])
    yield operation("softmax", "softmax(x)", lambda x: F.softmax(x, -1), [(draw, (4, 3, 5))])
    yield operation(
        "where", "where(x < y, x * y, y)", lambda x, y: torch.where(x < y, x * y, y), [(draw, (3, 5)), (draw, (5,))])
    yield operation(
        "where a number", "where(x > 0.5, x, 2) * y", lambda x, y: torch.where(x > 0.5, x, 2.0) * y,
        [(draw, (3, 5)), (draw, (3, 1))])
    yield operation(
        "cross_entropy, smoothed", "cross_entropy(x, labels, smoothing: 0.1)",
        lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), [(draw, (7, 5))], ((7,), 5))
    yield operation("mse", "mse(x, y)", F.mse_loss, [(draw, (3, 5)), (draw, (3, 5))])
    yield operation("cross_entropy", "cross_entropy(x, labels)", F.cross_entropy, [(draw, (7, 5))], ((7,), 5))
    yield operation(
        "cross_entropy of rank 3", "cross_entropy(x, labels)", lambda x, t: F.cross_entropy(x.flatten(0, 1), t.flatten()),
        [(draw, (4, 3, 5))], ((4, 3), 5))
    yield operation(
        "rms_norm", "x * rsqrt(mean(square(x), axis: 1, keep: true) + 1e-5) * y",
        lambda x, y: F.rms_norm(x, (5,), y, eps=1e-5), [(draw, (3, 5)), (draw, (5,))])
    yield operation(
        "layer_norm",
        "(x - mean(x, axis: 1, keep: true)) * rsqrt(mean(square(x - mean(x, axis: 1, keep: true)), axis: 1, keep: true)"
        " + 1e-5) * y + z",
        lambda x, y, z: F.layer_norm(x, (5,), y, z, eps=1e-5), [(draw, (3, 5)), (draw, (5,)), (draw, (5,))])
    yield from more_operations()


def causal(x):
    return x.masked_fill(torch.ones(x.shape[-2:], dtype=torch.bool).triu(1), -math.inf)


def more_operations():
    """Functions of the language that are made of several operations, or that operations above do not cover."""
    cube, row, square = (4, 3, 5), (5,), (3, 5)
    for expression, f, domains in [
        ("gelu(x, approximate: false)", F.gelu, [(draw, square)]),
        ("pow(x, y)", torch.pow, [(positive, square), (draw, row)]),
        ("pow(2, x)", lambda x: torch.pow(2.0, x), [(draw, square)]),
        ("fma(x, y, z)", lambda x, y, z: torch.addcmul(z, x, y), [(draw, square), (draw, row), (draw, square)]),
        ("swiglu(x, y)", lambda x, y: F.silu(x) * y, [(draw, square), (draw, square)]),
        ("linear(x, y, z)", lambda x, y, z: F.linear(x, y.T, z), [(draw, square), (draw, (5, 4)), (draw, (4,))]),
        ("dynamic_tanh(x, y, z, z)", lambda x, y, z: torch.tanh(x * y) * z + z, [(draw, square), (draw, (1,)), (draw, row)]),
        ("layer_norm(x, y, z)", lambda x, y, z: F.layer_norm(x, (5,), y, z), [(draw, cube), (draw, row), (draw, row)]),
        ("rms_norm(x, y)", lambda x, y: F.rms_norm(x, (5,), y, eps=1e-5), [(draw, cube), (draw, row)]),
        ("batch_norm(x, y, z)", lambda x, y, z: F.batch_norm(x, None, None, y, z, True), [
            (draw, cube), (draw, (3,)), (draw, (3,))]),
        ("group_norm(x, 2, y, z)", lambda x, y, z: F.group_norm(x, 2, y, z), [
            (draw, (3, 4, 5)), (draw, (4,)), (draw, (4,))]),
        ("softmax(causal(x))", lambda x: F.softmax(causal(x), -1), [(draw, (3, 4, 4))]),
        ("max(x, axis: 1)", lambda x: torch.amax(x, 1), [(draw, square)]),
        ("logsumexp(x)", lambda x: torch.logsumexp(x, -1), [(draw, cube)]),
        ("log_softmax(x)", lambda x: F.log_softmax(x, -1), [(draw, cube)]),
        ("mae(x, y)", F.l1_loss, [(draw, square), (draw, square)]),
        ("kl_divergence(x, y)", lambda x, y: F.kl_div(x, y, reduction="batchmean"), [(draw, square), (positive, square)]),
        ("x * arange(B)", lambda x: x * torch.arange(5), [(draw, square)]),
        ("stack([x, y], axis: 1)[0]", lambda x, y: torch.stack([x, y], 1)[0], [(draw, square), (draw, square)]),
        ('mean(square(upsample(x, 2, mode: "bilinear")), axes: (2, 3))', lambda x: F.interpolate(
            x, scale_factor=2, mode="bilinear").square().mean((2, 3)), [(draw, (3, 4, 5, 3))]),
    ]:
        yield operation(expression, expression, f, domains)


# MARK: Single operations by their text


def kernel(text, function, shapes, make=draw):
    """Returns the case `sum(text · factors)` of an operation as plans print it, `_` standing for the operands."""
    reseed(sum(f"{text} {shapes}".encode()))
    operands = [make(s).requires_grad_(True) for s in shapes]
    result = function(*operands)
    factors = away_from_zero(result.shape)
    loss = (result * factors).sum()
    loss.backward()
    return {
        "name": "%s of %s" % (text, " ".join(map(str, shapes))), "operation": text, "operands": [tensor(x) for x in operands], "factors": tensor(factors),
        "loss": float("%.12g" % loss.item()), "gradients": [tensor(x.grad) for x in operands],
    }


def convolutions():
    for x, w, stride, padding, dilation, groups in [
        ((2, 3, 5, 6), (4, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1),
        ((2, 2, 7, 9), (3, 2, 3, 2), (2, 3), (1, 0), (1, 1), 1),
        ((1, 3, 8, 7), (2, 3, 3, 3), (1, 2), (2, 2), (2, 3), 1),
        ((2, 4, 5, 5), (6, 2, 2, 3), (1, 1), (0, 1), (1, 1), 2),
        ((2, 3, 6, 5), (3, 1, 3, 3), (1, 1), (1, 1), (1, 1), 3),
        ((2, 5, 3, 4), (3, 5, 1, 1), (1, 1), (0, 0), (1, 1), 1),
        ((1, 1, 1, 1), (1, 1, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    ]:
        options = dict(stride=stride, padding=padding, dilation=dilation, groups=groups)
        attributes = "stride: %s, padding: %s, dilation: %s, groups: %d" % (
            list(stride), list(padding), list(dilation), groups)
        yield kernel("conv2d _, _ {%s}" % attributes, lambda x, w: F.conv2d(x, w, **options), [x, w])
        y = F.conv2d(torch.zeros(x), torch.zeros(w), **options).shape
        span = [d * (k - 1) + 1 for d, k in zip(dilation, w[2:])]
        rest = [i - ((o - 1) * s - 2 * p + n) for i, o, s, p, n in zip(x[2:], y[2:], stride, padding, span)]
        yield kernel(
            "conv_transpose2d _, _ {%s, extents: %s}" % (attributes, list(x[2:])),
            lambda x, w: F.conv_transpose2d(x, w, output_padding=rest, **options), [tuple(y), w])

    # images whose channels lie in several operands
    for images, w, stride, padding in [
        ([(2, 2, 5, 6), (2, 3, 5, 6)], (4, 5, 3, 3), (1, 1), (1, 1)),
        ([(1, 3, 4, 4), (1, 1, 4, 4), (1, 2, 4, 4)], (2, 6, 1, 1), (1, 1), (0, 0)),
        ([(2, 1, 7, 5)] * 4, (3, 4, 3, 2), (2, 1), (1, 0)),
    ]:
        yield kernel(
            "conv2d %s, _ {stride: %s, padding: %s, dilation: [1, 1], groups: 1}" % (
                ", ".join("_" * len(images)), list(stride), list(padding)),
            lambda *x: F.conv2d(torch.cat(x[:-1], 1), x[-1], stride=stride, padding=padding), [*images, w])


def poolings():
    for x, window, stride, padding in [
        ((2, 3, 4, 6), (2, 2), (2, 2), (0, 0)), ((2, 2, 7, 6), (3, 3), (2, 2), (1, 1)),
        ((1, 2, 5, 8), (2, 3), (1, 2), (1, 0)), ((2, 1, 5, 5), (5, 5), (1, 1), (0, 0)),
    ]:
        attributes = "window: %s, stride: %s, padding: %s" % (list(window), list(stride), list(padding))
        for name, f in {"max_pool2d": F.max_pool2d, "avg_pool2d": F.avg_pool2d}.items():
            yield kernel("%s _ {%s}" % (name, attributes), lambda x: f(x, window, stride, padding), [x])
    for x, factor in [((2, 3, 2, 3), (2, 3)), ((1, 2, 3, 1), (1, 4))]:
        yield kernel(
            "upsample_nearest _ {factor: %s}" % list(factor), lambda x: F.interpolate(x, scale_factor=factor), [x])
        yield kernel(
            "upsample_bilinear _ {factor: %s}" % list(factor),
            lambda x: F.interpolate(x, scale_factor=factor, mode="bilinear"), [x])


def attentions():
    for lead, queries, keys, width, values in [
        ((2, 3), 5, 5, 4, 4), ((2,), 3, 7, 5, 2), ((), 66, 67, 3, 2), ((), 4, 4, 3, 3)
    ]:
        shapes = [lead + (queries, width), lead + (keys, width), lead + (keys, values)]
        for causal in (False, True):
            for scale in (0.5, width**-0.5):
                yield kernel(
                    "attention _, _, _ {causal: %s, scale: %r}" % (str(causal).lower(), scale),
                    lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=scale), shapes)
    # heads side by side in rows, and packed with queries, keys and values
    for lead, heads, queries, keys, width, values in [((2,), 2, 3, 5, 4, 3), ((), 3, 4, 4, 2, 2), ((1, 2), 1, 66, 65, 3, 2)]:
        shapes = [lead + (queries, heads * width), lead + (keys, heads * width), lead + (keys, heads * values)]

        def apart(x):
            return x.unflatten(-1, (heads, -1)).transpose(-2, -3)

        for causal in (False, True):
            def attend(q, k, v):
                y = F.scaled_dot_product_attention(apart(q), apart(k), apart(v), is_causal=causal, scale=0.5)
                return y.transpose(-2, -3).flatten(-2)

            attributes = "causal: %s, scale: 0.5, heads: %d" % (str(causal).lower(), heads)
            yield kernel("attention _, _, _ {%s}" % attributes, attend, shapes)
            yield kernel(
                "attention _ {%s, packed: true}" % attributes, lambda x: attend(*x.chunk(3, -1)),
                [lead + (queries, 3 * heads * width)])


# MARK: Operations that the IR has, as texts of the IR


def values_text(shape, element="f32"):
    return "%s[%s]" % (element, ",".join(map(str, shape)))


def program(name, text, function, domains, indices=()):
    """Returns the record of `sum(text · factors)`, `text` being an operation on x0, x1, … and i0, i1, …"""
    reseed(sum(name.encode()))
    parameters = {"x%d" % n: draw(shape) for n, shape in enumerate(domains)}
    inputs = {"i%d" % n: torch.randint(bound, shape, generator=generator) for n, (shape, bound) in enumerate(indices)}
    result = function(*parameters.values(), *inputs.values())
    factors = away_from_zero(result.shape)
    axes = list(range(result.dim()))
    lines = ["cgir 1", 'source "case.cgm"', "model Case", "training 1 steps seed 1"]
    lines.append("optimizer sgd {lr: 0.1, momentum: 0.0, decay: 0.0}")
    lines += ["param %s : %s ~ zeros()  // case.cgm:1" % (n, values_text(x.shape)) for n, x in parameters.items()]
    lines += ["input %s : %s  // case.cgm:1" % (n, values_text(x.shape, "i32")) for n, x in inputs.items()]
    lines += ["input factors : %s  // case.cgm:1" % values_text(factors.shape), "", "program train {"]
    lines += [
        "  y = %s : %s  // case.cgm:2" % (text, values_text(result.shape)),
        "  product = mul y, factors : %s  // case.cgm:3" % values_text(result.shape),
        "  total = sum product {axes: %s} : f32[]  // case.cgm:4" % axes, "  loss loss = total", "}",
    ]
    record = case(
        name, "", parameters, {**inputs, "factors": factors},
        lambda p, i: (function(*p.values(), *inputs.values()) * i["factors"]).sum())
    record["source"] = lines
    return record


def last(x, i):
    return x.gather(-1, i.unsqueeze(-1)).squeeze(-1)


def spread(x, i, classes):
    return torch.zeros(*x.shape, classes).scatter(-1, i.unsqueeze(-1), x.unsqueeze(-1))


BATCHES = [
    ([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [4, 5]), ([3, 4], [2, 4, 1]), ([2, 1, 3, 4], [3, 4, 2]), ([1, 3, 2], [2, 2, 5]),
    ([2, 3, 1, 1], [1, 1, 7]),
]


def programs():
    yield program("reshape", "reshape x0 {extents: [4, 3]}", lambda x: x.reshape(4, 3), [(2, 6)])
    for axes in [(1, 0, 2), (2, 0, 1), (0, 2, 1)]:
        yield program(
            "transpose %s" % list(axes), "transpose x0 {axes: %s}" % list(axes), lambda x, a=axes: x.permute(a), [(2, 3, 5)])
    yield program(
        "slice", "slice x0 {starts: [1, 0, 2], extents: [1, 3, 3]}", lambda x: x[1:2, :, 2:5], [(2, 3, 5)])
    yield program(
        "pad", "pad x0 {low: [1, 0], high: [2, 3]}", lambda x: F.pad(x, (0, 3, 1, 2)), [(2, 3)])
    yield program(
        "concat", "concat x0, x1, x0 {axis: 1}", lambda x, y: torch.cat([x, y, x], 1), [(2, 3), (2, 1)])
    yield program("gather", "gather x0, i0", lambda x, i: x[i], [(5, 3)], [((2, 4), 5)])
    yield program(
        "scatter_add", "scatter_add x0, i0 {rows: 5}",
        lambda x, i: torch.zeros(5, 3).index_add(0, i.flatten(), x.flatten(0, 1)), [(2, 4, 3)], [((2, 4), 5)])
    yield program("gather_last", "gather_last x0, i0", last, [(2, 3, 4)], [((2, 3), 4)])
    yield program("gather_last of a row", "gather_last x0, i0", last, [(5,)], [((), 5)])
    yield program(
        "scatter_last", "scatter_last x0, i0 {classes: 4}", lambda x, i: spread(x, i, 4), [(2, 3)], [((2, 3), 4)])
    for a, b in BATCHES:
        for l in (False, True):
            for r in (False, True):
                yield batch_program(a, b, l, r)


def batch_program(a, b, l, r):
    flags = ["transpose_left: true"] * l + ["transpose_right: true"] * r
    attributes = " {%s}" % ", ".join(flags) if flags else ""
    stored = [a[:-2] + a[:-3:-1] if l else a, b[:-2] + b[:-3:-1] if r else b]
    return program(
        "matmul %s %s%s" % (*stored, attributes), "matmul x0, x1" + attributes,
        lambda x, y: (x.mT if l else x) @ (y.mT if r else y), [tuple(s) for s in stored])
def fraction(shape):
    return draw(shape, -0.9, 0.9)


def above_one(shape):
    return draw(shape, 1.3, 3.3)


def steps(shape):
    """Returns a few whole numbers, so that many are equal."""
    return torch.randint(-2, 3, shape, generator=generator).double()


MORE_UNARY = {
    "reciprocal": (away_from_zero, torch.reciprocal), "tan": (fraction, torch.tan), "asin": (fraction, torch.asin),
    "acos": (fraction, torch.acos), "atan": (draw, torch.atan), "sinh": (draw, torch.sinh), "cosh": (draw, torch.cosh),
    "asinh": (draw, torch.asinh), "acosh": (above_one, torch.acosh), "atanh": (fraction, torch.atanh),
    "log1p": (fraction, torch.log1p), "expm1": (draw, torch.expm1), "erf": (draw, torch.erf), "mish": (draw, F.mish),
    "softsign": (away_from_zero, F.softsign), "gelu_exact": (draw, F.gelu),
    "leaky_relu _ {slope: 0.1}": (away_from_zero, lambda x: F.leaky_relu(x, 0.1)),
    "leaky_relu _ {slope: -0.5}": (away_from_zero, lambda x: F.leaky_relu(x, -0.5)),
    "elu _ {alpha: 0.75}": (away_from_zero, lambda x: F.elu(x, 0.75)),
    "pow _ {exponent: 3.0}": (draw, lambda x: x**3), "pow _ {exponent: -1.5}": (positive, lambda x: x**-1.5),
    "pow _ {exponent: 0.0}": (draw, lambda x: x**0), "clamp _ {low: -1.0, high: 1.0}": (steps, lambda x: x.clamp(-1, 1)),
    "clamp _ {low: 0.5}": (draw, lambda x: x.clamp(min=0.5)), "clamp _ {high: 0.5}": (draw, lambda x: x.clamp(max=0.5)),
}


def functions():
    for name, (make, f) in MORE_UNARY.items():
        yield kernel(name if "_ {" in name else name + " _", f, [(3, 5)], make)
    for name, f in {"maximum": torch.maximum, "minimum": torch.minimum}.items():
        for l, r in SHAPES:
            yield kernel(name + " _, _", f, [l, r], steps)
    for l, r in SHAPES:
        yield kernel("power _, _", torch.pow, [l, r], positive)


def reductions():
    reduced = {
        "max": (steps, torch.amax), "min": (steps, torch.amin), "logsumexp": (draw, torch.logsumexp),
        "variance": (draw, lambda x, dim, keepdim: torch.var(x, dim, correction=0, keepdim=keepdim)),
    }
    for name, (make, f) in reduced.items():
        for axes in [(0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2)]:
            for keep in (False, True):
                yield kernel(
                    "%s _ {axes: %s%s}" % (name, list(axes), ", keep: true" if keep else ""),
                    lambda x: f(x, axes, keepdim=keep), [(4, 3, 5)], make)


def rows_and_losses():
    for shape in [(4, 3, 5), (3, 5), (7,)]:
        yield kernel("log_softmax _", lambda x: F.log_softmax(x, -1), [shape])
        for e in (1e-5, 0.01):
            yield kernel("layer_norm _ {epsilon: %s}" % repr(e), lambda x: F.layer_norm(x, shape[-1:], eps=e), [shape])
            yield kernel("rms_norm _ {epsilon: %s}" % repr(e), lambda x: F.rms_norm(x, shape[-1:], eps=e), [shape])
        pairs = [shape, shape]
        yield kernel("mae _, _", F.l1_loss, pairs)
        yield kernel("bce_with_logits _, _", F.binary_cross_entropy_with_logits, pairs)
        # targets of any sum
        yield kernel(
            "kl_divergence _, _", lambda x, y: F.kl_div(x, y, reduction="sum") / math.prod(shape[:-1]), pairs, positive)
        yield kernel(
            "soft_cross_entropy _, _", lambda x, y: F.cross_entropy(x.reshape(-1, shape[-1]), y.reshape(-1, shape[-1])),
            pairs, positive)


# MARK: Operations without derivatives


def value(text, function, *operands):
    """Returns what the operation `text` gives; operands are tensors of numbers, whole numbers or truth values."""
    elements = {torch.float64: "f32", torch.int64: "i32", torch.bool: "bool"}
    return {
        "name": text, "elements": [elements[x.dtype] for x in operands], "operands": [tensor(x) for x in operands],
        "result": tensor(function(*operands)),
    }


def truth(shape):
    return torch.rand(shape, generator=generator) < 0.5


def values():
    reseed(3)
    for name, f in {
        "equal": torch.eq, "not_equal": torch.ne, "less": torch.lt, "less_equal": torch.le, "greater": torch.gt,
        "greater_equal": torch.ge,
    }.items():
        for l, r in SHAPES:
            yield value(name + " _, _", f, steps(l), steps(r))
        yield value(name + " _, _", f, steps((3, 5)).long(), steps((5,)).long())
    for name, f in {"logical_and": torch.logical_and, "logical_or": torch.logical_or}.items():
        for l, r in SHAPES:
            yield value(name + " _, _", f, truth(l), truth(r))
    yield value("logical_not _", torch.logical_not, truth((3, 5)))
    for shape in [(9,), (5, 7), (3, 5, 1)]:
        yield value("argmax _", lambda x: x.argmax(-1), draw(shape))
        yield value("one_hot _ {classes: 4}", lambda i: F.one_hot(i, 4), torch.randint(4, shape, generator=generator))
        yield value('cast _ {to: "f32"}', lambda x: x.double(), truth(shape))
        yield value('cast _ {to: "f32"}', lambda x: x.double(), torch.randint(-9, 9, shape, generator=generator))
        yield value("sign _", torch.sign, steps(shape))
    yield value("mean _ {axes: [1]}", lambda x: x.double().mean(1), truth((3, 5)))
    yield value("mean _ {axes: [1], keep: true}", lambda x: x.double().mean(1, keepdim=True), truth((3, 5)))
    yield value("arange {count: 37}", lambda: torch.arange(37))
    yield value("constant {value: -2.75}", lambda: torch.tensor(-2.75))
    yield value("integer {value: -16777217}", lambda: torch.tensor(-16777217))
    for name, f in {"logical_equal": torch.eq, "logical_xor": torch.logical_xor}.items():
        for l, r in SHAPES:
            yield value(name + " _, _", f, truth(l), truth(r))


# MARK: Updates


def lion(w, gradients, lr, beta1, beta2, decay):
    """Returns what Lion makes of `w`, by the formula of its paper."""
    m = torch.zeros_like(w)
    for g in gradients:
        w = w - lr * (torch.sign(beta1 * m + (1 - beta1) * g) + decay * w)
        m = beta2 * m + (1 - beta2) * g
    return w


def sgdw(w, gradients, lr, momentum, decay, nesterov=False):
    """SGD whose decay is decoupled, which PyTorch lacks: its SGD without decay, behind AdamW's shrinking of the weight."""
    w = torch.nn.Parameter(w.clone())
    optimizer = torch.optim.SGD([w], lr, momentum, nesterov=nesterov)
    for g in gradients:
        with torch.no_grad():
            w.mul_(1 - lr * decay)
        w.grad = g.clone()
        optimizer.step()
    return w.detach()


def descended(optimizer):
    def run(w, gradients):
        w = w.clone().requires_grad_(True)
        update = optimizer([w])
        for g in gradients:
            w.grad = g
            update.step()
        return w.detach()

    return run


def updates():
    """What optimizers make of a parameter that gets the given gradients, one a step."""
    optim = torch.optim
    for text, run in {
        "rmsprop {lr: 0.01, alpha: 0.99, eps: 1e-08, momentum: 0.0, decay: 0.0}":
            descended(lambda p: optim.RMSprop(p, 0.01)),
        "rmsprop {lr: 0.02, alpha: 0.9, eps: 0.001, momentum: 0.8, decay: 0.1}":
            descended(lambda p: optim.RMSprop(p, 0.02, 0.9, 0.001, 0.1, 0.8)),
        "adam {lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-08, decay: 0.1}":
            descended(lambda p: optim.Adam(p, 0.01, weight_decay=0.1)),
        "adamw {lr: 0.01, beta1: 0.8, beta2: 0.99, eps: 1e-08, decay: 0.1}":
            descended(lambda p: optim.AdamW(p, 0.01, (0.8, 0.99), weight_decay=0.1)),
        "sgd {lr: 0.1, momentum: 0.9, nesterov: true, decay: 0.01}":
            descended(lambda p: optim.SGD(p, 0.1, 0.9, weight_decay=0.01, nesterov=True)),
        "sgdw {lr: 0.1, momentum: 0.0, decay: 0.2}": lambda w, gradients: sgdw(w, gradients, 0.1, 0, 0.2),
        "sgdw {lr: 0.1, momentum: 0.9, decay: 0.2}": lambda w, gradients: sgdw(w, gradients, 0.1, 0.9, 0.2),
        "sgdw {lr: 0.1, momentum: 0.9, nesterov: true, decay: 0.2}":
            lambda w, gradients: sgdw(w, gradients, 0.1, 0.9, 0.2, True),
        "lion {lr: 0.01, beta1: 0.9, beta2: 0.99, decay: 0.1}":
            lambda w, gradients: lion(w, gradients, 0.01, 0.9, 0.99, 0.1),
    }.items():
        reseed(sum(text.encode()))
        w, gradients = draw((17,)), [draw((17,)) for _ in range(20)]
        yield {
            "name": text, "parameter": tensor(w), "gradients": [tensor(g) for g in gradients],
            "final": tensor(run(w, gradients)),
        }


# MARK: Models


def acceptance():
    """A18 and A20 of the project's acceptance cases."""
    source = """
dim B = 2, In = 2, Hidden = 2, Out = 2
data batches: (f32[B, In], i32[B]) = synthetic()
model Two(x: f32[B, In]) -> f32[B, Out] {
  param W1: f32[In, Hidden] ~ zeros()
  param b1: f32[Hidden] ~ zeros()
  param W2: f32[Hidden, Out] ~ zeros()
  param b2: f32[Out] ~ zeros()
  return relu(x @ W1 + b1) @ W2 + b2
}
train {
  let (x, label) = batch(batches)
  loss = cross_entropy(Two(x), label)
  optimizer = sgd(lr: 0.1)
  steps = 1
}
"""
    parameters = {
        "W1": torch.tensor([[2.0, 0.0], [-2.0, 0.0]]), "b1": torch.zeros(2),
        "W2": torch.tensor([[1.0, -1.0], [-1.0, 1.0]]), "b2": torch.tensor([0.0, 1.0]),
    }
    inputs = {"train.x": torch.tensor([[1.0, -1.0], [-1.0, 1.0]]), "train.label": torch.tensor([0, 1])}
    yield case(
        "A18", source, parameters, inputs,
        lambda p, i: F.cross_entropy(
            torch.relu(i["train.x"] @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], i["train.label"]))
    reseed(20)
    source = """
dim B = 8, In = 16, Out = 10
data batches: f32[B, In] = synthetic()
model Linear(x: f32[B, In]) -> f32[B, Out] {
  param W: f32[In, Out] ~ zeros()
  param b: f32[Out] ~ zeros()
  return x @ W + b
}
train {
  let x = batch(batches)
  loss = sum(Linear(x))
  optimizer = sgd(lr: 0.1)
  steps = 1
}
"""
    parameters = {"W": draw((16, 10)), "b": draw((10,))}
    yield case(
        "A20", source, parameters, {"train.batches.0": draw((8, 16))},
        lambda p, i: (i["train.batches.0"] @ p["W"] + p["b"]).sum())


def mlp(name, optimizer_text, optimizer, terms=(), micro_batches=1, **more):
    """A network with residuals, 20 steps on one batch, or on that many micro-batches of it; `terms` are further settings."""
    reseed(8)
    source = f"""
dim B = {10 // micro_batches}, In = 7, Hidden = 9, Out = 3
data batches: (f32[B, In], i32[B]) = synthetic()
block Dense(x: f32[B, N], M: dim) -> f32[B, M] {{
  param weight: f32[N, M] ~ kaiming()
  param bias: f32[M] ~ zeros()
  return x @ weight + bias
}}
model Residual(x: f32[B, In]) -> f32[B, Out] {{
  var h = relu(Dense(x, M: Hidden) as input)
  repeat 2 as hidden {{
    h += tanh(Dense(h, M: Hidden))
  }}
  h += relu(Dense(h, M: Hidden) as extra)
  return Dense(h, M: Out) as output
}}
train {{
  let (x, label) = batch(batches)
  loss = cross_entropy(Residual(x), label)
  optimizer = {optimizer_text}
  steps = 20
}}
"""
    source = source.replace("  steps = 20", "\n".join(["  steps = 20", *("  " + t for t in terms)]))
    layers = [("input", 7, 9), ("hidden.0.dense", 9, 9), ("hidden.1.dense", 9, 9), ("extra", 9, 9), ("output", 9, 3)]
    parameters = {}
    for layer, n, m in layers:
        parameters[layer + ".weight"] = draw((n, m), -1.5 / math.sqrt(n), 1.5 / math.sqrt(n))
        parameters[layer + ".bias"] = draw((m,), -0.1, 0.1)
    inputs = {"train.x": draw((10, 7)), "train.label": torch.randint(3, (10,), generator=generator)}

    def loss(p, i):
        def dense(x, layer):
            return x @ p[layer + ".weight"] + p[layer + ".bias"]

        h = torch.relu(dense(i["train.x"], "input"))
        h = h + torch.tanh(dense(h, "hidden.0.dense"))
        h = h + torch.tanh(dense(h, "hidden.1.dense"))
        h = h + torch.relu(dense(h, "extra"))
        return F.cross_entropy(dense(h, "output"), i["train.label"])

    return case(name, source, parameters, inputs, loss, steps=20, optimizer=optimizer, **more)


def curves():
    optim = torch.optim
    yield mlp("sgd", "sgd(lr: 0.1)", lambda p: optim.SGD(p, 0.1))
    yield mlp("sgd with momentum", "sgd(lr: 0.05, momentum: 0.9)", lambda p: optim.SGD(p, 0.05, momentum=0.9))
    yield mlp(
        "sgd with nesterov and decay", "sgd(lr: 0.05, momentum: 0.9, nesterov: true, decay: 0.01)",
        lambda p: optim.SGD(p, 0.05, momentum=0.9, nesterov=True, weight_decay=0.01))
    yield mlp("adam", "adam(lr: 0.01)", lambda p: optim.Adam(p, 0.01))
    yield mlp(
        "adam with decay", "adam(lr: 0.01, betas: (0.8, 0.99), eps: 1e-6, decay: 0.01)",
        lambda p: optim.Adam(p, 0.01, (0.8, 0.99), 1e-6, 0.01))
    yield mlp("adamw", "adamw(lr: 0.01)", lambda p: optim.AdamW(p, 0.01))


def warmed_up(rates, warmup, then):
    """Returns a schedule that rises over `warmup` steps to the rate, and goes on as `then`."""
    first = rates.LinearLR
    return lambda o: rates.SequentialLR(
        o, [first(o, 1 / (warmup + 1), 1, warmup), then(o)], milestones=[warmup])


def terms():
    """Schedules of the rate, clipping, micro-batches and frozen parameters."""
    optim, rates = torch.optim, torch.optim.lr_scheduler
    yield mlp(
        "sgd, cosine", "sgd(lr: cosine(peak: 0.2, warmup: 0, total: 15, floor: 0.01))", lambda p: optim.SGD(p, 0.2),
        # CosineAnnealingLR rises again behind its end
        schedule=lambda o: rates.LambdaLR(
            o, lambda t: 0.05 + 0.95 * (1 + math.cos(math.pi * min(t, 15) / 15)) / 2))
    yield mlp(
        "adamw, cosine behind a warm-up", "adamw(lr: cosine(peak: 0.02, warmup: 5, total: 20), betas: (0.9, 0.95), decay: 0.1)",
        lambda p: optim.AdamW(p, 0.02, (0.9, 0.95), weight_decay=0.1),
        schedule=warmed_up(rates, 5, lambda o: rates.CosineAnnealingLR(o, 15)))
    yield mlp(
        "rmsprop, linear", "rmsprop(lr: linear(from: 0.01, to: 0.001, total: 12))", lambda p: optim.RMSprop(p, 0.01),
        schedule=lambda o: rates.LinearLR(o, 1, 0.1, 12))
    yield mlp(
        "sgd with momentum, steps", "sgd(lr: step(initial: 0.1, every: 6, factor: 0.3), momentum: 0.9)",
        lambda p: optim.SGD(p, 0.1, momentum=0.9), schedule=lambda o: rates.StepLR(o, 6, 0.3))
    yield mlp(
        "sgd with nesterov, clipped", "sgd(lr: 0.1, momentum: 0.9, nesterov: true)",
        lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True), ["clip = 0.5"], clip=0.5)
    yield mlp(
        "adam, two micro-batches", "adam(lr: 0.01, decay: 0.01)", lambda p: optim.Adam(p, 0.01, weight_decay=0.01),
        ["accumulate = 2"], micro_batches=2)
    yield mlp(
        "adamw, five micro-batches, clipped, cosine, frozen", "adamw(lr: cosine(peak: 0.02, warmup: 4, total: 18))",
        lambda p: optim.AdamW(p, 0.02), ["clip = 0.3", "accumulate = 5", 'freeze = ("input.weight", "hidden.1.**")'],
        micro_batches=5, clip=0.3, frozen=["input.weight", "hidden.1.dense.weight", "hidden.1.dense.bias"],
        schedule=lambda o: rates.LambdaLR(
            o, lambda t: (t + 1) / 5 if t < 4 else (1 + math.cos(math.pi * min(t - 4, 14) / 14)) / 2))


# MARK: A25, whose tensors are too large to be stored


def wide():
    n, b = 1024, 128
    weights = [hashed((n, n), layer + 1, 0.0625).requires_grad_(True) for layer in range(4)]
    x, y = hashed((b, n), 5, 1.0), hashed((b, n), 6, 1.0)
    h = x
    for w, f in zip(weights, [torch.tanh, torch.relu, torch.sigmoid, lambda t: F.gelu(t, approximate="tanh")]):
        h = f(h @ w)
    loss = F.mse_loss(h, y)
    loss.backward()
    positions = [(j * 104729 + 12345) % (n * n) for j in range(200)]
    return {
        "loss": float("%.12g" % loss.item()),
        "positions": positions,
        "gradients": [
            {
                "sum": float("%.12g" % w.grad.sum().item()),
                "norm": float("%.12g" % w.grad.norm().item()),
                "greatest": float("%.12g" % w.grad.abs().max().item()),
                "samples": [float("%.9g" % w.grad.flatten()[p].item()) for p in positions],
            }
            for w in weights
        ],
    }


def write(folder, name, content):
    text = json.dumps(content, separators=(",", ":")).replace('{"name"', '\n{"name"')
    (folder / name).write_text(text + "\n")
    print("wrote %s (%d bytes)" % (folder / name, len(text) + 1))


def main():
    folder = Path(sys.argv[1])
    peer_models.SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    write(folder, "operations.json", list(operations()))
    write(folder, "programs.json", list(programs()))
    write(folder, "kernels.json", [
        *convolutions(), *poolings(), *attentions(), *functions(), *reductions(), *rows_and_losses(),
    ])
    write(folder, "values.json", list(values()))
    write(folder, "updates.json", list(updates()))
    write(folder, "acceptance.json", list(acceptance()))
    write(folder, "curves.json", list(curves()))
    write(folder, "terms.json", list(terms()))
    write(folder, "wide.json", wide())
    write(folder, "samples.json", list(records()))


main()
