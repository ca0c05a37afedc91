# SPDX-License-Identifier: Apache-2.0
# The stages that tools/test --full adds. Sourced by tools/test, which defines failed_stages.
#
#   ATLINK_FUZZ_SECONDS   how long each fuzzer runs (60)

# run_stage NAME COMMAND…: says what runs and how long it took; a failure is kept for the end.
run_stage() {
  local name=$1 start=$SECONDS code=0
  shift
  say "stage: $name"
  ("$@") || code=$?
  [ "$code" -eq 0 ] || failed_stages+=("$name")
  say "stage: $name $([ "$code" -eq 0 ] && echo passed || echo FAILED) after $(duration $((SECONDS - start)))"
}

# Our sources, NUL-separated; with arguments only below those folders.
sources() {
  local folders=("$@")
  [ "${#folders[@]}" -gt 0 ] || folders=(core plugins products cli docs tests)
  (cd "$repository" && find "${folders[@]}" -type f \( -name '*.cpp' -o -name '*.h' -o -name '*.c' \) -print0 | sort -z)
}

stage_clang() {
  cd "$repository"
  cmake --preset clang >build/clang.log 2>&1 || { tail -n 40 build/clang.log; return 1; }
  cmake --build build/clang -j "$(nproc)"
}

stage_format() {
  cd "$repository"
  sources | xargs -0 -n 40 clang-format-14 --dry-run --Werror
}

stage_tidy() {
  cd "$repository"
  sources core plugins products cli | grep -z '\.cpp$' |
    xargs -0 -n 1 -P "$(nproc)" clang-tidy-14 -p build/clang --quiet 2> >(grep -v 'warnings generated' >&2)
}

# stage_sanitizer PRESET CTEST-ARGUMENTS…
stage_sanitizer() {
  local preset=$1
  shift
  cd "$repository"
  cmake --preset "$preset" >"build/$preset.log" 2>&1 || { tail -n 40 "build/$preset.log"; return 1; }
  cmake --build "build/$preset" -j "$(nproc)" || return 1
  ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error "$@"
}

# What the ordinary run does a hundred times.
stage_kills() {
  ATLINK_KILLS=500 ctest --test-dir "$build_folder" --output-on-failure --no-tests=error -R '^integration/(renewal|renew)$'
}

# Memory errors in what runs fast enough under valgrind: every unit test that makes no key.
stage_valgrind() {
  local area program
  for area in core plugins cli; do
    program=$build_folder/tests/atlink-tests-$area
    [ -x "$program" ] || continue
    (cd "$repository/tests" && valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
      --suppressions="$repository/tools/lib/valgrind.supp" \
      "$program" --no-intro '--source-file-exclude=*key*,*crypto*,*vectors*,*listen*,*sandbox*,*wire*') || return 1
  done
}

stage_fuzz() {
  local seconds=${ATLINK_FUZZ_SECONDS:-60} fuzzer name found=no work
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  while IFS= read -r fuzzer; do
    found=yes
    name=${fuzzer##*/atlink-fuzz-}
    say "fuzzing $name for $seconds s"
    mkdir -p "$work/$name"
    local corpus=("$work/$name")
    [ ! -d "$repository/tests/fuzz/corpus/$name" ] || corpus+=("$repository/tests/fuzz/corpus/$name")
    local words=()
    [ ! -f "$repository/tests/fuzz/$name.dict" ] || words=(-dict="$repository/tests/fuzz/$name.dict")
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$repository/build/fuzz-$name-" "${words[@]}" "${corpus[@]}" >"$work/$name.log" 2>&1 ||
      { tail -n 60 "$work/$name.log"; return 1; }
    grep -E 'number_of_executed_units|new_units_added' "$work/$name.log" || true
  done < <(find "$repository/build/clang" -type f -executable -name 'atlink-fuzz-*' | sort)
  [ "$found" = yes ] || { echo "there is no fuzzer in build/clang"; return 1; }
}

run_full_stages() {
  install_missing "what --full needs" "${full_packages[@]}"
  run_stage "clang, warnings as errors" stage_clang
  run_stage "clang-format" stage_format
  run_stage "clang-tidy" stage_tidy
  run_stage "address and undefined behaviour sanitizers" stage_sanitizer asan
  run_stage "thread sanitizer" stage_sanitizer tsan -R '^(core|plugins|cli)/'
  run_stage "valgrind" stage_valgrind
  run_stage "renewals killed at 500 moments" stage_kills
  run_stage "fuzzers" stage_fuzz
}
