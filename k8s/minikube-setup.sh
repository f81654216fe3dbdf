#!/usr/bin/env bash
# A cluster and the application in it: minikube, add-ons, images, secret, chart, and a page that answers.
#
#   k8s/minikube-setup.sh            set up or bring up to date; safe to run again
#   k8s/minikube-setup.sh --delete   remove the application, and the cluster if this script made it
#   k8s/minikube-setup.sh --help
#
# Settings, by environment: PROFILE (minikube), NAMESPACE (todo), RELEASE (todo), HOST (todo.local),
# KUBERNETES (v1.34.4), CPUS (2), MEMORY (4096), ENV_FILE (.env).
set -Eeuo pipefail # E: the trap below hears of what fails inside functions too
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PROFILE=${PROFILE:-minikube}
NAMESPACE=${NAMESPACE:-todo}
RELEASE=${RELEASE:-todo}
HOST=${HOST:-todo.local}
KUBERNETES=${KUBERNETES:-v1.34.4}
CPUS=${CPUS:-2}
MEMORY=${MEMORY:-4096}
ENV_FILE=${ENV_FILE:-.env}
SECRET=todo
MARK=created-by-minikube-setup
KEYS=(DATABASE_URL DIRECT_DATABASE_URL SECRET_KEY LLM_API_KEY JWT_SECRET POSTGRES_PASSWORD)

STEP="reading the arguments"
REMEDY="run k8s/minikube-setup.sh --help"

step() { # what is done now, and what to do when it fails
  STEP=$1 REMEDY=$2
  printf '\n==> %s\n' "$1"
}

stop() { # a mistake of the user's surroundings: what is wrong and what to do
  trap - ERR
  printf 'minikube-setup: %s\n' "$1" >&2
  exit 1
}

trap 'printf "\nminikube-setup: failed while %s.\n  %s\n" "$STEP" "$REMEDY" >&2' ERR

kube() { kubectl --context "$PROFILE" "$@"; }
inside() { kube --namespace "$NAMESPACE" "$@"; }

at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

need() { # tool, least version, what prints it, remedy
  command -v "$1" >/dev/null || stop "$1 is not installed; $4"
  local have
  have=$($3 2>/dev/null | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1) || true
  [[ -n $have ]] || stop "$1 does not answer to '$3'; $4"
  at_least "$2" "$have" || stop "$1 $have is too old, $2 is needed; $4"
  printf '    %-9s %s\n' "$1" "$have"
}

check_tools() {
  step "checking the tools" "install the tool that is named above"
  need docker 20.10 "docker --version" "see https://docs.docker.com/engine/install/"
  docker info >/dev/null 2>&1 || stop "Docker does not answer; start it (Docker Desktop, or: sudo systemctl start docker), and add yourself to the group docker"
  need minikube 1.34 "minikube version --short" "see https://minikube.sigs.k8s.io/docs/start/"
  need kubectl 1.28 "kubectl version --client" "see https://kubernetes.io/docs/tasks/tools/"
  need helm 3.18 "helm version --short" "see https://helm.sh/docs/intro/install/"
}

running() { minikube --profile "$PROFILE" status >/dev/null 2>&1; }

start_cluster() {
  step "starting minikube ($PROFILE)" "minikube -p $PROFILE logs --problems; a broken one goes by: minikube -p $PROFILE delete"
  if running; then
    printf '    already running\n'
    return
  fi
  local exists=true
  kubectl config get-contexts "$PROFILE" >/dev/null 2>&1 || exists=false
  minikube start --profile "$PROFILE" --driver=docker --kubernetes-version="$KUBERNETES" --cpus="$CPUS" --memory="$MEMORY"
  if ! $exists; then
    kube --namespace kube-system create configmap "$MARK" >/dev/null
  fi
}

enable_addons() {
  step "enabling the add-ons ingress and metrics-server" "kubectl --context $PROFILE get pods -A shows which pod cannot start"
  local addon
  for addon in ingress metrics-server; do
    minikube --profile "$PROFILE" addons enable "$addon"
  done
  kube --namespace ingress-nginx rollout status deployment/ingress-nginx-controller --timeout=300s
  kube --namespace kube-system rollout status deployment/metrics-server --timeout=300s
}

