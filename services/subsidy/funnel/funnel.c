/* The funnel's rows (漏斗), as events move them. */
#include "subsidy/funnel/funnel.h"

#include <string.h>

#include "subsidy/nouns.h"

uint64_t
funnel_quarter(int32_t day)
{
    struct date date = date_of(day);

    return (uint64_t)(date.year * 10 + (date.month + 2) / 3);
}

struct jn_key
funnel_key(const Subsidy__ClassNoted *class, int by)
{
    uint64_t quarter = funnel_quarter(class->end_day);

    switch ((Subsidy__FunnelBy)by) {
    case SUBSIDY__FUNNEL_BY__BY_CLASS:
        return JN_KEY((uint64_t)by, quarter, class->class_);
    case SUBSIDY__FUNNEL_BY__BY_INSTITUTION:
        return JN_KEY((uint64_t)by, quarter, class->provider);
    case SUBSIDY__FUNNEL_BY__BY_DIVISION:
        return JN_KEY((uint64_t)by, quarter, class->division);
    case SUBSIDY__FUNNEL_BY__BY_QUARTER:
    case SUBSIDY__FUNNEL_BY__FUNNEL_BY_UNSPECIFIED:
    case _SUBSIDY__FUNNEL_BY_IS_INT_SIZE:
        break;
    }
    return JN_KEY((uint64_t)by, 0, quarter);
}

/* ---- Rows ---- */

static void
take_counts(int64_t *to, size_t most, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count && i < most; i++)
        to[i] = (int64_t)from[i];
}

struct funnel
funnel_of_row(const Subsidy__FunnelRow *row)
{
    struct funnel funnel = {0};

    if (!row)
        return funnel;
    take_counts(funnel.steps, STEPS, row->steps, row->n_steps);
    take_counts(funnel.losses, LOSSES, row->losses, row->n_losses);
    take_counts(funnel.refused, REASONS, row->refused, row->n_refused);
    take_counts(funnel.withdrawn_by, CAUSES, row->withdrawn_by, row->n_withdrawn_by);
    take_counts(funnel.released_by, CAUSES, row->released_by, row->n_released_by);
    funnel.owed_back = (int64_t)row->owed_back;
    return funnel;
}

/* Writes the sum, and says where. */
static uint64_t *
add_counts(uint64_t **at, const int64_t *kept, const int64_t *more, size_t count)
{
    uint64_t *sums = *at;

    for (size_t i = 0; i < count; i++)
        sums[i] = (uint64_t)(kept[i] + more[i]);
    *at += count;
    return sums;
}

static void
add(struct jn_tables *t, struct jn_key key, const struct funnel *change)
{
    struct funnel funnel = funnel_of_row(jn_get(jn_view_of(t), TABLE_FUNNEL, key));
    uint64_t counts[STEPS + LOSSES + REASONS + 2 * CAUSES], *at = counts;
    Subsidy__FunnelRow row = SUBSIDY__FUNNEL_ROW__INIT;

    row.n_steps = STEPS;
    row.steps = add_counts(&at, funnel.steps, change->steps, STEPS);
    row.n_losses = LOSSES;
    row.losses = add_counts(&at, funnel.losses, change->losses, LOSSES);
    row.n_refused = REASONS;
    row.refused = add_counts(&at, funnel.refused, change->refused, REASONS);
    row.n_withdrawn_by = CAUSES;
    row.withdrawn_by = add_counts(&at, funnel.withdrawn_by, change->withdrawn_by, CAUSES);
    row.n_released_by = CAUSES;
    row.released_by = add_counts(&at, funnel.released_by, change->released_by, CAUSES);
    row.owed_back = (uint64_t)(funnel.owed_back + change->owed_back);
    jn_put(t, TABLE_FUNNEL, key, &row);
}

/* Four rows, of which those of institutions, divisions and quarters are few and change together with others'. */
void
funnel_count(struct jn_tables *t, const Subsidy__ClassNoted *class, const struct funnel *change)
{
    static const struct funnel none;

    if (memcmp(change, &none, sizeof(none)) == 0)
        return;
    for (int by = SUBSIDY__FUNNEL_BY__BY_CLASS; by <= SUBSIDY__FUNNEL_BY__BY_QUARTER; by++)
        add(t, funnel_key(class, by), change);
}

/* ---- Filed and enrolled ---- */

/* A class that was stopped when a part of it had been settled is settled to its end. Whom the roster holds is known for
 * certain when the class has finished. */
