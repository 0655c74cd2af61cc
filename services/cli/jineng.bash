# bash completion for jineng(1). A test compares these words with the program's own table (tests/unit/cli.c).

declare -A _jineng_options=(
    [init]="--driven --start --production --base-port"
    [up]="--data --bin --init --driven --start --production --base-port"
    [play]="--data --json --pack --quiet --leave-bank"
    [call]="--data --as --session --sequence --timeout --compact --help"
    [describe]=""
    [events]="--data --as --from --type --follow --json"
    [stats]="--data --as --json"
    [status]="--data --as --lang --json"
    [explain]="--data --as --lang --json --receipt"
    [report]="--data --as --lang --json --csv --by --class"
    [bank]="--data --as --lang --out --format --encoding --payer-name --payer-account --payer-bank --dry-run --seed --settled --fault --later"
    [ledger]="--data --as --lang --hledger --from --to --out --period --format --open --account"
    [policy]="--data --as --document --reason --packs --standards --zh"
    [verify]="--data --bin --scratch --witness --heads"
    [backup]="--data --bin --as --scratch"
    [restore]="--bin --scratch"
    [keys]="--data"
    [head]="--data --as --out --key"
    [proof]="--data --as --claim --block --record --head --key --extension --out --packs"
    [help]=""
)
_jineng_services="enrollment certification subsidy ledger notification"

_jineng_words() {
    local command=$1
    case $command in
    up | stats | events | verify | head) echo "$_jineng_services" ;;
    call | describe) jineng describe 2>/dev/null | awk '{print $1}' ;;
    report) echo quarter funnel ;;
    ledger) echo export statement entries close trial fund division item institution disclosure ;;
    policy) echo new check show words test explain readings propose cases approve withdraw drafts impact ;;
    keys) echo make list revoke sign public ;;
    bank) echo send read answer ;;
    proof) echo make check show consistency ;;
    help) echo "${!_jineng_options[@]}" ;;
    esac
}

_jineng() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "${!_jineng_options[*]} --help --version" -- "$current")
        return
    fi
    case $before in
    --data | --bin | --scratch | --witness | --heads)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --pack | --out | --key | --head | --extension)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --lang)
        mapfile -t COMPREPLY < <(compgen -W "zh en" -- "$current")
        return
        ;;
    --format)
        mapfile -t COMPREPLY < <(compgen -W "text csv xlsx pain001 pain002 camt053" -- "$current")
        return
        ;;
    --encoding)
        mapfile -t COMPREPLY < <(compgen -W "utf-8 gbk" -- "$current")
        return
        ;;
    --fault)
        mapfile -t COMPREPLY < <(compgen -W "malformed wrong-encoding wrong-total wrong-currency wrong-batch unknown-row amount-differs double-debit returned contradicts unclear" -- "$current")
        return
        ;;
    --to | --period | --open | --account | --payer-name | --payer-account | --payer-bank | --seed | --as | --session | --sequence | --timeout | --from | --type | --start | --base-port | --claim | --block | --record) return ;;
    esac
    case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "${_jineng_options[$command]}" -- "$current") ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "$(_jineng_words "$command")" -- "$current")
        if [[ $command == init || $command == play || $command == policy || $command == bank || $command == backup || $command == restore ]]; then
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
        fi
        ;;
    esac
}

complete -F _jineng jineng
