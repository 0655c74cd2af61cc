/* What a pack holds, by number, by item, by day. */
#include <string.h>

#include "domain/words.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

const Policy__Rule *
pack_rule(const Policy__Pack *pack, int item)
{
    for (size_t i = 0; i < pack->n_rules; i++)
        if ((int)pack->rules[i]->item == item)
            return pack->rules[i];
    return NULL;
}

const Policy__Rule *
pack_rule_numbered(const Policy__Pack *pack, uint32_t number)
{
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->number == number)
            return pack->rules[i];
    return NULL;
}

const Policy__Limit *
pack_limit_numbered(const Policy__Pack *pack, uint32_t number)
{
    for (size_t i = 0; i < pack->n_limits; i++)
        if (pack->limits[i]->number == number)
            return pack->limits[i];
    return NULL;
}

const Policy__Rule *
pack_rule_on(const Policy__Pack *pack, int item, int32_t day)
{
    for (size_t i = 0; i < pack->n_rules; i++) {
        const Policy__Rule *rule = pack->rules[i];

        if ((int)rule->item == item && (!rule->from_day || day >= rule->from_day) &&
            (!rule->until_day || day <= rule->until_day))
            return rule;
    }
    return pack_rule(pack, item);
}

static const Policy__OwnItem *
own(const Policy__Pack *pack, int item)
{
    for (size_t i = 0; i < pack->n_items; i++)
        if ((int)pack->items[i]->number == item)
            return pack->items[i];
    return NULL;
}

const char *
pack_item_name(const Policy__Pack *pack, int item)
{
    const Policy__OwnItem *found = own(pack, item);

    return found ? found->name : word_name(&words_items, item);
}

const char *
pack_item_zh(const Policy__Pack *pack, int item)
{
    const Policy__OwnItem *found = own(pack, item);

    return found ? found->zh : word_zh(&words_items, item);
}

int
pack_item_find(const Policy__Pack *pack, const char *name)
{
    const struct word *word = word_find(&words_items, name);

    for (size_t i = 0; i < pack->n_items; i++)
        if (!strcmp(pack->items[i]->name, name))
            return (int)pack->items[i]->number;
    return word ? word->number : 0;
}

uint32_t
pack_advance_bp(const Policy__Pack *pack, uint32_t rule)
{
    const Policy__Rule *found = pack_rule_numbered(pack, rule);

    return found && found->own_advance ? found->advance_bp : pack->advance_bp;
}

static uint64_t
asked_by(Policy__Condition *const *conditions, size_t count)
{
    uint64_t asks = 0;

    for (size_t i = 0; i < count; i++)
        asks |= POLICY_BIT(conditions[i]->fact & 63);
    return asks;
}

uint64_t
pack_rule_asks(const Policy__Rule *rule)
{
    uint64_t asks = asked_by(rule->when, rule->n_when);

    for (size_t i = 0; i < rule->n_one_of; i++)
        asks |= asked_by(rule->one_of[i]->all, rule->one_of[i]->n_all);
    for (size_t i = 0; i < rule->n_requires; i++) {
        asks |= rule->requires[i] -> condition ? asked_by(&rule->requires[i] -> condition, 1) : 0;
        asks |= rule->requires[i] -> where ? asked_by(&rule->requires[i] -> where, 1) : 0;
    }
    asks |= rule->table ? POLICY_BIT(rule->table->by & 63) : 0;
    for (size_t i = 0; i < rule->n_tables; i++)
        asks |= POLICY_BIT(rule->tables[i]->by & 63);
    for (size_t i = 0; i < rule->n_amount; i++)
        asks |= POLICY_BIT(rule->amount[i]->fact & 63) | asked_by(rule->amount[i]->when, rule->amount[i]->n_when);
    return asks | (rule->recovery ? asked_by(rule->recovery->when, rule->recovery->n_when) : 0);
}

uint64_t
pack_asks(const Policy__Pack *pack)
{
    uint64_t asks = 0;

    for (size_t i = 0; i < pack->n_rules; i++)
        asks |= pack_rule_asks(pack->rules[i]);
    return asks & (POLICY_BIT(POLICY_FACT_COUNT) - POLICY_BIT(POLICY__FACT__AGE));
}

bool
pack_windowed(const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->outcome_within_months)
            return true;
    return false;
}
