/* What a pack's rules and limits name of its own words. */
#include "subsidy/policy/file/used.h"

#include "subsidy/policy/facts.h"

static void
use_conditions(struct pack_used *used, Policy__Condition *const *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t words = conditions[i]->any_of | conditions[i]->none_of;

        if (conditions[i]->at_least)
            words = UINT64_MAX;
        if (conditions[i]->fact == POLICY__FACT__SHORTAGE)
            used->shortages |= words;
        if (conditions[i]->fact == POLICY__FACT__OCCUPATION_LIST)
            used->lists |= words;
    }
}

static void
use_table(struct pack_used *used, const Policy__Table *table)
{
    for (size_t i = 0; table && i < table->n_rows; i++) {
        used->shortages |= table->by == POLICY__FACT__SHORTAGE ? table->rows[i]->any_of : 0;
        used->lists |= table->by == POLICY__FACT__OCCUPATION_LIST ? table->rows[i]->any_of : 0;
    }
}

static void
use_amount(struct pack_used *used, const Policy__Rule *rule)
{
    for (size_t i = 0; i < rule->n_amount; i++) {
        const Policy__Step *step = rule->amount[i];

        use_conditions(used, step->when, step->n_when);
        used->references |= step->source == POLICY__SOURCE__REFERENCE ? POLICY_BIT(step->reference & 63) : 0;
        used->catalogues |= step->source == POLICY__SOURCE__CATALOGUE ? POLICY_BIT(step->reference & 63) : 0;
    }
    use_table(used, rule->table);
    for (size_t i = 0; i < rule->n_tables; i++)
        use_table(used, rule->tables[i]);
    for (size_t i = 0; rule->standard && i < rule->standard->n_levels; i++)
        used->references |= POLICY_BIT(rule->standard->levels[i]->initial_reference & 63);
}

static void
use_rule(struct pack_used *used, const Policy__Rule *rule)
{
    used->items |= POLICY_BIT(rule->item) | (rule->quota ? POLICY_BIT(rule->quota->item) : 0);
    use_conditions(used, rule->when, rule->n_when);
    for (size_t i = 0; i < rule->n_one_of; i++)
        use_conditions(used, rule->one_of[i]->all, rule->one_of[i]->n_all);
    for (size_t i = 0; i < rule->n_requires; i++) {
        use_conditions(used, &rule->requires[i] -> condition, 1);
        if (rule->requires[i] -> where)
            use_conditions(used, &rule->requires[i] -> where, 1);
    }
    if (rule->recovery)
        use_conditions(used, rule->recovery->when, rule->recovery->n_when);
    use_amount(used, rule);
}

/* A catalogue whose rows carry shortage classes serves conditions on them. */
static bool
carries_shortage(const Policy__Catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->n_rows; i++)
        if (catalogue->rows[i]->shortage)
            return true;
    return false;
}

struct pack_used
pack_used(const Policy__Pack *pack)
{
    struct pack_used used = {0};

    for (size_t i = 0; i < pack->n_rules; i++)
        use_rule(&used, pack->rules[i]);
    for (size_t i = 0; i < pack->n_limits; i++)
        used.items |= pack->limits[i]->against;
    for (size_t i = 0; i < pack->n_catalogues; i++)
        if (used.shortages && carries_shortage(pack->catalogues[i]))
            used.catalogues |= POLICY_BIT(i + 1);
    return used;
}