image_tag() { # the commit, and what was changed since
  local commit changes
  commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo none)
  changes=$(git diff HEAD -- backend frontend 2>/dev/null | git hash-object --stdin)
  if git diff --quiet HEAD -- backend frontend 2>/dev/null; then
    printf '%s' "$commit"
  else
    printf '%s-%s' "$commit" "${changes:0:8}"
  fi
}

load() { # an image into the cluster, unless it is there
  minikube --profile "$PROFILE" image ls | grep -qE "(^|/)$1\$" || minikube --profile "$PROFILE" image load "$1"
}

build_images() {
  TAG=$(image_tag)
  local component
  for component in backend frontend; do
    step "building todo-$component:$TAG" "the lines above say where; docker build $component repeats it"
    DOCKER_BUILDKIT=1 docker build --quiet --target runtime --build-arg "REVISION=$TAG" --tag "todo-$component:$TAG" "$component"
    step "loading todo-$component:$TAG into the cluster" "minikube -p $PROFILE image load todo-$component:$TAG repeats it; a full disk is the usual reason"
    load "todo-$component:$TAG"
  done
  if docker image inspect postgres:17 >/dev/null 2>&1; then # spares the cluster a download
    load postgres:17
  fi
}

from_env_file() { # the value of a key in .env, without quotes; empty when it is not there
  [[ -f $ENV_FILE ]] || return 0
  sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1=//p" "$ENV_FILE" | tail -n 1 | sed -E "s/^(['\"])(.*)\1[[:space:]]*$/\2/"
}

existing() { # the value of a key in the cluster's secret; empty when it is not there
  inside get secret "$SECRET" --output "jsonpath={.data.$1}" 2>/dev/null | base64 --decode 2>/dev/null || true
}

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# Values travel by a file that only this user can read, never by a command line, and are never printed.
create_secret() {
  step "writing the secret from $ENV_FILE" "check that $ENV_FILE has lines of KEY=value"
  local folder key value
  folder=$(mktemp -d)
  # shellcheck disable=SC2064  # the folder's name of now
  trap "rm -rf '$folder'" EXIT
  chmod 700 "$folder"
  for key in "${KEYS[@]}"; do
    value=$(from_env_file "$key")
    case $key in
      SECRET_KEY | POSTGRES_PASSWORD) # kept over runs, so that nobody is signed out and the database still opens
        [[ -n $value ]] || value=$(existing "$key")
        [[ -n $value ]] || value=$(random)
        ;;
    esac
    [[ -z $value ]] || printf '%s' "$value" >"$folder/$key"
  done
  if [[ -f $folder/DATABASE_URL ]]; then OWN_DATABASE=true; else OWN_DATABASE=false; fi
  inside create secret generic "$SECRET" --from-file="$folder" --dry-run=client --output yaml | inside apply --filename - >/dev/null
  rm -rf "$folder"
  trap - EXIT
}

create_namespace() {
  step "preparing the namespace $NAMESPACE" "kubectl --context $PROFILE get namespace $NAMESPACE shows its state"
  kube create namespace "$NAMESPACE" --dry-run=client --output yaml | kube apply --filename - >/dev/null
  kube label namespace "$NAMESPACE" --overwrite pod-security.kubernetes.io/enforce=restricted >/dev/null
}

install_chart() {
  step "installing the chart" "kubectl --context $PROFILE --namespace $NAMESPACE get pods,events shows why; Helm has gone back to the state before"
  local rollback=--atomic options digest
  if [[ $(helm version --short) == v4* ]]; then rollback=--rollback-on-failure; fi
  options=(--set "secrets.existingSecret=$SECRET" --set "ingress.hosts[0].host=$HOST")
  options+=(--set-string "backend.image.tag=$TAG" --set-string "frontend.image.tag=$TAG")
  # Pods read a secret when they start; a changed one must make them start.
  digest=$(inside get secret "$SECRET" --output 'jsonpath={.data}' | git hash-object --stdin)
  options+=(--set-string "backend.podAnnotations.checksum/secret=$digest")
  if ! $OWN_DATABASE; then
    options+=(--set postgresql.enabled=true --set "postgresql.auth.existingSecret=$SECRET")
  fi
  local key name
  for key in LLM_BASE_URL:llmBaseUrl LLM_MODEL:llmModel; do
    name=$(from_env_file "${key%%:*}")
    [[ -z $name ]] || options+=(--set-string "config.${key##*:}=$name")
  done
  helm upgrade --install "$RELEASE" helm/todo-app --kube-context "$PROFILE" --namespace "$NAMESPACE" \
    --values helm/todo-app/values-minikube.yaml "${options[@]}" "$rollback" --wait --timeout 5m >/dev/null
}

