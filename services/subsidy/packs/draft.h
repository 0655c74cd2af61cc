/* A pack's way into force: what draft.c and pack.c ask of one another. */
#ifndef SUBSIDY_DRAFT_H
#define SUBSIDY_DRAFT_H

#include "subsidy/subsidy.h"

/* Why the pack cannot be adopted; JN_OK where it can. */
enum jn_code pack_adoptable(struct jn_decision *d, const Policy__Pack *pack);
/* Adopts it: nothing is asked any more. */
void pack_adopt(struct jn_decision *d, Policy__Pack *pack);
/* Apply's: how the pack of that id was approved. */
void pack_approval_keep(struct jn_tables *t, const char *id, Subsidy__Approval *approval);
struct jn_key id_key(const char *text);
/* The draft under that id that waits; 0 where there is none. */
uint64_t draft_of_id(const struct jn_view *view, const char *id);
void draft_audit(struct jn_audit *audit);

#endif
