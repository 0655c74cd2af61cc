/* A receipt is checked: who signed it, that it is in the log, that its pack is the one that decided, and the sum, which
 * is done again from the pack and the facts in it. No configuration, no network. */
#include "cli/receipt.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/chain.h"
#include "runtime/wire.h"
#include "subsidy/policy/case.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/trace.h"
#include "subsidy/policy/trace/whatif.h"

struct checking {
    const Proof__Receipt *file;
    struct jn_arena *arena;
    const Subsidy__Receipted *said;
    const Policy__Pack *pack;
    struct facts facts;
    struct paid_before history[POLICY_HISTORY_MAX], enterprise[POLICY_HISTORY_MAX];
    struct case_figures figures;
    struct evaluation evaluation;
};

static const struct jn_misfit unreadable = {"what it proves cannot be read", "所证明的记录无法读取"},
                              no_receipt = {"what it proves is no receipt of the subsidy service",
                                            "所证明的记录不是补贴核算服务的凭据"},
                              other_pack = {"the pack in it is not the one that decided: its digest is another",
                                            "所附政策包与核算依据不符：摘要不一致"},
                              bad_pack = {"the pack in it cannot be used", "所附政策包无法使用"},
                              bad_facts = {"its facts cannot be judged", "所载事实无法核定"},
                              other_sum = {"the pack and the facts come to another answer than it says",
                                           "按所载事实和政策包重新核算，结果不一致"},
                              other_steps = {"the sum comes out by other steps than it says",
                                             "重新核算的步骤与所载计算过程不一致"};

/* ---- The event ---- */

static const struct jn_misfit *
read_event(struct checking *checking, const struct jn_proven *proven)
{
    const char *fault;
    const Subsidy__Event *event = jn_wire_unpack(&subsidy__event__descriptor, proven->record->event.data,
                                                 proven->record->event.len, false, checking->arena, &fault);

    if (!event)
        return &unreadable;
    if (strcmp(checking->file->proof->service, "subsidy") != 0 || event->body_case != SUBSIDY__EVENT__BODY_RECEIPTED ||
        !event->receipted->facts || !event->receipted->trace)
        return &no_receipt;
    checking->said = event->receipted;
    return NULL;
}

/* ---- The pack ---- */

static const struct jn_misfit *
read_pack(struct checking *checking)
{
    const ProtobufCBinaryData *bytes = &checking->file->pack;
    const char *wrong;
    struct pack_fault fault;
    struct jn_hash digest;

    jn_sm3(bytes->data, bytes->len, &digest);
    if (checking->said->pack_digest.len != JN_HASH_BYTES ||
        memcmp(checking->said->pack_digest.data, digest.bytes, JN_HASH_BYTES) != 0)
        return &other_pack;
    checking->pack = jn_wire_unpack(&policy__pack__descriptor, bytes->data, bytes->len, false, checking->arena, &wrong);
    if (!checking->pack || !pack_check(checking->pack, &fault) || strcmp(checking->pack->id, checking->said->pack) != 0)
        return &bad_pack;
    return NULL;
}

/* The same pack as one that lies in the folder? */
static bool
same_pack(const struct checking *checking, const char *path)
{
    char fault[512];
    Policy__Pack *pack = pack_load(path, fault, sizeof(fault));
    struct jn_hash digest;
    uint8_t *bytes;
    size_t length;
    bool same;

    if (!pack)
        return false;
    length = policy__pack__get_packed_size(pack);
    bytes = jn_arena_take(checking->arena, length + 1);
    policy__pack__pack(pack, bytes);
    jn_sm3(bytes, length, &digest);
    same = memcmp(checking->said->pack_digest.data, digest.bytes, JN_HASH_BYTES) == 0;
    pack_free(pack);
    return same;
}

