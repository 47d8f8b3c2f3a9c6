#!/bin/sh
# Checks that the kernels compute the same bits for every instruction set this processor has, and any thread count.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

digests() {
  name=$1 threads=$2
  shift 2
  clang -std=gnu11 -w "$@" -I"$root/Sources/CKernels/include" $(pkg-config --cflags openblas) \
    "$root"/Sources/CKernels/*.c "$root/scripts/kernel_digests.c" -o "$work/$name" \
    $(pkg-config --libs openblas) -lpthread -lm
  "$work/$name" "$threads" > "$work/$name.txt"
}

digests clones 1 -O2
digests clones-3-threads 3 -O2
digests baseline 1 -O2 -DCGAD_NO_CLONES
digests unoptimized 2 -O1 -DCGAD_NO_CLONES
for level in v3 v4; do digests "$level" 1 -O2 -DCGAD_NO_CLONES -march=x86-64-$level; done
status=0
for f in "$work"/*.txt; do
  diff "$work/clones.txt" "$f" > "$work/difference" || { echo "$(basename "$f" .txt) differs:"; cat "$work/difference"; status=1; }
done
[ $status = 0 ] && echo "$(wc -l < "$work/clones.txt") digests agree in 6 builds"
exit $status
