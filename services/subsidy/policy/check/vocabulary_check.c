/* Are a pack's own words ones that can be used: items, shortage classes, lists of occupations, catalogues? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "domain/words.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/facts.h"

uint64_t
check_items(const Policy__Pack *pack)
{
    uint64_t items = POLICY_BIT(COMMON__ITEM__ABSORPTION_BONUS + 1) - 2;

    for (size_t i = 0; i < pack->n_items; i++)
        if (pack->items[i]->number >= PACK_OWN_FIRST && pack->items[i]->number <= PACK_OWN_LAST)
            items |= POLICY_BIT(pack->items[i]->number);
    return items;
}

static bool
item_good(struct check *check, size_t place)
{
    const Policy__OwnItem *item = check->pack->items[place];

    if (item->number < PACK_OWN_FIRST || item->number > PACK_OWN_LAST)
        return check_bad(check, "number", "an item of the pack's own has a number of %d to %d", PACK_OWN_FIRST,
                         PACK_OWN_LAST);
    if (!check_name(item->name) || strspn(item->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(item->name))
        return check_bad(check, "item", "an item's name is 1 to %d of a-z, 0-9 and _", PACK_NAME_MAX);
    if (word_find(&words_items, item->name) || !strcmp(item->name, "counted"))
        return check_bad(check, "item", "%s means something already; give the item a name of its own", item->name);
    if (!check_name(item->zh) || !check_name(item->en))
        return check_bad(check, "item", "an item needs its name in Chinese (zh) and English (en), 1 to %d bytes each",
                         PACK_NAME_MAX);
    for (size_t i = 0; i < place; i++)
        if (check->pack->items[i]->number == item->number || !strcmp(check->pack->items[i]->name, item->name))
            return check_bad(check, "item", "item %s or its number %" PRIu32 " is there twice", item->name,
                             item->number);
    return check_clause(check, item->clause, true);
}

static bool
words_good(struct check *check)
{
    const Policy__Pack *pack = check->pack;

    if (pack->n_shortages > PACK_SHORTAGES_MAX)
        return check_bad(check, "shortages", "more than %d shortage classes", PACK_SHORTAGES_MAX);
    for (size_t i = 0; i < pack->n_shortages; i++) {
        if (!check_name(pack->shortages[i]->name) || !check_name(pack->shortages[i]->zh))
            return check_bad(check, "shortages", "a shortage class needs its name and its Chinese name");
        for (size_t j = 0; j < i; j++)
            if (!strcmp(pack->shortages[i]->name, pack->shortages[j]->name))
                return check_bad(check, "shortages", "shortage class %s is there twice", pack->shortages[i]->name);
    }
    return true;
}

/* Sorted, and none within another: that is what a search finds one row by. */
static bool
range_good(struct check *check, const Policy__Occupations *before, const Policy__Occupations *one, const char *name)
{
    uint32_t code = one ? one->first - POLICY_OCCUPATION_BASE : 0;

    if (!one || one->first < POLICY_OCCUPATION_BASE || one->last < one->first ||
        one->last >= 2 * POLICY_OCCUPATION_BASE)
        return check_bad(check, "", "%s holds what is no occupation", name);
    if (before && one->first <= before->last)
        return check_bad(check, "",
                         "%s holds occupation %" PRIu32 "-%02" PRIu32 "-%02" PRIu32 "-%02" PRIu32
                         " twice, or beside a heading that it lies under; keep one",
                         name, code / 1000000, code / 10000 % 100, code / 100 % 100, code % 100);
    return true;
}

static bool
list_good(struct check *check, const Policy__OccupationList *list)
{
    if (!check_name(list->name) || !check_name(list->zh))
        return check_bad(check, "list", "a list needs its name and its Chinese name, 1 to %d bytes each",
                         PACK_NAME_MAX);
    if (list->n_occupations < 1 || list->n_occupations > PACK_ROWS_MAX)
        return check_bad(check, "occupations", "list %s needs 1 to %d occupations", list->name, PACK_ROWS_MAX);
    for (size_t i = 0; i < list->n_occupations; i++)
        if (!range_good(check, i ? list->occupations[i - 1] : NULL, list->occupations[i], list->name))
            return false;
    return check_clause(check, list->clause, true);
}

