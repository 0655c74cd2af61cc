/* What an item is called: the packs' own are learned, one name a number for ever. */
#include "cli/items.h"

#include <stdio.h>
#include <string.h>

#include "domain/words.h"
#include "jineng/v1/subsidy.pb-c.h"

#define ITEMS_MAX   32 /* policy.OwnItem */
#define PATIENCE_MS 3000

static struct own_item {
    char name[64], zh[256];
} own_items[ITEMS_MAX];

/* Whom to ask; NULL where nobody was named, or it was asked already. */
static const struct suite *asked_suite;
static const char *asked_as;

static bool
is_own(int item)
{
    return item > COMMON__ITEM__ABSORPTION_BONUS && item < ITEMS_MAX;
}

void
items_learn(Policy__OwnItem *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct own_item *own = is_own((int)items[i]->number) ? &own_items[items[i]->number] : NULL;

        if (!own || !*items[i]->name || !*items[i]->zh)
            continue;
        snprintf(own->name, sizeof(own->name), "%s", items[i]->name);
        snprintf(own->zh, sizeof(own->zh), "%s", items[i]->zh);
    }
}

void
items_of(const struct suite *suite, const char *as)
{
    asked_suite = suite;
    asked_as = as;
}

static void
ask(void)
{
    const Subsidy__PacksRequest request = SUBSIDY__PACKS_REQUEST__INIT;
    struct suite beside;
    struct jn_client *client = NULL;
    struct jn_answer answer;

    if (!asked_suite)
        return;
    beside = *asked_suite;
    asked_suite = NULL;
    beside.clients = jn_clients_open();
    if (!beside.clients)
        return;
    if (suite_client(&beside, "subsidy", asked_as, 1, &client) == CLI_OK &&
        jn_client_call(client, "Packs", &request, PATIENCE_MS, &answer) && answer.code == JN_OK) {
        const Subsidy__PacksView *view = answer.reply;

        items_learn(view->items, view->n_items);
    }
    jn_clients_close(beside.clients);
}

/* NULL where it is none of a pack's own, or no pack is at hand. */
static const struct own_item *
own_of(int item)
{
    if (!is_own(item))
        return NULL;
    if (!*own_items[item].name)
        ask();
    return *own_items[item].name ? &own_items[item] : NULL;
}

const char *
item_name(int item)
{
    const struct own_item *own = own_of(item);

    return own ? own->name : word_name(&words_items, item);
}

const char *
item_zh(int item)
{
    const struct own_item *own = own_of(item);

    return own ? own->zh : word_zh(&words_items, item);
}

int
item_find(const char *text)
{
    const struct word *word = word_find(&words_items, text);

    for (int item = COMMON__ITEM__ABSORPTION_BONUS + 1; !word && item < ITEMS_MAX; item++) {
        const struct own_item *own = own_of(item);

        if (own && (!strcmp(own->name, text) || !strcmp(own->zh, text)))
            return item;
    }
    return word ? word->number : 0;
}
