# Sourced by check-cluster and check-slurm: expectations, and what the checks compare with.
# Requires $check (the name), $program and $work (a folder).

failures=0
passed() { echo "$check: $*"; }
failed() {
  echo "$check: FAILED: $*" >&2
  failures=$((failures + 1))
}
# expect WHAT COMMAND…
expect() {
  local what=$1
  shift
  if "$@"; then passed "$what"; else failed "$what"; fi
}
# expect_line WHAT FILE TEXT
expect_line() { if grep -qF -- "$3" "$2"; then passed "$1"; else failed "$1: no '$3' in"; tail -20 "$2" >&2; fi; }

# Six windows, each with a checkpoint: about 10 s on two cores.
settings=(--set inner.steps=300 --set evaluation.baseline=false --set checkpoint.every=1
  --set watchdog.seconds=5)

reference() {
  mkdir -p "$work"
  "$program" run glyphs "${settings[@]}" --ranks 2 --quiet --output "$work/reference"
}
same_bits() {
  cmp "$work/reference/trajectory.jsonl" "$1/trajectory.jsonl" &&
    cmp "$work/reference/model.safetensors" "$1/model.safetensors"
}
# windows RUN N: whether it has recorded N windows.
windows() { [ "$(wc -l 2>/dev/null <"$1/windows.jsonl" || echo 0)" -ge "$2" ]; }
