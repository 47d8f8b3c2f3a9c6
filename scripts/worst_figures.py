"""Prints the worst of the figures that tests printed, group by group: worst_figures.py LOG"""

import re
import sys

# what a line tells: group, pattern of the case's name
GROUPS = [
    ("samples, first step", "torch sample "), ("samples, 20 steps", "curve of sample "), ("… of PyTorch in f32", "rounding of sample "),
    ("networks, 20 steps", "curve "),
    ("optimizers, 20 steps", "update "), ("programs of one operation", "torch program "),
    ("operations without derivative", "torch value "), ("operations and their gradients", "torch "),
]
NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?|inf"


def main():
    worst = {}
    for line in open(sys.argv[1], errors="replace"):
        if not line.startswith("figure: "):
            continue
        text = line.removeprefix("figure: ").rstrip()
        found = next(((group, prefix) for group, prefix in GROUPS if text.startswith(prefix)), None)
        # behind " at " stands where the worst element is, with its numbers
        match = re.match(
            r"(.*): ((?:(?:loss|losses|gradients|parameters|state) )?(?:%s)\b.*)" % NUMBER, text.split(" at ")[0])
        if not found or not match:
            continue
        group, prefix = found
        name, figures = match.group(1).removeprefix(prefix), match.group(2)
        value = max(float(n) for n in re.findall(r"(?:^|[a-z] )(%s)" % NUMBER, figures))
        count, greatest, _ = worst.get(group, (0, -1.0, ""))
        worst[group] = (count + 1, *max((greatest, worst.get(group, (0, -1.0, ""))[2]), (value, name)))
    if not worst:
        sys.exit("there are no figures: the tests did not run")
    print("%-32s %6s  %-10s %s" % ("compared with PyTorch", "cases", "worst", "where"))
    for group, _ in GROUPS:
        if group in worst:
            print("%-32s %6d  %-10.2g %s" % (group, *worst[group]))


main()
