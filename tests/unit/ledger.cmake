set(ledger_stories ledger.c ledger_story.c ledger_budget.c ledger_bank.c ledger_advance.c ledger_hostile.c ledger_model.c ledger_audit.c ledger_recovery.c
  ledger_recovery_play.c ledger_owing.c ledger_period.c ledger_paying.c ledger_doubt.c
  ledger_audit_books.c ledger_story_books.c ledger_grant.c ledger_pool.c ledger_pool_claim.c ledger_reassessment.c ledger_earmark.c ledger_release.c ledger_forecast.c ledger_education.c ledger_disbursement.c ledger_booking.c ledger_investigation.c)
list(TRANSFORM ledger_stories PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
jineng_unit_test(ledger SOURCES ${ledger_stories} LINKS jn_ledger)
