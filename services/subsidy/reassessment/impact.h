/* What a pack would change (政策影响), added up: shared by the files that do it, nobody else's. */
#ifndef SUBSIDY_IMPACT_H
#define SUBSIDY_IMPACT_H

#include "subsidy/nouns.h"

#define LARGEST_MAX 100
#define SUMS_MAX    16384 /* of a fund, division, item and pack: some hundreds in a city */
#define PACKS_MAX   64

/* A line of a person's history as it would be; or by how much more (less: below nothing) an enterprise would be paid by
 * a settlement for an item. */
struct impact_line {
    uint64_t claim, settlement; /* claim: 0 where there is none yet */
    bool due;
    int times; /* an enterprise's: people */
    struct paid_before paid;
    struct impact_line *next;
};
/* Somebody for whom something changes: a person, or an institution that is paid. */
struct impact_party {
    uint64_t number; /* 0: free */
    int64_t net_fen;
    struct impact_line *lines;
};
struct impact_parties {
    struct impact_party *at;
    size_t size, count; /* a power of two */
};
struct impact_sum {
    uint64_t key; /* 0: free */
    Subsidy__ImpactRow row;
};
struct impact {
    struct jn_report *report;
    const Subsidy__ImpactRequest *request;
    Subsidy__ImpactView *reply;
    struct impact_parties people, payees;
    struct impact_sum *sums;
    size_t sums_count;
    const char *packs[PACKS_MAX];
    size_t packs_count;
    Subsidy__ImpactChange largest[LARGEST_MAX];
    size_t largest_count;
};

void impact_open(struct impact *impact, struct jn_report *report, const Subsidy__ImpactRequest *request,
                 Subsidy__ImpactView *reply);
/* Kept; made where it is not there yet. NULL in impact_find where it is not. */
struct impact_party *impact_party(struct impact *impact, struct impact_parties *parties, uint64_t number);
struct impact_party *impact_find(const struct impact_parties *parties, uint64_t number);

/* What an answer would add or take off: of a fund, division, item; old: the pack that decided. */
struct impact_move {
    uint8_t fund;
    uint32_t division;
    int item;
    const char *old;
    int64_t fen; /* below nothing: less */
    uint64_t payee;
};
void impact_move(struct impact *impact, const struct impact_move *move);
/* Among the largest? What is kept of it is copied. */
void impact_note(struct impact *impact, const Subsidy__ImpactChange *change);
void impact_close(struct impact *impact);

#endif
