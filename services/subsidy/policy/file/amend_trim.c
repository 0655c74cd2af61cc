/* What an amending pack inherits, cut to what it still is: rules whose time is over go, limits hold for the items that
 * are left, and what nothing uses any more falls away. What went by itself is told (pack_loss). */
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/file/used.h"
#include "subsidy/policy/pack.h"

/* ---- Days ---- */

/* False where a date cannot be read: that is for the compiler to tell. */
static bool
days_of(const struct yaml_pack *pack, int32_t *from, int32_t *until)
{
    return date_parse(pack->from, from) && date_parse(pack->until, until);
}

static bool
over(const char *from, const char *until, int32_t first, int32_t last)
{
    int32_t day;

    return (until && date_parse(until, &day) && day < first) || (from && date_parse(from, &day) && day > last);
}

/* Dates of a rule's own that reach beyond the new pack's are the pack's. */
static void
clip(char **from, char **until, int32_t first, int32_t last)
{
    int32_t day;

    if (*from && date_parse(*from, &day) && day <= first)
        *from = NULL;
    if (*until && date_parse(*until, &day) && day >= last)
        *until = NULL;
}

static void
rules_trim(struct pack_file *file, int32_t first, int32_t last)
{
    struct yaml_pack *whole = &file->whole;
    char origin[AMEND_ORIGIN];

    for (uint32_t i = 0; i < whole->rules_count;) {
        struct yaml_rule *rule = &whole->rules[i];

        if (!amend_inherited(file, "rules", i)) {
            i++;
        } else if (over(rule->from, rule->until, first, last)) {
            amend_lose(file, "from", "rule %.10s (%.60s)%s falls away: it is in force on none of the pack's days",
                       rule->number, rule->item, amend_origin(file, "rules", i, origin));
            amend_take_out(file, "rules", i);
        } else {
            clip(&rule->from, &rule->until, first, last);
            i++;
        }
    }
}

/* ---- Items ---- */

static uint64_t
item_bit(const struct yaml_pack *pack, const char *name)
{
    const struct word *word = word_find(&words_items, name);

    for (uint32_t i = 0; i < pack->items_count; i++)
        if (!strcmp(pack->items[i].item, name))
            return POLICY_BIT(strtoul(pack->items[i].number, NULL, 10) & 63);
    return word ? POLICY_BIT(word->number) : 0;
}

static uint64_t
items_paid(const struct yaml_pack *pack)
{
    uint64_t paid = 0;

    for (uint32_t i = 0; i < pack->rules_count; i++)
        paid |= item_bit(pack, pack->rules[i].item);
    return paid;
}

struct words {
    const struct yaml_pack *pack;
    uint64_t paid;
    struct yaml_list *out;
};

/* A name that is none is kept: the compiler tells it. */
static void
keep_paid(struct words *words, char *name)
{
    uint64_t bit = item_bit(words->pack, name);

    if (!bit || (bit & words->paid))
        words->out->words[words->out->count++] = name;
}

static bool
all_paid(const struct yaml_pack *pack, uint64_t paid)
{
    for (uint32_t i = 0; i < pack->counted.count; i++)
        if (item_bit(pack, pack->counted.words[i]) & ~paid)
            return false;
    return true;
}

/* A limit's items are those that the pack still has a rule for; `counted` is written out where it has others. */
static void
items_trim(struct pack_file *file, struct yaml_limit *limit, bool inherited, uint64_t paid)
{
    const struct yaml_pack *pack = &file->whole;
    struct yaml_list made = {.count = 0};
    struct words words = {.pack = pack, .paid = paid, .out = &made};

    made.words = amend_keep(file, (size_t)limit->items.count * (pack->counted.count + 1) + 1, sizeof(char *));
    for (uint32_t i = 0; i < limit->items.count; i++) {
        char *name = limit->items.words[i];

        if (strcmp(name, "counted") ? !inherited : all_paid(pack, paid))
            made.words[made.count++] = name;
        else if (strcmp(name, "counted"))
            keep_paid(&words, name);
        else
            for (uint32_t j = 0; j < pack->counted.count; j++)
                keep_paid(&words, pack->counted.words[j]);
    }
    limit->items = made;
}

static void
limits_trim(struct pack_file *file, int32_t first, int32_t last)
{
    struct yaml_pack *whole = &file->whole;
    uint64_t paid = items_paid(whole);
    bool own_counted = source_has(&file->source, "counted");
    char origin[AMEND_ORIGIN];

    for (uint32_t i = 0; i < whole->limits_count;) {
        struct yaml_limit *limit = &whole->limits[i];
        bool inherited = amend_inherited(file, "limits", i);
        bool past = inherited && over(limit->from, limit->until, first, last);

        if (inherited || !own_counted)
            items_trim(file, limit, inherited, paid);
        if (inherited && (past || !limit->items.count)) {
            amend_lose(file, past ? "from" : "amends", "limit %.10s%s falls away: %s", limit->number,
                       amend_origin(file, "limits", i, origin),
                       past ? "it is in force on none of the pack's days" : "the pack pays none of its items");
            amend_take_out(file, "limits", i);
            continue;
        }
        if (inherited)
            clip(&limit->from, &limit->until, first, last);
        i++;
    }
}

