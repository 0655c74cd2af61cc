/* The table of subcommands. */
#include "cli/commands.h"

#include <string.h>

#ifdef JN_HAVE_POLICY
#include "cli/impact.h"
#include "cli/policy.h"
#endif

#define DATA_HELP "  --data DIR           the data folder; else $JINENG_DATA, else ./data\n"
#define AS_HELP   "  --as AGENCY          whose key to use, of those in DATA/keys; else operator\n"
#define BIN_HELP  "  --bin DIR            where the programs jineng-SERVICE lie; else beside this one\n"
#define SCRATCH_HELP                                                                                                   \
    "  --scratch DIR        where tables are rebuilt, as large as they are; else $TMPDIR, else /var/tmp\n"
#define LANG_HELP "  --lang zh|en         the language; else that of the locale\n"

#define INIT_HELP                                                                                                      \
    "  --driven             the clock is moved by jineng play: a rehearsal\n"                                          \
    "  --start YYYY-MM-DD   where a driven clock starts; else today\n"                                                 \
    "  --production         mode: production, which never allows a driven clock\n"                                     \
    "  --base-port N        the first of five ports, or any; else the first five that are free from 7701 on\n"

const struct command commands[] = {
    {"init", init_command, "make a data folder: keys for all, jineng.yaml", "新建数据目录：各方密钥与 jineng.yaml",
     "init DIR [--driven [--start YYYY-MM-DD]] [--production] [--base-port N]",
     INIT_HELP
     "\n"
     "DIR/keys/NAME.key is the key pair of a service or an agency: give each agency its own and keep the folder\n"
     "to yourself. DIR/jineng.yaml says where the services are and who may do what:\n\n"
     "  mode                 rehearsal or production\n"
     "  clock, clock_start   real; or driven, and where it starts (YYYY-MM-DD)\n"
     "  city                 130100: its fund accounts stand in for all\n"
     "  disk_reserve_mb      with less free space new work is refused; 256\n"
     "  map_gib              the most that a service may keep, as address space; 64\n"
     "  payer_name, payer_account, payer_bank   whose account pays, in files for the bank; the account in quotes\n"
     "  services, agencies   name, key (the public one, 40 characters in quotes), roles; services also endpoint\n"
     "                       (tcp://HOST:PORT or ipc:///PATH); agencies also department, groups, divisions (their\n"
     "                       scope; left out, it is everything), valid_through (YYYY-MM-DD), revoked (true)\n\n"
     "A folder that is in use or not empty is left alone.\n",
     init_options},
    {"up", up_command, "run the services and keep them running", "启动各服务并保持运行",
     "up [SERVICE...] [--data DIR] [--bin DIR] [--init [--driven] [--start DAY] [--production] [--base-port N]]",
     DATA_HELP
     "  --bin DIR            where the programs jineng-SERVICE lie; else beside this one\n"
     "  --init               make the data folder where it is missing, as jineng init does with\n" INIT_HELP "\n"
     "Prints the endpoints and \"ready\" when all services answer. A service that ends is started again, after 0.1 s\n"
     "at first and up to 10 s; one that cannot start for its configuration is not, and the reason is shown.\n"
     "Each service writes DATA/SERVICE.log. SIGTERM or Ctrl-C stops all, within 10 s; again, at once.\n"
     "Exit code 1 where a service did not end in good order then.\n",
     up_options},
#ifdef JN_HAVE_PLAY
    {"play", play_command, "play a campaign's folder of sheets through the suite",
     "把一个培训行动的表格目录在系统中走完全程",
     "play DIR [--data DIR] [--json] [--pack FILE] [--quiet] [--leave-bank]",
     DATA_HELP
     "  --json               the totals alone, as the last thing on standard output\n"
     "  --pack FILE          the policy pack to adopt; else the one that comes with the suite\n"
     "  --quiet              no progress\n"
     "  --leave-bank         payment batches stay open, for jineng bank; else the bank pays all of them\n\n"
     "Reads the folder's sheets, then acts for each department with its own key, day by day on a driven clock: money\n"
     "comes, classes open and end, departments attest, results come in, what is due is settled, published, approved\n"
     "and paid. Rows that cannot be used are written to DATA/rejected.csv. Started again after an interruption, it\n"
     "goes on where it was; a data folder holds one campaign.\n",
     play_options},
#endif
    {"call", call_command, "call any method of a service with JSON", "以 JSON 调用服务的任一方法",
     "call SERVICE.METHOD [JSON|-] [--data DIR] [--as AGENCY] [--session HEX --sequence N] [--timeout MS] [--compact] "
     "[--help]",
     DATA_HELP AS_HELP "  --session HEX        32 digits: with --sequence it names the command, which is done once "
                       "however often it is sent\n"
                       "  --sequence N         from 1 on\n"
                       "  --timeout MS         how long to wait; else 10000\n"
                       "  --compact            the reply in one line\n"
                       "  --help               the method's fields, or the service's methods\n\n"
                       "- reads the JSON from standard input. Days are whole numbers since 1970-01-01 or "
                       "\"YYYY-MM-DD\", money is in fen.\n\n"
                       "  jineng call ledger.Appropriate --as finance \\\n"
                       "    "
                       "'{\"fund\":\"SKILLS_ACCOUNT\",\"division\":130100,\"amount_fen\":500000000,\"day\":\"2020-01-"
                       "02\",\"document\":\"...\"}'\n",
     call_options},
    {"describe", describe_command, "list methods, their fields and the events", "列出方法、字段与事件",
     "describe [SERVICE[.METHOD]]", "", describe_options},
    {"events", events_command, "read what happened, with the hash chain proven", "读取事件并验证哈希链",
     "events SERVICE [--from BLOCK] [--type NAME]... [--follow] [--json] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP "  --from BLOCK         the first block to read; else 1\n"
                       "  --type NAME          events of this type alone; may be given several times\n"
                       "  --follow             go on as things happen\n"
                       "  --json               a JSON object a line\n\n"
                       "Reads what the key may read. Ends with 1 where a header does not continue the chain or an "
                       "event is not under it.\n",
     events_options},
    {"stats", stats_command, "show counters and latencies", "显示计数与延迟",
     "stats [SERVICE...] [--json] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP "  --json               a JSON object a line\n", stats_options},
    {"status", status_command, "show where a claim stands and why", "查询一笔补贴的进度与原因",
     "status CLAIM [--lang zh|en] [--json] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP LANG_HELP "  --json               what the services say, as JSON\n\n"
                                 "CLAIM is its number, or CLASS_NO/SEAT/ITEM: jineng status SJZ-001/3/free_training\n",
     status_options},
#ifdef JN_HAVE_POLICY
    {"explain", explain_command, "say why an item is due or refused; as a signed receipt",
     "说明为何应发或不予补贴，可出具签名凭据",
     "explain CLAIM [--receipt FILE] [--lang zh|en] [--json] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP LANG_HELP
     "  --json               all of it, as the service answers\n"
     "  --receipt FILE       have a receipt issued, too; a file that is there already is left alone\n\n"
     "The facts with who attested, filed or recorded them and when, each step with its clause and figures, what was\n"
     "granted before, and what would have to be different for another answer. CLAIM is its number, or, for a refusal\n"
     "too, CLASS_NO/SEAT/ITEM: jineng explain SJZ-001/3/free_training. A receipt names nobody; jineng proof check\n"
     "proves it offline against the public key of the subsidy service, and does its sum again.\n",
     explain_options},
#endif
    {"report", report_command, "report a quarter: money, progress, certificates; filed to paid",
     "季度报告：资金、任务进度、证书；申报到拨付",
     "report quarter YYYYQn [--lang zh|en] [--json] | funnel [YYYYQn [--by class|institution|division] | --class NO] "
     "[--csv|--json] [--lang zh|en] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP LANG_HELP
     "  --by KIND            funnel: a line a class, institution or division of the quarter; else division\n"
     "  --class NO           funnel: this class alone\n"
     "  --csv                funnel: for a spreadsheet\n"
     "  --json               all rows, by fund, division and item; the funnel with every loss\n\n"
     "The quarter's disclosure (2.12-b): jineng report quarter 2020Q3. The funnel counts the seats of the classes "
     "that\n"
     "end in the quarter: filed, enrolled, attended, passed, eligible, due, approved, paid; its remark says why fewer\n"
     "were paid than were filed. Without a quarter it has a line for each.\n",
     report_options},
#ifdef JN_HAVE_BANK
    {"bank", bank_command, "payment batches as files for the bank, its answers read", "支付批次与银行的文件往来",
     "bank send BATCH --out FILE [--format pain001|csv] [--encoding utf-8|gbk] [--payer-name NAME] "
     "[--payer-account ACCOUNT] [--payer-bank BANK] | read FILE [--encoding utf-8|gbk] [--dry-run] | "
     "answer FILE --out FILE [--format pain002|camt053|csv] [--encoding utf-8|gbk] [--seed N] [--settled] "
     "[--fault NAME] [--later] [--data DIR] [--as AGENCY] [--lang zh|en]",
     DATA_HELP
     "  --as AGENCY          whose key to use, of those in DATA/keys; else finance\n" LANG_HELP
     "  --out FILE           what to write, whole or not at all; it names people and accounts: for its owner alone\n"
     "  --format NAME        send: pain001 (ISO 20022 pain.001.001.09) or csv, the bank's list; else pain001\n"
     "                       answer: pain002, camt053 or csv; else as the order is\n"
     "  --encoding NAME      utf-8 or gbk; else utf-8, and what is read is found out\n"
     "  --payer-name NAME    whose account pays; else payer_name, payer_account and payer_bank of jineng.yaml\n"
     "  --payer-account NUMBER\n"
     "  --payer-bank BANK    its 12-digit line number, or its name\n"
     "  --dry-run            read: tell what would be recorded, and record nothing\n"
     "  --seed N             answer: a tenth of the rows fail, for each reason in turn, a tenth are pending; else all\n"
     "                       are paid\n"
     "  --settled            answer: with the same seed, what was pending is paid\n"
     "  --fault NAME         answer: with one of the classes below put in\n"
     "  --later              answer: of --fault double-debit or returned alone, in a statement of a later day\n\n"
     "send makes the same file each time; rows that the bank has answered for are left out. read takes\n"
     "pain.002.001.10, camt.053.001.08 and the bank's CSV with its results, records what is good in it and tells the\n"
     "rest: malformed, wrong-encoding and wrong-total refuse the file; wrong-currency, wrong-batch, unknown-row,\n"
     "amount-differs, double-debit, returned, contradicts and unclear are of single rows. It ends with 0 where "
     "nothing\n"
     "is left for a person, also where all of it was known. answer is the simulated bank, for rehearsals.\n",
     bank_options},
#endif

    {"ledger", ledger_command, "export the books, print statements, open cells, close periods",
     "导出账簿、打印报表、逐笔穿透、结账",
     "ledger export --hledger | statement KIND --period P [--open CELL] | entries | close --period P [OPTIONS]",
     DATA_HELP AS_HELP LANG_HELP
     "  --hledger            export: as a journal on which hledger computes the same balances; the ledger's own\n"
     "                       answers stand in it as assertions, at each month's end and at the end: hledger -f FILE\n"
     "                       check --strict\n"
     "  --from DAY           export: the entries from this day on, what was before as opening balances\n"
     "  --to DAY             export: the entries up to this day\n"
     "  --out FILE           where to write; else standard output\n"
     "  --period P           2020-03, 2020-Q1 or 2020\n"
     "  --format FORM        text, csv or xlsx (with --out)\n"
     "  --open CELL          statement: the entries that make a cell, ROW/COLUMN, as in employment_subsidy/paid\n"
     "  --account NAME       entries: of this account, or of all that begin so: employment_subsidy:130102\n\n"
     "KIND is trial, fund, division, item, institution or disclosure (a quarter's; 2.12-b). Statements are the\n"
     "ledger's answers; entries are computed anew from its events, with the chain proven on the way. close is\n"
     "finance's (--as finance) and for good: months in their order, a quarter when its months are closed, a year when\n"
     "its quarters are.\n",
     ledger_cli_options},
#ifdef JN_HAVE_POLICY
    {"policy", policy_or_impact_command, "check, test, explain, propose and approve policy packs",
     "检查、测试、解释、提出、批准政策包",
     "policy new|check|show|words|test|explain|readings|propose|cases|approve|withdraw|drafts|impact ... [--data DIR] "
     "[--as "
     "AGENCY]",
     DATA_HELP
     "  --as AGENCY          whose key; else the administration's, its checker's for approve, the operator's "
     "for drafts\n"
     "  --document TEXT      propose, approve: what orders it (文号)\n"
     "  --reason TEXT        withdraw: why\n"
     "  --packs FOLDER       where packs are; else $JINENG_PACKS, else deploy/policy\n"
     "  --standards FILE     check: the standards that divisions have set\n"
     "  --zh                 explain: in Chinese\n"
     "\nA pack comes into force by two keys: propose PACK makes a draft, cases DRAFT FILE... runs cases and "
     "records what\n"
     "came of them, approve DRAFT by another key of administration adopts it, from its own first day on. A "
     "pack proposed\n"
     "under the id of a draft is its new version, with a number of its own. drafts lists what waits and what "
     "was adopted.\n"
     "new, check, show, words, test, explain and readings need no suite: jineng policy tells more, jineng policy "
     "impact too.\n",
     policy_options},
#endif
    {"verify", verify_command, "prove logs and tables, while the services run", "核验日志与数据表（可在运行中进行）",
     "verify [SERVICE...] [--data DIR] [--bin DIR] [--scratch DIR] [--witness DIR] [--heads DIR]",
     DATA_HELP BIN_HELP SCRATCH_HELP
     "  --witness DIR        where the suite runs on several machines: what followers here saw of logs elsewhere is\n"
     "                       written to DIR, what is in DIR of logs that are here is held against them\n"
     "  --heads DIR          writes DIR/FOLLOWER.UPSTREAM.head: the newest head that each upstream has signed and its\n"
     "                       follower has kept, for jineng proof consistency\n"
     "\nWithout a name, proves the services whose folder or key is here. Reads each one's log again: its chain of "
     "hashes, every event, the answers to commands. Rebuilds the "
     "tables\n"
     "from it and compares them, row by row, with those that stand; checks every invariant; holds what each follower\n"
     "saw of its upstream against the upstream's log. A line a service, then each finding. Ends with 1 where\n"
     "anything was found: stop that service, keep the folder as it is, and see jineng help restore. Tables that\n"
     "differ from a sound log are made again when tables/ is moved away and the service is started.\n",
     verify_options},
    {"backup", backup_command, "copy logs and keys, while the services run", "在线备份日志与密钥",
     "backup DIR [--data DIR] [--as AGENCY] [--bin DIR] [--scratch DIR]",
     DATA_HELP AS_HELP BIN_HELP SCRATCH_HELP
     "\nMakes DIR: each service's log as of one moment, its pseudonym key, keys/ and jineng.yaml. Services that "
     "follow\n"
     "others rest meanwhile, so that no copy is ahead of another; commands go on. The copy is proven before it takes\n"
     "its name, so DIR is a whole and sound backup or is not there. It holds secret keys and people's data: keep it\n"
     "as the data folder is kept.\n",
     backup_options},
    {"restore", restore_command, "make a data folder from a backup", "从备份恢复数据目录",
     "restore BACKUP DATA [SERVICE...] [--bin DIR] [--scratch DIR]",
     BIN_HELP SCRATCH_HELP
     "\nMakes DATA, which is empty or not there, and proves it; the tables are made from the logs when the services\n"
     "start. With services named, it gives back these alone to a data folder that has lost them, and says so where\n"
     "another service has read further than the restored log goes: then restore all of them.\n",
     restore_options},
    {"head", head_command, "a service's signed head, to be published and kept", "取得服务日志的签名头，用于公布与留存",
     "head [SERVICE [--out FILE] [--key PUBLIC]] [--data DIR] [--as AGENCY]",
     DATA_HELP AS_HELP "  --out FILE           where to write it; a file that is there already is left alone\n"
                       "  --key PUBLIC         check it against this key first (jineng keys public SERVICE)\n\n"
                       "How far the log goes, the hash of its last block and of its history, signed with SM2: whoever "
                       "keeps it can\n"
                       "hold the service to it later. Without a name, shows those of all services.\n",
     head_options},
    {"proof", proof_command, "prove that a payment is in the books, and check it offline", "出具与离线核验入账证明",
     "proof make ledger --claim N --out FILE | make SERVICE --block B --record I --out FILE | check FILE --key PUBLIC "
     "| "
     "show FILE | consistency OLD NEW --key PUBLIC",
     DATA_HELP AS_HELP
     "  --claim N            make: the payment of this claim; check: it must be this one's\n"
     "  --block B            make: any record, as jineng events numbers them: BLOCK.RECORD\n"
     "  --record I           which of the block, from 0\n"
     "  --head FILE          make: the signed head to lead to, else the last one, written to FILE.head; check: that "
     "head\n"
     "  --key PUBLIC         the service's public key (jineng keys public SERVICE)\n"
     "  --extension FILE     consistency: the way from OLD to NEW, offline; else the service is asked\n"
     "  --packs DIR          check: a receipt's pack must be the same as one of the folder's\n"
     "  --out FILE           where to write it; a file that is there already is left alone\n\n"
     "check needs nothing but its files: no configuration, no network. It prints what is proven and ends with 0, or "
     "says\n"
     "what does not fit and ends with 1; a signed head alone is checked as well, and a receipt, whose sum is done "
     "again. consistency proves that the log of a\n"
     "later head begins with all of the earlier one's: nothing was changed since. How they are made: "
     "proto/jineng/v1/proof.proto.\n",
     proof_options},
    {"keys", keys_command, "make, list and revoke keys", "新建、列出、吊销密钥",
     "keys make NAME | list | revoke NAME | sign SERVICE | public SERVICE [--data DIR]",
     DATA_HELP
     "\nmake writes DATA/keys/NAME.key and shows what to put into jineng.yaml; nothing is overwritten.\n"
     "revoke writes \"revoked: true\" into the entry; comments stay. The services notice within a second.\n"
     "sign makes a service's signing key, DATA/keys/SERVICE.sm2, where it has none (make does it too); public\n"
     "prints its public half: give it to whoever checks heads and proofs.\n",
     keys_options},
    {"help", help_command, "show this, or what a subcommand does", "显示帮助", "help [COMMAND]", "", help_options},
};
const size_t commands_count = sizeof(commands) / sizeof(commands[0]);

const struct command *
command_find(const char *name)
{
    for (size_t i = 0; i < commands_count; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}
