#!/usr/bin/env bash
# Installs the pinned tools of tools.txt, each only when its SHA-256 is the one that its release publishes.
# A tool that is there in the pinned version is left alone, so a second run fetches nothing.
#   BIN=/usr/local/bin  where to;  TOOLS=.devcontainer/tools.txt  which
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=${BIN:-/usr/local/bin}
os=linux
case $(uname -m) in
  x86_64) arch=amd64 machine=x86_64 ;;
  aarch64 | arm64) arch=arm64 machine=arm64 ;;
  *) echo "install-tools: no releases for $(uname -m)" >&2; exit 1 ;;
esac

fetch() { curl --fail --silent --show-error --location --retry 5 --retry-all-errors --retry-delay 1 --output "$2" "$1"; }

fill() { local text=$1; text=${text//\{version\}/$version}; text=${text//\{os\}/$os}; text=${text//\{arch\}/$arch}; echo "${text//\{machine\}/$machine}"; }

installed_version() {
  case $1 in
    tilt) "$bin/tilt" version ;;
    minikube) "$bin/minikube" version --short ;;
    kubectl) "$bin/kubectl" version --client ;;
    helm) "$bin/helm" version --short ;;
  esac 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1
}

# The published file holds one digest, or lines of "digest  name".
published_digest() {
  local file=$1 name=$2
  awk -v name="$name" 'NF == 1 {print $1; exit} {sub(/^\*/, "", $2)} $2 == name {print $1; exit}' "$file"
}

install_tool() {
  local name=$1 url=$2 digests=$3 member=$4 known=${5:-} work expected actual
  work=$(mktemp -d)
  fetch "$url" "$work/download"
  expected=$known
  if [ -z "$known" ] || [ "$arch" != amd64 ]; then
    fetch "$digests" "$work/digests"
    expected=$(published_digest "$work/digests" "$(basename "$url")")
  fi
  actual=$(sha256sum "$work/download" | cut -d ' ' -f 1)
  if [ -z "$expected" ] || [ "$actual" != "$expected" ]; then
    echo "install-tools: $name $version is not what its release published (expected ${expected:-no digest}, got $actual); nothing installed" >&2
    rm -rf "$work"
    return 1
  fi
  if [ "$member" = - ]; then
    mv "$work/download" "$work/tool"
  else
    tar --extract --gzip --to-stdout --file "$work/download" "$member" >"$work/tool"
  fi
  local root=()
  [ -w "$bin" ] || root=(sudo)
  "${root[@]}" install -m 0755 "$work/tool" "$bin/$name"
  rm -rf "$work"
  echo "$name $version installed (sha256 $actual)"
}

while read -r name version url digests member known; do
  case $name in '' | \#*) continue ;; esac
  if [ -x "$bin/$name" ] && [ "$(installed_version "$name" || true)" = "$version" ]; then
    echo "$name $version is there"
    continue
  fi
  install_tool "$name" "$(fill "$url")" "$(fill "$digests")" "$(fill "$member")" "$known"
done <"${TOOLS:-$here/tools.txt}"