struct funnel
funnel_of_progress(const Subsidy__ProgressRow *progress)
{
    uint32_t whole = progress->count > progress->judged ? progress->count : progress->judged;
    struct funnel funnel = {0};
    int64_t filed = progress->finished ? whole : progress->seats;
    int64_t enrolled = progress->finished || progress->opened ? filed : 0;

    funnel.steps[SUBSIDY__STEP__STEP_FILED] = filed;
    funnel.steps[SUBSIDY__STEP__STEP_ENROLLED] = enrolled;
    if (progress->stopped && progress->judged == 0) {
        funnel.losses[SUBSIDY__LOSS__LOSS_NOT_OPENED] = filed - enrolled;
        funnel.losses[SUBSIDY__LOSS__LOSS_STOPPED] = enrolled;
    }
    return funnel;
}

/* What these four say is the class's progress and nothing else's. */
void
funnel_note_progress(struct jn_tables *t, const Subsidy__ClassNoted *class, const Subsidy__ProgressRow *progress)
{
    struct jn_key key = funnel_key(class, SUBSIDY__FUNNEL_BY__BY_CLASS);
    struct funnel before = funnel_of_row(jn_get(jn_view_of(t), TABLE_FUNNEL, key));
    struct funnel after = funnel_of_progress(progress);
    struct funnel change = {0};

    for (int step = SUBSIDY__STEP__STEP_FILED; step <= SUBSIDY__STEP__STEP_ENROLLED; step++)
        change.steps[step] = after.steps[step] - before.steps[step];
    for (int loss = SUBSIDY__LOSS__LOSS_NOT_OPENED; loss <= SUBSIDY__LOSS__LOSS_STOPPED; loss++)
        change.losses[loss] = after.losses[loss] - before.losses[loss];
    funnel_count(t, class, &change);
}

enum jn_code
note_opening(struct jn_decision *d, uint64_t class)
{
    Subsidy__OpeningNoted noted = SUBSIDY__OPENING_NOTED__INIT;

    noted.class_ = class;
    return jn_emit(d, EVENT_OPENING_NOTED, &noted);
}

void
apply_opening_noted(struct jn_tables *t, const Subsidy__OpeningNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.opened = true;
    progress_keep(t, event->class_, &progress);
}

/* ---- Attended to due ---- */

/* Of a Settled from before there were tallies: what it lists, the rest as if nothing had fitted. */
static struct funnel
funnel_of_lists(const Subsidy__Settled *settled)
{
    struct funnel funnel = {0};
    int64_t due = 0, refused = 0, rest;

    for (size_t i = 0; i < settled->n_claims; i++)
        due += i == 0 || settled->claims[i]->seat != settled->claims[i - 1]->seat;
    for (size_t i = 0; i < settled->n_refused; i++) {
        const Subsidy__SettledRefusal *refusal = settled->refused[i];
        bool counted = i > 0 && refusal->seat == settled->refused[i - 1]->seat;

        for (size_t at = 0; !counted && at < settled->n_claims; at++)
            counted = settled->claims[at]->seat == refusal->seat;
        if (counted)
            continue;
        refused++;
        if (refusal->reason == COMMON__REASON__NO_CERTIFICATE)
            funnel.losses[SUBSIDY__LOSS__LOSS_NO_CERTIFICATE]++;
        else
            funnel.refused[refusal->reason < REASONS ? refusal->reason : 0]++;
    }
    rest = (int64_t)settled->rows - due - refused - (int64_t)settled->n_unjudged;
    funnel.losses[SUBSIDY__LOSS__LOSS_NOT_JUDGED] = (int64_t)settled->n_unjudged;
    funnel.losses[SUBSIDY__LOSS__LOSS_NOTHING_FITS] = rest;
    funnel.steps[SUBSIDY__STEP__STEP_DUE] = due;
    funnel.steps[SUBSIDY__STEP__STEP_ELIGIBLE] = due + refused - funnel.losses[SUBSIDY__LOSS__LOSS_NO_CERTIFICATE];
    funnel.steps[SUBSIDY__STEP__STEP_ATTENDED] = settled->rows;
    funnel.steps[SUBSIDY__STEP__STEP_PASSED] =
        (int64_t)settled->rows - funnel.losses[SUBSIDY__LOSS__LOSS_NO_CERTIFICATE];
    return funnel;
}

