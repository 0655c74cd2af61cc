/* Sums of an impact (政策影响汇总): who gains and who loses, by fund, division, item and pack; the largest changes. */
#include "subsidy/reassessment/impact.h"

#include <stdlib.h>
#include <string.h>

#define PARTIES_FIRST 1024

/* ---- Who ---- */

static size_t
slot_of(uint64_t key, size_t size)
{
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (size - 1);
}

static struct impact_party *
place_of(const struct impact_parties *parties, uint64_t number)
{
    size_t at = slot_of(number, parties->size);

    while (parties->at[at].number && parties->at[at].number != number)
        at = (at + 1) & (parties->size - 1);
    return &parties->at[at];
}

/* Half of it stays free. */
static void
grow(struct impact *impact, struct impact_parties *parties)
{
    struct impact_parties wider = {.size = parties->size * 2, .count = parties->count};

    wider.at = jn_report_keep(impact->report, wider.size * sizeof(*wider.at));
    for (size_t i = 0; i < parties->size; i++)
        if (parties->at[i].number)
            *place_of(&wider, parties->at[i].number) = parties->at[i];
    *parties = wider;
}

struct impact_party *
impact_party(struct impact *impact, struct impact_parties *parties, uint64_t number)
{
    struct impact_party *party;

    if (parties->count * 2 >= parties->size)
        grow(impact, parties);
    party = place_of(parties, number);
    if (!party->number) {
        party->number = number;
        parties->count++;
    }
    return party;
}

struct impact_party *
impact_find(const struct impact_parties *parties, uint64_t number)
{
    struct impact_party *party = place_of(parties, number);

    return party->number ? party : NULL;
}

static void
parties_count(const struct impact_parties *parties, uint64_t *gaining, uint64_t *losing)
{
    for (size_t i = 0; i < parties->size; i++) {
        *gaining += parties->at[i].number && parties->at[i].net_fen > 0;
        *losing += parties->at[i].number && parties->at[i].net_fen < 0;
    }
}

/* ---- How much ---- */

static size_t
pack_place(struct impact *impact, const char *id)
{
    size_t length = strlen(id) + 1, at = 0;
    char *copy;

    while (at < impact->packs_count && strcmp(impact->packs[at], id) != 0)
        at++;
    if (at == impact->packs_count && at < PACKS_MAX) {
        copy = jn_report_keep(impact->report, length);
        memcpy(copy, id, length);
        impact->packs[impact->packs_count++] = copy;
    }
    return at;
}

/* A city has some hundreds of them; where the table is full the last place takes the rest. */
static Subsidy__ImpactRow *
sum_of(struct impact *impact, const struct impact_move *move)
{
    size_t pack = pack_place(impact, move->old);
    uint64_t key = ((uint64_t)move->division << 24 | (uint64_t)move->item << 16 | (uint64_t)move->fund << 8 | pack) + 1;
    size_t at = slot_of(key, SUMS_MAX);

    while (impact->sums[at].key && impact->sums[at].key != key)
        at = (at + 1) & (SUMS_MAX - 1);
    if (!impact->sums[at].key && impact->sums_count < SUMS_MAX / 2) {
        impact->sums[at].key = key;
        impact->sums_count++;
        subsidy__impact_row__init(&impact->sums[at].row);
        impact->sums[at].row.fund = (Common__Fund)move->fund;
        impact->sums[at].row.division = move->division;
        impact->sums[at].row.item = (Common__Item)move->item;
        impact->sums[at].row.pack = (char *)(uintptr_t)(pack < PACKS_MAX ? impact->packs[pack] : "");
    }
    return &impact->sums[at].row;
}

void
impact_move(struct impact *impact, const struct impact_move *move)
{
    Subsidy__ImpactRow *row = sum_of(impact, move);

    if (move->fen > 0) {
        row->gains++;
        row->more_fen += move->fen;
        impact->reply->gains++;
        impact->reply->more_fen += move->fen;
    } else {
        row->losses++;
        row->less_fen -= move->fen;
        impact->reply->losses++;
        impact->reply->less_fen -= move->fen;
    }
    if (move->payee)
        impact_party(impact, &impact->payees, move->payee)->net_fen += move->fen;
}

static int64_t
size_of(const Subsidy__ImpactChange *change)
{
    int64_t fen = change->now_fen - change->before_fen;

    return fen < 0 ? -fen : fen;
}

/* In falling order; of equals the one that was settled first. */
void
impact_note(struct impact *impact, const Subsidy__ImpactChange *change)
{
    size_t most = impact->request->largest < LARGEST_MAX ? impact->request->largest : LARGEST_MAX;
    size_t at = impact->largest_count, length = strlen(change->class_no) + 1;

    while (at > 0 && size_of(&impact->largest[at - 1]) < size_of(change))
        at--;
    if (at >= most || size_of(change) == 0)
        return;
    impact->largest_count += impact->largest_count < most;
    memmove(&impact->largest[at + 1], &impact->largest[at],
            (impact->largest_count - at - 1) * sizeof(impact->largest[0]));
    impact->largest[at] = *change;
    impact->largest[at].class_no = jn_report_keep(impact->report, length);
    memcpy(impact->largest[at].class_no, change->class_no, length);
}

/* ---- Beginning and end ---- */

void
impact_open(struct impact *impact, struct jn_report *report, const Subsidy__ImpactRequest *request,
            Subsidy__ImpactView *reply)
{
    *impact = (struct impact){.report = report, .request = request, .reply = reply};
    impact->people.size = impact->payees.size = PARTIES_FIRST;
    impact->people.at = jn_report_keep(report, PARTIES_FIRST * sizeof(*impact->people.at));
    impact->payees.at = jn_report_keep(report, PARTIES_FIRST * sizeof(*impact->payees.at));
    impact->sums = jn_report_keep(report, SUMS_MAX * sizeof(*impact->sums));
}

static int
by_key(const void *a, const void *b)
{
    const Subsidy__ImpactRow *x = *(Subsidy__ImpactRow *const *)a, *y = *(Subsidy__ImpactRow *const *)b;

    if (x->fund != y->fund)
        return x->fund < y->fund ? -1 : 1;
    if (x->division != y->division)
        return x->division < y->division ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return strcmp(x->pack, y->pack);
}

void
impact_close(struct impact *impact)
{
    Subsidy__ImpactView *reply = impact->reply;

    parties_count(&impact->people, &reply->people_gaining, &reply->people_losing);
    parties_count(&impact->payees, &reply->payees_gaining, &reply->payees_losing);
    reply->rows = jn_report_keep(impact->report, (impact->sums_count + 1) * sizeof(*reply->rows));
    for (size_t i = 0; i < SUMS_MAX; i++)
        if (impact->sums[i].key)
            reply->rows[reply->n_rows++] = &impact->sums[i].row;
    qsort(reply->rows, reply->n_rows, sizeof(*reply->rows), by_key);
    reply->largest = jn_report_keep(impact->report, (impact->largest_count + 1) * sizeof(*reply->largest));
    for (size_t i = 0; i < impact->largest_count; i++)
        reply->largest[reply->n_largest++] = &impact->largest[i];
}
