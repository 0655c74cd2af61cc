/* A pack's own words: its items, shortage classes, lists of occupations, catalogues. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/identifiers.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"

/* "6-18-01-01" is one occupation, "6-18-01", "6-18" and "6" are all that lie under them. */
static void
occupations(struct compiler *c, const char *key, const char *text, Policy__Occupations *out)
{
    static const char form[] = "d-dd-dd-dd";
    uint32_t number = 0, width = 100000000;
    size_t length = strlen(text);
    bool good = length == 1 || length == 4 || length == 7 || length == 10;

    for (size_t i = 0; good && i < length; i++) {
        good = form[i] == '-' ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
        if (good && form[i] != '-') {
            number = number * 10 + (uint32_t)(text[i] - '0');
            width /= 10;
        }
    }
    if (!good) {
        compile_fault(c, key, text, "an occupation: write its code, 6-18-01-01, or a heading, 6-18");
        return;
    }
    /* Seven digits in a code: what is left of the width is how many codes a heading has. */
    width /= 10;
    out->first = POLICY_OCCUPATION_BASE + number * width;
    out->last = out->first + width - 1;
}

static int
by_first(const void *a, const void *b)
{
    const Policy__Occupations *one = *(Policy__Occupations *const *)a, *other = *(Policy__Occupations *const *)b;

    return (one->first > other->first) - (one->first < other->first);
}

static int
by_occupation(const void *a, const void *b)
{
    const Policy__CatalogueRow *one = *(Policy__CatalogueRow *const *)a, *other = *(Policy__CatalogueRow *const *)b;

    return by_first(&one->occupations, &other->occupations);
}

static void
own_items(struct compiler *c)
{
    Policy__Pack *out = c->pack;

    for (uint32_t i = 0; i < c->yaml->items_count; i++) {
        const struct yaml_own_item *yaml = &c->yaml->items[i];
        Policy__OwnItem *one = ADD(out->items, out->n_items, Policy__OwnItem, policy__own_item__init);

        compile_at(c, "items.%u", i);
        one->number = (uint32_t)compile_number(c, "number", yaml->number);
        compile_text(&one->name, yaml->item);
        compile_text(&one->zh, yaml->zh);
        compile_text(&one->en, yaml->en);
        compile_text(&one->clause, yaml->clause);
    }
}

/* The place of a shortage class, from 1; 0 where there is none such. */
static uint32_t
shortage(const Policy__Pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->n_shortages; i++)
        if (!strcmp(pack->shortages[i]->name, name))
            return (uint32_t)i + 1;
    return 0;
}

static void
shortages(struct compiler *c)
{
    Policy__Pack *out = c->pack;

    for (uint32_t i = 0; i < c->yaml->shortages_count; i++) {
        const struct yaml_pair *yaml = &c->yaml->shortages[i];
        Policy__OwnWord *one = ADD(out->shortages, out->n_shortages, Policy__OwnWord, policy__own_word__init);

        compile_text(&one->name, yaml->first);
        compile_text(&one->zh, yaml->second);
    }
}

static void
occupation_lists(struct compiler *c)
{
    Policy__Pack *out = c->pack;

    for (uint32_t i = 0; i < c->yaml->lists_count; i++) {
        const struct yaml_occupations *yaml = &c->yaml->lists[i];
        Policy__OccupationList *one =
            ADD(out->lists, out->n_lists, Policy__OccupationList, policy__occupation_list__init);

        compile_text(&one->name, yaml->name);
        compile_text(&one->zh, yaml->zh);
        compile_text(&one->clause, yaml->clause);
        MAKE(one->occupations, one->n_occupations, (size_t)yaml->occupations.count, Policy__Occupations,
             policy__occupations__init);
        for (uint32_t j = 0; j < yaml->occupations.count; j++) {
            compile_at(c, "lists.%u.occupations", i);
            occupations(c, "occupations", yaml->occupations.words[j], one->occupations[j]);
        }
        qsort(one->occupations, one->n_occupations, sizeof(*one->occupations), by_first);
    }
}

static void
catalogue_row_amounts(struct compiler *c, const struct yaml_catalogue_row *yaml, bool by_level,
                      Policy__CatalogueRow *out)
{
    bool levels = false;

    out->n_amounts_fen = by_level ? 6 : 1;
    out->amounts_fen = compile_fresh(out->n_amounts_fen, sizeof(*out->amounts_fen));
    for (int level = 1; level <= 5; level++) {
        levels |= yaml->levels[level] != NULL;
        if (by_level)
            out->amounts_fen[level] = compile_figure(c, "amount", yaml->levels[level]);
    }
    if (by_level ? yaml->amount || !levels : levels || !yaml->amount)
        compile_fault(c, "amount", yaml->amount ? yaml->amount : "",
                      by_level ? "to stand where the catalogue goes by level: write level_5 to level_1"
                               : "left out: write an amount, or let the catalogue go by level_of");
    if (!by_level)
        out->amounts_fen[0] = compile_figure(c, "amount", yaml->amount);
}

static void
catalogue(struct compiler *c, uint32_t place, const struct yaml_catalogue *yaml, Policy__Catalogue *out)
{
    compile_text(&out->name, yaml->name);
    compile_text(&out->zh, yaml->zh);
    compile_text(&out->clause, yaml->clause);
    compile_at(c, "catalogues.%u", place);
    out->level_of = compile_fact(c, "level_of", yaml->level_of);
    MAKE(out->rows, out->n_rows, (size_t)yaml->count, Policy__CatalogueRow, policy__catalogue_row__init);
    for (uint32_t i = 0; i < yaml->count; i++) {
        const struct yaml_catalogue_row *row = &yaml->rows[i];

        compile_at(c, "catalogues.%u.rows.%u", place, i);
        out->rows[i]->occupations = compile_fresh(1, sizeof(Policy__Occupations));
        policy__occupations__init(out->rows[i]->occupations);
        occupations(c, "occupation", row->occupation, out->rows[i]->occupations);
        out->rows[i]->shortage = row->shortage ? shortage(c->pack, row->shortage) : 0;
        if (row->shortage && !out->rows[i]->shortage)
            compile_fault(c, "shortage", row->shortage, "a shortage class of this pack: list it under shortages");
        catalogue_row_amounts(c, row, out->level_of != POLICY__FACT__FACT_UNSPECIFIED, out->rows[i]);
    }
    qsort(out->rows, out->n_rows, sizeof(*out->rows), by_occupation);
}

void
compile_vocabulary(struct compiler *c)
{
    Policy__Pack *out = c->pack;

    own_items(c);
    compile_at(c, "%s", "");
    shortages(c);
    occupation_lists(c);
    for (uint32_t i = 0; i < c->yaml->catalogues_count; i++)
        catalogue(c, i, &c->yaml->catalogues[i],
                  ADD(out->catalogues, out->n_catalogues, Policy__Catalogue, policy__catalogue__init));
    compile_at(c, "%s", "");
}
