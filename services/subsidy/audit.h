/* What the parts of the audit tell one another. */
#ifndef SUBSIDY_AUDIT_H
#define SUBSIDY_AUDIT_H

#include "subsidy/nouns.h"

struct reassessments_audit {
    struct jn_audit *audit;
    uint64_t topups_settled; /* as settlements have them */
    uint64_t count, topups, backwards_rows;
    int64_t backwards_fen;
    const Subsidy__Settled *settled; /* the last ones read */
    const Subsidy__Reassessed *event;
    int64_t taken_fen[ITEMS];
};
/* After the settlements. */
void audit_reassessments(struct reassessments_audit *a);

/* enterprise_audit.c: each settlement in turn, then the rows. */
struct enterprise_proof {
    struct jn_audit *audit;
    int64_t fen[ITEMS]; /* due to enterprises, by claims, less what is kept */
    int64_t imported_fen;
    uint64_t imported_people;
};
void enterprise_prove_settled(struct enterprise_proof *proof, const Subsidy__Settled *settled);
void enterprise_prove(struct enterprise_proof *proof);

#endif
