/* Explanations (说明): why an item is due or refused, in words that the claimant and the clerk understand. */
#include "subsidy/explanation/explanation.h"

#include <inttypes.h>

#include "domain/money.h"
#include "subsidy/nouns.h"

#define HISTORY_SHOWN 100

/* ---- What was paid before ---- */

static Subsidy__HistoryLine *
history_line(const struct jn_decision *d, const Subsidy__PaidBefore *paid, bool counts)
{
    Subsidy__HistoryLine *line = jn_take(d->view, sizeof(*line));
    struct sought found = {NULL, NULL, NULL};
    uint64_t settlement = paid->claim ? settlement_of(d->view, paid->claim) : 0;
    struct item_words item = packs_item_words(d->view, paid->item);
    const char *place_en, *place_zh;
    char day[DATE_TEXT];

    *line = (Subsidy__HistoryLine)SUBSIDY__HISTORY_LINE__INIT;
    line->paid = jn_take(d->view, sizeof(*line->paid));
    *line->paid = (Policy__PastBenefit)POLICY__PAST_BENEFIT__INIT;
    line->paid->item = paid->item;
    line->paid->day = paid->day;
    line->paid->occupation = paid->occupation;
    line->paid->level = paid->level;
    line->paid->months = paid->months;
    line->paid->amount_fen = paid->amount_fen;
    line->paid->certificate = paid->certificate;
    line->claim = paid->claim;
    line->counts = counts;
    if (settlement)
        found.settled = jn_get(d->view, TABLE_SETTLEMENT, JN_KEY(settlement));
    if (found.settled)
        line->class_no = found.settled->class_no;
    date_format(paid->day, day);
    place_en = found.settled ? jn_arena_print(d->arena, "class %s", found.settled->class_no) : "before the suite";
    place_zh = found.settled ? jn_arena_print(d->arena, "班级%s", found.settled->class_no) : "系统启用前";
    line->en = jn_arena_print(d->arena, "%s, %s, %s%s", item.name, day, place_en, counts ? ": counts" : "");
    line->zh = jn_arena_print(d->arena, "%s,%s,%s%s", item.zh, day, place_zh, counts ? "：计入" : "");
    return line;
}

/* Those that count first: they are what the claimant asks about. */
static void
list_history(const struct jn_decision *d, const struct past *past, const bool *counts, Subsidy__ExplainView *reply)
{
    reply->history = jn_take(d->view, HISTORY_SHOWN * sizeof(*reply->history));
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < past->judgement.facts.history_count && reply->n_history < HISTORY_SHOWN; i++)
            if (counts[i] == (pass == 0))
                reply->history[reply->n_history++] = history_line(d, past_line(past, i), counts[i]);
}

/* ---- What would have to be different ---- */

static void
list_what_if(const struct jn_decision *d, const struct whatif_search *search, Subsidy__ExplainView *reply)
{
    char text[TRACE_SENTENCE_MAX];

    reply->what_if = jn_take(d->view, WHATIF_MAX * sizeof(*reply->what_if));
    for (size_t i = 0; i < search->count; i++) {
        const struct whatif *found = &search->list[i];
        Subsidy__WhatIf *line = reply->what_if[reply->n_what_if++] = jn_take(d->view, sizeof(*line));

        *line = (Subsidy__WhatIf)SUBSIDY__WHAT_IF__INIT;
        line->due = found->state == BENEFIT_DUE && found->kind != WHATIF_CAP;
        line->amount_fen = line->due ? found->amount_fen : 0;
        line->reason = (Common__Reason)(found->state == BENEFIT_REFUSED ? found->reason : 0);
        line->en = jn_arena_print(d->arena, "%s", whatif_sentence(search, found, TRACE_ENGLISH, text));
        line->zh = jn_arena_print(d->arena, "%s", whatif_sentence(search, found, TRACE_CHINESE, text));
    }
}

static void
look_for_more(const struct jn_decision *d, struct past *past, Subsidy__ExplainView *reply)
{
    const struct whatif_search *search = past_what_if(past, d->view);

    list_what_if(d, search, reply);
    list_history(d, past, search->counts, reply);
}

/* ---- The whole ---- */

static const char *
reading_of(const Policy__Pack *pack, uint32_t number)
{
    const Policy__Rule *rule = pack_rule_numbered(pack, number);
    const Policy__Limit *limit = rule ? NULL : pack_limit_numbered(pack, number);

    if (rule)
        return rule->reading;
    return limit ? limit->reading : "";
}

/* The rule that it is due by, or the rule or limit that refused it. */
static uint32_t
decider_of(const struct jn_view *view, const Policy__Pack *pack, const struct sought *found)
{
    const char *clause;

    return found->claim ? found->claim->rule : steps_decider(view, pack, found->refusal, &clause);
}

