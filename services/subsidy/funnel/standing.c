/* Approved and paid (核准与拨付): what becomes of the seats that a settlement's claims are followed for, by how the
 * claims stand. */
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

/* One seat's claims, which lie together. */
struct seat_state {
    bool live, approved, paid, was_approved, owed_back;
    uint8_t cause; /* of a reassessment that took off all of a claim: the last claim's */
};

static void
look_at_claim(struct seat_state *seat, uint8_t state, uint8_t cause)
{
    unsigned money = state & CLAIM_MONEY;
    /* What must be paid back was paid. */
    bool paid = money == SUBSIDY__MONEY__PAID || money == SUBSIDY__MONEY__REVERSED;
    bool approved = (state & CLAIM_APPROVED) || paid;

    seat->was_approved |= approved;
    if (cause)
        seat->cause = cause < CAUSES ? cause : 0;
    if (money == SUBSIDY__MONEY__RELEASED)
        return;
    seat->live = true;
    seat->approved &= approved;
    seat->paid &= paid;
    seat->owed_back &= money == SUBSIDY__MONEY__REVERSED;
}

static void
count_seat(struct funnel *funnel, const struct seat_state *seat)
{
    bool approved = seat->live ? seat->approved : seat->was_approved;
    bool paid = seat->live && approved && seat->paid;

    funnel->steps[SUBSIDY__STEP__STEP_APPROVED] += approved;
    funnel->steps[SUBSIDY__STEP__STEP_PAID] += paid;
    funnel->owed_back += paid && seat->owed_back;
    if (seat->live)
        return;
    funnel->losses[approved ? SUBSIDY__LOSS__LOSS_RELEASED : SUBSIDY__LOSS__LOSS_WITHDRAWN]++;
    (approved ? funnel->released_by : funnel->withdrawn_by)[seat->cause]++;
}

struct funnel
funnel_of_standing(const Subsidy__StandingRow *standing)
{
    static const struct seat_state nothing = {.approved = true, .paid = true, .owed_back = true};
    struct funnel funnel = {0};
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
        look_at_claim(&seat, standing->states.data[i], i < standing->causes.len ? standing->causes.data[i] : 0);
    }
    if (followed == FOLLOWED_HERE)
        count_seat(&funnel, &seat);
    return funnel;
}

/* ---- What of it is counted ---- */

static void
take_by(int64_t to[CAUSES], const uint32_t *from, size_t count)
{
    for (size_t i = 0; i < count && i < CAUSES; i++)
        to[i] = from[i];
}

struct funnel
funnel_counted(const Subsidy__StandingRow *standing)
{
    struct funnel funnel = {0};

    funnel.steps[SUBSIDY__STEP__STEP_APPROVED] = standing->seats_approved;
    funnel.steps[SUBSIDY__STEP__STEP_PAID] = standing->seats_paid;
    funnel.losses[SUBSIDY__LOSS__LOSS_WITHDRAWN] = standing->seats_withdrawn;
    funnel.losses[SUBSIDY__LOSS__LOSS_RELEASED] = standing->seats_released;
    take_by(funnel.withdrawn_by, standing->withdrawn_by, standing->n_withdrawn_by);
    take_by(funnel.released_by, standing->released_by, standing->n_released_by);
    funnel.owed_back = standing->seats_owed_back;
    return funnel;
}

/* Most settlements lose none. */
static size_t
keep_by(const struct jn_view *view, uint32_t **to, const int64_t from[CAUSES])
{
    size_t count = CAUSES;

    while (count > 0 && from[count - 1] == 0)
        count--;
    *to = jn_take(view, count * sizeof(**to));
    for (size_t i = 0; i < count; i++)
        (*to)[i] = (uint32_t)from[i];
    return count;
}

static struct funnel
difference(const struct funnel *now, const struct funnel *before)
{
    struct funnel change = *now;

    for (size_t i = 0; i < STEPS; i++)
        change.steps[i] -= before->steps[i];
    for (size_t i = 0; i < LOSSES; i++)
        change.losses[i] -= before->losses[i];
    for (size_t i = 0; i < CAUSES; i++) {
        change.withdrawn_by[i] -= before->withdrawn_by[i];
        change.released_by[i] -= before->released_by[i];
    }
    change.owed_back -= before->owed_back;
    return change;
}

void
standing_keep(struct jn_tables *t, uint64_t settlement, Subsidy__StandingRow *standing)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), standing->class_);
    struct funnel now = funnel_of_standing(standing), before = funnel_counted(standing);
    struct funnel change = difference(&now, &before);

    standing->seats_approved = (uint32_t)now.steps[SUBSIDY__STEP__STEP_APPROVED];
    standing->seats_paid = (uint32_t)now.steps[SUBSIDY__STEP__STEP_PAID];
    standing->seats_withdrawn = (uint32_t)now.losses[SUBSIDY__LOSS__LOSS_WITHDRAWN];
    standing->seats_released = (uint32_t)now.losses[SUBSIDY__LOSS__LOSS_RELEASED];
    standing->n_withdrawn_by = keep_by(jn_view_of(t), &standing->withdrawn_by, now.withdrawn_by);
    standing->n_released_by = keep_by(jn_view_of(t), &standing->released_by, now.released_by);
    standing->seats_owed_back = (uint32_t)now.owed_back;
    jn_put(t, TABLE_STANDING, JN_KEY(settlement), standing);
    if (class)
        funnel_count(t, class, &change);
}
