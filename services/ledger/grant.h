/* Grants, as their files share them. */
#ifndef LEDGER_GRANT_H
#define LEDGER_GRANT_H

#include "ledger/ledger.h"

/* NULL where there is none; one beyond the caller's scope is none to him. */
const Ledger__GrantRow *grant_get(const struct jn_decision *d, uint64_t number);
/* Neither paid nor released. */
int64_t grant_open(const Ledger__GrantRow *grant);
struct account grant_account(const Ledger__GrantRow *grant);
/* 1 to so many bytes. */
bool grant_text_fits(const char *text, size_t most);

#endif
