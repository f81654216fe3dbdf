#!/usr/bin/env bash
# At every start, also after a stop: the cluster again, whatever state it was left in. Safe to run twice.
set -euo pipefail
cd "$(dirname "$0")/.."

root=()
[ "$(id -u)" = 0 ] || root=(sudo -n)
# Tilt, Next and the warm server watch many files; the defaults run out without a word.
for setting in fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288; do
  "${root[@]}" sysctl --quiet --write "$setting" 2>/dev/null || echo "post-start: could not raise ${setting%%=*}; saves may go unseen"
done

for attempt in $(seq 60); do
  docker info >/dev/null 2>&1 && break
  [ "$attempt" = 60 ] && { echo "post-start: Docker did not start within a minute; without it: make up MODE=local" >&2; exit 1; }
  sleep 1
done

memory=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
if ! minikube status >/dev/null 2>&1; then
  # Docker as the runtime: Tilt then builds straight into the node, without a registry.
  minikube start --driver=docker --container-runtime=docker --kubernetes-version=v1.34.4 \
    --cpus="$(nproc)" --memory="$((memory * 6 / 10))m"
fi
# A resumed machine may have given the node another address.
[ "$(minikube status --format '{{.Kubeconfig}}')" = Configured ] || minikube update-context
minikube addons enable ingress >/dev/null
minikube addons enable metrics-server >/dev/null
# The controller's webhook refuses Ingress objects until it is ready.
kubectl --context minikube --namespace ingress-nginx rollout status deployment/ingress-nginx-controller --timeout=180s >/dev/null
echo "post-start: the cluster is ready. Next: make up"
