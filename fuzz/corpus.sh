#!/usr/bin/env bash
# The seed corpus, from the test data (ISODENSE_TEST_DATA or ../shared/data) and the sample; never committed.
set -euo pipefail
cd "$(dirname "$0")"
cargo run --quiet --example corpus -- "$@"