static bool
pack_published(const struct checking *checking, const char *packs)
{
    DIR *folder = opendir(packs);
    const struct dirent *entry;
    bool found = false;

    while (folder && !found && (entry = readdir(folder)) != NULL) {
        char path[JN_PATH_MAX];
        size_t length = strlen(entry->d_name);

        if (length < 6 || strcmp(entry->d_name + length - 5, ".yaml") != 0 ||
            snprintf(path, sizeof(path), "%s/%s", packs, entry->d_name) >= (int)sizeof(path))
            continue;
        found = same_pack(checking, path);
    }
    if (folder)
        closedir(folder);
    return found;
}

/* ---- The sum ---- */

static bool
same_steps(const struct checking *checking)
{
    const Subsidy__Trace *trace = checking->said->trace;
    size_t at = 0;

    for (uint32_t i = 0; i < checking->evaluation.trace_count; i++) {
        const struct trace_step *step = &checking->evaluation.trace[i];

        if (step->item != (int)checking->said->item)
            continue;
        if (at >= trace->n_steps || at >= trace->n_values ||
            trace->steps[at] != ((uint32_t)step->rule << 16 | (uint32_t)step->event << 8 | step->index) ||
            trace->values[at] != step->value)
            return false;
        at++;
    }
    return at == trace->n_steps && at == trace->n_values;
}

/* What comes out is what is due in all: a reassessment's claim is what was missing of it. */
static bool
same_money(const struct checking *checking, int64_t comes_to)
{
    const Subsidy__Receipted *said = checking->said;
    int64_t stood = 0;

    if (!said->reassessment)
        return comes_to == said->amount_fen;
    for (size_t i = 0; i < said->n_stood; i++)
        if (said->stood[i]->rest_fen < 0 || !money_add(stood, said->stood[i]->rest_fen, &stood))
            return false;
    return said->amount_fen >= 0 && money_add(stood, said->amount_fen, &stood) && stood == said->due_fen &&
           comes_to == said->due_fen;
}

static const struct jn_misfit *
do_the_sum(struct checking *checking)
{
    const Subsidy__Receipted *said = checking->said;
    struct policy_view view = case_view(said->facts, checking->pack, &checking->figures);
    const struct benefit *benefit = &checking->evaluation.benefits[said->item];

    if (said->item < 1 || said->item >= EVALUATION_ITEMS ||
        !case_facts(said->facts, &checking->facts, checking->history, checking->enterprise) ||
        !evaluate(&view, &checking->facts, &checking->evaluation))
        return &bad_facts;
    if (said->claim ? benefit->state != BENEFIT_DUE || benefit->fund != said->fund || benefit->payee != said->payee
                    : benefit->state != BENEFIT_REFUSED || benefit->reason != said->reason)
        return &other_sum;
    if (!same_money(checking, benefit->amount_fen) || benefit->rule != said->rule)
        return &other_sum;
    return same_steps(checking) ? NULL : &other_steps;
}

/* ---- In words ---- */

