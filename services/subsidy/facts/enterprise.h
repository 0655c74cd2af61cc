/* What an enterprise was paid (用人单位已享受补贴), for limits that look at the enterprise. A part of subsidy.h. */
#ifndef SUBSIDY_ENTERPRISE_H
#define SUBSIDY_ENTERPRISE_H

#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/fold.h"
#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/pack.h"

#define ENTERPRISE_LINES_MAX 256

/* Of the class's enterprise, added up as far as the pack's limits can tell days apart. */
struct enterprise_paid {
    uint64_t items; /* mask of those that the limits look for; 0: none looks at the enterprise */
    struct paid_before *lines;
    uint32_t count;
    int32_t cuts[PACK_LIMITS_MAX + 1]; /* days with which a limit's span begins, and the one after the claim's */
    size_t cuts_count;
};

struct judgement;
struct entitlement;
struct differences;
struct answer;

/* Looks back: at what was settled before that settlement, as it counts now; UINT64_MAX: at all. */
void enterprise_open(struct judgement *judgement, uint64_t before);
/* More of it, be it below nothing: an amount, and to how many people. */
void enterprise_add(struct judgement *judgement, int item, int32_t day, int64_t fen, int times);
/* What the seat that was just judged is due. */
void enterprise_note_due(struct judgement *judgement);
/* What stands for a seat, by item; where it was judged again (else NULL) as it stands then. */
void enterprise_note_standing(struct judgement *judgement, const struct entitlement *before,
                              const struct differences *moved);

/* What is due of it to the enterprise: as it stands, and as it was judged. */
int64_t enterprise_fen(const struct entitlement *entitlement);
int64_t enterprise_now(const struct answer *now);

/* As a Settled tells it; and as it stood for a seat behind so many of that one's claims. */
void enterprise_tell(const struct judgement *judgement, Subsidy__ClassFacts *facts);
void enterprise_then(struct judgement *judgement, const Subsidy__Settled *settled, size_t claims);
/* As a Reassessed tells it of a seat, NULL where no limit looks at the enterprise; and as it stood for that seat. */
Subsidy__SeatEnterprise *enterprise_tell_seat(const struct judgement *judgement);
void enterprise_then_seat(struct judgement *judgement, const Subsidy__SeatEnterprise *told);

/* Apply's. What is reassessed is kept before its answers are. */
void enterprise_keep_settled(struct jn_tables *t, const Subsidy__Settled *event);
void enterprise_keep_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event,
                                const Subsidy__ClassNoted *class);

#endif
