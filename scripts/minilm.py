"""Tokens and embeddings of some sentences by MiniLM in PyTorch, and how far others are from them; run by scripts/minilm.

    minilm.py tokens MODEL TOKENS.npy          writes the tokens of the sentences
    minilm.py compare MODEL Y.npy [OUT.json]   compares the embeddings in Y.npy with PyTorch's, and writes a record of them
"""
import ast
import json
import struct
import sys

LENGTH = 32
SENTENCES = [
    "The cat sits on the mat.",
    "A kitten is resting on a rug.",
    "Checkpointing trades a second computation for memory.",
    "Der Himmel ist blau.",
    "",
]


def tokens(folder):
    """The tokens of each sentence: lower case, words and signs, the longest pieces of words first."""
    with open(f"{folder}/vocab.txt", encoding="utf-8") as file:
        ids = {line.rstrip("\n"): i for i, line in enumerate(file)}
    rows = []
    for sentence in SENTENCES:
        text = "".join(f" {c} " if not c.isalnum() else c for c in sentence.lower())
        row = [ids["[CLS]"]] + [p for word in text.split() for p in pieces(word, ids)] + [ids["[SEP]"]]
        rows.append(row + [0] * (LENGTH - len(row)))
    return rows


def pieces(word, ids):
    """The tokens of one word."""
    found, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in ids), None)
        if end is None:
            return [ids["[UNK]"]]
        found.append(ids[prefix + word[start:end]])
        start = end
    return found


def write_npy(path, rows):
    """Writes whole numbers as numpy.save does."""
    text = f"{{'descr': '<i4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
        for row in rows:
            file.write(struct.pack(f"<{len(row)}i", *row))


def read_npy(path):
    """A tensor of f32 that numpy.save, or cgad, wrote."""
    import torch

    with open(path, "rb") as file:
        data = bytearray(file.read())
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:10 + length].decode())
    assert header["descr"] == "<f4" and not header["fortran_order"]
    return torch.frombuffer(data, dtype=torch.float32, offset=10 + length).reshape(header["shape"])


def weights(path, dtype):
    """The tensors of f32 in a safetensors file, by name."""
    import torch

    with open(path, "rb") as file:
        data = bytearray(file.read())
    length = struct.unpack("<Q", data[:8])[0]
    found = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        tensor = torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=8 + length + start)
        found[name] = tensor.reshape(entry["shape"]).to(dtype)
    return found


def embeddings(w, rows):
    """The embeddings of rows of tokens, by the published definition of the model."""
    import torch
    from torch.nn import functional as F

    tokens = torch.tensor(rows)
    mask = tokens != 0

    def dense(name, x):
        return F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])

    def norm(name, x):
        return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"], 1e-12)

    x = w["embeddings.word_embeddings.weight"][tokens] + w["embeddings.position_embeddings.weight"][:LENGTH]
    x = norm("embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
    for i in range(6):
        p = f"encoder.layer.{i}"
        q, k, v = (
            dense(f"{p}.attention.self.{n}", x).unflatten(-1, (12, -1)).transpose(1, 2) for n in ("query", "key", "value"))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :]).transpose(1, 2).flatten(2)
        x = norm(f"{p}.attention.output.LayerNorm", x + dense(f"{p}.attention.output.dense", y))
        y = dense(f"{p}.output.dense", F.gelu(dense(f"{p}.intermediate.dense", x)))
        x = norm(f"{p}.output.LayerNorm", x + y)
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return F.normalize(mean, dim=-1)


def compare(folder, path, record):
    """Prints how far the embeddings at `path` are from PyTorch's in f32 and in f64."""
    import torch

    rows = tokens(folder)
    found = read_npy(path).double()
    single = embeddings(weights(f"{folder}/model.safetensors", torch.float32), rows).double()
    double = embeddings(weights(f"{folder}/model.safetensors", torch.float64), rows)
    worst = (found - double).abs().max().item()
    print(f"cgad - PyTorch in f64   {worst:.2e}")
    print(f"cgad - PyTorch in f32   {(found - single).abs().max().item():.2e}")
    print(f"PyTorch f32 - f64       {(single - double).abs().max().item():.2e}")
    similarity = found @ found.T
    for i in range(1, len(SENTENCES)):
        print(f"{similarity[0, i]:.3f}  {SENTENCES[0]!r} and {SENTENCES[i]!r}")
    if record:
        with open(record, "w", encoding="utf-8") as file:
            values = [[float(f"{v:.9g}") for v in row] for row in double.tolist()]
            json.dump({"tokens": rows, "embeddings": values}, file, separators=(",", ":"))
            file.write("\n")
    if worst > 1e-5:
        sys.exit("cgad is further than 1e-5 from PyTorch")


if __name__ == "__main__":
    if sys.argv[1] == "tokens":
        write_npy(sys.argv[3], tokens(sys.argv[2]))
    else:
        compare(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None)
