/* What the files of a search share, nobody else: one try after the other, and what is kept of it. */
#ifndef POLICY_WHATIF_SEARCH_H
#define POLICY_WHATIF_SEARCH_H

#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/whatif.h"

/* Puts the facts to the pack: false where they cannot be judged or the item does not fit. */
bool whatif_try(struct whatif_search *search, const struct facts *facts);
/* Keeps what the last try came to, where there is room. */
void whatif_keep(struct whatif_search *search, struct whatif whatif);
/* Is the item due by the last try? */
bool whatif_due(const struct whatif_search *search);

/* Other levels of the certificate. */
void whatif_level(struct whatif_search *search);

/* What a limit refused (whatif_limit.c). */
void whatif_limit(struct whatif_search *search, const struct trace_step *decisive);
/* Without the lines of the history that count for the step. */
void whatif_history(struct whatif_search *search, const struct trace_step *decisive);

/* Days (whatif_day.c). */
void whatif_year(struct whatif_search *search);
void whatif_force(struct whatif_search *search);
void whatif_in_time(struct whatif_search *search);

#endif
