#!/usr/bin/env bash
# Runs the targets one after the other: ./run.sh SECONDS [TARGET...]. One line each; ends with 1 if there was a find.
set -uo pipefail
cd "$(dirname "$0")"
seconds=${1:?"usage: run.sh SECONDS [TARGET...]"}
shift
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)
[ -d corpus ] || ./corpus.sh
mkdir -p logs
found=0
# A file of 64 kB may take one single allocation of 256 MB, 1 GB in all with the sanitizer's own, and 2 s.
# Leaks are not looked for: threads that end late would look like some, and each look takes 20 ms.
limits=(-max_len=65536 -timeout=2 -malloc_limit_mb=256 -rss_limit_mb=2048 -detect_leaks=0 -print_final_stats=1)
printf '%-13s %11s %8s %9s %6s  %s\n' target executions per_second coverage finds contained
# Nor at the end, where the threads of the last scan may still be ending.
export ASAN_OPTIONS=detect_leaks=0
# `scan` has threads of its own: one is enough here, and quicker.
export RAYON_NUM_THREADS=1
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    before=$(ls "artifacts/$target" | wc -l)
    log=logs/$target.log
    nice cargo +nightly fuzz run "$target" -- "${limits[@]}" -max_total_time="$seconds" >"$log" 2>&1
    code=$?
    finds=$(($(ls "artifacts/$target" | wc -l) - before))
    [ "$code" -eq 0 ] || found=1
    stat() { grep -a "stat::$1:" "$log" | tail -1 | awk '{ print $2 }'; }
    coverage=$(grep -ao 'cov: [0-9]*' "$log" | tail -1 | cut -d' ' -f2)
    contained=$(grep -a '^contained' "$log" | sed 's/.*registry\/src\/[^/]*\///' | sort -u | paste -sd' ')
    [ "$code" -eq 0 ] || finds="$finds, exit code $code: see $log"
    printf '%-13s %11s %8s %9s %6s  %s\n' "$target" "$(stat number_of_executed_units)" \
        "$(stat average_exec_per_sec)" "$coverage" "$finds" "$contained"
done
exit "$found"
