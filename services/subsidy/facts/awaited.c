/* What is awaited (待补信息): seats of a settled class of which an item is refused since a fact is not known, which,
 * and until when. */
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define ROWS_MAX 200
#define PAID     UINT8_MAX /* what was paid before: no fact that rules ask for by name */

struct awaited {
    struct jn_decision *d;
    uint64_t class;
    const Subsidy__Reassessed *event;   /* the last one read */
    uint8_t fact[SEATS_MAX + 1][ITEMS]; /* policy.Fact, or PAID; 0: nothing is awaited */
};

/* The step that says what is not known is the last. */
static uint8_t
fact_of(const Subsidy__Trace *trace)
{
    uint32_t step = trace && trace->n_steps ? trace->steps[trace->n_steps - 1] : 0;

    return (step >> 8 & 0xff) == POLICY__EVENT__NOT_KNOWN ? (uint8_t)(step & 0xff) : PAID;
}

static void
look_at_settled(struct awaited *awaited, const Subsidy__Settled *settled)
{
    for (size_t i = 0; i < settled->n_refused; i++) {
        const Subsidy__SettledRefusal *refusal = settled->refused[i];

        if (refusal->reason == COMMON__REASON__FACT_NOT_KNOWN && refusal->seat <= SEATS_MAX && refusal->item < ITEMS)
            awaited->fact[refusal->seat][refusal->item] = fact_of(refusal->trace);
    }
}

static const Subsidy__Trace *
trace_standing(struct awaited *awaited, uint64_t seat, uint64_t item, uint64_t reassessment)
{
    if (!awaited->event || awaited->event->reassessment != reassessment)
        awaited->event = reassessment_of(awaited->d->view, awaited->class, reassessment);
    for (size_t i = 0; awaited->event && i < awaited->event->n_rows; i++)
        if (awaited->event->rows[i]->seat == seat && (uint64_t)awaited->event->rows[i]->item == item)
            return awaited->event->rows[i]->trace;
    return NULL;
}

/* What was reassessed stands in the place of what was settled. */
static bool
look_at_answer(void *context, const struct jn_key *key, const void *value)
{
    struct awaited *awaited = context;
    const Subsidy__EntitlementRow *answer = value;
    uint64_t seat = jn_key_number(key, 1), item = jn_key_number(key, 2);
    bool waits = !answer->due && answer->reason == COMMON__REASON__FACT_NOT_KNOWN;

    if (seat <= SEATS_MAX && item < ITEMS)
        awaited->fact[seat][item] = waits ? fact_of(trace_standing(awaited, seat, item, answer->reassessment)) : 0;
    return true;
}

static bool
awaits(const struct awaited *awaited, uint64_t seat)
{
    for (int item = 1; item < ITEMS; item++)
        if (awaited->fact[seat][item])
            return true;
    return false;
}

static Subsidy__AwaitedRow *
row_of(const struct awaited *awaited, uint32_t seat, int item)
{
    Subsidy__AwaitedRow *row = jn_take(awaited->d->view, sizeof(*row));
    uint8_t fact = awaited->fact[seat][item];
    bool named = fact < POLICY_FACT_COUNT;

    subsidy__awaited_row__init(row);
    row->seat = seat;
    row->item = (Common__Item)item;
    row->fact = named ? (Policy__Fact)fact : POLICY__FACT__FACT_UNSPECIFIED;
    row->en = (char *)(uintptr_t)(named ? fact_words[fact].en : "what was paid before");
    row->zh = (char *)(uintptr_t)(named ? fact_words[fact].zh : "以往补贴");
    row->until_day = outstanding_until(awaited->d->view, awaited->class, seat, row->item);
    row->overdue = row->until_day && awaited->d->today > row->until_day;
    return row;
}

enum jn_code
answer_awaited(struct jn_decision *d, const Subsidy__AwaitedRequest *query)
{
    Subsidy__AwaitedView reply = SUBSIDY__AWAITED_VIEW__INIT;
    struct awaited *awaited = jn_take(d->view, sizeof(*awaited));
    uint64_t class = class_numbered(d->view, query->class_no);
    Subsidy__ProgressRow progress = progress_of(d->view, class);
    const Subsidy__ClassNoted *facts = class ? class_find(d->view, class) : NULL;
    struct parts at = {0};
    const Subsidy__Settled *settled;

    if (!facts || !class_visible(d, class, &progress))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    awaited->d = d;
    awaited->class = class;
    while ((settled = settlement_next(d->view, class, &progress, &at)) != NULL)
        look_at_settled(awaited, settled);
    jn_scan(d->view, TABLE_ENTITLEMENT, JN_KEY(class), sizeof(uint64_t), SIZE_MAX, look_at_answer, awaited);
    reply.since_day = facts->end_day;
    reply.rows = jn_take(d->view, (ROWS_MAX + ITEMS) * sizeof(*reply.rows));
    for (uint64_t seat = (uint64_t)query->after_seat + 1; seat <= SEATS_MAX && !reply.more; seat++) {
        if (!awaits(awaited, seat) || !seat_in_scope(d, facts->division, class, (uint32_t)seat))
            continue;
        for (int item = 1; item < ITEMS; item++) {
            bool begins = reply.n_rows == 0 || reply.rows[reply.n_rows - 1]->seat != seat;

            if (!awaited->fact[seat][item])
                continue;
            reply.more = begins && reply.n_rows >= ROWS_MAX; /* a page ends with a seat's last item */
            if (reply.more)
                break;
            reply.rows[reply.n_rows++] = row_of(awaited, (uint32_t)seat, item);
        }
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
