/* How people name a claim. */
#include "cli/claim_name.h"

#include <string.h>

#include "cli/items.h"
#include "domain/words.h"

bool
claim_name_read(char *text, struct claim_name *out)
{
    char *item = strrchr(text, '/'), *seat;
    const struct word *known;
    uint64_t number;

    *out = (struct claim_name){.class_no = (char *)""};
    if (!item)
        return suite_number(text, 1, UINT64_MAX, &out->claim);
    *item++ = '\0';
    seat = strrchr(text, '/');
    if (!seat)
        return false;
    *seat++ = '\0';
    known = word_find(&words_items, item);
    if (!*item || !suite_number(seat, 1, UINT32_MAX, &number) || !*text)
        return false;
    out->class_no = text;
    out->seat = (uint32_t)number;
    out->item = known ? known->number : 0;
    out->word = item;
    return true;
}

int
claim_name_item(struct claim_name *name)
{
    if (!name->claim && !name->item)
        name->item = item_find(name->word);
    if (name->claim || name->item)
        return CLI_OK;
    suite_say("no pack that was adopted calls an item %s", name->word);
    return CLI_USAGE;
}
