/* jineng proof: make one, check it with nothing but files, show it; and whether a later head extends an earlier one. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/payment.h"
#include "cli/receipt.h"
#include "jineng/v1/runtime.pb-c.h"

const struct option proof_options[] = {{"data", required_argument, NULL, 'D'},
                                       {"as", required_argument, NULL, 'a'},
                                       {"claim", required_argument, NULL, 'c'},
                                       {"block", required_argument, NULL, 'b'},
                                       {"record", required_argument, NULL, 'r'},
                                       {"head", required_argument, NULL, 'h'},
                                       {"key", required_argument, NULL, 'k'},
                                       {"extension", required_argument, NULL, 'e'},
                                       {"out", required_argument, NULL, 'o'},
                                       {"packs", required_argument, NULL, 'P'},
                                       {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *as, *head, *key, *extension, *out, *packs;
    uint64_t claim, block, record;
    bool record_given;
    char **names;
    size_t names_count;
    struct jn_arena arena;
    struct jn_sign_public public_key;
};

static const char *
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", proof_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'h')
            out->head = optarg;
        else if (option == 'k')
            out->key = optarg;
        else if (option == 'e')
            out->extension = optarg;
        else if (option == 'o')
            out->out = optarg;
        else if (option == 'P')
            out->packs = optarg;
        else if (option == 'c' && suite_number(optarg, 1, INT64_MAX, &out->claim))
            continue;
        else if (option == 'b' && suite_number(optarg, 1, INT64_MAX, &out->block))
            continue;
        else if (option == 'r' && suite_number(optarg, 0, UINT32_MAX, &out->record))
            out->record_given = true;
        else
            return "an option is not understood: claims and blocks count from 1, records of a block from 0";
    }
    if (optind == argc)
        return "say make, check, show or consistency";
    out->names = argv + optind + 1;
    out->names_count = (size_t)(argc - optind - 1);
    return NULL;
}

/* ---- make ---- */

/* The head that the proof is to lead to: a file's, else the service's last one, which is then written beside the proof.
 */
static int
take_head(struct arguments *arguments, struct jn_client *client, char beside[JN_PATH_MAX], const Proof__Head **out)
{
    const Runtime__HeadRequest request = RUNTIME__HEAD_REQUEST__INIT;
    const Proof__SignedHead *signed_head;
    struct jn_answer answer;
    int code;

    if (arguments->head) {
        signed_head = evidence_load(JN_EVIDENCE_HEAD, arguments->head, &arguments->arena);
        *out = signed_head ? jn_head_read(signed_head, &arguments->arena) : NULL;
        return *out ? CLI_OK : CLI_CONFIGURATION;
    }
    snprintf(beside, JN_PATH_MAX, "%s.head", arguments->out);
    arguments->head = beside;
    code = suite_ask(client, "Head", &request, &answer);
    if (code != CLI_OK)
        return code;
    *out = jn_head_read(answer.reply, &arguments->arena);
    if (!*out) {
        suite_say("what the service answered is no head");
        return CLI_REFUSED;
    }
    return evidence_save(JN_EVIDENCE_HEAD, answer.reply, beside, &arguments->arena) ? CLI_OK : CLI_CONFIGURATION;
}

static int
make_file(struct arguments *arguments, const Proof__Proof *proof, const Proof__Head *head)
{
    const struct jn_misfit *misfit;
    struct jn_proven proven;

    misfit = jn_proof_check(proof, head, &arguments->arena, &proven);
    if (misfit)
        return evidence_misfit(arguments->out, misfit);
    if (!evidence_print_proven(proof, &proven, arguments->claim))
        return CLI_REFUSED;
    if (!evidence_save(JN_EVIDENCE_PROOF, proof, arguments->out, &arguments->arena))
        return CLI_CONFIGURATION;
    printf("%s: check it offline  离线核验: jineng proof check %s --head %s --key %s.pub", arguments->out,
           arguments->out, arguments->head, head->service);
    if (arguments->claim)
        printf(" --claim %" PRIu64, arguments->claim);
    putchar('\n');
    return CLI_OK;
}

static int
make(struct arguments *arguments, struct jn_client *client)
{
    Runtime__ProveRequest request = RUNTIME__PROVE_REQUEST__INIT;
    struct payment place = {arguments->block, (uint32_t)arguments->record};
    const Proof__Head *head = NULL;
    char beside[JN_PATH_MAX];
    struct jn_answer answer;
    int code = arguments->claim ? payment_find(client, arguments->claim, &place) : CLI_OK;

    if (code == CLI_OK)
        code = take_head(arguments, client, beside, &head);
    if (code != CLI_OK)
        return code;
    if (place.block > head->block) {
        suite_say("the record is of block %" PRIu64 ", the head of block %" PRIu64
                  ": take a later one with jineng head",
                  place.block, head->block);
        return CLI_REFUSED;
    }
    request.block = place.block;
    request.index = place.index;
    request.head = head->block;
    code = suite_ask(client, "Prove", &request, &answer);
    return code == CLI_OK ? make_file(arguments, answer.reply, head) : code;
}

