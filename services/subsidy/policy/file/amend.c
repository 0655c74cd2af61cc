/* A pack that amends another (修订): a rule, a limit, a grant of the same number or purpose gives way to the new one,
 * what is repealed goes, and all else stands. */
#include <stdlib.h>
#include <string.h>

#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

static void
free_one(void *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}

Policy__Rule *
amend_rule(struct compiler *c, const char *text)
{
    uint32_t number = (uint32_t)compile_number(c, "rule", text);
    Policy__Pack *out = c->pack;
    Common__Item before;

    for (size_t i = 0; i < c->base_rules; i++)
        if (out->rules[i]->number == number) {
            before = out->rules[i]->item;
            free_one(out->rules[i]);
            out->rules[i] = compile_fresh(1, sizeof(Policy__Rule));
            policy__rule__init(out->rules[i]);
            out->rules[i]->item = before;
            return out->rules[i];
        }
    return ADD(out->rules, out->n_rules, Policy__Rule, policy__rule__init);
}

Policy__Limit *
amend_limit(struct compiler *c, const char *text)
{
    uint32_t number = (uint32_t)compile_number(c, "rule", text);
    Policy__Pack *out = c->pack;

    for (size_t i = 0; i < c->base_limits; i++)
        if (out->limits[i]->number == number) {
            free_one(out->limits[i]);
            out->limits[i] = compile_fresh(1, sizeof(Policy__Limit));
            policy__limit__init(out->limits[i]);
            return out->limits[i];
        }
    return ADD(out->limits, out->n_limits, Policy__Limit, policy__limit__init);
}

/* The rule or limit goes; true where there was one. */
static bool
repealed(void *list, size_t *count, size_t *base, size_t place)
{
    void **all = list;

    free_one(all[place]);
    memmove(all + place, all + place + 1, (*count - place - 1) * sizeof(*all));
    (*count)--;
    (*base)--;
    return true;
}

void
amend_repeal(struct compiler *c)
{
    Policy__Pack *out = c->pack;

    for (uint32_t i = 0; i < c->yaml->repeals.count; i++) {
        const char *text = c->yaml->repeals.words[i];
        uint32_t number = (uint32_t)compile_number(c, "repeals", text);
        bool found = false;

        for (size_t j = 0; !found && j < c->base_rules; j++)
            if (out->rules[j]->number == number)
                found = repealed(out->rules, &out->n_rules, &c->base_rules, j);
        for (size_t j = 0; !found && j < c->base_limits; j++)
            if (out->limits[j]->number == number)
                found = repealed(out->limits, &out->n_limits, &c->base_limits, j);
        if (!found)
            compile_fault(c, "repeals", text, "the number of a rule or limit of the pack that is amended");
    }
}

Policy__GrantUse *
amend_grant(struct compiler *c, const char *purpose)
{
    const struct word *word = word_find(&words_purposes, purpose);
    Policy__Pack *out = c->pack;

    for (size_t i = 0; word && i < c->base_grants; i++)
        if ((int)out->grants[i]->purpose == word->number) {
            free_one(out->grants[i]);
            out->grants[i] = compile_fresh(1, sizeof(Policy__GrantUse));
            policy__grant_use__init(out->grants[i]);
            return out->grants[i];
        }
    return ADD(out->grants, out->n_grants, Policy__GrantUse, policy__grant_use__init);
}

/* A later one of the same number would take the place of the first unseen. */
void
amend_numbers(struct compiler *c)
{
    const struct yaml_pack *yaml = c->yaml;

    for (uint32_t i = 0; i < yaml->rules_count + yaml->limits_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            bool rule = i < yaml->rules_count;
            const char *one = rule ? yaml->rules[i].number : yaml->limits[i - yaml->rules_count].number;
            const char *other =
                j < yaml->rules_count ? yaml->rules[j].number : yaml->limits[j - yaml->rules_count].number;

            if (strcmp(one, other))
                continue;
            compile_at(c, rule ? "rules.%u" : "limits.%u", rule ? i : i - yaml->rules_count);
            compile_fault(c, "rule", one, "a number of its own: it is there twice");
        }
}

static bool
over(int32_t from_day, int32_t until_day, const Policy__Pack *pack)
{
    return (until_day && until_day < pack->from_day) || (from_day && from_day > pack->until_day);
}

/* Dates of a rule's own that reach beyond the new pack's are the pack's. */
static void
clip(int32_t *from_day, int32_t *until_day, const Policy__Pack *pack)
{
    if (*from_day <= pack->from_day)
        *from_day = 0;
    if (*until_day >= pack->until_day)
        *until_day = 0;
}

/* Is the rule or limit the new pack's own? Then its faults are to be heard, not mended. */
static bool
written(const struct compiler *c, uint32_t number)
{
    const struct yaml_pack *yaml = c->yaml;

    for (uint32_t i = 0; i < yaml->rules_count; i++)
        if (strtoul(yaml->rules[i].number, NULL, 10) == number)
            return true;
    for (uint32_t i = 0; i < yaml->limits_count; i++)
        if (strtoul(yaml->limits[i].number, NULL, 10) == number)
            return true;
    return false;
}

/* What stands of the old pack is cut to the new one's days: rules whose time is over go, and limits on nothing else. */
void
amend_trim(struct compiler *c)
{
    Policy__Pack *out = c->pack;
    uint64_t items = 0;

    for (size_t i = 0; i < c->base_rules;)
        if (!written(c, out->rules[i]->number) && over(out->rules[i]->from_day, out->rules[i]->until_day, out))
            repealed(out->rules, &out->n_rules, &c->base_rules, i);
        else
            i++;
    for (size_t i = 0; i < c->base_rules; i++)
        if (!written(c, out->rules[i]->number))
            clip(&out->rules[i]->from_day, &out->rules[i]->until_day, out);
    for (size_t i = 0; i < out->n_rules; i++)
        items |= POLICY_BIT(out->rules[i]->item & 63);
    for (size_t i = 0; i < c->base_limits;) {
        Policy__Limit *limit = out->limits[i];

        if (written(c, limit->number)) {
            i++;
            continue;
        }
        limit->items &= items;
        clip(&limit->from_day, &limit->until_day, out);
        if (!limit->items || over(limit->from_day, limit->until_day, out))
            repealed(out->limits, &out->n_limits, &c->base_limits, i);
        else
            i++;
    }
}
