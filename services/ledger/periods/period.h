/* Periods and statements (会计期间与报表): when an entry is booked, what a period comes to. A part of ledger.h, which
 * includes it.
 */
#ifndef LEDGER_PERIOD_H
#define LEDGER_PERIOD_H

#include "ledger/tally.h"

/* ---- Periods ---- */

uint32_t month_of(int32_t day);
/* The month in which an entry of that date stands, for an account of that year. */
uint32_t month_open(const struct jn_view *view, int32_t day, uint32_t year);
Ledger__Turnover *turnover_new(const struct jn_view *view);
/* What is posted from now on stands in that month; in that of an earlier day, where it is open still. */
void books_turn(struct jn_tables *t, Ledger__Books *books, uint32_t month);
void books_date_back(struct jn_tables *t, Ledger__Books *books, int32_t day, uint32_t year);
void turnover_post(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from,
                   enum balance to, int64_t fen);
/* The account's rows of TABLE_TURNOVER, month by month. */
bool turnovers_scan(const struct jn_view *view, struct account account, jn_scan_fn each, void *context);
/* The month of a row of TABLE_TURNOVER or TABLE_MONTH. */
uint32_t turnover_month(const struct jn_key *key);

/* A period's months. False where there is no such period. */
struct span {
    uint32_t first, last;
};
bool period_span(const Ledger__Period *period, struct span *out);
bool period_closed(const struct jn_view *view, const Ledger__Period *period);

/* By kind of balance. */
struct trial_sums {
    int64_t opening[BALANCES], debit[BALANCES], credit[BALANCES];
};
/* What was posted in that month, before, in or after the period. */
void sums_add(struct trial_sums *sums, const Ledger__Turnover *turnover, uint32_t month, struct span span);
/* Over all accounts. */
void period_sums(const struct jn_view *view, struct span span, struct trial_sums *out);
/* A message a kind of balance, those left out that are nothing: into out, room for BALANCES. Returns how many. */
size_t sums_list(const struct jn_view *view, const struct trial_sums *sums, Ledger__TrialSum **out);

/* ---- The use of funds ---- */

enum measure {
    MEASURE_APPROPRIATED,
    MEASURE_COMMITTED,
    MEASURE_PAID,
    MEASURE_ADVANCED,
    MEASURE_RECOVERED,
    MEASURE_REVERSED,
    MEASURE_RELEASED, /* of what was committed */
    MEASURE_GRANT_PAID,
    MEASURE_GRANT_REVERSED, /* instalments of grants */
};
struct use {
    Common__Fund fund;
    uint32_t division;
    Common__Item item;
    uint64_t institution;
};
void use_add(struct jn_tables *t, const Ledger__Books *books, struct use of, enum measure measure, uint64_t count,
             int64_t fen);
/* The same, where others than its own fund bear parts of it: counted with its own, each fund has its money. A part's
 * fund 0 is its own. */
struct use_part {
    Common__Fund fund;
    int64_t fen;
};
void use_add_parts(struct jn_tables *t, const Ledger__Books *books, struct use of, enum measure measure, uint64_t count,
                   int64_t fen, size_t n_parts, const struct use_part *parts);
/* The tally's keys are fund, item, institution. */
void uses_add(struct jn_tables *t, const Ledger__Books *books, uint32_t division, const struct tally *tally,
              enum measure measure);

/* ---- For the tables in service.c ---- */

enum jn_code decide_close_period(struct jn_decision *d, const Ledger__ClosePeriod *cmd);
void apply_period_closed(struct jn_tables *t, const Ledger__PeriodClosed *event, const struct jn_stamp *stamp);
enum jn_code answer_periods(struct jn_decision *d, const Ledger__PeriodsRequest *request);
enum jn_code answer_trial(struct jn_decision *d, const Ledger__TrialRequest *request);
enum jn_code answer_statement(struct jn_decision *d, const Ledger__StatementRequest *request);

#endif
