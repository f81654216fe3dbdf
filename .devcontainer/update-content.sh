#!/usr/bin/env bash
# Follows the lock files: .venv and node_modules. Runs again in the prebuild whenever the branch changes.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 scripts/bootstrap.py
