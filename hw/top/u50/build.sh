#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Not run: needs Vivado and Vitis 2022.1 or later, XRT and the platform. See README.md beside it.
# In: this checkout. Out: OUTPUT/card_64.xclbin for an Alveo U50, which met its timing at the clock
# that its registers say, and what it was built from, OUTPUT/card_facts.json. Takes hours.
#   hw/top/u50/build.sh OUTPUT [PLATFORM]
set -euo pipefail

clock_hz=200000000
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(cd "$here/../../.." && pwd)

refuse() {
  printf 'build: %s\n' "$*" >&2
  exit 1
}

if [[ $# -lt 1 || $# -gt 2 ]]; then refuse "usage: build.sh OUTPUT [PLATFORM]"; fi
for program in vivado v++ xclbinutil python3; do
  command -v "$program" >/dev/null || refuse "no $program; source Vitis' and XRT's settings first"
done
platform=${2:-xilinx_u50_gen3x16_xdma_5_202210_1}
mkdir -p "$1/sources"
output=$(cd "$1" && pwd)

# The sources, those from tables among them, and what this build is. Stand-ins of the lint stay out.
python3 -c 'import pathlib, sys
sys.path.insert(0, sys.argv[1])
from synthesizing import sources
sources.make_sources(pathlib.Path(sys.argv[2]))' "$folder/scripts" "$output/sources"
cp "$folder"/hw/rtl/*/*.sv "$here"/*.sv "$output/sources/"
"$folder/scripts/card_facts.py" -o "$output/card_facts.json"
commit=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["rtl_commit"][:16])' "$output/card_facts.json")
sed -i -e "s/RtlCommit = 64'h0;/RtlCommit = 64'h$commit;/" \
  -e "s/ClockHz = .*;/ClockHz = 32'd$clock_hz;/" "$output/sources/ridley_build_pkg.sv"
ring_address=$(python3 -c 'import sys, tomllib
rows = tomllib.load(open(sys.argv[1], "rb"))["register"]
print(hex(next(row["at"] for row in rows if row["name"] == "ring_address")))' \
  "$folder/schema/registers.toml")

cd "$output"
vivado -mode batch -notrace -source "$here/package.tcl" \
  -tclargs "$output/sources" "$output" "$ring_address"
v++ --link --target hw --platform "$platform" --config "$here/link.cfg" --save-temps \
  --report_level 2 --output "$output/card_64.xclbin" "$output/ridley_card.xo"

# v++ lowers a kernel's clock when its timing is not met (UG1393); then the time would be wrong.
asked="$((clock_hz / 1000000)) MHz"
xclbinutil --info --input "$output/card_64.xclbin" >"$output/card_64.info"
grep -q "Frequency: *$asked" "$output/card_64.info" ||
  refuse "the kernel's clock is not $asked: timing was not met, see $output/card_64.info"
echo "build: $output/card_64.xclbin"
