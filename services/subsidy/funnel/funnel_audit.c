/* The funnel's rows against the classes, settlements and claims that they count.
 *
 * Sums by institution, division and quarter would need as many counters as there are of them. In their place each row
 * is weighed by its key and each of its counts by its place, and the weighed sums are compared: rows that are wrong
 * come to the same sum by a chance of one in 2^64. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/funnel/funnel.h"

#define ALL SIZE_MAX

/* Any good mixing of bits: this is the end of SplitMix64. */
static uint64_t
mixed(uint64_t number)
{
    number += UINT64_C(0x9e3779b97f4a7c15);
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

static uint64_t
weight_of(const struct jn_key *key)
{
    return mixed(mixed(mixed(jn_key_number(key, 0)) ^ jn_key_number(key, 1)) ^ jn_key_number(key, 2)) | 1;
}

static uint64_t
weighed(const struct funnel *funnel)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < STEPS; i++)
        sum += (uint64_t)funnel->steps[i] * mixed(i + 1);
    for (size_t i = 0; i < LOSSES; i++)
        sum += (uint64_t)funnel->losses[i] * mixed(STEPS + i + 1);
    for (size_t i = 0; i < REASONS; i++)
        sum += (uint64_t)funnel->refused[i] * mixed(STEPS + LOSSES + i + 1);
    for (size_t i = 0; i < CAUSES; i++) {
        sum += (uint64_t)funnel->withdrawn_by[i] * mixed(STEPS + LOSSES + REASONS + 2 * i + 1);
        sum += (uint64_t)funnel->released_by[i] * mixed(STEPS + LOSSES + REASONS + 2 * i + 2);
    }
    return sum + (uint64_t)funnel->owed_back * mixed(0);
}

void
funnel_told(struct funnel_proof *proof, const Subsidy__ClassNoted *class, const struct funnel *funnel)
{
    struct jn_key key = funnel_key(class, SUBSIDY__FUNNEL_BY__BY_CLASS);

    proof->told += weighed(funnel) * weight_of(&key);
}

/* Each seat that was judged is due something or is lost, and what is due is claimed. */
static void
check_tally(struct jn_audit *audit, const Subsidy__Settled *settled, const struct funnel *funnel)
{
    int64_t seats = funnel->steps[SUBSIDY__STEP__STEP_DUE], due = 0;

    for (int loss = 1; loss < LOSSES; loss++)
        seats += funnel->losses[loss];
    for (size_t i = 0; i < settled->n_claims; i++)
        due += i == 0 || settled->claims[i]->seat != settled->claims[i - 1]->seat;
    if (seats != (int64_t)settled->rows || due != funnel->steps[SUBSIDY__STEP__STEP_DUE])
        jn_finding(audit, "settlement %" PRIu64 ": its tally is not of its seats", settled->settlement);
}

/* Each seat is followed by one settlement's claims: that which judged it, where nothing else is kept of it. */
static void
check_marks(struct jn_audit *audit, const Subsidy__Settled *settled, const Subsidy__StandingRow *standing)
{
    struct jn_key found;
    bool plain = !jn_first(audit->view, TABLE_COUNTED, JN_KEY(settled->class_), sizeof(uint64_t), &found);

    for (size_t i = 0; i < settled->n_claims && i < standing->begins.len; i++) {
        uint8_t mark = 0;

        if (i == 0 || settled->claims[i]->seat != settled->claims[i - 1]->seat)
            mark = !plain                  ? counted_mark(audit->view, settled, settled->claims[i]->seat)
                   : settled->reassessment ? FOLLOWED_ELSEWHERE
                                           : FOLLOWED_HERE;
        if (standing->begins.data[i] != mark)
            jn_finding(audit, "claim %" PRIu64 ": its seat is followed where it should not be, or not where it should",
                       settled->claims[i]->claim);
    }
}

void
funnel_prove_settled(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__Settled *settled)
{
    const Subsidy__ClassNoted *class = class_find(audit->view, settled->class_);
    const Subsidy__StandingRow *standing = standing_of(audit->view, settled->settlement);
    struct funnel funnel = funnel_of_settled(settled), counted;

    if (!class)
        return;
    if (!settled->reassessment) {
        check_tally(audit, settled, &funnel);
        funnel_told(proof, class, &funnel);
    }
    if (!standing)
        return;
    check_marks(audit, settled, standing);
    for (size_t i = 0; i < standing->causes.len; i++)
        proof->causes += standing->causes.data[i] != 0;
    funnel = funnel_of_standing(standing);
    funnel_told(proof, class, &funnel);
    counted = funnel_counted(standing);
    if (memcmp(&counted, &funnel, sizeof(funnel)) != 0)
        jn_finding(audit, "settlement %" PRIu64 ": the funnel has counted its seats otherwise", settled->settlement);
}

/* filed = paid + losses + under way holds by how the last is reckoned: what must be shown is that none is below zero.
 */
static void
check_line(struct jn_audit *audit, const struct funnel *funnel, uint64_t class)
{
    for (int step = SUBSIDY__STEP__STEP_FILED; step <= SUBSIDY__STEP__STEP_PAID; step++)
        if (funnel->steps[step] < 0 || funnel_under_way(funnel, step) < 0)
            jn_finding(audit, "class %" PRIu64 ": more seats left step %d of the funnel than came to it", class, step);
}

void
funnel_prove_class(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__ClassNoted *class,
                   const Subsidy__ProgressRow *progress)
{
    struct funnel funnel = funnel_of_progress(progress);

    funnel_told(proof, class, &funnel);
    funnel = funnel_of_row(jn_get(audit->view, TABLE_FUNNEL, funnel_key(class, SUBSIDY__FUNNEL_BY__BY_CLASS)));
    check_line(audit, &funnel, class->class_);
    for (int by = SUBSIDY__FUNNEL_BY__BY_CLASS; by <= SUBSIDY__FUNNEL_BY__BY_QUARTER; by++) {
        struct jn_key key = funnel_key(class, by);

        proof->due[by - 1] += weighed(&funnel) * weight_of(&key);
    }
}

static bool
add_row(void *context, const struct jn_key *key, const void *row)
{
    struct funnel_proof *proof = context;
    struct funnel funnel = funnel_of_row(row);
    uint64_t by = jn_key_number(key, 0);

    if (by >= 1 && by <= FUNNEL_KEYS)
        proof->kept[by - 1] += weighed(&funnel) * weight_of(key);
    return true;
}

void
funnel_prove(struct jn_audit *audit, struct funnel_proof *proof)
{
    static const char *const names[FUNNEL_KEYS] = {"classes", "institutions", "divisions", "quarters"};

    counted_prove(audit, proof);
    jn_scan(audit->view, TABLE_FUNNEL, JN_KEY(0), 0, ALL, add_row, proof);
    if (proof->told != proof->kept[0])
        jn_finding(audit, "the funnel of classes is not what their seats and claims add up to");
    for (size_t i = 0; i < FUNNEL_KEYS; i++)
        if (proof->kept[i] != proof->due[i])
            jn_finding(audit, "the funnel of %s is not what its classes add up to", names[i]);
}
