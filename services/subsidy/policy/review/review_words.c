/* Words that a pack declares and does not use: most often one that is written differently where it was meant. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/policy/facts.h"
#include "subsidy/policy/review/review.h"

/* What the pack's rules and limits name. */
struct used {
    uint64_t items, shortages, lists, references, catalogues;
};

static void
use_conditions(struct used *used, Policy__Condition *const *conditions, size_t count)
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
use_table(struct used *used, const Policy__Table *table)
{
    for (size_t i = 0; table && i < table->n_rows; i++) {
        used->shortages |= table->by == POLICY__FACT__SHORTAGE ? table->rows[i]->any_of : 0;
        used->lists |= table->by == POLICY__FACT__OCCUPATION_LIST ? table->rows[i]->any_of : 0;
    }
}

static void
use_amount(struct used *used, const Policy__Rule *rule)
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
use_rule(struct used *used, const Policy__Rule *rule)
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

static void
unused(struct review *review, const char *list, const char *key, const char *name, bool is_used)
{
    if (!is_used)
        review_part(review, false, list, key, name, "%s %s is declared and used nowhere: use it or take it out", key,
                    name);
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

void
review_words(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;
    struct used used = {0};

    for (size_t i = 0; i < pack->n_rules; i++)
        use_rule(&used, pack->rules[i]);
    for (size_t i = 0; i < pack->n_limits; i++)
        used.items |= pack->limits[i]->against;
    for (size_t i = 0; i < pack->n_items; i++)
        unused(review, "items", "item", pack->items[i]->name, used.items & POLICY_BIT(pack->items[i]->number));
    for (size_t i = 0; i < pack->n_shortages; i++)
        unused(review, "shortages", "shortage", pack->shortages[i]->name, used.shortages & POLICY_BIT(i + 1));
    for (size_t i = 0; i < pack->n_lists; i++)
        unused(review, "lists", "list", pack->lists[i]->name, used.lists & POLICY_BIT(i + 1));
    for (size_t i = 0; i < pack->n_references; i++)
        unused(review, "references", "name", pack->references[i]->name,
               i + 1 > 63 || (used.references & POLICY_BIT(i + 1)));
    for (size_t i = 0; i < pack->n_catalogues; i++)
        unused(review, "catalogues", "catalogue", pack->catalogues[i]->name,
               (used.catalogues & POLICY_BIT(i + 1)) || (used.shortages && carries_shortage(pack->catalogues[i])));
}
