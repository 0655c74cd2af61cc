/* Words that a pack declares and does not use: most often one that is written differently where it was meant. */
#include "subsidy/policy/facts.h"
#include "subsidy/policy/file/used.h"
#include "subsidy/policy/review/review.h"

/* What it inherits and uses no longer is no fault of the amending pack. */
static void
unused(struct review *review, const char *list, size_t place, const char *key, const char *name, bool is_used)
{
    if (!is_used && !review_inherited(review, list, place))
        review_part(review, false, list, key, name, "%s %s is declared and used nowhere: use it or take it out", key,
                    name);
}

void
review_words(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;
    struct pack_used used = pack_used(pack);

    for (size_t i = 0; i < pack->n_items; i++)
        unused(review, "items", i, "item", pack->items[i]->name, used.items & POLICY_BIT(pack->items[i]->number));
    for (size_t i = 0; i < pack->n_shortages; i++)
        unused(review, "shortages", i, "shortage", pack->shortages[i]->name, used.shortages & POLICY_BIT(i + 1));
    for (size_t i = 0; i < pack->n_lists; i++)
        unused(review, "lists", i, "list", pack->lists[i]->name, used.lists & POLICY_BIT(i + 1));
    for (size_t i = 0; i < pack->n_references; i++)
        unused(review, "references", i, "name", pack->references[i]->name,
               i + 1 > 63 || (used.references & POLICY_BIT(i + 1)));
    for (size_t i = 0; i < pack->n_catalogues; i++)
        unused(review, "catalogues", i, "catalogue", pack->catalogues[i]->name, used.catalogues & POLICY_BIT(i + 1));
}
