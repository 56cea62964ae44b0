# What the machine has to have: a JDK 25, Maven, and for the tests programs of other projects.

jdk_package=openjdk-25-jdk-headless

has_program() {
  PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin command -v "$1" >/dev/null
}

# Each program of the list that is not there: program|package|what needs it.
missing_programs() {
  local program package needed
  while IFS='|' read -r program package _ needed; do
    program=${program%% *}
    case $program in '' | '#'*) continue ;; esac
    has_program "$program" || printf '%s|%s|%s\n' "$program" "$(trimmed "$package")" "$(trimmed "$needed")"
  done <"$home/launcher/programs"
}

trimmed() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# Only where it is certain to be wanted: root of a machine with Debian's packages, and nobody said no.
may_install() {
  [ "${DST_INSTALL:-yes}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Installs Debian packages, and says so. What cannot be installed is told by whoever needs it.
install_packages() {
  local package wanted=() log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  say "getting the list of Debian's packages"
  apt-get update -q >"$log" 2>&1 </dev/null || true
  for package in "$@"; do
    # Not every release has every package; without a JDK nothing else is of use.
    if has_candidate "$package"; then
      wanted+=("$package")
    elif [ "$package" = "$jdk_package" ]; then
      wanted=()
      break
    fi
  done
  if [ ${#wanted[@]} -gt 0 ]; then
    say "installing ${wanted[*]} (DST_INSTALL=no: nothing is installed)"
    if ! apt-get install -q -y --no-install-recommends "${wanted[@]}" >"$log" 2>&1 </dev/null; then
      say "apt-get could not install them:"
      grep -E '^(E|W):' "$log" | tail -n 5 >&2 || tail -n 5 "$log" >&2
    fi
  fi
  rm -f "$log"
  hash -r
}

has_candidate() {
  local policy
  # To its end: who writes into a pipe that nobody reads fails, and with it all of the pipe.
  policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null) || true
  [[ $policy =~ Candidate:\ *[0-9] ]]
}

# Leaves the JDK in $jdk, and Maven on the path if something is to be built; or ends, with a list of what is missing.
provide() {
  local for_build=$1 packages=() missing=()
  jdk=$(find_jdk25)
  [ -n "$jdk" ] || packages+=("$jdk_package")
  [ "$for_build" = no ] || has_program mvn || packages+=(maven)
  if [ ${#packages[@]} -gt 0 ] && may_install; then
    install_packages "${packages[@]}"
    jdk=$(find_jdk25)
  fi
  [ -n "$jdk" ] || missing+=("a JDK 25: none is in a usual folder such as /usr/lib/jvm, /opt or ~/.jdks; $(how_to_get_a_jdk)")
  [ "$for_build" = no ] || has_program mvn || missing+=("Maven: mvn is not on the PATH; $(how_to_get maven)")
  if [ ${#missing[@]} -gt 0 ]; then
    say "this is needed, and missing on this machine:"
    printf '  %s\n' "${missing[@]}" >&2
    exit 3
  fi
}

how_to_get_a_jdk() {
  if ! command -v apt-get >/dev/null; then
    printf 'install one, for example Temurin 25, or set JAVA_HOME to it'
  elif has_candidate "$jdk_package"; then
    how_to_get "$jdk_package"
  else
    printf 'apt-get knows no package of it here (Debian has %s from 13 on): unpack one, for example Temurin 25, in /usr/lib/jvm, or set JAVA_HOME to it' "$jdk_package"
  fi
}

how_to_get() {
  if ! command -v apt-get >/dev/null; then
    printf 'install it'
  elif [ "$(id -u)" = 0 ]; then
    printf 'apt-get install %s' "$*"
  else
    printf 'sudo apt-get install %s' "$*"
  fi
}
