/* What a pack's rules and limits name of its own words: what is declared and not among these is used nowhere. */
#ifndef POLICY_USED_H
#define POLICY_USED_H

#include <stdint.h>

#include "jineng/v1/policy.pb-c.h"

/* Masks: of items by number, of the others by place, from 1. A catalogue whose rows carry shortage classes serves
 * conditions on them. */
struct pack_used {
    uint64_t items, shortages, lists, references, catalogues;
};

struct pack_used pack_used(const Policy__Pack *pack);

#endif
