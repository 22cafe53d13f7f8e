# Debian 12 packages, and how they are installed. Sourced by ./start, ./test and the Dockerfile.

packages_to_build=(
  g++ cmake ninja-build ccache git ca-certificates pkg-config
  libboost1.81-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev libyaml-cpp-dev nlohmann-json3-dev
  libsimdjson-dev rapidjson-dev libjemalloc-dev libspdlog-dev libfmt-dev prometheus-cpp-dev libcli11-dev nodejs npm
)
packages_to_pack=(dpkg-dev file)
packages_to_test=(
  libgtest-dev libgmock-dev libvalijson-dev python3 binutils curl doxygen nghttp2-server clang-format chromium
)

say() { printf '== %s\n' "$*"; }

# Installs those of the named packages that are missing; says what it does, and does nothing when all are there.
install_missing() {
  local missing=() package
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "needs root or sudo to install: ${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A tool that came some other way than by its package counts too.
has_package() {
  case "$1" in
    nodejs) command -v node >/dev/null && return 0 ;;
    npm) command -v npm >/dev/null && return 0 ;;
  esac
  [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == "install ok installed" ]]
}

# Configures a preset when that has not happened yet, and builds the named targets.
build_preset() {
  local preset=$1
  shift
  [[ -f build/$preset/build.ninja ]] || {
    say "configuring build/$preset"
    cmake --preset "$preset" >/dev/null
  }
  say "building $preset: $*"
  cmake --build --preset "$preset" --target "$@"
}
