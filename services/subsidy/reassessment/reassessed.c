/* What a reassessment leaves behind (重新核定结果): the answers that stand, what became of each claim, the person's
 * history, totals; and what is told of it. */
#include <inttypes.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define VIEW_ROWS_MAX 20

/* ---- What then happens ---- */

static void
keep_answer(struct jn_tables *t, const Subsidy__Reassessed *event, const Subsidy__ReassessedRow *row)
{
    Subsidy__EntitlementRow kept = SUBSIDY__ENTITLEMENT_ROW__INIT;

    kept.due = row->due;
    kept.reason = row->reason;
    kept.rule = row->rule;
    kept.level = row->level;
    kept.months = row->months;
    kept.origin = row->origin;
    kept.n_stakes = row->n_stakes;
    kept.stakes = row->stakes;
    kept.reassessment = event->reassessment;
    kept.awaited_until_day = row->awaited_until_day;
    jn_put(t, TABLE_ENTITLEMENT, JN_KEY(event->class_, row->seat, (uint64_t)row->item), &kept);
}

Subsidy__ChangeRow
change_of(const struct jn_view *view, uint64_t claim)
{
    const Subsidy__ChangeRow *row = jn_get(view, TABLE_CHANGE, JN_KEY(claim));

    return row ? *row : (Subsidy__ChangeRow)SUBSIDY__CHANGE_ROW__INIT;
}

static void
keep_changes(struct jn_tables *t, const Subsidy__Reassessed *event, const Subsidy__ReassessedRow *row)
{
    const struct jn_view *view = jn_view_of(t);
    Subsidy__ChangeRow change;

    for (size_t i = 0; i < row->n_taken; i++) {
        change = change_of(view, row->taken[i]->claim);
        change.taken_fen += row->taken[i]->amount_fen;
        change.reassessment = event->reassessment;
        jn_put(t, TABLE_CHANGE, JN_KEY(row->taken[i]->claim), &change);
    }
    if (row->topup && row->topup != row->origin) {
        change = change_of(view, row->topup);
        change.tops = row->origin;
        change.reassessment = event->reassessment;
        jn_put(t, TABLE_CHANGE, JN_KEY(row->topup), &change);
    }
    if (row->origin) {
        change = change_of(view, row->origin);
        change.over = !row->due;
        change.reassessment = event->reassessment;
        jn_put(t, TABLE_CHANGE, JN_KEY(row->origin), &change);
    }
}

/* What is no longer due counts for no limit; what is, stands where the training stands. */
static void
keep_history(struct jn_tables *t, const Subsidy__ClassNoted *class, const Subsidy__ReassessedRow *row)
{
    Subsidy__PaidBefore line = SUBSIDY__PAID_BEFORE__INIT;

    if (!row->origin || !class)
        return;
    line.item = row->item;
    line.day = class->end_day;
    line.occupation = class->occupation;
    line.level = row->level;
    line.months = row->months;
    line.claim = row->origin;
    line.settlement = row->settlement;
    line.amount_fen = row->now_fen;
    line.certificate = row->certificate;
    history_replace(t, row->person, row->origin, row->due ? &line : NULL);
}

void
apply_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const struct jn_stamp *stamp)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), event->class_);
    struct enterprise_moved moved;
    struct totals totals;

    jn_put(t, TABLE_REASSESSMENT, JN_KEY(event->class_, event->reassessment), event);
    jn_counter_set(t, COUNTER_REASSESSMENT, event->reassessment);
    moved = enterprise_keep_reassessed(t, event, class);
    totals_load(jn_view_of(t), &totals);
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];

        keep_answer(t, event, row);
        keep_changes(t, event, row);
        keep_history(t, class, row);
        for (size_t n = 0; n < row->n_taken; n++)
            totals.taken_fen[row->item < ITEMS ? row->item : 0] += row->taken[n]->amount_fen;
    }
    totals_keep(t, &totals);
    later_keep(t, event);
    counted_keep(t, event);
    later_class_reassessed(t, event, class, moved, stamp);
    outstanding_reassessed(t, event, stamp);
}

/* ---- What is told ---- */

static const struct cause_word cause_words[] = {
    [SUBSIDY__CAUSE__CAUSE_UNSPECIFIED] = {"reassessed", "重新核定"},
    [SUBSIDY__CAUSE__REVIEWED] = {"reassessed by order", "依决定重新核定"},
    [SUBSIDY__CAUSE__CERTIFICATE_REVOKED] = {"the certificate was revoked", "证书已撤销"},
    [SUBSIDY__CAUSE__CERTIFICATE_CORRECTED] = {"the certificate was corrected", "证书信息已更正"},
    [SUBSIDY__CAUSE__ATTESTATION_WITHDRAWN] = {"an attestation was withdrawn", "身份认定已撤回"},
    [SUBSIDY__CAUSE__ATTENDANCE_CORRECTED] = {"attendance was corrected", "考勤已更正"},
    [SUBSIDY__CAUSE__CLASS_CANCELLED] = {"the class was cancelled", "班级已取消"},
    [SUBSIDY__CAUSE__RULE_CHANGED] = {"another rule applies backwards", "政策追溯适用"},
    [SUBSIDY__CAUSE__REGISTER_TOLD] = {"a register has told what was not known", "登记信息已补充"},
    [SUBSIDY__CAUSE__HISTORY_CAME_LATE] = {"earlier benefits were told late", "补录了以往补贴"},
};

