/* jineng policy: what needs a suite: a pack's way into force. Checking, testing and explaining need none
 * (subsidy/policy/command.c). */
#ifdef JN_HAVE_POLICY
#include "cli/policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suite.h"
#include "domain/date.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/chain.h"
#include "subsidy/policy/cases/cases.h"
#include "subsidy/policy/command.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/review/review.h"

const struct option policy_options[] = {{"data", required_argument, NULL, 'D'},
                                        {"as", required_argument, NULL, 'a'},
                                        {"document", required_argument, NULL, 'd'},
                                        {"reason", required_argument, NULL, 'r'},
                                        {"packs", required_argument, NULL, 'p'},
                                        {"standards", required_argument, NULL, 'S'},
                                        {"zh", no_argument, NULL, 'z'},
                                        {NULL, 0, NULL, 0}};

/* One file of cases has some hundred KiB. */
#define CASES_BYTES_MAX ((size_t)16 << 20)

struct run {
    const char *data, *as, *document, *reason, *packs;
    char **names;
    size_t count;
    struct suite *suite;
    struct jn_client *client;
    uint64_t draft; /* where the verb names one */
};

/* ---- What is printed ---- */

static void
print_days(int32_t from, int32_t until)
{
    char first[DATE_TEXT], last[DATE_TEXT];

    date_format(from, first);
    date_format(until, last);
    printf("%s to %s", first, last);
}

static void
print_hand(const char *what, const char *by, int32_t day, const char *document)
{
    char text[DATE_TEXT];

    date_format(day, text);
    printf("      %s by %s on %s: %s\n", what, by, text, document);
}

static void
print_cases(const Subsidy__Cases *cases)
{
    if (!cases)
        printf("      no cases were recorded: jineng policy cases\n");
    else
        printf("      cases: %" PRIu32 " passed, %" PRIu32 " failed; recorded by %s\n", cases->passed, cases->failed,
               cases->by);
}

static void
print_draft(const Subsidy__DraftHead *head)
{
    printf("%4" PRIu64 "  %s, ", head->draft, head->id);
    print_days(head->from_day, head->until_day);
    printf(": %s %s\n", head->title_zh, head->title);
    print_hand("proposed", head->by, head->day, head->document);
    print_cases(head->cases);
}

static void
print_pack(const Subsidy__AdoptedPack *pack)
{
    const Subsidy__Approval *approval = pack->approval;

    printf("      %s, ", pack->id);
    print_days(pack->from_day, pack->until_day);
    printf("%s\n", pack->in_force ? ", in force 施行中" : "");
    if (!approval)
        return;
    print_hand("proposed", approval->proposed_by, approval->proposed_day, approval->proposed_document);
    print_cases(approval->cases);
    print_hand("approved", approval->approved_by, approval->approved_day, approval->approved_document);
}

/* ---- Verbs ---- */

static int
done_of(struct run *run, const char *method, const void *request, const char *what)
{
    struct jn_answer answer;
    int code = suite_ask(run->client, method, request, &answer);

    if (code == CLI_OK)
        printf(what, ((const Subsidy__Done *)answer.reply)->number);
    return code;
}

static int
drafts(struct run *run)
{
    Subsidy__DraftsRequest request = SUBSIDY__DRAFTS_REQUEST__INIT;
    Subsidy__PacksRequest packs_request = SUBSIDY__PACKS_REQUEST__INIT;
    struct jn_answer answer;
    int code = suite_ask(run->client, "Drafts", &request, &answer);

    if (code != CLI_OK)
        return code;
    printf("Drafts 草案\n");
    for (size_t i = 0; i < ((const Subsidy__DraftsView *)answer.reply)->n_rows; i++)
        print_draft(((const Subsidy__DraftsView *)answer.reply)->rows[i]);
    code = suite_ask(run->client, "Packs", &packs_request, &answer);
    if (code != CLI_OK)
        return code;
    printf("Adopted 已采用\n");
    for (size_t i = 0; i < ((const Subsidy__PacksView *)answer.reply)->n_rows; i++)
        print_pack(((const Subsidy__PacksView *)answer.reply)->rows[i]);
    return CLI_OK;
}

