/* One search for what would have to be different: shared by the files that make it, nobody else's. */
#ifndef POLICY_WHATIF_SEARCH_H
#define POLICY_WHATIF_SEARCH_H

#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/whatif.h"

/* Puts the facts to the pack; false where they cannot be judged or the item does not fit. */
bool whatif_try(struct whatif_search *search, const struct facts *facts);
/* Keeps what the last try came to. */
void whatif_keep(struct whatif_search *search, struct whatif whatif);
/* Was the item due by the last try? */
bool whatif_due(const struct whatif_search *search);

/* Days (whatif_day.c). */
void whatif_year(struct whatif_search *search);
void whatif_force(struct whatif_search *search);
void whatif_in_time(struct whatif_search *search);

#endif