struct cause_word
cause_words_of(Subsidy__Cause cause)
{
    return cause_words[cause < sizeof(cause_words) / sizeof(cause_words[0]) ? cause : 0];
}

const Subsidy__Reassessed *
reassessment_of(const struct jn_view *view, uint64_t class, uint64_t number)
{
    return number ? jn_get(view, TABLE_REASSESSMENT, JN_KEY(class, number)) : NULL;
}

const Subsidy__ReassessedRow *
reassessed_row(const Subsidy__Reassessed *event, uint32_t seat, Common__Item item)
{
    for (size_t i = 0; i < event->n_rows; i++)
        if (event->rows[i]->seat == seat && event->rows[i]->item == item)
            return event->rows[i];
    return NULL;
}

void
reassessment_tell(const struct jn_decision *d, uint64_t class, const Subsidy__SettledClaim *claim,
                  Subsidy__ClaimView *reply)
{
    Subsidy__ChangeRow change = change_of(d->view, claim->claim);
    const Subsidy__Reassessed *event = reassessment_of(d->view, class, change.reassessment);
    const Subsidy__ReassessedRow *row = event ? reassessed_row(event, claim->seat, claim->item) : NULL;
    struct cause_word cause;

    reply->taken_fen = change.taken_fen;
    reply->reversed_fen = change.reversed_fen;
    reply->released_fen = change.released_fen;
    reply->tops = change.tops;
    reply->reassessment = change.reassessment;
    if (!row)
        return;
    cause = cause_words_of(event->cause);
    reply->changed = jn_arena_print(d->arena, "Reassessed: %s (%s). 重新核定:%s(%s)。", cause.en, event->document,
                                    cause.zh, event->document);
}

struct reassessed_since
reassessed_since(const struct jn_view *view, const struct sought *found)
{
    uint32_t seat = found->claim ? found->claim->seat : found->refusal->seat;
    Common__Item item = found->claim ? found->claim->item : found->refusal->item;
    const Subsidy__EntitlementRow *row =
        jn_get(view, TABLE_ENTITLEMENT, JN_KEY(found->settled->class_, seat, (uint64_t)item));
    struct reassessed_since since = {NULL, row, 0};

    if (!row || row->reassessment == found->settled->reassessment)
        return since;
    since.event = reassessment_of(view, found->settled->class_, row->reassessment);
    for (size_t i = 0; i < row->n_stakes; i++)
        since.now_fen += row->stakes[i]->rest_fen;
    return since;
}

struct page {
    const struct jn_decision *d;
    const Subsidy__ClassNoted *class;
    Subsidy__ReassessmentsView *view;
};

static bool
list_reassessment(void *context, const struct jn_key *key, const void *value)
{
    struct page *page = context;
    const Subsidy__Reassessed *event = value;
    Subsidy__ReassessmentView *view;

    (void)key;
    if (page->view->n_rows == VIEW_ROWS_MAX) {
        page->view->more = true;
        return false;
    }
    view = page->view->rows[page->view->n_rows++] = jn_take(page->d->view, sizeof(*view));
    subsidy__reassessment_view__init(view);
    view->reassessment = event->reassessment;
    view->day = event->day;
    view->cause = event->cause;
    view->document = event->document;
    view->reason = event->reason;
    view->fraud = event->fraud;
    view->rows = jn_take(page->d->view, event->n_rows * sizeof(*view->rows));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];
        Subsidy__ReassessedShort *out;

        if (!seat_in_scope(page->d, page->class->division, page->class->class_, row->seat))
            continue;
        out = view->rows[view->n_rows++] = jn_take(page->d->view, sizeof(*out));
        subsidy__reassessed_short__init(out);
        out->seat = row->seat;
        out->item = row->item;
        out->before_fen = row->before_fen;
        out->now_fen = row->now_fen;
        out->refused = row->reason;
        out->topup = row->topup;
        view->more_fen += row->topup_fen;
        for (size_t n = 0; n < row->n_taken; n++)
            view->less_fen += row->taken[n]->amount_fen;
    }
    if (event->n_rows > 0 && view->n_rows == 0)
        page->view->n_rows--; /* none of it is about the caller's */
    return true;
}

enum jn_code
answer_reassessments(struct jn_decision *d, const Subsidy__ReassessmentsRequest *query)
{
    Subsidy__ReassessmentsView reply = SUBSIDY__REASSESSMENTS_VIEW__INIT;
    uint64_t class = class_numbered(d->view, query->class_no);
    struct page page = {d, class ? class_find(d->view, class) : NULL, &reply};
    Subsidy__ProgressRow progress = progress_of(d->view, class);

    if (!page.class || !class_visible(d, class, &progress))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    reply.rows = jn_take(d->view, VIEW_ROWS_MAX * sizeof(*reply.rows));
    if (query->after < UINT64_MAX)
        jn_scan(d->view, TABLE_REASSESSMENT, JN_KEY(class, query->after + 1), sizeof(uint64_t), VIEW_ROWS_MAX + 1,
                list_reassessment, &page);
    jn_reply(d, &reply.base);
    return JN_OK;
}
