/* Rows of grants, pools, releases and statements to be spoiled, for ledger_audit.c. */
#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include "ledger_story.h"

#define ROW(t, type, table, ...) ((type *)(uintptr_t)jn_get(jn_view_of(t), table, JN_KEY(__VA_ARGS__)))

void a_grant_was_paid_by_hand(struct jn_tables *t);
void a_grant_was_released_by_hand(struct jn_tables *t);
void a_grant_vanished(struct jn_tables *t);
void a_grants_use_was_improved(struct jn_tables *t);
void a_release_was_forgotten(struct jn_tables *t);
void a_term_runs_for_who_waits(struct jn_tables *t);
void a_rate_fell_below_nothing(struct jn_tables *t);
void a_statement_vanished(struct jn_tables *t);
void a_queues_need_was_changed(struct jn_tables *t);
void a_waiting_item_was_miscounted(struct jn_tables *t);
void a_waiting_item_was_invented(struct jn_tables *t);
void an_earmark_was_left_idle(struct jn_tables *t);
void a_pools_source_was_relieved(struct jn_tables *t);
void a_share_was_shifted(struct jn_tables *t);
void a_claims_share_was_shifted(struct jn_tables *t);
void a_pool_was_left_idle(struct jn_tables *t);
void an_order_was_forgotten(struct jn_tables *t);
void a_disbursement_vanished(struct jn_tables *t);
void a_disbursement_was_paid_by_hand(struct jn_tables *t);
void a_booking_was_made_up(struct jn_tables *t);
void a_second_debit_was_hidden(struct jn_tables *t);
void a_grant_was_reversed_by_hand(struct jn_tables *t);
void a_case_was_hushed_up(struct jn_tables *t);
void a_claim_was_kept_for_no_case(struct jn_tables *t);
void a_kept_claim_was_forgotten(struct jn_tables *t);

/* What they stand on. */
void file_statement(struct story *s);
void pool_and_grant(struct story *s);
void pool_and_claim(struct story *s);
void look_into_a_class(struct story *s);

#endif
