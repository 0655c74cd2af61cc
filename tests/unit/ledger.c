/* The ledger: budgets and queues, the bank, advances, recovery, hostile input, and random play against a simple model.
 */
#include "ledger_story.h"

int
main(void)
{
    int failed = 0;

    failed += _cmocka_run_group_tests("ledger: budgets", ledger_budget, ledger_budget_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: the bank", ledger_bank, ledger_bank_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: advances", ledger_advance, ledger_advance_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: recovery", ledger_recovery, ledger_recovery_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: recovery and the cash", ledger_recovery_play, ledger_recovery_play_count,
                                      NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: hostile input", ledger_hostile, ledger_hostile_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: the model", ledger_model, ledger_model_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: paying", ledger_paying, ledger_paying_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("ledger: what the bank leaves in doubt", ledger_doubt, ledger_doubt_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: periods", ledger_period, ledger_period_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: the audit", ledger_audits, ledger_audits_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: grants", ledger_grants, ledger_grants_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: pools", ledger_pools, ledger_pools_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("ledger: claims of pools", ledger_pool_claims, ledger_pool_claims_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: earmarks", ledger_earmarks, ledger_earmarks_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: releases", ledger_releases, ledger_releases_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: forecasts", ledger_forecasts, ledger_forecasts_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: staff education", ledger_education, ledger_education_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("ledger: reassessments", ledger_reassessments, ledger_reassessments_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: grants at the bank", ledger_disbursements, ledger_disbursements_count,
                                      NULL, NULL);
    failed +=
        _cmocka_run_group_tests("ledger: the bank's bookings", ledger_bookings, ledger_bookings_count, NULL, NULL);
    failed += _cmocka_run_group_tests("ledger: investigations", ledger_investigations, ledger_investigations_count,
                                      NULL, NULL);
    return failed;
}
