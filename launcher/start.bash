# Starts the workbench or a node in this very process.

# What a JVM is started with. DST_JAVA_OPTIONS: more options for this JVM, for example a heap size.
options=(
  -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  -Dfile.encoding=UTF-8 -enableassertions:dst...
)

start() {
  local module=scenarios main=dst.scenarios.Start classpath
  case ${1:-} in
    serve | attach | detach | ctl | proxy)
      module=real-node
      main=dst.realnode.Start
      ;;
  esac
  # DST_CLASSPATH: where classes of one's own lie, with kinds of nodes as services.
  classpath=$(class_path "$module")${DST_CLASSPATH:+:$DST_CLASSPATH} || exit 3
  [ "$module" = scenarios ] || use_linked_classes "$classpath"
  jvm_starts
  # shellcheck disable=SC2086
  exec "$jdk/bin/java" "${options[@]}" -Ddst.home="$home" -Ddst.command="$command" \
    ${DST_JAVA_OPTIONS:-} -classpath "$classpath" "$main" "$@"
}

# The module and the libraries that its build laid beside it, so that whoever may read the folder can start it.
class_path() {
  local target=$home/$1/target entry path
  path=$target/dst-$1.jar
  # Names below the folder, without blanks.
  for entry in $(tr : ' ' <"$target/classpath"); do
    path=$path:$target/$entry
    [ -r "$target/$entry" ] || unreadable "$target/$entry"
  done
  [ -r "$target/dst-$1.jar" ] || unreadable "$target/dst-$1.jar"
  # From a broken jar not even that is loaded which would say so. A whole one ends with this record.
  [ "$(tail -c 22 "$target/dst-$1.jar" | head -c 4)" = $'PK\005\006' ] || broken "$target/dst-$1.jar" "broken"
  printf '%s' "$path"
}

unreadable() {
  if [ -e "$1" ]; then
    fail "$(user) may not read $1, a part of the build: let $(owner "$home") run chmod -R a+rX $home, or clone it to a folder of your own"
  fi
  broken "$1" "missing"
}

broken() {
  fail "$1, a part of the build, is $2: remove $built, and $command builds again"
}

# Classes loaded and linked ahead of time: made once after a build, by a rehearsal that nobody sees. Without them everything works, later.
use_linked_classes() {
  local aot=$home/real-node/target/dst.aot
  if { [ ! -f "$aot" ] || [ "$home/real-node/target/classpath" -nt "$aot" ]; } && [ -w "$home/real-node/target" ]; then
    "$jdk/bin/java" "${options[@]}" -XX:AOTCacheOutput="$aot.$$" -classpath "$1" dst.realnode.Rehearsal \
      >/dev/null 2>&1 </dev/null && mv -f "$aot.$$" "$aot" || rm -f "$aot.$$"
  fi
  if [ -r "$aot" ] && [ "$aot" -nt "$home/real-node/target/classpath" ]; then options+=("-XX:AOTCache=$aot"); fi
}

# A JVM that cannot start ends with exit code 1, which is the word for a broken promise. Where options or limits of the user's own could keep it from
# starting, that is tried first.
jvm_starts() {
  local said
  [ -n "${DST_JAVA_OPTIONS:-}${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}" ] || [ "$(ulimit -v)" != unlimited ] || return 0
  # shellcheck disable=SC2086
  said=$("$jdk/bin/java" "${options[@]}" ${DST_JAVA_OPTIONS:-} -version 2>&1 </dev/null) && return
  printf '%s\n' "$said" | sed '6,$d' >&2
  fail "the Java of $jdk does not start with the options and limits that it is given here (DST_JAVA_OPTIONS, JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, ulimit -v): see the lines above"
}
