/* What registers are to tell until a day (待补信息期限): a rule's window says until when what came of the training
 * counts; who waits for it is listed, and once the day is over the employment service is reminded of the class. */
#include "subsidy/facts/outstanding.h"

#include <inttypes.h>

#include "domain/date.h"
#include "subsidy/nouns.h"

#define REMIND_DAYS 10 /* working days from one reminder to the next */

int32_t
outstanding_until(const struct jn_view *view, uint64_t class, uint32_t seat, Common__Item item)
{
    const Subsidy__OutstandingRow *row = jn_get(view, TABLE_OUTSTANDING, JN_KEY(class, seat, (uint64_t)item));

    return row ? row->until_day : 0;
}

static int32_t
day_of_key(const struct jn_key *key, size_t part)
{
    return (int32_t)((int64_t)jn_key_number(key, part) + INT32_MIN);
}

bool
outstanding_first(const struct jn_view *view, uint64_t class, int32_t *day)
{
    struct jn_key found;

    if (!jn_first(view, TABLE_OUTSTANDING_DAY, JN_KEY(class), sizeof(uint64_t), &found))
        return false;
    *day = day_of_key(&found, 1);
    return true;
}

/* ---- What then happens ---- */

static void
count(struct jn_tables *t, uint64_t class, int32_t day, bool more)
{
    const Subsidy__OutstandingCountRow *old = jn_get(jn_view_of(t), TABLE_OUTSTANDING_DAY, JN_KEY(class, day_up(day)));
    Subsidy__OutstandingCountRow row = SUBSIDY__OUTSTANDING_COUNT_ROW__INIT;

    row.count = (old ? old->count : 0) + (more ? 1u : 0u) - (more ? 0u : 1u);
    if (row.count)
        jn_put(t, TABLE_OUTSTANDING_DAY, JN_KEY(class, day_up(day)), &row);
    else
        jn_delete(t, TABLE_OUTSTANDING_DAY, JN_KEY(class, day_up(day)));
}

static void
move(struct jn_tables *t, uint64_t class, uint32_t seat, Common__Item item, int32_t until)
{
    int32_t before = outstanding_until(jn_view_of(t), class, seat, item);
    Subsidy__OutstandingRow row = SUBSIDY__OUTSTANDING_ROW__INIT;

    if (before == until)
        return;
    if (before)
        count(t, class, before, false);
    row.until_day = until;
    if (until)
        jn_put(t, TABLE_OUTSTANDING, JN_KEY(class, seat, (uint64_t)item), &row);
    else
        jn_delete(t, TABLE_OUTSTANDING, JN_KEY(class, seat, (uint64_t)item));
    if (until)
        count(t, class, until, true);
}

/* One term a class, by the earliest of its days: it is not begun anew while that one stands. */
static void
follow(struct jn_tables *t, Subsidy__TermRow row, const struct jn_stamp *stamp)
{
    const Subsidy__TermRow *term = term_of(jn_view_of(t), SUBSIDY__DUE__DUE_AWAITED, row.class_);
    int32_t today = date_of_ms(stamp->time_ms);

    if (!outstanding_first(jn_view_of(t), row.class_, &row.due_day)) {
        term_drop(t, SUBSIDY__DUE__DUE_AWAITED, row.class_);
        return;
    }
    if (term && term->due_day == row.due_day)
        return;
    row.remind_day = row.due_day > today ? row.due_day : today;
    row.term_days = REMIND_DAYS;
    row.by = POLICY_BIT(POLICY__WAY_BY__BY_EMPLOYMENT_SERVICE);
    term_set(t, SUBSIDY__DUE__DUE_AWAITED, row.class_, &row);
}

void
outstanding_settled(struct jn_tables *t, const Subsidy__Settled *event, const struct jn_stamp *stamp)
{
    Subsidy__TermRow row = SUBSIDY__TERM_ROW__INIT;
    bool waits = false;

    for (size_t i = 0; i < event->n_refused; i++)
        if (event->refused[i]->awaited_until_day) {
            move(t, event->class_, event->refused[i]->seat, event->refused[i]->item,
                 event->refused[i]->awaited_until_day);
            waits = true;
        }
    row.class_ = event->class_;
    row.division = event->division;
    row.groups = event->groups;
    row.women = event->women;
    if (waits)
        follow(t, row, stamp);
}

