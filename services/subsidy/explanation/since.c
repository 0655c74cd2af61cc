/* What stands now (现行核定结果) of what was decided once: by which reassessment, in all, by which claims and steps. */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/explanation/explanation.h"
#include "subsidy/nouns.h"

/* "1000.00 by claim 1, 200.00 by claim 2", of those of which something is due; but: this one is left out. */
static struct bilingual
claims_text(const struct jn_decision *d, Subsidy__Stake *const *stakes, size_t count, uint64_t but)
{
    struct bilingual text = {"", ""};

    for (size_t i = 0; i < count; i++) {
        char money[MONEY_TEXT];

        if (stakes[i]->rest_fen <= 0 || stakes[i]->claim == but)
            continue;
        money_format(stakes[i]->rest_fen, money);
        text.en = jn_arena_print(d->arena, "%s%s%s by claim %" PRIu64, text.en, *text.en ? ", " : "", money,
                                 stakes[i]->claim);
        text.zh = jn_arena_print(d->arena, "%s%s补贴编号%" PRIu64 "为%s元", text.zh, *text.zh ? "、" : "",
                                 stakes[i]->claim, money);
    }
    return text;
}

/* ---- A claim over what was missing ---- */

static void
tell_in_all(const struct jn_decision *d, const struct sought *found, Subsidy__ClaimView *reply)
{
    const Subsidy__Reassessed *made = reassessment_of(d->view, found->settled->class_, found->settled->reassessment);
    const Subsidy__ReassessedRow *row = made ? reassessed_row(made, found->claim->seat, found->claim->item) : NULL;
    char all[MONEY_TEXT], missing[MONEY_TEXT];
    struct bilingual others;

    if (!row)
        return;
    others = claims_text(d, row->stakes, row->n_stakes, found->claim->claim);
    if (!*others.en)
        return;
    money_format(row->now_fen, all);
    money_format(found->claim->amount_fen, missing);
    reply->in_all_en =
        jn_arena_print(d->arena, "%s yuan were due in all then: %s; %s were missing, which this claim is over.", all,
                       others.en, missing);
    reply->in_all_zh =
        jn_arena_print(d->arena, "当时合计应发%s元：其中%s；差额%s元由本笔补发。", all, others.zh, missing);
}

/* ---- What stands now ---- */

/* The facts of the claim that it made, where it made one: of what came off nothing but the steps is kept. */
static const struct facts *
facts_of(const struct jn_view *view, const Subsidy__ReassessedRow *row)
{
    struct sought topup = {NULL, NULL, NULL};
    uint64_t settlement = row->topup ? settlement_of(view, row->topup) : 0;
    struct past *past;

    if (settlement)
        topup.settled = jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement));
    if (!topup.settled)
        return NULL;
    topup.claim = topup.settled->claims[row->topup - topup.settled->claims[0]->claim];
    past = jn_take(view, sizeof(*past));
    return past_open(past, view, &topup) && past->same ? &past->judgement.facts : NULL;
}

static struct bilingual
outcome_text(const struct jn_decision *d, const Subsidy__StandsNow *now)
{
    struct bilingual claims = claims_text(d, now->claims, now->n_claims, 0);
    char money[MONEY_TEXT];

    if (now->due_fen > 0) {
        money_format(now->due_fen, money);
        return (struct bilingual){jn_arena_print(d->arena, "%s yuan are due in all now: %s.", money, claims.en),
                                  jn_arena_print(d->arena, "现合计应发%s元：%s。", money, claims.zh)};
    }
    if (!now->refused)
        return (struct bilingual){"nothing is due now.", "现无应发补贴。"};
    return (struct bilingual){jn_arena_print(d->arena, "nothing is due now: %s (clause %s).",
                                             word_name(&words_reasons, (int)now->refused), now->clause),
                              jn_arena_print(d->arena, "现不予补贴：%s（条款%s）。",
                                             word_zh(&words_reasons, (int)now->refused), now->clause)};
}

static void
tell_words(const struct jn_decision *d, Subsidy__StandsNow *now)
{
    struct cause_word cause = cause_words_of(now->cause);
    struct bilingual outcome = outcome_text(d, now);
    char day[DATE_TEXT];

    date_format(now->day, day);
    now->en = jn_arena_print(d->arena, "It was reassessed since: %s (%s), on %s, by pack %s; %s", cause.en,
                             now->document, day, now->pack, outcome.en);
    now->zh = jn_arena_print(d->arena, "此后经重新核定：%s（%s），%s，政策包%s；%s", cause.zh, now->document, day,
                             now->pack, outcome.zh);
}

static void
tell_row(const struct jn_decision *d, const Subsidy__ReassessedRow *row, Subsidy__StandsNow *now)
{
    struct told told =
        steps_tell(d, pack_named(d->view, now->pack), (int)row->item, row->trace, facts_of(d->view, row));

    now->clause = row->clause;
    now->trace = told.lines;
    now->n_trace = told.count;
}

void
since_tell(const struct jn_decision *d, const struct sought *found, Subsidy__ClaimView *reply)
{
    struct reassessed_since since = reassessed_since(d->view, found);
    const Subsidy__ReassessedRow *row;
    Subsidy__StandsNow *now;

    if (found->claim)
        tell_in_all(d, found, reply);
    if (!since.event)
        return;
    now = reply->since = jn_take(d->view, sizeof(*now));
    *now = (Subsidy__StandsNow)SUBSIDY__STANDS_NOW__INIT;
    now->reassessment = since.event->reassessment;
    now->day = since.event->day;
    now->cause = since.event->cause;
    now->document = since.event->document;
    now->pack = since.event->pack;
    now->due_fen = since.now_fen;
    now->refused = since.row->due ? (Common__Reason)0 : since.row->reason;
    now->claims = jn_take(d->view, (since.row->n_stakes + 1) * sizeof(*now->claims));
    for (size_t i = 0; i < since.row->n_stakes; i++)
        if (since.row->stakes[i]->rest_fen > 0)
            now->claims[now->n_claims++] = since.row->stakes[i];
    row = reassessed_row(since.event, reply->seat, reply->item);
    if (row)
        tell_row(d, row, now);
    tell_words(d, now);
}