/* A reassessment found the claim missing; or another changed the answer since. */
static void
summarise_changes(const struct jn_decision *d, const struct sought *found, Subsidy__ExplainView *reply)
{
    const Subsidy__Reassessed *made = reassessment_of(d->view, found->settled->class_, found->settled->reassessment);
    const Subsidy__ReassessedRow *row = made ? reassessed_row(made, reply->claim->seat, reply->claim->item) : NULL;
    const Subsidy__ClaimView *claim = reply->claim;
    struct cause_word cause;
    char money[MONEY_TEXT];

    if (row) {
        cause = cause_words_of(made->cause);
        money_format(row->now_fen, money);
        reply->summary_en = jn_arena_print(d->arena, "%s A reassessment found it missing: %s (%s); ", reply->summary_en,
                                           cause.en, made->document);
        reply->summary_zh =
            jn_arena_print(d->arena, "%s经重新核定补发：%s（%s）；", reply->summary_zh, cause.zh, made->document);
        if (*claim->in_all_en) {
            reply->summary_en = jn_arena_print(d->arena, "%s%s", reply->summary_en, claim->in_all_en);
            reply->summary_zh = jn_arena_print(d->arena, "%s%s", reply->summary_zh, claim->in_all_zh);
        } else {
            reply->summary_en = jn_arena_print(d->arena, "%s%s yuan were due in all then.", reply->summary_en, money);
            reply->summary_zh = jn_arena_print(d->arena, "%s当时合计应发%s元。", reply->summary_zh, money);
        }
    }
    if (claim->since) {
        reply->summary_en = jn_arena_print(d->arena, "%s %s", reply->summary_en, claim->since->en);
        reply->summary_zh = jn_arena_print(d->arena, "%s%s", reply->summary_zh, claim->since->zh);
    }
}

/* No pack decided it: the one that was asked has a rule for the item, of other days. */
static void
summarise_no_policy(const struct jn_decision *d, const struct sought *found, struct item_words item,
                    Subsidy__ExplainView *reply)
{
    const Subsidy__ClassNoted *class = class_find(d->view, found->settled->class_);
    const Policy__Pack *pack = pack_named(d->view, found->settled->pack);
    char day[DATE_TEXT], from[DATE_TEXT], until[DATE_TEXT];

    if (!class || !pack)
        return; /* the tables have gone quiet */
    date_format(class->end_day, day);
    date_format(pack->from_day, from);
    date_format(pack->until_day, until);
    reply->summary_en = jn_arena_print(
        d->arena,
        "%s is refused: no_policy_in_force on %s (pack %s, from %s through %s, has a rule for it and does not decide).",
        item.name, day, pack->id, from, until);
    reply->summary_zh = jn_arena_print(
        d->arena, "%s不予补贴：%s当日无现行政策（政策包%s有效期%s至%s，含该项目规则，但不作为核定依据）。", item.zh,
        day, pack->id, from, until);
}

static void
summarise(const struct jn_decision *d, const struct sought *found, Subsidy__ExplainView *reply)
{
    const Subsidy__ClaimView *claim = reply->claim;
    struct item_words item = packs_item_words(d->view, claim->item);
    char money[MONEY_TEXT];

    if (!found->claim) {
        reply->reason = found->refusal->reason;
        if (reply->reason == COMMON__REASON__NO_POLICY_IN_FORCE) {
            summarise_no_policy(d, found, item, reply);
            return;
        }
        reply->summary_en = jn_arena_print(d->arena, "%s is refused: %s (clause %s, pack %s).", item.name,
                                           word_name(&words_reasons, (int)reply->reason), claim->clause, reply->pack);
        reply->summary_zh = jn_arena_print(d->arena, "%s不予补贴：%s（条款%s，政策包%s）。", item.zh,
                                           word_zh(&words_reasons, (int)reply->reason), claim->clause, reply->pack);
        return;
    }
    money_format(claim->amount_fen, money);
    reply->summary_en = jn_arena_print(d->arena, "%s is due: %s yuan to the %s from %s (clause %s, pack %s).",
                                       item.name, money, word_name(&words_payees, (int)claim->payee),
                                       word_name(&words_funds, (int)claim->fund), claim->clause, reply->pack);
    reply->summary_zh = jn_arena_print(d->arena, "应发%s%s元，付给%s，资金来源%s（条款%s，政策包%s）。", item.zh, money,
                                       word_zh(&words_payees, (int)claim->payee),
                                       word_zh(&words_funds, (int)claim->fund), claim->clause, reply->pack);
}

static void
add_pack(const struct jn_decision *d, const Policy__Pack *pack, bool whole, Subsidy__ExplainView *reply)
{
    reply->pack = pack->id;
    reply->pack_title = pack->title;
    reply->pack_title_zh = pack->title_zh;
    reply->pack_digest = pack_digest(d->view, pack);
    if (!whole)
        return;
    reply->pack_bytes.len = policy__pack__get_packed_size(pack);
    reply->pack_bytes.data = jn_take(d->view, reply->pack_bytes.len);
    policy__pack__pack(pack, reply->pack_bytes.data);
}

enum jn_code
answer_explain(struct jn_decision *d, const Subsidy__ExplainRequest *query)
{
    Subsidy__ExplainView reply = SUBSIDY__EXPLAIN_VIEW__INIT;
    Subsidy__ClaimView claim;
    const Policy__Pack *pack;
    struct sought found;
    bool open;
    struct past *past = jn_take(d->view, sizeof(*past));
    enum jn_code code = claim_seek(d, query->claim, query->class_no, query->seat, query->item, &found);

    if (code != JN_OK)
        return code;
    pack = pack_named(d->view, found.settled->pack);
    /* A pack may fill a frame: it comes alone. */
    open = pack && !query->with_pack && past_open(past, d->view, &found);
    claim = claim_view(d, &found, pack, open && past->same ? &past->judgement.facts : NULL);
    reply.claim = &claim;
    if (pack) {
        add_pack(d, pack, query->with_pack, &reply);
        reply.reading = (char *)(uintptr_t)reading_of(pack, decider_of(d->view, pack, &found));
        summarise(d, &found, &reply);
        summarise_changes(d, &found, &reply);
    }
    if (open) {
        past->then = claim.since != NULL;
        reply.reproduced = past->same;
        explain_facts(d, past, &reply);
        look_for_more(d, past, &reply);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