/* ---- What is replaced whole ---- */

static uint64_t
hands_of(const struct yaml_way_step *step)
{
    uint64_t hands = 0;

    for (uint32_t i = 0; i < step->by_count; i++) {
        const struct word *word = word_find(&words_way_hands, step->by[i]);

        hands |= word ? POLICY_BIT(word->number) : 0;
    }
    return hands;
}

static void
way_lost(struct pack_file *file)
{
    const struct yaml_way *mine = &file->whole.way, *theirs = &file->base->whole.way;

    for (uint32_t i = 0; source_has(&file->source, "way") && i < theirs->steps_count; i++) {
        const struct yaml_way_step *step = &theirs->steps[i];
        const struct word *kind = word_find(&words_way_steps, step->step);
        bool found = false;
        char by[120] = "";

        for (uint32_t j = 0; j < mine->steps_count; j++)
            found |=
                word_find(&words_way_steps, mine->steps[j].step) == kind && hands_of(&mine->steps[j]) == hands_of(step);
        for (uint32_t j = 0; j < step->by_count; j++)
            snprintf(by + strlen(by), sizeof(by) - strlen(by), "%s%.40s", j ? ", " : " by ", step->by[j]);
        if (!found)
            amend_lose(file, "way", "way is replaced whole: the step %.20s%s of %.60s falls away", step->step, by,
                       file->base->own->id);
    }
}

static void
counted_lost(struct pack_file *file)
{
    const struct yaml_list *mine = &file->whole.counted, *theirs = &file->base->whole.counted;

    for (uint32_t i = 0; source_has(&file->source, "counted") && i < theirs->count; i++) {
        uint64_t bit = item_bit(&file->base->whole, theirs->words[i]);
        bool found = false;

        for (uint32_t j = 0; j < mine->count; j++)
            found |= bit == item_bit(&file->whole, mine->words[j]);
        if (!found)
            amend_lose(file, "counted",
                       "counted is replaced whole, in the limits that %.60s wrote with it, too: %.60s falls away",
                       file->base->own->id, theirs->words[i]);
    }
}

void
amend_trim(struct pack_file *file)
{
    int32_t first, last;

    if (!source_has(&file->source, "title") || !source_has(&file->source, "title_zh"))
        amend_lose(file, "pack", "title and title_zh are what people read: one of them is still that of %.60s",
                   file->base->own->id);
    way_lost(file);
    counted_lost(file);
    if (!days_of(&file->whole, &first, &last))
        return;
    rules_trim(file, first, last);
    limits_trim(file, first, last);
}

/* ---- What nothing uses any more ---- */

static bool
carried(const Policy__Pack *pack, size_t shortage)
{
    for (size_t i = 0; i < pack->n_catalogues; i++)
        for (size_t j = 0; j < pack->catalogues[i]->n_rows; j++)
            if (pack->catalogues[i]->rows[j]->shortage == shortage)
                return true;
    return false;
}

/* From the last to the first: places before the one that goes stay what they are. */
static bool
sweep(struct pack_file *file, const char *list, const char *what, uint64_t used, size_t count)
{
    const cyaml_schema_field_t *field = pack_field(list, strlen(list));
    char origin[AMEND_ORIGIN];
    bool gone = false;

    for (size_t i = count; i-- > 0;) {
        if (i + 1 > 63 || (used & POLICY_BIT(i + 1)) || !amend_inherited(file, list, (uint32_t)i))
            continue;
        /* What entries are known by is their first key, a text. */
        amend_lose(file, "amends", "%s %.60s%s falls away: nothing uses it any more", what,
                   *(char **)entry_at(&file->whole, field, (uint32_t)i), amend_origin(file, list, (uint32_t)i, origin));
        amend_take_out(file, list, (uint32_t)i);
        gone = true;
    }
    return gone;
}

/* Items stay: their numbers mean them for ever. */
bool
amend_sweep(struct pack_file *file)
{
    const Policy__Pack *pack = file->pack;
    struct pack_used used;
    bool gone;

    if (!file->base)
        return false;
    used = pack_used(pack);
    for (size_t i = 0; i < pack->n_shortages; i++)
        used.shortages |= carried(pack, i + 1) ? POLICY_BIT(i + 1) : 0;
    gone = sweep(file, "references", "reference figure", used.references, pack->n_references);
    gone |= sweep(file, "lists", "list", used.lists, pack->n_lists);
    gone |= sweep(file, "shortages", "shortage class", used.shortages, pack->n_shortages);
    gone |= sweep(file, "catalogues", "catalogue", used.catalogues, pack->n_catalogues);
    return gone;
}
