/* Seats and results of a class: as its seats are settled, or were, and as they stand now; and what people were paid
 * before. Part of subsidy.h, which includes it. */
#ifndef SUBSIDY_FACTS_ROSTER_H
#define SUBSIDY_FACTS_ROSTER_H

#include "subsidy/subsidy.h"

/* ---- Rosters and results (roster.c, result.c) ---- */

/* A class's seats in the order of their ranks; NULL where a rank did not arrive. */
struct roster {
    const Subsidy__Seat **seats;
    uint32_t count, seat_max;
};
/* `now`: with all corrections; else with those that each seat is settled by, or was. */
struct roster roster_of(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, bool now);
/* By its number; NULL where it did not arrive. */
const Subsidy__Seat *roster_seat(const struct roster *roster, uint32_t seat);
/* The seats as claimed, in the order of enrolment. */
struct roster roster_claimed(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress);
/* Had the seat a certificate that was revoked in time? */
bool result_revoked(const struct jn_view *view, uint64_t class, uint32_t seat);
/* By seat, 0 to seat_max: the result that counts, with its corrections; NULL where there is none or it was revoked:
 * before the seat was settled, or, as facts stand now, ever. */
const Subsidy__NotedResult **results_of(const struct jn_view *view, uint64_t class,
                                        const Subsidy__ProgressRow *progress, uint32_t seat_max, bool now);
/* By seat, 0 to SEATS_MAX: is it settled? */
const bool *seats_settled(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress);

/* ---- Histories (history.c) ---- */

/* What the person was paid before and counts now; an array in the arena. *lines: as many lines as there are, whatever
 * counts of them. */
const struct paid_before *history_of(const struct jn_view *view, uint64_t person, uint32_t *count, uint32_t *lines);
/* A copy that tells which lines cannot be for the certificate of the facts. */
const struct paid_before *history_dated(const struct jn_view *view, const struct facts *facts,
                                        const struct paid_before *history, uint32_t count);
/* Adds lines to a person's history; how many of them were kept. */
size_t history_add(struct jn_tables *t, uint64_t person, Subsidy__PaidBefore *const *lines, size_t count);
/* The same where a class is settled: the person's open seats of it go with the same write; how many there were. Which
 * settlement judged him on which seat is kept, too, where something was due or refused (0: nothing was). */
struct history_at {
    uint64_t class, settlement;
    uint32_t seat;
};
uint32_t history_settle(struct jn_tables *t, uint64_t person, const struct history_at *at,
                        Subsidy__PaidBefore *const *lines, size_t count);
/* Keeps an open seat: 1, or 0 where there is no room for more of them. */
uint32_t history_hold(struct jn_tables *t, uint64_t person, Subsidy__OpenSeat *open);
/* Takes those of a class away: how many there were. lines_read grows by what had to be read. */
uint32_t history_release(struct jn_tables *t, uint64_t person, uint64_t class, size_t *lines_read);

/* ---- Corrections (correction.c) ---- */

/* By seat, 0 to SEATS_MAX: its corrections; NULL where there are none of the class. */
const Subsidy__CorrectionRow **corrections_of(const struct jn_view *view, uint64_t class,
                                              const Subsidy__ProgressRow *progress);
const Subsidy__CorrectionRow *correction_of(const struct jn_view *view, uint64_t class, uint32_t seat);
/* The seat with them, and its result: itself where they are NULL or about something else. */
const Subsidy__Seat *seat_corrected(const struct jn_view *view, const Subsidy__CorrectionRow *row,
                                    const Subsidy__Seat *seat, bool now);
const Subsidy__NotedResult *result_corrected(const Subsidy__CorrectionRow *row, const Subsidy__NotedResult *result,
                                             bool now);

#endif
