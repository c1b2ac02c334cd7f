#!/bin/sh
# How the archive directory compares with the plain tools, as ratios in one run.
#
#   benches/archive.sh [STORIES [DIRECTORY]]      20,000 stories of 4 KB in a new temporary directory
#
# Needs `cargo build --release`. Everything stays in DIRECTORY/<a new name>: file systems are slow
# where much was just deleted, so nothing is deleted between the measurements; delete it at the end.
set -eu
stories=${1:-20000}
program=$(cd "$(dirname "$0")/.." && pwd)/target/release/archive
place=$(mktemp -d "${2:-${TMPDIR:-/tmp}}/archive-bench-XXXXXX")
cd "$place"
export LC_ALL=C

# Stories that differ in every paragraph, so that no two are alike, 500 a folder.
awk -v stories="$stories" 'BEGIN {
    split("harbour bakery library orchard tram quarry theatre lighthouse market bridge school clinic", what)
    split("Ilse_Brandt Ana_Ruiz Tomas_Vega Mira_Holt Jon_Aas Lucie_Maes Omar_Daher Eva_Lind", who)
    for (n = 0; n < stories; n++) {
        folder = sprintf("in/%04d", n / 500)
        if (n % 500 == 0) system("mkdir -p " folder)
        file = folder "/" n ".txt"
        name = who[n % 8 + 1]; sub("_", " ", name)
        printf "Old %s number %d opens its doors again\n\nBy %s\n\nOSTEND, March %d, 2024 (AP) - The %s was closed for %d weeks.\n", \
            what[n % 12 + 1], n, name, n % 28 + 1, what[n % 12 + 1], n % 90 + 2 > file
        # One paragraph in four quotes somebody, as in most copy.
        for (p = 0; p < 20; p++) {
            thing = what[(n + p) % 12 + 1]
            if (p % 4 == 1)
                printf "\n\"We waited %d days for the %s,\" said %s, who has the keys. \"It was worth it.\"\n", (n * 7 + p * 13) % 997, thing, name > file
            else
                printf "\nThe %s cost %d crowns, of which the town paid a part, as the council had decided in its meeting number %d. Work on the %s goes on until the end of the year, and the street stays closed to cars.\n", \
                    thing, (n * 31 + p * 101) % 9973, p + n, what[(n * 3 + p) % 12 + 1] > file
        }
        close(file)
    }
}'
sync

# Seconds that a command takes.
time_of() {
    start=$(date +%s.%N)
    "$@" > /dev/null
    end=$(date +%s.%N)
    awk -v start="$start" -v end="$end" 'BEGIN { printf "%.3f", end - start }'
}
copy() { cp -r in copy && sync; }
hashes() { find archive/raw archive/records -type f -print0 | xargs -0 sha256sum; }

# Milliseconds that a search takes, with the start of the program; the best of three.
search() {
    for try in 1 2 3; do time_of "$program" search "$@"; echo; done | sort -n | head -1 | awk '{ printf "%.0f ms", $1 * 1000 }'
}

copied=$(time_of copy)
parsed=$(time_of "$program" parse in)
first=$(time_of "$program" ingest in)
sync
second=$(time_of "$program" ingest in)
hashed=$(time_of hashes)
verified=$(time_of "$program" verify)
all=$(time_of "$program" verify --all)
none=$(time_of "$program" ingest in --archive none --durability none)

ratio() { awk -v one="$1" -v other="$2" 'BEGIN { printf "%.2f", one / other }'; }
echo "$stories stories, $(du -sh --apparent-size in | cut -f1) as text; seconds, then the ratio and its aim"
echo "cp -r and sync          $copied"
echo "parse alone             $parsed   $(ratio "$parsed" "$copied") x cp and sync"
echo "ingest                  $first   $(ratio "$first" "$copied") x cp and sync (at most 3, aim 2)"
echo "ingest, no durability   $none   $(ratio "$none" "$copied") x cp and sync"
echo "the same ingest again   $second   $(ratio "$first" "$second") x faster (at least 10)"
echo "sha256sum of all files  $hashed"
echo "verify                  $verified   $(ratio "$verified" "$hashed") x sha256sum (at most 1.5)"
echo "verify --all            $all"
echo "searches                $(search '"number 77 opens"') for a phrase, $(search 'headline:harbour after:2024-03-20') for a word in one story of twelve, $(search harbour) for a word in nearly all"
echo "left in $place"