static int
propose(struct run *run)
{
    Subsidy__ProposePack request = SUBSIDY__PROPOSE_PACK__INIT;
    char fault[PACK_FAULT_MAX];
    int code;

    if (!run->document)
        return suite_usage("policy", "name the document that orders it: --document 文号");
    /* As jineng policy check: what can be used and cannot be meant is not proposed. */
    if (review((const char *const *)run->names, 1, NULL, stdout) > 0)
        return CLI_REFUSED;
    request.pack = pack_load(run->names[0], fault, sizeof(fault));
    if (!request.pack) {
        suite_say("%s", fault);
        return CLI_REFUSED;
    }
    request.document = (char *)(uintptr_t)run->document;
    code = done_of(run, "ProposePack", &request,
                   "draft %" PRIu64 ": record its cases (jineng policy cases), then another key approves it\n");
    pack_free(request.pack);
    return code;
}

static int
approve(struct run *run)
{
    Subsidy__ApprovePack request = SUBSIDY__APPROVE_PACK__INIT;

    if (!run->document)
        return suite_usage("policy", "name the document of the approval: --document 文号");
    request.draft = run->draft;
    request.document = (char *)(uintptr_t)run->document;
    return done_of(run, "ApprovePack", &request,
                   "adopted: pack number %" PRIu64
                   ", in force from its own first day on; what is settled already keeps the pack that decided it: "
                   "jineng policy impact says what would change if it were applied backwards\n");
}

static int
withdraw(struct run *run)
{
    Subsidy__WithdrawPack request = SUBSIDY__WITHDRAW_PACK__INIT;

    if (!run->reason)
        return suite_usage("policy", "say why: --reason TEXT");
    request.draft = run->draft;
    request.reason = (char *)(uintptr_t)run->reason;
    return done_of(run, "WithdrawPack", &request, "draft %" PRIu64 " is withdrawn\n");
}

/* ---- Cases ---- */

static bool
same_pack(const Policy__Pack *a, const Policy__Pack *b)
{
    size_t length = policy__pack__get_packed_size(a);
    uint8_t *bytes = malloc(2 * length + 1);
    bool same = bytes && policy__pack__get_packed_size(b) == length;

    if (same) {
        policy__pack__pack(a, bytes);
        policy__pack__pack(b, bytes + length);
        same = memcmp(bytes, bytes + length, length) == 0;
    }
    free(bytes);
    return same;
}

/* The cases are run against the file: it must be what was proposed. */
static int
check_same(const struct run *run, const Subsidy__DraftView *draft)
{
    char path[JN_PATH_MAX], fault[PACK_FAULT_MAX];
    Policy__Pack *pack;
    bool same;

    snprintf(path, sizeof(path), "%s/%s.yaml", run->packs, draft->pack->id);
    pack = pack_load(path, fault, sizeof(fault));
    if (!pack) {
        suite_say("%s; the draft's pack is looked for in %s: name its folder with --packs FOLDER", fault, run->packs);
        return CLI_REFUSED;
    }
    same = same_pack(pack, draft->pack);
    pack_free(pack);
    if (same)
        return CLI_OK;
    suite_say("%s is not what was proposed as draft %" PRIu64 ": propose it anew, or name the folder of the other",
              path, run->draft);
    return CLI_REFUSED;
}