void
outstanding_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const struct jn_stamp *stamp)
{
    Subsidy__TermRow row = SUBSIDY__TERM_ROW__INIT;

    for (size_t i = 0; i < event->n_rows; i++)
        move(t, event->class_, event->rows[i]->seat, event->rows[i]->item, event->rows[i]->awaited_until_day);
    row.class_ = event->class_;
    row.division = event->division;
    row.groups = event->groups;
    row.women = event->women;
    follow(t, row, stamp);
}

/* ---- Audit ---- */

/* Until when it waits, as it was settled, or as it was reassessed since. */
static void
prove(struct outstanding_proof *proof, uint64_t class, uint32_t seat, Common__Item item, int32_t until)
{
    proof->found += until != 0;
    if (outstanding_until(proof->audit->view, class, seat, item) != until)
        jn_finding(proof->audit, "class %" PRIu64 ", seat %" PRIu32 ": what it waits for is listed otherwise", class,
                   seat);
}

void
outstanding_prove_settled(struct outstanding_proof *proof, const Subsidy__Settled *settled)
{
    for (size_t i = 0; i < settled->n_refused; i++) {
        const Subsidy__SettledRefusal *refusal = settled->refused[i];

        if (refusal->awaited_until_day && !jn_has(proof->audit->view, TABLE_ENTITLEMENT,
                                                  JN_KEY(settled->class_, refusal->seat, (uint64_t)refusal->item)))
            prove(proof, settled->class_, refusal->seat, refusal->item, refusal->awaited_until_day);
    }
}

static bool
prove_answer(void *context, const struct jn_key *key, const void *value)
{
    struct outstanding_proof *proof = context;
    const Subsidy__EntitlementRow *answer = value;

    if (answer->awaited_until_day && (answer->due || answer->reason != COMMON__REASON__FACT_NOT_KNOWN))
        jn_finding(proof->audit, "class %" PRIu64 ": what is decided waits for registers", jn_key_number(key, 0));
    prove(proof, jn_key_number(key, 0), (uint32_t)jn_key_number(key, 1), (Common__Item)jn_key_number(key, 2),
          answer->awaited_until_day);
    return true;
}

static bool
count_kept(void *context, const struct jn_key *key, const void *value)
{
    struct outstanding_proof *proof = context;
    const Subsidy__OutstandingRow *row = value;

    proof->kept++;
    if (!jn_has(proof->audit->view, TABLE_OUTSTANDING_DAY, JN_KEY(jn_key_number(key, 0), day_up(row->until_day))))
        jn_finding(proof->audit, "class %" PRIu64 ": a day until which it waits is not counted", jn_key_number(key, 0));
    return true;
}

static bool
count_days(void *context, const struct jn_key *key, const void *value)
{
    struct outstanding_proof *proof = context;
    const Subsidy__OutstandingCountRow *row = value;

    proof->kept -= row->count;
    if (!term_of(proof->audit->view, SUBSIDY__DUE__DUE_AWAITED, jn_key_number(key, 0)))
        jn_finding(proof->audit, "class %" PRIu64 " waits for registers without a term", jn_key_number(key, 0));
    return true;
}

void
outstanding_prove(struct outstanding_proof *proof)
{
    const struct jn_view *view = proof->audit->view;

    jn_scan(view, TABLE_ENTITLEMENT, JN_KEY(0), 0, SIZE_MAX, prove_answer, proof);
    jn_scan(view, TABLE_OUTSTANDING, JN_KEY(0), 0, SIZE_MAX, count_kept, proof);
    if (proof->kept != proof->found)
        jn_finding(proof->audit, "%" PRIu64 " items are listed as waiting for registers, %" PRIu64 " wait", proof->kept,
                   proof->found);
    jn_scan(view, TABLE_OUTSTANDING_DAY, JN_KEY(0), 0, SIZE_MAX, count_days, proof);
    if (proof->kept)
        jn_finding(proof->audit, "the days until which items wait are not as many as the items");
}