static int
make_command(struct arguments *arguments)
{
    const char *service = arguments->names[0];
    struct suite *suite = NULL;
    struct jn_client *client;
    int code;

    if (!contract_find(service))
        return suite_usage("proof", "there is no service \"%s\"", service);
    if (!arguments->out || (arguments->claim ? arguments->block != 0 || arguments->record_given
                                             : arguments->block == 0 || !arguments->record_given))
        return suite_usage("proof", "make needs --claim, or --block and --record; and --out");
    if (arguments->claim && strcmp(service, "ledger") != 0)
        return suite_usage("proof", "the ledger alone pays claims: jineng proof make ledger --claim N");
    code = suite_open(&suite, arguments->data);
    if (code == CLI_OK)
        code = suite_client(suite, service, arguments->as, 1, &client);
    if (code == CLI_OK)
        code = make(arguments, client);
    suite_close(suite);
    return code;
}

/* ---- check: no configuration, no network ---- */

static int
check_command(struct arguments *arguments)
{
    const char *path = arguments->names[0];
    enum jn_evidence kind = JN_EVIDENCE_NONE;
    const struct jn_misfit *misfit;
    struct jn_proven proven;
    const Proof__Head *head;
    const void *message;

    if (!arguments->key)
        return suite_usage("proof", "check needs --key, the service's public key; a proof also --head, a signed head");
    if (!evidence_key(arguments->key, &arguments->public_key))
        return CLI_REFUSED;
    message = evidence_load_any(path, &kind, &arguments->arena);
    if (!message)
        return CLI_REFUSED;
#ifdef JN_HAVE_POLICY
    if (kind == JN_EVIDENCE_RECEIPT && !arguments->head)
        return receipt_check(message, path, &arguments->public_key,
                             &(struct receipt_wanted){.packs = arguments->packs, .claim = arguments->claim},
                             &arguments->arena);
#endif
    if (kind == JN_EVIDENCE_EXTENSION || kind == JN_EVIDENCE_RECEIPT ||
        (kind == JN_EVIDENCE_PROOF) != (arguments->head != NULL))
        return suite_usage(
            "proof",
            "check takes a proof with --head, or a signed head or a receipt alone; consistency takes two heads");
    head = evidence_head(arguments->head ? arguments->head : path, &arguments->public_key, &arguments->arena);
    if (!head)
        return CLI_REFUSED;
    if (kind == JN_EVIDENCE_HEAD) {
        puts("SIGNED  签名有效");
        evidence_print_head(head);
        return CLI_OK;
    }
    misfit = jn_proof_check(message, head, &arguments->arena, &proven);
    if (misfit)
        return evidence_misfit(path, misfit);
    if (!evidence_print_proven(message, &proven, arguments->claim))
        return CLI_REFUSED;
    puts("PROVEN: it is in the books; what came later is not told\n已证明：该记录已入账；之后发生的事不在证明之内");
    return CLI_OK;
}

/* ---- show: whatever it says, believed or not ---- */

static void
show_extension(const Proof__Extension *extension)
{
    printf("  %s: %" PRIu64 " to 至 %" PRIu64 ", %zu hashes 摘要\n", extension->service, extension->from, extension->to,
           extension->n_path);
}

static int
show_proof(struct arguments *arguments, const Proof__Proof *proof)
{
    struct jn_proven proven;
    Proof__Head head = PROOF__HEAD__INIT;

    /* No head is one that fits: only what can be read of the proof is wanted. */
    jn_proof_check(proof, &head, &arguments->arena, &proven);
    if (!proven.header || !proven.record) {
        suite_say("its block's header or its record cannot be read");
        return CLI_REFUSED;
    }
    if (!evidence_print_proven(proof, &proven, arguments->claim))
        return CLI_REFUSED;
    evidence_print_hex("salt", "盐值", &proof->salt);
    for (size_t i = 0; i < proof->n_path; i++)
        evidence_print_hex("path", "路径", &proof->path[i]);
    for (size_t i = 0; i < proof->n_history; i++)
        evidence_print_hex("history", "历史", &proof->history[i]);
    return CLI_OK;
}

