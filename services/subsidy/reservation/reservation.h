/* Reservation (预警): see subsidy.proto. What the roster needs of it. */
#ifndef SUBSIDY_RESERVATION_H
#define SUBSIDY_RESERVATION_H

#include "subsidy/subsidy.h"

#define OPEN_MAX     16                                     /* seats that are kept with one person */
#define LINES_MAX    (HISTORY_LINES_MAX + OPEN_MAX * ITEMS) /* a person's, and what open seats would add */
#define WARNINGS_MAX 600 /* rows of one Warned; as many refusals as one Settled has */

/* A roster as it is filed, looked at seat by seat. */
struct reservation {
    struct jn_decision *d;
    const Subsidy__ClassNoted *class;
    bool judged; /* a pack covers the class's end: limits are known */
    struct judgement judgement;
    /* Taken once for all seats: what looks at one person's lines one by one must not take memory for each. */
    struct evaluation tried, with_open;
    struct paid_before *without, *extended; /* LINES_MAX each */
    Subsidy__Warned warned;
};
void reservation_open(struct reservation *reservation, struct jn_decision *d, const Subsidy__ClassNoted *class);
/* What the seat would bring; what it would not is kept to be warned of. */
Subsidy__NewSeat *reservation_add(struct reservation *reservation, const Subsidy__Seat *seat);
enum jn_code reservation_warn(struct reservation *reservation);

/* In apply: the seats are kept with their people; those that are still kept go when the class is over. */
void reservation_keep(struct jn_tables *t, const Subsidy__SeatsNoted *event, Subsidy__ProgressRow *progress);
void reservation_close(struct jn_tables *t, uint64_t class, Subsidy__ProgressRow *progress);

/* What the audit finds of people's open seats, against what the classes say. */
struct reservation_proof {
    uint64_t kept, told;
};
void reservation_prove_person(struct jn_audit *audit, struct reservation_proof *proof, uint64_t person,
                              const Subsidy__HistoryRow *row);
void reservation_prove_class(struct reservation_proof *proof, uint64_t class, const Subsidy__ProgressRow *progress);
void reservation_prove(struct jn_audit *audit, const struct reservation_proof *proof);

#endif
