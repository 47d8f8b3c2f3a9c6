# Functions over all policies, shared by scripts. To be sourced by bash with `set -euo pipefail` on, behind lib.sh; `cgadc` has
# to be the path of the compiler.
# shellcheck shell=bash

# What policies with a budget get of the activations that keeping everything has, in parts of a hundred.
parts=(50 35 20)

# Prints the peak and the activations of keeping everything of model $1, compiled with the further flags.
keep_all() {
  local model=$1
  shift
  "$cgadc" compile "$model" --policy 'none()' -o /dev/null --json "$@" |
    awk -F'[:,]' '/"peak_bytes"/ { p = $2 } /"activation_peak_bytes"/ { a = $2 } END { print p + 0, a + 0 }'
}

# Prints a call of every policy, a line each: those with a budget with what keeping everything needs, $1 bytes, but of its
# activations, $2 bytes, only each of `parts`.
policy_calls() {
  local part budget
  printf '%s\n' 'none()' 'all()' 'every(k: 2)' 'every(k: 4)' 'every(k: 8)' 'sqrt()' 'revolve(slots: 3)' 'cost()' 'memory()' \
    'speed()' 'balanced()' 'manual()' 'legacy_every_n(n: 3)' 'legacy_by_depth(n: 2)'
  for part in "${parts[@]}"; do
    budget=$(($1 - $2 * (100 - part) / 100))
    printf '%s\n' "chain(budget: $budget)" "budget($budget)" "optimal(budget: $budget)"
  done
}

# Compiles model $1 under policy $2 with the further flags, the summary going to $3, and prints the policy: with the least
# budget that was found where nothing fits into that of $2. Prints nothing where the policy does not apply.
compile_under() {
  local model=$1 policy=$2 summary=$3 code=0 least
  shift 3
  "$cgadc" compile "$model" --policy "$policy" -o /dev/null --json "$@" >"$summary" 2>"$summary.errors" || code=$?
  if [ "$code" -eq 3 ]; then
    least=$(sed -n 's/.*least peak found is .* (\([0-9]*\) bytes).*/\1/p' "$summary.errors")
    [ -n "$least" ] || die "no least peak: $(cat "$summary.errors")"
    [ "$policy" != "${policy//[0-9]*)/$least)}" ] || die "$model, $policy: refused though it is the least peak"
    compile_under "$model" "${policy//[0-9]*)/$least)}" "$summary" "$@"
    return
  fi
  ! grep -q CG0505 "$summary.errors" || return 0 # no marks for manual()
  [ "$code" -eq 0 ] || die "$model, $policy: $(cat "$summary.errors")"
  printf '%s\n' "$policy"
}
