/* A division's own standard against what the source allows, 2.10-d. */
#include "subsidy/policy/pack.h"

#include <inttypes.h>
#include <stdio.h>

#include "domain/money.h"

const Policy__Constraint *
pack_constraint(const Policy__Rule *rule, uint32_t level)
{
    if (!rule->standard)
        return NULL;
    for (size_t i = 0; i < rule->standard->n_levels; i++)
        if (rule->standard->levels[i]->level == level)
            return rule->standard->levels[i];
    return NULL;
}

bool
pack_standard_is_rate(const Policy__Pack *pack, int item)
{
    const Policy__Rule *rule = pack_rule(pack, item);

    return rule && rule->standard && rule->standard->unit == POLICY__UNIT__PERCENT;
}

/* "2200.00 yuan", "50.00 %": both keep two decimals below their unit. */
static const char *
figure(const Policy__Standard *standard, int64_t amount, char *buf, size_t size)
{
    char text[MONEY_TEXT];

    snprintf(buf, size, "%s %s", money_format(amount, text), standard->unit == POLICY__UNIT__PERCENT ? "%" : "yuan");
    return buf;
}

const char *
pack_standard_fault(const Policy__Pack *pack, int item, uint32_t level, int64_t amount, char *buf, size_t size)
{
    return pack_standard_fault_on(pack, pack->from_day, item, level, amount, buf, size);
}

const char *
pack_standard_fault_on(const Policy__Pack *pack, int32_t day, int item, uint32_t level, int64_t amount, char *buf,
                       size_t size)
{
    const Policy__Rule *rule = pack_rule_on(pack, item, day);
    const char *name = pack_item_name(pack, item);
    const Policy__Constraint *constraint;
    const char *clause;
    char given[40], bound[40];
    bool over;

    if (!rule || !rule->standard) {
        snprintf(buf, size, "%s takes no local standard%s%s", name, rule ? ": clause " : "", rule ? rule->clause : "");
        return buf;
    }
    clause = *rule->standard->clause ? rule->standard->clause : rule->clause;
    constraint = pack_constraint(rule, level);
    if (!constraint && level && !rule->standard->level_of) {
        snprintf(buf, size, "clause %s: the standard of %s has no level; leave the level empty", clause, name);
        return buf;
    }
    if (!constraint) {
        snprintf(buf, size, "clause %s: the standard of %s goes by level, and %" PRIu32 " is none of its levels",
                 clause, name, level);
        return buf;
    }

    if (amount <= 0 || amount > MONEY_FEN_MAX) {
        snprintf(buf, size, "clause %s: the standard of %s must be more than zero", clause, name);
        return buf;
    }
    over = constraint->cap && amount > constraint->cap;
    if (!over && amount >= constraint->floor)
        return NULL;
    snprintf(buf, size, "clause %s: %s for %s is %s %s", clause, figure(rule->standard, amount, given, sizeof(given)),
             name, over ? "over the cap of" : "under the floor of",
             figure(rule->standard, over ? constraint->cap : constraint->floor, bound, sizeof(bound)));
    return buf;
}
