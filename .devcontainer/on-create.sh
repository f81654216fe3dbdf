#!/usr/bin/env bash
# Heavy and the same for everybody, so a prebuild does it once: tools, and what the cluster is made of.
set -euo pipefail
cd "$(dirname "$0")/.."

.devcontainer/install-tools.sh
# What `make test` drives besides: a browser with fonts, and a pooler.
root=()
[ "$(id -u)" = 0 ] || root=(sudo -n)
"${root[@]}" apt-get -qq update
"${root[@]}" apt-get -qq install -y --no-install-recommends chromium chromium-headless-shell fonts-noto-core libfaketime pgbouncer >/dev/null
# Only downloads: a server started here would keep a prebuild running for ever.
if docker info >/dev/null 2>&1; then
  minikube start --download-only --driver=docker --container-runtime=docker --kubernetes-version=v1.34.4
  for image in python:3.13-slim node:24-slim postgres:17; do docker pull --quiet "$image" || true; done
else
  echo "on-create: Docker does not answer yet; minikube downloads its parts at the first start instead"
fi