static int
show_command(struct arguments *arguments)
{
    enum jn_evidence kind = JN_EVIDENCE_NONE;
    const void *message = evidence_load_any(arguments->names[0], &kind, &arguments->arena);
    const Proof__Head *head = NULL;

    if (!message)
        return CLI_REFUSED;
    puts("not checked  未经核验");
#ifdef JN_HAVE_POLICY
    if (kind == JN_EVIDENCE_RECEIPT)
        return receipt_show(message, arguments->claim, &arguments->arena);
#endif
    if (kind == JN_EVIDENCE_PROOF)
        return show_proof(arguments, message);
    if (kind == JN_EVIDENCE_EXTENSION)
        show_extension(message);
    if (kind == JN_EVIDENCE_HEAD)
        head = jn_head_read(message, &arguments->arena);
    if (head)
        evidence_print_head(head);
    else if (kind == JN_EVIDENCE_HEAD)
        suite_say("the head is not well-formed");
    return head || kind == JN_EVIDENCE_EXTENSION ? CLI_OK : CLI_REFUSED;
}

/* ---- consistency ---- */

/* From a file, or from the service itself, which cannot make a false one. */
static int
take_extension(struct arguments *arguments, const Proof__Head *from, const Proof__Head *to,
               const Proof__Extension **out)
{
    Runtime__ExtendRequest request = RUNTIME__EXTEND_REQUEST__INIT;
    struct suite *suite = NULL;
    struct jn_client *client;
    struct jn_answer answer;
    struct jn_slice file;
    int code;

    if (arguments->extension) {
        *out = evidence_load(JN_EVIDENCE_EXTENSION, arguments->extension, &arguments->arena);
        return *out ? CLI_OK : CLI_REFUSED;
    }
    request.from = from->block;
    request.to = to->block;
    code = suite_open(&suite, arguments->data);
    if (code == CLI_OK)
        code = suite_client(suite, to->service, arguments->as, 1, &client);
    if (code == CLI_OK)
        code = suite_ask(client, "Extend", &request, &answer);
    if (code == CLI_OK) {
        file = jn_evidence_write(JN_EVIDENCE_EXTENSION, answer.reply, &arguments->arena);
        *out = jn_evidence_read(JN_EVIDENCE_EXTENSION, file.bytes, file.length, &arguments->arena);
        if (!*out)
            code = CLI_REFUSED;
    }
    suite_close(suite);
    return code;
}

static int
consistency_command(struct arguments *arguments)
{
    const Proof__Extension *extension = NULL;
    const struct jn_misfit *misfit;
    const Proof__Head *from, *to;
    int code;

    if (!arguments->key)
        return suite_usage("proof", "consistency needs --key, the service's public key");
    if (!evidence_key(arguments->key, &arguments->public_key))
        return CLI_REFUSED;
    from = evidence_head(arguments->names[0], &arguments->public_key, &arguments->arena);
    to = from ? evidence_head(arguments->names[1], &arguments->public_key, &arguments->arena) : NULL;
    if (!from || !to)
        return CLI_REFUSED;
    if (!arguments->extension && !contract_find(to->service))
        return suite_usage("proof", "there is no service \"%s\" here: name the file with --extension", to->service);
    misfit = jn_heads_check(from, to);
    if (misfit)
        return evidence_misfit(arguments->names[1], misfit);
    code = take_extension(arguments, from, to, &extension);
    if (code != CLI_OK)
        return code;
    misfit = jn_extension_check(extension, from, to);
    if (misfit)
        return evidence_misfit(arguments->names[1], misfit);
    if (arguments->out && !evidence_save(JN_EVIDENCE_EXTENSION, extension, arguments->out, &arguments->arena))
        return CLI_CONFIGURATION;
    printf("PROVEN: the log of %s at block %" PRIu64 " begins with all of it at block %" PRIu64
           "\n已证明：%s 日志（区块 %" PRIu64 "）完整延续了区块 %" PRIu64 " 时的日志\n",
           to->service, to->block, from->block, to->service, to->block, from->block);
    return CLI_OK;
}

static const struct {
    const char *name;
    int (*run)(struct arguments *arguments);
    size_t names;
} verbs[] = {{"make", make_command, 1},
             {"check", check_command, 1},
             {"show", show_command, 1},
             {"consistency", consistency_command, 2}};

int
proof_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR};
    const char *wrong = parse(argc, argv, &arguments);
    int code = CLI_USAGE;

    if (wrong)
        return suite_usage("proof", "%s", wrong);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(arguments.names[-1], verbs[i].name) != 0 || arguments.names_count != verbs[i].names)
            continue;
        jn_arena_open(&arguments.arena, EVIDENCE_ARENA);
        code = verbs[i].run(&arguments);
        jn_arena_close(&arguments.arena);
        return code;
    }
    return suite_usage("proof", "say make SERVICE, check FILE, show FILE, or consistency OLD NEW");
}
