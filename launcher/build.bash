# Builds when the build is missing or older than the sources, and says how far it is.

# The build writes this file last: what is newer than it has not been built.
built=$home/scenarios/target/classpath

# There are classes that were compiled without the static checks.
unchecked=$home/scenarios/target/unchecked

is_built() {
  local module
  [ -f "$built" ] || return 1
  for module in protocol sim real-node reports scenarios; do
    [ -f "$home/$module/target/dst-$module.jar" ] || return 1
  done
  # A folder is newer as soon as a file in it was removed.
  [ -z "$(find "$home"/pom.xml "$home"/*/pom.xml "$home"/*/src/main "$home"/scenarios/library "$home"/launcher/programs \
    -newer "$built" -print -quit 2>/dev/null)" ]
}

# Builds if that is necessary. Two that start at once build once.
ensure_built() {
  is_built && return
  provide build
  may_build
  if command -v flock >/dev/null; then
    exec 9>"$home/scenarios/target/build.lock"
    flock 9
    is_built || build
    exec 9>&-
  else
    build
  fi
}

# Ends with a sentence where this user cannot build.
may_build() {
  local target problem=
  for target in "$home"/{protocol,sim,real-node,reports,scenarios}/target; do
    # mkdir tells why in words of its own.
    problem=$(mkdir -p "$target" 2>&1) && [ -r "$target" ] && [ -w "$target" ] && [ -x "$target" ] && continue
    fail "$home has to be built, and $(user) may not write to $target${problem:+ (${problem##*: })}: let $(owner "$home") run $home/dst once, or clone it to a folder of your own"
  done
}

user() {
  printf 'user %s' "$(id -un 2>/dev/null || id -u)"
}

owner() {
  printf 'its owner'
  ls -ld "$1" 2>/dev/null | awk '{ printf " %s", $3 }'
}

# Maven keeps what it downloads in the home folder; a user without one has it beside the build.
maven_options() {
  if ! mkdir -p "${HOME:-/nonexistent}/.m2" 2>/dev/null || ! [ -w "${HOME:-/nonexistent}/.m2" ]; then
    printf '%s' "-Dmaven.repo.local=$home/scenarios/target/repository"
  fi
}

maven() {
  # shellcheck disable=SC2046
  (cd "$home" && JAVA_HOME=$jdk \
    MAVEN_OPTS="${MAVEN_OPTS:-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
    exec mvn --batch-mode $(maven_options) "$@" </dev/null)
}

build() {
  local log=$home/scenarios/target/build.log began=$SECONDS building
  rm -f "$built" "$home"/*/target/dst-*.jar
  # Who wants to run it need not wait for the static checks; dst test makes up for them.
  touch "$unchecked"
  # Made here, not by the build that starts beside: it is read before that build may have begun.
  : >"$log"
  maven -Dquick -Dmaven.test.skip=true package >"$log" 2>&1 &
  building=$!
  # An interrupted build leaves nothing that the next one could take for finished.
  trap 'kill "$building" 2>/dev/null || true; wait "$building" || true; rm -rf "$home"/*/target/classes "$home"/*/target/maven-status; exit 130' INT TERM
  follow_build "$building" "$log"
  if ! wait "$building"; then
    sed -n '/^\[ERROR\] Failed to execute goal/{p;q;}; /^\[\(ERROR\|WARNING\)\]/p' "$log" | sed '21,$d' >&2
    fail "the build failed: all of it is in $log"
  fi
  trap - INT TERM
  say "built in $((SECONDS - began)) s"
}

# One line that changes on a terminal; elsewhere a line for each module, and one for each half minute.
follow_build() {
  local began=$SECONDS module said='' next=0 now
  while kill -0 "$1" 2>/dev/null; do
    now=$(building_now "$2")
    module=${now%%,*}
    if is_terminal; then
      printf '\r\033[Kdst: building, %s, %d s' "$now" $((SECONDS - began)) >&2
    elif [ "$module" != "$said" ] || [ $((SECONDS - began)) -ge "$next" ]; then
      say "building, $now, $((SECONDS - began)) s"
      said=$module
      next=$((SECONDS - began + 30))
    fi
    sleep 0.5
  done
  if is_terminal; then printf '\r\033[K' >&2; fi
}

is_terminal() {
  [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]
}

# What Maven's log says last: a module of how many, and what is done with it.
building_now() {
  awk '
    /^\[INFO\] Building dst.*\[[0-9]+\/[0-9]+\]/ {
      split(substr($NF, 2, length($NF) - 2), count, "/")
      module = substr($3, 5); doing = "beginning"
    }
    /^Downloaded from|^\[INFO\] Downloaded from/ { files++ }
    /Download(ing|ed) from/ { loading = 1; next }
    { loading = 0 }
    /^\[INFO\] --- .*:(compile|testCompile) / { doing = "compiling" }
    /^\[INFO\] --- .*:(jar|test-jar|single) / { doing = "packing" }
    /^\[INFO\] --- .*:exec \(clojure\)/ { doing = "compiling Clojure" }
    /^\[INFO\] --- .*:test / { doing = "testing" }
    END {
      where = count[1] > 1 ? sprintf("%s (%d of %d)", module, count[1] - 1, count[2] - 1) : "beginning"
      if (loading) doing = sprintf("downloading what it needs (%d files)", files)
      print where (doing == "" || where == doing ? "" : ", " doing)
    }' "$1"
}
