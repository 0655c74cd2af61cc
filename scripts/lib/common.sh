# What the scripts share: where things are, what a person is told, a build with its progress. Sourced, never run.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

# How the suite is built for use: -O2 as Debian builds; -O3 gains nothing here, and gcc's warnings are less sure with it.
# shellcheck disable=SC2034
release=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_C_FLAGS_RELEASE=-O2 -DNDEBUG" -DJN_SANITIZE=OFF)
# shellcheck disable=SC2034
programs=(jineng jineng-{enrollment,certification,subsidy,ledger,notification})

# What a person is told goes to standard error: standard output is for what was asked for.
say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}

# The comment at a script's head is its help.
help_of() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"
}

# draw DONE OF: one line over the last on a terminal, a line a quarter elsewhere.
draw() {
    local percent=$(($1 * 100 / $2)) filled
    if [[ -t 2 ]]; then
        printf -v filled '%*s' $((percent * 30 / 100)) ''
        printf '\rbuilding [%-30s] %d/%d ' "${filled// /#}" "$1" "$2" >&2
        [[ $1 -lt $2 ]] || printf '\n' >&2
    elif ((percent / 25 > drawn)); then
        drawn=$((percent / 25))
        say "building: $percent %"
    fi
}

# Reads ninja's lines, which begin with NINJA_STATUS.
progress() {
    local line drawn=0
    while IFS= read -r line; do
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
            draw "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        fi
    done
}

# build FOLDER CMAKE-OPTION... -- TARGET...: quiet where it goes well; where it does not, what the compiler said is shown.
# Two scripts that build in the same folder take turns.
build() {
    local folder=$1 log options=() lock
    shift
    while [[ $# -gt 0 && $1 != -- ]]; do
        options+=("$1")
        shift
    done
    [[ $# -eq 0 ]] || shift
    mkdir -p "$folder"
    log=$folder/build.log
    exec {lock}>"$folder/.lock"
    flock "$lock"
    if ! cmake -S "$root" -B "$folder" -G Ninja "${options[@]}" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        fail "The build could not be set up; the whole account is in $log."
    fi
    if ! NINJA_STATUS='[%f/%t] ' cmake --build "$folder" ${1:+--target "$@"} 2>&1 | tee -a "$log" | progress; then
        grep -v '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 60 >&2
        fail "The build failed; the whole account is in $log."
    fi
    flock -u "$lock"
    exec {lock}>&-
}
