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
    struct funnel funnel = {{0}, {0}, {0}};

    if (!row)
        return funnel;
    take_counts(funnel.steps, STEPS, row->steps, row->n_steps);
    take_counts(funnel.losses, LOSSES, row->losses, row->n_losses);
    take_counts(funnel.refused, REASONS, row->refused, row->n_refused);
    return funnel;
}

static void
add_counts(int64_t *to, const int64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += more[i];
}

static void
add(struct jn_tables *t, struct jn_key key, const struct funnel *change)
{
    struct funnel funnel = funnel_of_row(jn_get(jn_view_of(t), TABLE_FUNNEL, key));
    uint64_t counts[STEPS + LOSSES + REASONS];
    Subsidy__FunnelRow row = SUBSIDY__FUNNEL_ROW__INIT;

    add_counts(funnel.steps, change->steps, STEPS);
    add_counts(funnel.losses, change->losses, LOSSES);
    add_counts(funnel.refused, change->refused, REASONS);
    for (size_t i = 0; i < STEPS; i++)
        counts[i] = (uint64_t)funnel.steps[i];
    for (size_t i = 0; i < LOSSES; i++)
        counts[STEPS + i] = (uint64_t)funnel.losses[i];
    for (size_t i = 0; i < REASONS; i++)
        counts[STEPS + LOSSES + i] = (uint64_t)funnel.refused[i];
    row.steps = counts;
    row.n_steps = STEPS;
    row.losses = counts + STEPS;
    row.n_losses = LOSSES;
    row.refused = counts + STEPS + LOSSES;
    row.n_refused = REASONS;
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
    struct funnel funnel = {{0}, {0}, {0}};
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
    struct funnel change = {{0}, {0}, {0}};

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
    struct funnel funnel = {{0}, {0}, {0}};
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
    struct funnel funnel = {{0}, {0}, {0}};

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

/* ---- Approved and paid ---- */

/* One seat's claims, which lie together. */
struct seat_state {
    bool live, approved, paid, was_approved;
};

static void
look_at_claim(struct seat_state *seat, uint8_t state)
{
    /* What must be paid back was paid. */
    bool paid = (state & CLAIM_MONEY) == SUBSIDY__MONEY__PAID || (state & CLAIM_MONEY) == SUBSIDY__MONEY__REVERSED;
    bool approved = (state & CLAIM_APPROVED) || paid;

    seat->was_approved |= approved;
    if ((state & CLAIM_MONEY) == SUBSIDY__MONEY__RELEASED)
        return;
    seat->live = true;
    seat->approved &= approved;
    seat->paid &= paid;
}

static void
count_seat(struct funnel *funnel, const struct seat_state *seat)
{
    bool approved = seat->live ? seat->approved : seat->was_approved;

    funnel->steps[SUBSIDY__STEP__STEP_APPROVED] += approved;
    funnel->steps[SUBSIDY__STEP__STEP_PAID] += seat->live && approved && seat->paid;
    funnel->losses[SUBSIDY__LOSS__LOSS_WITHDRAWN] += !seat->live && !approved;
    funnel->losses[SUBSIDY__LOSS__LOSS_RELEASED] += !seat->live && approved;
}

struct funnel
funnel_of_standing(const Subsidy__StandingRow *standing)
{
    static const struct seat_state nothing = {false, true, true, false};
    struct funnel funnel = {{0}, {0}, {0}};
    struct seat_state seat = nothing;
    uint8_t followed = FOLLOWED_ELSEWHERE;

    /* What a reassessment found missing of a seat that is followed elsewhere is no seat more. */
    for (size_t i = 0; i < standing->states.len && i < standing->begins.len; i++) {
        if (standing->begins.data[i]) {
            if (followed == FOLLOWED_HERE)
                count_seat(&funnel, &seat);
            seat = nothing;
            followed = standing->begins.data[i];
        }
        look_at_claim(&seat, standing->states.data[i]);
    }
    if (followed == FOLLOWED_HERE)
        count_seat(&funnel, &seat);
    return funnel;
}

void
standing_keep(struct jn_tables *t, uint64_t settlement, Subsidy__StandingRow *standing)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), standing->class_);
    struct funnel now = funnel_of_standing(standing), change = now;

    change.steps[SUBSIDY__STEP__STEP_APPROVED] -= standing->seats_approved;
    change.steps[SUBSIDY__STEP__STEP_PAID] -= standing->seats_paid;
    change.losses[SUBSIDY__LOSS__LOSS_WITHDRAWN] -= standing->seats_withdrawn;
    change.losses[SUBSIDY__LOSS__LOSS_RELEASED] -= standing->seats_released;
    standing->seats_approved = (uint32_t)now.steps[SUBSIDY__STEP__STEP_APPROVED];
    standing->seats_paid = (uint32_t)now.steps[SUBSIDY__STEP__STEP_PAID];
    standing->seats_withdrawn = (uint32_t)now.losses[SUBSIDY__LOSS__LOSS_WITHDRAWN];
    standing->seats_released = (uint32_t)now.losses[SUBSIDY__LOSS__LOSS_RELEASED];
    jn_put(t, TABLE_STANDING, JN_KEY(settlement), standing);
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