static bool
row_good(struct check *check, const Policy__Catalogue *catalogue, size_t i)
{
    const Policy__CatalogueRow *row = catalogue->rows[i];
    bool any = false;

    if (!range_good(check, i ? catalogue->rows[i - 1]->occupations : NULL, row->occupations, catalogue->name))
        return false;
    if (row->shortage > check->pack->n_shortages)
        return check_bad(check, "rows", "catalogue %s names an unknown shortage class", catalogue->name);
    if (row->n_amounts_fen != (catalogue->level_of ? 6u : 1u))
        return check_bad(check, "rows", "catalogue %s needs one amount a row, or one a level", catalogue->name);
    for (size_t j = 0; j < row->n_amounts_fen; j++) {
        if (row->amounts_fen[j] < 0 || row->amounts_fen[j] > MONEY_FEN_MAX)
            return check_bad(check, "rows", "catalogue %s holds an amount out of range", catalogue->name);
        any |= row->amounts_fen[j] > 0;
    }
    return any ||
           check_bad(check, "rows", "catalogue %s holds a row without an amount of more than zero", catalogue->name);
}

static bool
catalogue_good(struct check *check, const Policy__Catalogue *catalogue)
{
    if (!check_name(catalogue->name) || !check_name(catalogue->zh) || fact_find(catalogue->name) ||
        !strcmp(catalogue->name, "table") || !strcmp(catalogue->name, "standard"))
        return check_bad(
            check, "catalogue",
            "a catalogue needs its Chinese name, and a name of 1 to %d bytes that is no fact's, nor table or "
            "standard",
            PACK_NAME_MAX);
    if (catalogue->level_of && catalogue->level_of != POLICY__FACT__LEVEL &&
        catalogue->level_of != POLICY__FACT__CERTIFICATE_LEVEL)
        return check_bad(check, "level_of", "level_of is level or certificate_level");
    if (catalogue->n_rows < 1 || catalogue->n_rows > PACK_ROWS_MAX)
        return check_bad(check, "rows", "catalogue %s needs 1 to %d rows", catalogue->name, PACK_ROWS_MAX);
    for (size_t i = 0; i < catalogue->n_rows; i++)
        if (!row_good(check, catalogue, i))
            return false;
    return check_clause(check, catalogue->clause, true);
}

/* One name, one meaning: amounts name reference figures and catalogues alike. */
static bool
names_once(struct check *check)
{
    const Policy__Pack *pack = check->pack;

    for (size_t i = 0; i < pack->n_lists; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(pack->lists[i]->name, pack->lists[j]->name))
                return check_bad(check, "lists", "list %s is there twice", pack->lists[i]->name);
    for (size_t i = 0; i < pack->n_catalogues; i++) {
        for (size_t j = 0; j < i; j++)
            if (!strcmp(pack->catalogues[i]->name, pack->catalogues[j]->name))
                return check_bad(check, "catalogues", "catalogue %s is there twice", pack->catalogues[i]->name);
        for (size_t j = 0; j < pack->n_references; j++)
            if (!strcmp(pack->catalogues[i]->name, pack->references[j]->name))
                return check_bad(check, "catalogues", "%s is a reference figure and a catalogue; rename one",
                                 pack->catalogues[i]->name);
    }
    return true;
}

bool
check_vocabulary(struct check *check)
{
    const Policy__Pack *pack = check->pack;

    if (pack->n_items > PACK_OWN_LAST - PACK_OWN_FIRST + 1 || pack->n_lists > PACK_LISTS_MAX ||
        pack->n_catalogues > PACK_CATALOGUES_MAX)
        return check_bad(check, "", "a pack has at most %d items of its own, %d lists and %d catalogues",
                         PACK_OWN_LAST - PACK_OWN_FIRST + 1, PACK_LISTS_MAX, PACK_CATALOGUES_MAX);
    for (size_t i = 0; i < pack->n_items; i++) {
        snprintf(check->path, sizeof(check->path), "items.%zu", i);
        if (!item_good(check, i))
            return false;
    }
    check->path[0] = '\0';
    if (!words_good(check))
        return false;
    for (size_t i = 0; i < pack->n_lists; i++) {
        snprintf(check->path, sizeof(check->path), "lists.%zu", i);
        if (!list_good(check, pack->lists[i]))
            return false;
    }
    for (size_t i = 0; i < pack->n_catalogues; i++) {
        snprintf(check->path, sizeof(check->path), "catalogues.%zu", i);
        if (!catalogue_good(check, pack->catalogues[i]))
            return false;
    }
    check->path[0] = '\0';
    return names_once(check);
}
