"""The models of samples/ in PyTorch, and what they compute, to be compared with what compiled plans compute.

A model is a function of `p`, which gives parameters and state by path, and of the inputs by name. Values are a function of
their place in the table of a model alone, so that no tensor is stored.
"""

import math
from pathlib import Path

import torch
import torch.nn.functional as F

MASK = 0xFFFFFFFF

# Moves all numbers; 0 for those that are stored.
SEED = 0


def hashed(shape, salt, scale=1.0):
    """Returns numbers in ±scale, a function of `salt` and the position; the test computes the same.

    Source: the function `lowbias32` of C. Wellons, Prospecting for hash functions, 2018.
    """
    x = (torch.arange(math.prod(shape), dtype=torch.int64) + (salt << 24)) & MASK
    x = ((x ^ x >> 16) * 0x7FEB352D) & MASK
    x = ((x ^ x >> 15) * 0x846CA68B) & MASK
    x = x ^ x >> 16
    return ((x >> 8).double() / 2**23 - 1).reshape(shape) * scale


# MARK: Dropout


def mixed(z):
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014)."""
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) % 2**64
    return z ^ z >> 31


def fnv1a(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) % 2**64
    return h


def product(a, b):
    """Returns the upper and the lower 32 bits of the product of a tensor of 32 bits and a number of 32 bits."""
    low, high = (a & 0xFFFF) * b, (a >> 16) * b  # both below 2⁴⁸
    return (high + (low >> 16)) >> 16 & MASK, (low + ((high & 0xFFFF) << 16)) & MASK


def uniforms(shape, path, seed, step):
    """Returns the numbers in [0, 1) that an operation of that path draws, by Philox 4×32 with 10 rounds.

    Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.
    """
    count = math.prod(shape)
    key = mixed(mixed((seed + 0x9E3779B97F4A7C15) % 2**64) ^ fnv1a(path))
    k0, k1 = key & MASK, key >> 32
    blocks = torch.arange((count + 3) // 4, dtype=torch.int64)
    zero = torch.zeros_like(blocks)
    c = [blocks, zero, zero + step, zero]
    for _ in range(10):
        (p_high, p_low), (q_high, q_low) = product(c[0], 0xD2511F53), product(c[2], 0xCD9E8D57)
        c = [q_high ^ c[1] ^ k0, q_low, p_high ^ c[3] ^ k1, p_low]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return (torch.stack(c, 1).flatten()[:count] >> 8).double().reshape(shape) / 2**24


# MARK: Parameters, state and inputs


class Values:
    """The parameters and the state of a model, made at their first use, in the order of their uses."""

    def __init__(self):
        self.table, self.parameters, self.state = [], {}, {}
        self.is_training, self.step, self.frozen = True, 0, None

    def new(self, name, shape, **how):
        salt = 1 + (len(self.table) + 97 * SEED) % 254
        self.table.append({"name": name, "shape": list(shape), "salt": salt, **how})
        if "classes" in how:
            return ((hashed(shape, salt) + 1) / 2 * how["classes"]).floor().long()
        return (how["around"] + hashed(shape, salt) * how["scale"]).float().to(torch.get_default_dtype())

    def __call__(self, name, *shape, around=0.0, scale=None):
        if name not in self.parameters:
            if scale is None:
                fan_in = shape[0] if len(shape) == 2 else math.prod(shape[1:])
                scale = float("%.3g" % (1.5 / math.sqrt(max(fan_in, 1))))
            value = self.new(name, shape, around=around, scale=scale)
            self.parameters[name] = value.requires_grad_(self.frozen is None or not name.startswith(self.frozen))
        return self.parameters[name]

    def stored(self, name, *shape, value):
        return self.state.setdefault(name, torch.full(shape, float(value)))

    def dropout(self, x, rate, path, seed=1):
        if not self.is_training:
            return x
        kept = uniforms(x.shape, path, seed, self.step) >= torch.tensor(rate).float().double()
        return torch.where(kept, x / (1 - rate), torch.zeros(()))


# MARK: The blocks of std.nn


def linear(p, path, x, out, bias=True):
    y = x @ p(path + ".weight", x.shape[-1], out)
    return y + p(path + ".offset", out, scale=0.1) if bias else y


def layer_norm(p, path, x):
    d = x.shape[-1]
    gain, bias = p(path + ".gain", d, around=1.0, scale=0.1), p(path + ".bias", d, scale=0.1)
    return F.layer_norm(x, (d,), gain, bias)


def rms_norm(p, path, x):
    return F.rms_norm(x, x.shape[-1:], p(path + ".gain", x.shape[-1], around=1.0, scale=0.1), eps=1e-5)


def conv(p, path, x, out, kernel=3, stride=1):
    return F.conv2d(x, p(path + ".weight", out, x.shape[1], kernel, kernel), stride=stride, padding=(kernel - 1) // 2)


def batch_norm(p, path, x):
    shape = (1, x.shape[1], 1, 1)
    gain, bias = p(path + ".gain", *shape, around=1.0, scale=0.1), p(path + ".bias", *shape, scale=0.1)
    mean, variance = p.stored(path + ".mean", *shape, value=0), p.stored(path + ".variance", *shape, value=1)
    if p.is_training:
        p.state[path + ".steps"] = p.stored(path + ".steps", value=0) + 1
    return F.batch_norm(x, mean.view(-1), variance.view(-1), gain.view(-1), bias.view(-1), p.is_training, 0.1, 1e-5)


def mlp(p, path, x, hidden):
    return linear(p, path + ".down", F.gelu(linear(p, path + ".up", x, hidden), approximate="tanh"), x.shape[-1])


def split_heads(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def self_attention(p, path, x, heads, causal=False):
    q, k, v = linear(p, path + ".qkv", x, 3 * x.shape[-1]).chunk(3, -1)
    y = F.scaled_dot_product_attention(*(split_heads(t, heads) for t in (q, k, v)), is_causal=causal)
    return linear(p, path + ".out", y.transpose(1, 2).flatten(2), x.shape[-1])


# MARK: The samples


def dense(p, path, x, out):
    """The block `Dense` that digits and mlp write themselves."""
    return x @ p(path + ".weight", x.shape[-1], out) + p(path + ".bias", out, scale=0.1)


def scores_loss(scores, label):
    return F.cross_entropy(scores, label)


def digits(p, d, image, label):
    x = torch.relu(dense(p, "input", image / 16, d["Hidden"]))
    for i in range(6):
        x = x + torch.tanh(dense(p, f"hidden.{i}.dense", x, d["Hidden"]))
        x = p.dropout(x, 0.1, f"hidden.{i}.x~2")
    return scores_loss(dense(p, "output", x, 10), label)


def mlp_sample(p, d, image, label):
    x = torch.relu(dense(p, "input", image / 255, d["Hidden"]))
    for i in range(6):
        x = x + torch.relu(dense(p, f"hidden.{i}.dense", x, d["Hidden"]))
        x = p.dropout(x, 0.1, f"hidden.{i}.x~2")
    return scores_loss(dense(p, "output", x, 10), label)


def deep(p, d, x, y):
    for i in range(d["L"]):
        x = torch.relu(dense(p, f"h.{i}.layer", x, d["D"]))
    return F.mse_loss(x, y)


def residual(p, path, x, out, stride):
    a = torch.relu(batch_norm(p, path + ".norm_1", conv(p, path + ".conv_1", x, out, stride=stride)))
    b = batch_norm(p, path + ".norm_2", conv(p, path + ".conv_2", a, out))
    if stride > 1:
        x = batch_norm(p, path + ".norm_3", conv(p, path + ".conv_3", x, out, 1, stride))
    return torch.relu(b + x)


def resnet18(p, d, image, label):
    x = torch.relu(batch_norm(p, "norm", conv(p, "conv", image, d["Width"])))
    for i in range(4):
        x = residual(p, f"stage_{i + 1}.first", x, d["Width"] << i, 1 if i == 0 else 2)
        x = residual(p, f"stage_{i + 1}.second", x, d["Width"] << i, 1)
    return scores_loss(linear(p, "output", x.mean((2, 3)), 10), label)


def own_batch_norm(p, path, x):
    """The block `BatchNorm` that unet writes itself; its running variance is that of the batch."""
    shape = (1, x.shape[1], 1, 1)
    gain, bias = p(path + ".gain", *shape, around=1.0, scale=0.1), p(path + ".bias", *shape, scale=0.1)
    m, v = p.stored(path + ".mean", *shape, value=0), p.stored(path + ".variance", *shape, value=1)
    if p.is_training:
        batch = x.var((0, 2, 3), correction=0, keepdim=True), x.mean((0, 2, 3), keepdim=True)
        p.state[path + ".mean"] = (0.9 * m + 0.1 * batch[1]).detach()
        p.state[path + ".variance"] = (0.9 * v + 0.1 * batch[0]).detach()
        v, m = batch
    return (x - m) / torch.sqrt(v + 1e-5) * gain + bias


def twice(p, path, x, out):
    for i in (1, 2):
        x = conv(p, f"{path}.conv_{i}", x, out)
        x = torch.relu(own_batch_norm(p, f"{path}.norm_{i}", x))
    return x


def unet(p, d, pixels):
    image = (pixels / 16).reshape(-1, 1, d["Y"], d["X"])
    ink = (image > 0.5).to(image.dtype)
    w = d["Width"]
    a = twice(p, "down_1", p.dropout(image, 0.33, "train.u_net.image"), w)
    b = twice(p, "down_2", F.max_pool2d(a, 2), 2 * w)
    c = twice(p, "bottom", F.max_pool2d(b, 2), 4 * w)
    e = twice(p, "up_2", torch.cat([F.interpolate(c, scale_factor=2), b], 1), 2 * w)
    f = twice(p, "up_1", torch.cat([F.interpolate(e, scale_factor=2), a], 1), w)
    scores = conv(p, "mask", f, 1) + p("bias", 1, scale=0.1)
    return F.binary_cross_entropy_with_logits(scores, ink)


def lstm(p, d, image, label):
    n = d["Hidden"]
    rows = (image / 16).reshape(-1, d["Rows"], d["Columns"])
    h = c = torch.zeros(len(image), n)
    weights = [p("cell.input", d["Columns"], 4 * n), p("cell.recurrent", n, 4 * n)]
    bias = p("cell.bias", 4 * n, scale=0.1)
    for t in range(d["Rows"]):
        h, c = torch.lstm_cell(rows[:, t], (h, c), weights[0].T, weights[1].T, bias, torch.zeros(4 * n))
    return scores_loss(linear(p, "output", h, 10), label)


def autoencoder(p, d, pixels):
    image, n = pixels / 16, d["Hidden"]
    x = torch.relu(linear(p, "encoder.wide", image, n))
    x = torch.relu(linear(p, "encoder.narrow", x, n // 2))
    x = linear(p, "encoder.code", x, d["Code"])
    x = torch.relu(linear(p, "decoder.narrow", x, n // 2))
    x = torch.relu(linear(p, "decoder.wide", x, n))
    return F.mse_loss(torch.sigmoid(linear(p, "decoder.image", x, image.shape[1])), image)


def patches(image, d):
    x = (image / 16).reshape(-1, d["Y"], d["P"], d["X"], d["Q"])
    return x.permute(0, 1, 3, 2, 4).reshape(len(image), d["Y"] * d["X"], d["P"] * d["Q"])


def mlp_mixer(p, d, image, label):
    x = linear(p, "stem", patches(image, d), d["D"])
    for i in range(d["L"]):
        at = f"layers.{i}.mixer"
        x = x + mlp(p, at + ".tokens", layer_norm(p, at + ".norm_1", x).mT, 2 * x.shape[1]).mT
        x = x + mlp(p, at + ".channels", layer_norm(p, at + ".norm_2", x), 4 * x.shape[2])
    return scores_loss(linear(p, "output", layer_norm(p, "norm", x).mean(1), 10), label)


def vit(p, d, image, label):
    tokens = linear(p, "stem", patches(image, d), d["D"])
    first = p("token", 1, 1, d["D"]).expand(len(image), 1, d["D"])
    x = torch.cat([first, tokens], 1) + p("positions", tokens.shape[1] + 1, d["D"], scale=0.2)
    for i in range(d["L"]):
        at = f"layers.{i}"
        x = x + self_attention(p, at + ".attention", layer_norm(p, at + ".norm_1", x), d["H"])
        x = x + mlp(p, at + ".mlp", layer_norm(p, at + ".norm_2", x), 4 * d["D"])
    return scores_loss(linear(p, "output", layer_norm(p, "norm", x[:, 0]), 10), label)


def two_branch(p, d, image, label):
    stem = F.silu(linear(p, "stem", image / 16, d["D"]))
    left = right = stem
    for i in range(d["L"]):
        left = left + torch.tanh(linear(p, f"smooth.layers.{i}.linear", left, d["D"]))
        at = f"sharp.layers.{i}"
        wide = torch.relu(linear(p, at + ".up", layer_norm(p, at + ".norm", right), 2 * d["D"]))
        right = right + linear(p, at + ".down", wide, d["D"])
    gate = torch.softmax(linear(p, "gate", stem, 2), -1)
    mixed = gate[:, :1] * (left + stem) + gate[:, 1:] * (right + stem) + stem
    return scores_loss(linear(p, "output", layer_norm(p, "norm", mixed), 10), label)


def turned(x, angle):
    """Rotary positions as complex numbers: pair i of a head is its elements i and i + half."""
    pairs = torch.complex(*x.chunk(2, -1)) * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([pairs.real, pairs.imag], -1)


def llama(p, d, tokens, next):
    n, h, t = d["D"], d["H"], d["T"]
    width = n // h
    rate = 10000 ** (-2 * torch.arange(width // 2, dtype=torch.get_default_dtype()) / width)
    angle = torch.outer(torch.arange(t, dtype=torch.get_default_dtype()), rate)
    x = F.embedding(tokens, p("table.table", d["V"], n))
    for i in range(d["L"]):
        at = f"layers.{i}.attention"
        y = rms_norm(p, f"layers.{i}.norm_1", x)
        q, k, v = (split_heads(linear(p, f"{at}.{part}", y, n, False), h) for part in ("query", "key", "value"))
        y = F.scaled_dot_product_attention(turned(q, angle), turned(k, angle), v, is_causal=True)
        x = x + linear(p, at + ".out", y.transpose(1, 2).flatten(2), n, False)
        y, at = rms_norm(p, f"layers.{i}.norm_2", x), f"layers.{i}.swi_glu"
        wide = [linear(p, f"{at}.{part}", y, 8 * n // 3, False) for part in ("gate", "up")]
        x = x + linear(p, at + ".down", F.silu(wide[0]) * wide[1], n, False)
    return F.cross_entropy(linear(p, "head", rms_norm(p, "norm", x), d["V"], False).flatten(0, 1), next.flatten())


def gpt(p, d, tokens, next):
    n = d["D"]
    x = F.embedding(tokens, p("wte.table", d["V"], n)) + p("positions", d["T"], n)
    for i in range(d["L"]):
        at = f"h.{i}.block"
        x = x + self_attention(p, at + ".attn", layer_norm(p, at + ".ln_1", x), d["H"], causal=True)
        x = x + mlp(p, at + ".mlp", layer_norm(p, at + ".ln_2", x), 4 * n)
    return F.cross_entropy((layer_norm(p, "ln_f", x) @ p("head", n, d["V"])).flatten(0, 1), next.flatten())


def minilm(p, d, tokens, target):
    n, mask = d["D"], tokens != 0

    def linear_out_in(path, x, out):
        weight = p(path + ".weight", out, x.shape[-1], scale=float("%.3g" % (1.5 / math.sqrt(x.shape[-1]))))
        return F.linear(x, weight, p(path + ".bias", out, scale=0.1))

    def norm(path, x):
        path += ".LayerNorm"
        return F.layer_norm(
            x, (n,), p(path + ".weight", n, around=1.0, scale=0.1), p(path + ".bias", n, scale=0.1), 1e-12)

    at = "embeddings"
    words, positions, segments = (
        p(f"{at}.{k}_embeddings.weight", d[s], n) for k, s in (("word", "V"), ("position", "P"), ("token_type", "S")))
    x = p.dropout(norm(at, words[tokens] + positions[:d["T"]] + segments[0]), 0.1, at + ".return")
    for i in range(d["L"]):
        at = f"encoder.layer.{i}"
        q, k, v = (
            split_heads(linear_out_in(f"{at}.attention.self.{part}", x, n), d["H"]) for part in ("query", "key", "value"))
        scores = q @ k.mT / math.sqrt(n // d["H"]) + (mask[:, None, None].to(q.dtype) - 1) * 1e9
        y = p.dropout(torch.softmax(scores, -1), 0.1, at + ".attention.self.weights") @ v
        y = linear_out_in(at + ".attention.output.dense", y.transpose(1, 2).flatten(2), n)
        x = norm(at + ".attention.output", x + p.dropout(y, 0.1, at + ".attention.output.LayerNorm.x.rhs"))
        y = linear_out_in(at + ".output.dense", F.gelu(linear_out_in(at + ".intermediate.dense", x, 4 * n)), n)
        x = norm(at + ".output", x + p.dropout(y, 0.1, at + ".output.LayerNorm.x.rhs"))
    sums = (x * mask[..., None]).sum(1)
    return F.mse_loss(F.normalize(sums / mask.sum(1, keepdim=True), dim=-1), target)


def images(b, *shape, label=True):
    inputs = {"image": ((b, *shape), dict(around=8.0, scale=8.0))}
    return {**inputs, "label": ((b,), dict(classes=10))} if label else inputs


GRID = dict(Y=2, P=2, X=2, Q=2)
optim = torch.optim

# name: (model, dims, inputs by name, optimizer, and how the names of frozen parameters start)
SAMPLES = {
    "digits": (digits, dict(B=12, Hidden=9), images(12, 64), lambda p: optim.Adam(p, 2e-3)),
    "mlp": (
        mlp_sample, dict(B=8, Pixels=20, Hidden=7), images(8, 20), lambda p: optim.SGD(p, 0.02, momentum=0.9)),
    "deep": (
        deep, dict(B=6, D=9, L=20), {k: ((6, 9), dict(around=0.0, scale=1.0)) for k in "xy"},
        lambda p: optim.SGD(p, 0.01)),
    "resnet18": (
        resnet18, dict(B=4, Y=16, X=16, Width=4),
        {"image": ((4, 3, 16, 16), dict(around=0.0, scale=1.0)), "label": ((4,), dict(classes=10))},
        lambda p: optim.SGD(p, 0.05, momentum=0.9, weight_decay=5e-4)),
    "unet": (
        unet, dict(B=3, Width=3, Y=8, X=8), {"train_set.0": ((3, 64), dict(around=8.0, scale=8.0))},
        lambda p: optim.Adam(p, 2e-3)),
    "lstm": (lstm, dict(B=5, Rows=4, Columns=6, Hidden=7), images(5, 24), lambda p: optim.Adam(p, 5e-3)),
    "autoencoder": (
        autoencoder, dict(B=5, Pixels=20, Hidden=12, Code=3),
        {"train_set.0": ((5, 20), dict(around=8.0, scale=8.0))}, lambda p: optim.Adam(p, 2e-3)),
    "mlp_mixer": (
        mlp_mixer, dict(B=5, D=6, L=2, **GRID), images(5, 16), lambda p: optim.AdamW(p, 2e-3, weight_decay=0.01)),
    "vit": (
        vit, dict(B=4, D=8, H=2, L=2, **GRID), images(4, 16), lambda p: optim.AdamW(p, 2e-3, weight_decay=0.01)),
    "two_branch": (
        two_branch, dict(B=6, Pixels=16, D=7, L=2), images(6, 16), lambda p: optim.Adam(p, 1e-3)),
    "gpt": (
        gpt, dict(B=2, T=5, V=11, D=8, H=2, L=2), {k: ((2, 5), dict(classes=11)) for k in ("tokens", "next")},
        lambda p: optim.AdamW(p, 1e-3, (0.9, 0.95), weight_decay=0.1)),
    "llama": (
        llama, dict(B=2, T=5, V=11, D=12, H=2, L=2),
        {k: ((2, 5), dict(classes=11)) for k in ("tokens", "next")},
        lambda p: optim.AdamW(p, 1e-3, (0.9, 0.95), weight_decay=0.1)),
    "minilm": (
        minilm, dict(B=2, T=5, V=11, P=7, S=2, D=12, H=2, L=2),
        {"tokens": ((2, 5), dict(classes=11)), "target": ((2, 12), dict(around=0.0, scale=1.0))},
        lambda p: optim.AdamW(p, 2e-5, weight_decay=0.01), "embeddings."),
}


# MARK: Records


def digits9(x):
    return float("%.9g" % x)


def summary(x):
    """What is stored of a tensor: its norm, its product with fixed numbers, its greatest element, and some of them."""
    x, n = x.detach().flatten(), x.numel()
    return {
        "norm": digits9(x.norm().item()), "product": digits9((x * hashed((n,), 255)).sum().item()),
        "greatest": digits9(x.abs().max().item()),
        "elements": [digits9(x[(j * 104729 + 12345) % n].item()) for j in range(4)],
    }


def trained(model, dims, inputs, optimizer, frozen, steps):
    """Returns what is known after `steps` steps on one batch: values, losses, first gradients, and the last evaluation."""
    p = Values()
    p.frozen = frozen
    given = {k: p.new("train." + k, shape, **how) for k, (shape, how) in inputs.items()}
    model(p, dims, *given.values())  # makes the parameters
    p.state.clear()
    parameters = {n: x for n, x in p.parameters.items() if x.requires_grad}
    update = optimizer(list(parameters.values()))
    losses = []
    for p.step in range(steps):
        update.zero_grad()
        loss = model(p, dims, *given.values())
        loss.backward()
        losses.append(loss.item())
        if p.step == 0:
            gradients = {n: summary(x.grad) for n, x in parameters.items()}
        update.step()
    p.is_training = False
    with torch.no_grad():
        losses.append(model(p, dims, *given.values()).item())
    return p, losses, gradients


def record(name, model, dims, inputs, optimizer, frozen=None, steps=20):
    """Returns what `steps` steps on one batch give, and the evaluation after them.

    Some models enlarge roundings: at other numbers than those that are stored, the greatest deviation of PyTorch's own
    losses in f32 is given, too.
    """
    settings = (model, dims, inputs, optimizer, frozen, steps)
    p, losses, gradients = trained(*settings)
    rounding = {}
    if SEED:
        torch.set_default_dtype(torch.float32)
        _, rounded, _ = trained(*settings)
        torch.set_default_dtype(torch.float64)
        rounding = {"rounding": digits9(max(abs(a - b) / abs(b) for a, b in zip(rounded, losses)))}
    losses = [float("%.12g" % x) for x in losses]
    return {
        "name": name, "dims": dims, "values": p.table, "losses": losses[:-1], "evaluation": losses[-1],
        "gradients": gradients, "state": {n: summary(x) for n, x in p.state.items()}, **rounding,
    }


def records():
    """Returns what is known of the samples that are there."""
    folder = Path(__file__).parent.parent / "samples"
    for name, arguments in SAMPLES.items():
        if (folder / f"{name}.cgm").exists():
            yield record(name, *arguments)