static bool
digest_of(char **names, size_t count, struct jn_hash *out)
{
    uint8_t *bytes = malloc(CASES_BYTES_MAX);
    size_t length = 0;
    bool good = bytes != NULL;

    for (size_t i = 0; good && i < count; i++) {
        FILE *file = fopen(names[i], "rb");

        good = file != NULL;
        if (file)
            length += fread(bytes + length, 1, CASES_BYTES_MAX - length, file);
        good = good && !ferror(file) && length < CASES_BYTES_MAX;
        if (!good)
            suite_say("%s: %s", names[i], file ? "is too large" : strerror(errno));
        if (file)
            fclose(file);
    }
    if (good)
        jn_sm3(bytes, length, out);
    free(bytes);
    return good;
}

static int
cases(struct run *run)
{
    Subsidy__DraftRequest request = SUBSIDY__DRAFT_REQUEST__INIT;
    Subsidy__RecordCases record = SUBSIDY__RECORD_CASES__INIT;
    Subsidy__Cases came = SUBSIDY__CASES__INIT;
    struct cases_count counted;
    struct jn_answer answer;
    struct jn_hash digest;
    int code;

    request.draft = run->draft;
    code = suite_ask(run->client, "Draft", &request, &answer);
    if (code == CLI_OK)
        code = check_same(run, answer.reply);
    if (code != CLI_OK)
        return code;
    if (!digest_of(run->names + 1, run->count - 1, &digest))
        return CLI_REFUSED;
    counted = cases_count(run->packs, ((const Subsidy__DraftView *)answer.reply)->pack->id,
                          (const char *const *)run->names + 1, run->count - 1, stdout);
    came.digest = (ProtobufCBinaryData){JN_HASH_BYTES, digest.bytes};
    came.passed = (uint32_t)counted.passed;
    came.failed = (uint32_t)counted.failed;
    record.draft = run->draft;
    record.cases = &came;
    code = done_of(run, "RecordCases", &record, "recorded for draft %" PRIu64 "\n");
    return code == CLI_OK && counted.failed > 0 ? CLI_REFUSED : code;
}

/* ---- The command ---- */

static const struct verb {
    const char *name, *as;
    size_t least, most;
    bool names_draft;
    int (*run)(struct run *run);
} verbs[] = {
    {"propose", "human_resources.administration", 1, 1, false, propose},
    {"cases", "human_resources.administration", 2, 1000, true, cases},
    {"approve", "human_resources.checker", 1, 1, true, approve},
    {"withdraw", "human_resources.administration", 1, 1, true, withdraw},
    {"drafts", SUITE_OPERATOR, 0, 0, false, drafts},
};

static const struct verb *
verb_named(const char *name)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

static bool
parse(int argc, char **argv, struct run *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", policy_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'd')
            out->document = optarg;
        else if (option == 'r')
            out->reason = optarg;
        else if (option == 'p')
            out->packs = optarg;
        else
            return false;
    }
    out->names = argv + optind;
    out->count = (size_t)(argc - optind);
    return true;
}

int
policy_cli_command(int argc, char **argv)
{
    const struct verb *verb = argc > 1 ? verb_named(argv[1]) : NULL;
    const char *packs = getenv("JINENG_PACKS");
    struct run run = {.data = suite_data(), .packs = packs && *packs ? packs : "deploy/policy"};
    int code;

    if (!verb)
        return policy_command(argc, argv);
    run.as = verb->as;
    if (!parse(argc - 1, argv + 1, &run) || run.count < verb->least || run.count > verb->most)
        return suite_usage("policy", "%s takes %s", verb->name,
                           verb->names_draft ? "a draft's number (jineng policy drafts) and what comes with it"
                           : verb->least     ? "one pack file"
                                             : "no names");
    if (verb->names_draft && !suite_number(run.names[0], 1, UINT64_MAX, &run.draft))
        return suite_usage("policy", "\"%s\" is no draft's number: jineng policy drafts lists them", run.names[0]);
    code = suite_open(&run.suite, run.data);
    if (code == CLI_OK)
        code = suite_client(run.suite, "subsidy", run.as, 1, &run.client);
    if (code == CLI_OK)
        code = verb->run(&run);
    suite_close(run.suite);
    return code;
}
#endif
