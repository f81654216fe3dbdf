#!/usr/bin/env bash
# What a person sees on opening the editor: what to type, and where it will answer.
set -euo pipefail
cd "$(dirname "$0")/.."

url=http://localhost
[ -z "${CODESPACE_NAME:-}" ] || url="https://$CODESPACE_NAME"
where() { [ -n "${CODESPACE_NAME:-}" ] && echo "$url-$1.${GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN:-app.github.dev}" || echo "$url:$1"; }
echo "make up      starts everything; the page answers on $(where 8080), the dashboard on $(where 10350)"
if [ "$(nproc)" -lt 4 ]; then
  echo "             $(nproc) cores here, so in hybrid mode: the frontend beside the cluster; MODE=cluster make up puts all into pods"
fi
echo "make doctor  says what is wrong, with a remedy a line"
