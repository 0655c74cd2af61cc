/* Holdings: the live certificates of each person, and from them how many people are skilled (1.2-b).
 *
 * TABLE_HOLDINGS: person / 16 -> HoldingsRow. Classmates have neighbouring numbers: a class of 50 touches some four
 * rows. */
#include "certification/certification.h"

#define HOLDERS_TOGETHER    16
#define HIGHLY_SKILLED_FROM 3 /* levels 3, 2, 1; level 0 is none */

static const Certification__HoldingsRow *
holdings_find(const struct jn_view *view, uint64_t together)
{
    return jn_get(view, TABLE_HOLDINGS, JN_KEY(together));
}

static uint64_t
together_of(uint64_t person)
{
    return person / HOLDERS_TOGETHER;
}

void
holdings_of(const struct jn_view *view, uint64_t person, void (*each)(void *, uint64_t certificate), void *context)
{
    const Certification__HoldingsRow *row = holdings_find(view, together_of(person));

    for (size_t i = 0; row && i < row->n_live; i++)
        if (row->live[i]->person == person)
            each(context, row->live[i]->certificate);
}

/* How many of the row's people are skilled and highly skilled: bits, one for each. */
static void
count_row(const Certification__HoldingsRow *row, uint64_t *skilled, uint64_t *highly_skilled)
{
    unsigned with_level = 0, with_high = 0;

    for (size_t i = 0; i < row->n_live; i++) {
        const Certification__Holding *held = row->live[i];
        unsigned bit = 1u << held->person % HOLDERS_TOGETHER;

        if (held->level > 0)
            with_level |= bit;
        if (held->level > 0 && held->level <= HIGHLY_SKILLED_FROM)
            with_high |= bit;
    }
    *skilled = (uint64_t)__builtin_popcount(with_level);
    *highly_skilled = (uint64_t)__builtin_popcount(with_high);
}

/* The counts move by what the row gains or loses. */
static void
put_counted(struct jn_tables *t, uint64_t together, const Certification__HoldingsRow *old,
            const Certification__HoldingsRow *row)
{
    const struct jn_view *view = jn_view_of(t);
    uint64_t skilled_before = 0, highly_before = 0, skilled, highly;

    if (old)
        count_row(old, &skilled_before, &highly_before);
    count_row(row, &skilled, &highly);
    if (skilled != skilled_before)
        jn_counter_set(t, COUNTER_SKILLED, jn_counter(view, COUNTER_SKILLED) + skilled - skilled_before);
    if (highly != highly_before)
        jn_counter_set(t, COUNTER_HIGHLY_SKILLED, jn_counter(view, COUNTER_HIGHLY_SKILLED) + highly - highly_before);
    if (row->n_live > 0)
        jn_put(t, TABLE_HOLDINGS, JN_KEY(together), row);
    else
        jn_delete(t, TABLE_HOLDINGS, JN_KEY(together));
}

static Certification__Holding *
holding_of(const struct jn_view *view, const RecordedResult *result)
{
    Certification__Holding *held = jn_take(view, sizeof(*held));

    certification__holding__init(held);
    held->person = result->person;
    held->certificate = result->certificate;
    held->level = result->level;
    return held;
}

/* All of rows[from..] that belong to the row of rows[from]. */
static void
add_together(struct jn_tables *t, RecordedResult *const *rows, size_t from, size_t count)
{
    const struct jn_view *view = jn_view_of(t);
    uint64_t together = together_of(rows[from]->person);
    const Certification__HoldingsRow *old = holdings_find(view, together);
    Certification__HoldingsRow row = CERTIFICATION__HOLDINGS_ROW__INIT;

    row.live = jn_take(view, ((old ? old->n_live : 0) + count - from) * sizeof(*row.live));
    for (size_t i = 0; old && i < old->n_live; i++)
        row.live[row.n_live++] = old->live[i];
    for (size_t i = from; i < count; i++)
        if (together_of(rows[i]->person) == together)
            row.live[row.n_live++] = holding_of(view, rows[i]);
    put_counted(t, together, old, &row);
}

/* A sheet has 200 rows at most, in the order of its id numbers: who sits together is looked for, 20,000 comparisons at
 * worst. */
void
holdings_add(struct jn_tables *t, RecordedResult *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;

        while (together_of(rows[first]->person) != together_of(rows[i]->person))
            first++;
        if (first == i)
            add_together(t, rows, i, count);
    }
}

void
holdings_drop(struct jn_tables *t, uint64_t person, uint64_t certificate)
{
    const struct jn_view *view = jn_view_of(t);
    const Certification__HoldingsRow *old = holdings_find(view, together_of(person));
    Certification__HoldingsRow row = CERTIFICATION__HOLDINGS_ROW__INIT;

    if (!old)
        return;
    row.live = jn_take(view, old->n_live * sizeof(*row.live));
    for (size_t i = 0; i < old->n_live; i++)
        if (old->live[i]->certificate != certificate)
            row.live[row.n_live++] = old->live[i];
    put_counted(t, together_of(person), old, &row);
}

void
holdings_change(struct jn_tables *t, uint64_t person, uint64_t certificate, uint32_t level)
{
    const struct jn_view *view = jn_view_of(t);
    const Certification__HoldingsRow *old = holdings_find(view, together_of(person));
    Certification__HoldingsRow row = CERTIFICATION__HOLDINGS_ROW__INIT;

    if (!old)
        return;
    row.live = jn_take(view, old->n_live * sizeof(*row.live));
    for (size_t i = 0; i < old->n_live; i++) {
        Certification__Holding *held = row.live[row.n_live++] = jn_take(view, sizeof(*held));

        *held = *old->live[i];
        if (held->certificate == certificate)
            held->level = level;
    }
    put_counted(t, together_of(person), old, &row);
}

/* The finish of splitmix64: neighbours do not cancel out in a sum. */
static uint64_t
mixed(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

uint64_t
holding_fingerprint(uint64_t person, uint64_t certificate, uint32_t level)
{
    return mixed(mixed(mixed(person) + certificate) + level);
}

static bool
recount_row(void *context, const struct jn_key *key, const void *row)
{
    struct holdings_sum *sum = context;
    const Certification__HoldingsRow *holdings = row;
    uint64_t skilled, highly;

    (void)key;
    count_row(holdings, &skilled, &highly);
    sum->live += holdings->n_live;
    for (size_t i = 0; i < holdings->n_live; i++)
        sum->fingerprint +=
            holding_fingerprint(holdings->live[i]->person, holdings->live[i]->certificate, holdings->live[i]->level);
    sum->skilled += skilled;
    sum->highly_skilled += highly;
    return true;
}

void
holdings_recount(const struct jn_view *view, struct holdings_sum *sum)
{
    *sum = (struct holdings_sum){0, 0, 0, 0};
    jn_scan(view, TABLE_HOLDINGS, JN_KEY(0), 0, SIZE_MAX, recount_row, sum);
}