static void
print_line(const char *label_en, const char *label_zh, const char *text)
{
    char label[80];

    snprintf(label, sizeof(label), "%s %s", label_en, label_zh);
    fputs("  ", stdout);
    suite_column(label, 23);
    putchar(' ');
    /* What a stranger's file says must not move the cursor. */
    for (const char *c = text; *c; c++)
        putchar((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
    putchar('\n');
}

static void
print_outcome(const Policy__Pack *pack, const Subsidy__Receipted *said)
{
    char text[400], money[MONEY_TEXT], day[DATE_TEXT];
    int item = (int)said->item;

    snprintf(text, sizeof(text), "%" PRIu64, said->receipt);
    print_line("receipt", "凭据编号", text);
    snprintf(text, sizeof(text), "%s %s", pack ? pack_item_name(pack, item) : word_name(&words_items, item),
             pack ? pack_item_zh(pack, item) : word_zh(&words_items, item));
    print_line("item", "补贴项目", text);
    snprintf(text, sizeof(text), "%.100s, seat 席位 %" PRIu32 ", %s", said->class_no, said->seat,
             date_format(said->settled_day, day));
    print_line("class", "班级", text);
    if (said->claim) {
        snprintf(text, sizeof(text), "%" PRIu64 ": %s yuan 元, %s %s, %s %s", said->claim,
                 money_format(said->amount_fen, money), word_name(&words_payees, (int)said->payee),
                 word_zh(&words_payees, (int)said->payee), word_name(&words_funds, (int)said->fund),
                 word_zh(&words_funds, (int)said->fund));
        print_line("due, claim", "应发，补贴编号", text);
    } else {
        snprintf(text, sizeof(text), "%s %s", word_name(&words_reasons, (int)said->reason),
                 word_zh(&words_reasons, (int)said->reason));
        print_line("refused", "不予补贴", text);
    }
    snprintf(text, sizeof(text), "%" PRIu64 ", block 区块 %" PRIu64 ", record 记录 %" PRIu32, said->settlement,
             said->settled_block, said->settled_index);
    print_line("settlement", "核算批次", text);
}

static void
print_attestations(const Subsidy__Receipted *said)
{
    for (size_t i = 0; i < said->n_attestations; i++) {
        const Subsidy__Attestation *line = said->attestations[i];
        char text[400], day[DATE_TEXT];

        snprintf(text, sizeof(text), "%s %s: %s %s, %s %s, %s", word_name(&words_groups, (int)line->group),
                 word_zh(&words_groups, (int)line->group), word_name(&words_departments, (int)line->department),
                 word_zh(&words_departments, (int)line->department), line->denied ? "not confirmed" : "confirmed",
                 line->denied ? "未予认定" : "认定", date_format(line->day, day));
        print_line("attested", "认定", text);
    }
}

static void
print_steps(const struct checking *checking)
{
    struct trace_place place = {
        .steps = checking->evaluation.trace, .count = checking->evaluation.trace_count, .facts = &checking->facts};
    char text[TRACE_SENTENCE_MAX];

    for (place.at = 0; place.at < place.count; place.at++) {
        if (place.steps[place.at].item != (int)checking->said->item)
            continue;
        print_line("step", "步骤", trace_sentence_at(checking->pack, &place, TRACE_ENGLISH, text));
        print_line("", "", trace_sentence_at(checking->pack, &place, TRACE_CHINESE, text));
    }
}

/* What made the claim, what stood already, what changed since. */
static void
print_reassessments(const Subsidy__Receipted *said)
{
    char text[400], money[MONEY_TEXT];

    if (said->reassessment) {
        snprintf(text, sizeof(text), "%s yuan 元, reassessment 重新核定编号 %" PRIu64,
                 money_format(said->due_fen, money), said->reassessment);
        print_line("due in all by", "重新核定应发合计", text);
    }
    for (size_t i = 0; said->reassessment && i < said->n_stood; i++) {
        snprintf(text, sizeof(text), "%s yuan 元, claim 补贴编号 %" PRIu64,
                 money_format(said->stood[i]->rest_fen, money), said->stood[i]->claim);
        print_line("due already, claim", "原已应发", text);
    }
    if (said->since) {
        snprintf(text, sizeof(text), "%s yuan 元, reassessment 重新核定编号 %" PRIu64,
                 money_format(said->now_fen, money), said->since);
        print_line("since then due in all", "此后重新核定合计", text);
    }
    if (said->reassessment || said->since) {
        snprintf(text, sizeof(text), "%.390s", said->document);
        print_line("its document", "重新核定文号", text);
    }
}

/* Found again from the facts and figures in it. Receipts of older versions have not all the figures for it. */
static void
print_what_if(const struct checking *checking)
{
    struct whatif_search *search = jn_arena_take(checking->arena, sizeof(*search));
    struct case_figures figures;
    struct policy_view view = case_view(checking->said->facts, checking->pack, &figures);
    size_t lines = checking->facts.history_count + 1;
    char text[TRACE_SENTENCE_MAX];

    *search = (struct whatif_search){.view = &view,
                                     .facts = &checking->facts,
                                     .item = (int)checking->said->item,
                                     .then = checking->said->since != 0};
    search->history = jn_arena_take(checking->arena, lines * sizeof(*search->history));
    search->counts = jn_arena_take(checking->arena, lines * sizeof(*search->counts));
    if (!checking->said->what_if || !whatif_find(search))
        return;
    for (size_t i = 0; i < search->count; i++) {
        print_line("what if", "如何会不同", whatif_sentence(search, &search->list[i], TRACE_ENGLISH, text));
        print_line("", "", whatif_sentence(search, &search->list[i], TRACE_CHINESE, text));
    }
}

/* ---- All of it ---- */

static const struct jn_misfit *
check(struct checking *checking, const struct jn_sign_public *key)
{
    const struct jn_misfit *misfit;
    const Proof__Head *head = NULL;
    struct jn_proven proven;

    if (!checking->file->head || !checking->file->proof)
        return &unreadable;
    misfit = jn_head_check(checking->file->head, key, checking->arena, &head);
    if (!misfit)
        misfit = jn_proof_check(checking->file->proof, head, checking->arena, &proven);
    if (!misfit)
        misfit = read_event(checking, &proven);
    if (!misfit)
        misfit = read_pack(checking);
    return misfit ? misfit : do_the_sum(checking);
}

/* A receipt of another claim, or of what was refused, proves nothing of this one. */
static bool
of_claim(const Subsidy__Receipted *said, uint64_t claim)
{
    if (!claim || said->claim == claim)
        return true;
    if (said->claim)
        suite_say("NOT PROVEN: the receipt is of claim %" PRIu64 ", not of claim %" PRIu64
                  "\n        未证明：该凭据属于补贴编号%" PRIu64 "，不是%" PRIu64,
                  said->claim, claim, said->claim, claim);
    else
        suite_say("NOT PROVEN: the receipt is of a refusal, seat %" PRIu32 ", not of claim %" PRIu64
                  "\n        未证明：该凭据为席位%" PRIu32 "的不予补贴，不是补贴编号%" PRIu64,
                  said->seat, claim, said->seat, claim);
    return false;
}

int
receipt_check(const Proof__Receipt *receipt, const char *path, const struct jn_sign_public *key,
              const struct receipt_wanted *wanted, struct jn_arena *arena)
{
    static const struct jn_misfit unpublished = {
        "no pack in that folder is the one that decided: it is another, or was changed",
        "该目录中没有与核算依据一致的政策包：不是同一政策包，或已被改动"};
    struct checking *checking = jn_arena_take(arena, sizeof(*checking));
    const struct jn_misfit *misfit;

    checking->file = receipt, checking->arena = arena;
    misfit = check(checking, key);
    if (!misfit && wanted->packs && !pack_published(checking, wanted->packs))
        misfit = &unpublished;
    if (misfit)
        return evidence_misfit(path, misfit);
    if (!of_claim(checking->said, wanted->claim))
        return CLI_REFUSED;
    print_outcome(checking->pack, checking->said);
    print_line("pack", "政策包", checking->pack->id);
    evidence_print_hex("pack's SM3", "政策包摘要", &checking->said->pack_digest);
    print_attestations(checking->said);
    print_reassessments(checking->said);
    print_steps(checking);
    print_what_if(checking);
    puts("PROVEN: it is in the log, and the sum comes out again from the pack and the facts\n"
         "已证明：该凭据在日志之内，且按所载政策包和事实重新核算结果一致");
    return CLI_OK;
}

int
receipt_show(const Proof__Receipt *receipt, uint64_t claim, struct jn_arena *arena)
{
    struct checking *checking = jn_arena_take(arena, sizeof(*checking));
    Proof__Head none = PROOF__HEAD__INIT;
    struct jn_proven proven = {NULL, NULL};

    checking->file = receipt;
    checking->arena = arena;
    /* No head is one that fits: only what can be read is wanted. */
    if (receipt->proof)
        jn_proof_check(receipt->proof, &none, arena, &proven);
    if (!proven.record || read_event(checking, &proven)) {
        suite_say("its record cannot be read, or is no receipt");
        return CLI_REFUSED;
    }
    if (!of_claim(checking->said, claim))
        return CLI_REFUSED;
    print_outcome(checking->pack, checking->said);
    print_attestations(checking->said);
    print_reassessments(checking->said);
    return CLI_OK;
}