struct funnel
funnel_of_settled(const Subsidy__Settled *settled)
{
    const Subsidy__SeatTally *tally = settled->tally;
    struct funnel funnel = {0};

    if (!tally) {
        funnel = funnel_of_lists(settled);
    } else {
        funnel.steps[SUBSIDY__STEP__STEP_ATTENDED] = tally->attended;
        funnel.steps[SUBSIDY__STEP__STEP_PASSED] = tally->passed;
        funnel.steps[SUBSIDY__STEP__STEP_ELIGIBLE] = tally->eligible;
        funnel.steps[SUBSIDY__STEP__STEP_DUE] = tally->due;
        for (size_t i = 0; i < tally->n_losses && i < LOSSES; i++)
            funnel.losses[i] = tally->losses[i];
        for (size_t i = 0; i < tally->n_refused && i < REASONS; i++)
            funnel.refused[i] = tally->refused[i];
    }
    for (size_t i = 0; i < REASONS; i++)
        funnel.losses[SUBSIDY__LOSS__LOSS_REFUSED] += funnel.refused[i];
    return funnel;
}

void
funnel_note_settled(struct jn_tables *t, const Subsidy__Settled *settled)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), settled->class_);
    struct funnel change = funnel_of_settled(settled);

    if (class)
        funnel_count(t, class, &change);
}

/* ---- Between two steps ---- */

/* The first item that its group and occasion fit gives the reason; where there is none, a certificate would have to
 * come first. */
struct lost
funnel_lost(const Subsidy__Seat *seat, unsigned reason, bool certified)
{
    if (seat->days == 0)
        return (struct lost){SUBSIDY__LOSS__LOSS_NOT_ATTENDED, 0};
    if (reason == COMMON__REASON__NO_CERTIFICATE || (!reason && !certified))
        return (struct lost){SUBSIDY__LOSS__LOSS_NO_CERTIFICATE, 0};
    if (reason)
        return (struct lost){SUBSIDY__LOSS__LOSS_REFUSED, reason};
    return (struct lost){seat->denied ? SUBSIDY__LOSS__LOSS_NOT_ATTESTED : SUBSIDY__LOSS__LOSS_NOTHING_FITS, 0};
}

void
funnel_gain(struct funnel *change, struct lost lost)
{
    for (int step = (int)funnel_lost_after((int)lost.loss) + 1; step <= SUBSIDY__STEP__STEP_DUE; step++)
        change->steps[step]++;
    change->losses[lost.loss]--;
    if (lost.loss == SUBSIDY__LOSS__LOSS_REFUSED)
        change->refused[lost.reason < REASONS ? lost.reason : 0]--;
}

Subsidy__Step
funnel_lost_after(int loss)
{
    static const Subsidy__Step after[LOSSES] = {
        [SUBSIDY__LOSS__LOSS_NOT_OPENED] = SUBSIDY__STEP__STEP_FILED,
        [SUBSIDY__LOSS__LOSS_STOPPED] = SUBSIDY__STEP__STEP_ENROLLED,
        [SUBSIDY__LOSS__LOSS_NOT_ATTENDED] = SUBSIDY__STEP__STEP_ENROLLED,
        [SUBSIDY__LOSS__LOSS_NO_CERTIFICATE] = SUBSIDY__STEP__STEP_ATTENDED,
        [SUBSIDY__LOSS__LOSS_REVOKED] = SUBSIDY__STEP__STEP_ATTENDED,
        [SUBSIDY__LOSS__LOSS_NOT_ATTESTED] = SUBSIDY__STEP__STEP_PASSED,
        [SUBSIDY__LOSS__LOSS_NOTHING_FITS] = SUBSIDY__STEP__STEP_PASSED,
        [SUBSIDY__LOSS__LOSS_NOT_JUDGED] = SUBSIDY__STEP__STEP_PASSED,
        [SUBSIDY__LOSS__LOSS_REFUSED] = SUBSIDY__STEP__STEP_ELIGIBLE,
        [SUBSIDY__LOSS__LOSS_WITHDRAWN] = SUBSIDY__STEP__STEP_DUE,
        [SUBSIDY__LOSS__LOSS_RELEASED] = SUBSIDY__STEP__STEP_APPROVED,
    };

    return after[loss];
}

int64_t
funnel_under_way(const struct funnel *funnel, int step)
{
    int64_t left = step < SUBSIDY__STEP__STEP_PAID ? funnel->steps[step] - funnel->steps[step + 1] : 0;

    for (int loss = 1; loss < LOSSES; loss++)
        if ((int)funnel_lost_after(loss) == step)
            left -= funnel->losses[loss];
    return left;
}
