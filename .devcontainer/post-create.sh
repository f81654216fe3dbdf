#!/usr/bin/env bash
# Per person, once: an .env of one's own. Codespaces secrets of the same names count without it.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -e .env ] || install -m 0600 .env.example .env
echo "post-create: .env is yours and git-ignored; empty lines mean defaults, nothing needs a key"
