# dst test: installs what is missing where it may, says what is left out, and runs the tests.

test_help() {
  cat <<'END'
Usage: dst test [--no-install] [--verbose] [MODULE | TEST]...

Builds everything, checks the formatting and runs all tests. As root on Debian it first installs the programs of other projects that tests need;
elsewhere it says which are missing, and which tests are left out for that.

  MODULE          protocol, sim, real-node, reports or scenarios: only its tests and those of the modules that it needs
  TEST            a class of tests, or several by a pattern
  --no-install    installs nothing
  --verbose       shows everything that Maven says

Exit codes:
  0   all tests that could run here held
  1   a test failed
  2   the command line is wrong
  3   dst could not be built, or something that is needed to build it is missing

With DST_CI set a test that is left out counts as failed.

Examples:
  dst test
  dst test sim
  dst test NetworkTest
  dst test 'Nbd*Test' --no-install
END
}

test_dst() {
  local word verbose=no modules='' tests='' found log began=$SECONDS code=0
  for word in "$@"; do
    case $word in
      -h | --help)
        test_help
        return
        ;;
      --no-install) DST_INSTALL=no ;;
      --verbose) verbose=yes ;;
      -*) wrong "there is no option '$word'" ;;
      protocol | sim | real-node | reports | scenarios) modules=$modules,$word ;;
      *)
        found=$(modules_with_test "${word%%#*}")
        [ -n "$found" ] || wrong "'$word' is no module (protocol, sim, real-node, reports, scenarios) and no class of tests"
        modules=$modules,$found
        tests=$tests,$word
        ;;
    esac
  done
  provide_for_tests
  may_build
  # A module whose tests fail keeps only those from being tried that need it.
  local what=(--fail-at-end verify)
  [ -z "$modules" ] || what+=(-pl "${modules#,}" -am -Dexec.skip)
  [ -z "$tests" ] || what+=("-Dtest=${tests#,}" -Dsurefire.failIfNoSpecifiedTests=false)
  log=$home/scenarios/target/test.log
  rm -f "$home"/*/target/surefire-reports/TEST-*.xml
  if [ -z "$modules" ] && [ -e "$unchecked" ]; then
    rm -rf "$home"/*/target/classes "$home"/*/target/maven-status "$unchecked"
  fi
  maven "${what[@]}" 2>&1 | tee "$log" | tell_tests "$verbose" || code=${PIPESTATUS[0]}
  sum_up "$log" "$code" $((SECONDS - began))
}

wrong() {
  say "$1 (see dst test --help)"
  exit 2
}

modules_with_test() {
  local module modules=''
  for module in protocol sim real-node reports scenarios; do
    [ -z "$(find "$home/$module/src/test" -name "$1.java" -print -quit)" ] || modules=$modules,$module
  done
  printf '%s' "${modules#,}"
}

# Everything in one go: what is needed to build, and the programs that tests start.
provide_for_tests() {
  local program package needed packages=() missing
  if may_install; then
    [ -n "$(find_jdk25)" ] || packages+=("$jdk_package")
    while IFS='|' read -r program package needed; do
      packages+=("$package")
    done < <(missing_programs)
    [ ${#packages[@]} -eq 0 ] || install_packages $(printf '%s\n' "${packages[@]}" | awk '!seen[$0]++')
  fi
  provide build
  missing=$(missing_programs)
  [ -n "$missing" ] || return 0
  say "missing on this machine, and what is left out of the tests for it:"
  while IFS='|' read -r program package needed; do
    printf '  %-12s %s\n' "$program" "$needed" >&2
  done <<<"$missing"
  say "to have them: $(how_to_get $(cut -d '|' -f 2 <<<"$missing" | sort -u))"
}

# What somebody who waits wants to know: the module, each class as it ends, and what is wrong.
tell_tests() {
  if [ "$1" = yes ]; then
    cat
    return
  fi
  # Not awk: some keep what they read to themselves until the end.
  local line module count failing=no files=0
  while IFS= read -r line; do
    case $line in
      '[INFO] Building dst'*']')
        module=${line#'[INFO] Building '}
        count=${line##*'['}
        count=${count%']'}
        # The first of several is only what the others have in common.
        case $count in
          1/1) tell "dst: ${module%% *}" ;;
          1/*) status "checking the formatting" ;;
          *) tell "dst: ${module%% *} ($((${count%/*} - 1)) of $((${count##*/} - 1)))" ;;
        esac
        ;;
      '[INFO] --- '*':compile '*) status "compiling" ;;
      '[INFO] --- '*':testCompile '*) status "compiling the tests" ;;
      *'Downloading from '*) status "downloading what it needs ($((++files)) files)" ;;
      '[INFO] Running '*) status "${line#'[INFO] Running '}" ;;
      '['*'Tests run:'* | '[ERROR]'*) tell "$line" ;;
      # The lines below a failure belong to it.
      *) [ "$failing" = no ] || [ -z "$line" ] || [ "${line:0:1}" = '[' ] || tell "$line" ;;
    esac
    case $line in
      '[ERROR]'*'<<< '*) failing=yes ;;
      '' | '['*) failing=no ;;
    esac
  done
  status ''
}

tell() {
  status ''
  printf '%s\n' "$1"
}

# One line that the next one takes away.
status() {
  if is_terminal; then printf '\r\033[K%s' "${1:0:${COLUMNS:-80}}"; fi >&2
}

sum_up() {
  local reports=("$home"/*/target/surefire-reports/TEST-*.xml) all=0 wrong=0 skipped=0
  if [ -f "${reports[0]}" ]; then
    all=$(cat "${reports[@]}" | grep -c '<testcase ' || true)
    wrong=$(cat "${reports[@]}" | grep -cE '<(failure|error)[ >]' || true)
    skipped=$(cat "${reports[@]}" | grep -c '<skipped' || true)
  fi
  echo
  if [ "$skipped" -gt 0 ]; then
    echo "Left out:"
    # Why, as the test said it, and how many for each reason; of what goes on over several lines the first that says something.
    cat "${reports[@]}" | sed -n '/<skipped/{$!N;s/\n/ /;s/\tat .*//;p;}' |
      sed 's/^.*TestAbortedException: *//; s/^Assumption failed: //; s/^.*message="//; s/".*//; s/&#10;.*//; s/]]>.*//; s/[: ]*$//; s|/tmp/junit-[0-9]*|...|g' |
      cut -c 1-150 | sort | uniq -c
    echo
  fi
  sed -n 's/^\[INFO\] \(dst[a-z-]*\) \.* SKIPPED.*/Not tried, since what it needs has failed: \1/p' "$1"
  echo "$((all - wrong - skipped)) passed, $wrong failed, $skipped skipped"
  if [ "$2" -eq 0 ]; then
    say "everything held that could be tried here, in $3 s"
    return
  fi
  say "all of it is in $1; each test by itself in */target/surefire-reports"
  if [ "$wrong" -gt 0 ]; then
    tests_failed=yes
    exit 1
  fi
  fail "the build failed, and no test did: see the lines above"
}