answers() { curl --silent --fail --max-time 5 --output /dev/null --header "Host: $HOST" "$1"; }

wait_for_page() {
  step "waiting for the page through the ingress" "kubectl --context $PROFILE --namespace $NAMESPACE describe ingress; on macOS and Windows run: minikube -p $PROFILE tunnel"
  local base forward="" deadline=$((SECONDS + 120)) path
  base=http://$(minikube --profile "$PROFILE" ip)
  if ! curl --silent --max-time 3 --output /dev/null "$base/"; then
    # With Docker on macOS and Windows the node's address is not reachable; a forward goes the same way in.
    # Not by `kube`, whose process here would be a shell's, and the forward go on when that is killed.
    kubectl --context "$PROFILE" --namespace ingress-nginx port-forward svc/ingress-nginx-controller 18080:80 >/dev/null 2>&1 &
    forward=$!
    base=http://127.0.0.1:18080
  fi
  for path in / /api/health; do
    until answers "$base$path"; do
      if ((SECONDS >= deadline)); then
        [[ -z $forward ]] || kill "$forward" 2>/dev/null || true
        stop "$base$path (Host: $HOST) did not answer within two minutes; $REMEDY"
      fi
      sleep 1
    done
    printf '    %s answers\n' "$path"
  done
  [[ -z $forward ]] || kill "$forward" 2>/dev/null || true # gone by itself where another forward has the port
}

wait_for_metrics() { # the page does not need them, so this waits and never fails
  step "waiting for metrics, by which the autoscaler counts" "kubectl --context $PROFILE --namespace $NAMESPACE top pods"
  local deadline=$((SECONDS + 120))
  until inside top pods >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      printf '    none yet; until they come, kubectl get hpa shows <unknown>\n'
      return
    fi
    sleep 2
  done
  printf '    kubectl top pods answers\n'
}

print_urls() {
  cat <<TEXT

The application runs.

  By name       http://$HOST   after: echo "$(minikube --profile "$PROFILE" ip) $HOST" | sudo tee -a /etc/hosts
  By forward    http://localhost:8080   while this runs: kubectl --context $PROFILE -n ingress-nginx port-forward svc/ingress-nginx-controller 8080:80
  API           http://$HOST/api/docs
  Pods          kubectl --context $PROFILE -n $NAMESPACE get pods,hpa
  Remove it     k8s/minikube-setup.sh --delete
TEXT
}

delete_everything() {
  step "removing the application" "kubectl --context $PROFILE delete namespace $NAMESPACE"
  if ! running; then
    printf '    no running cluster %s; if there is a stopped one, minikube -p %s delete removes it\n' "$PROFILE" "$PROFILE"
    return
  fi
  if kube --namespace kube-system get configmap "$MARK" >/dev/null 2>&1; then
    step "deleting the cluster that this script made" "minikube -p $PROFILE delete --purge"
    minikube delete --profile "$PROFILE"
    return
  fi
  helm uninstall "$RELEASE" --kube-context "$PROFILE" --namespace "$NAMESPACE" --ignore-not-found --wait >/dev/null
  kube delete namespace "$NAMESPACE" --ignore-not-found --timeout=120s
  printf '    the cluster %s was there before and stays; minikube -p %s delete removes it\n' "$PROFILE" "$PROFILE"
}

case ${1:-} in
  "") ;;
  --delete)
    delete_everything
    exit
    ;;
  -h | --help)
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit
    ;;
  *) stop "unknown argument $1; run k8s/minikube-setup.sh --help" ;;
esac

check_tools
start_cluster
enable_addons
create_namespace
create_secret
build_images
install_chart
wait_for_page
wait_for_metrics
print_urls
