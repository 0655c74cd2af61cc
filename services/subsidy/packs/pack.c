/* Policy packs (政策包): adopted once under an id of their own; which is in force is a matter of dates. */
#include <string.h>

#include "subsidy/packs/draft.h"
#include "subsidy/nouns.h"

/* Versions over the years; choosing one reads all their heads. */
#define PACKS_MAX 64

static Subsidy__FundOfItem **
funds_of(const struct jn_decision *d, const Policy__Pack *pack)
{
    Subsidy__FundOfItem **funds = jn_take(d->view, pack->n_rules * sizeof(*funds));

    for (size_t i = 0; i < pack->n_rules; i++) {
        funds[i] = jn_take(d->view, sizeof(**funds));
        *funds[i] = (Subsidy__FundOfItem)SUBSIDY__FUND_OF_ITEM__INIT;
        funds[i]->item = pack->rules[i]->item;
        funds[i]->fund = pack->rules[i]->fund;
        funds[i]->clause = pack->rules[i]->clause;
    }
    return funds;
}

ProtobufCBinaryData
pack_digest(const struct jn_view *view, const Policy__Pack *pack)
{
    ProtobufCBinaryData digest = {JN_DIGEST_BYTES, jn_take(view, JN_DIGEST_BYTES)};

    jn_digest(view, &pack->base, digest.data);
    return digest;
}

/* An item of a pack's own: its number and its name mean the same in every pack of the suite. */
struct meaning {
    const Policy__OwnItem *asked, *other;
};

static bool
look_at_meaning(void *context, const struct jn_key *key, const void *row)
{
    struct meaning *meaning = context;
    const Policy__Pack *pack = row;

    (void)key;
    for (size_t i = 0; i < pack->n_items && !meaning->other; i++) {
        const Policy__OwnItem *one = pack->items[i];
        bool number = one->number == meaning->asked->number, name = !strcmp(one->name, meaning->asked->name);

        if (number != name)
            meaning->other = one;
    }
    return !meaning->other;
}

static enum jn_code
refuse_meanings(struct jn_decision *d, const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_items; i++) {
        struct meaning meaning = {.asked = pack->items[i]};

        jn_scan(d->view, TABLE_PACK, JN_KEY(0), 0, PACKS_MAX, look_at_meaning, &meaning);
        if (meaning.other)
            return jn_refuse(d, JN_REFUSED,
                             "item %u is %s in a pack that was adopted before, and %s %s here: give a new item "
                             "(补贴项目) a number and a name that no pack has used",
                             meaning.other->number, meaning.other->name, meaning.asked->name,
                             meaning.other->number == meaning.asked->number ? "with that number"
                                                                            : "with another number");
    }
    return JN_OK;
}

struct jn_key
id_key(const char *text)
{
    return jn_key_bytes(text, strlen(text));
}

/* ---- Decisions ---- */

/* A claim's trace names its pack by id: an id never comes to mean another pack. */
enum jn_code
pack_adoptable(struct jn_decision *d, const Policy__Pack *pack)
{
    struct pack_fault fault;

    if (!pack)
        return jn_refuse(d, JN_MALFORMED, "give the policy pack (政策包)");
    if (!pack_check(pack, &fault))
        return jn_refuse(d, JN_MALFORMED, "the pack cannot be used: %s%s%s", fault.path, *fault.path ? ": " : "",
                         fault.text);
    if (!jn_in_scope_division(d->who, pack->division))
        return jn_refuse(d, JN_DENIED, "division %u of the pack is not in this key's scope", pack->division);
    if (jn_has(d->view, TABLE_PACK_NUMBER, id_key(pack->id)))
        return jn_refuse(d, JN_ALREADY_EXISTS, "a pack %s was adopted before: give a changed one an id of its own",
                         pack->id);
    if (jn_counter(d->view, COUNTER_PACK) >= PACKS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%d packs were adopted; more are not kept", PACKS_MAX);
    return refuse_meanings(d, pack);
}

void
pack_adopt(struct jn_decision *d, Policy__Pack *pack)
{
    Subsidy__PackAdopted event = SUBSIDY__PACK_ADOPTED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;

    event.pack = pack;
    event.n_funds = pack->n_rules;
    event.funds = funds_of(d, pack);
    event.digest = pack_digest(d->view, pack);
    jn_emit(d, EVENT_PACK_ADOPTED, &event);
    reply.number = jn_counter(d->view, COUNTER_PACK);
    jn_reply(d, &reply.base);
}

/* The way into force is draft.c's; a rehearsal has no second person. */
enum jn_code
decide_adopt_pack(struct jn_decision *d, const Subsidy__AdoptPack *command)
{
    enum jn_code code;
    uint64_t draft;

    if (!jn_rehearsal(d))
        return jn_refuse(d, JN_WRONG_STATE,
                         "a pack comes into force by two keys: propose it (jineng policy propose), record its cases "
                         "(jineng policy cases), and have another key approve it (jineng policy approve)");
    code = pack_adoptable(d, command->pack);
    if (code != JN_OK)
        return code;
    draft = draft_of_id(d->view, command->pack->id);
    if (draft)
        return jn_refuse(d, JN_WRONG_STATE, "pack %s waits as draft %llu: approve or withdraw that", command->pack->id,
                         (unsigned long long)draft);

    /* Decided. */
    pack_adopt(d, command->pack);
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_pack_adopted(struct jn_tables *t, const Subsidy__PackAdopted *event, const struct jn_stamp *stamp)
{
    Subsidy__PackHead head = SUBSIDY__PACK_HEAD__INIT;
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    (void)stamp;
    row.number = jn_counter(jn_view_of(t), COUNTER_PACK) + 1;
    head.id = event->pack->id;
    head.from_day = event->pack->from_day;
    head.until_day = event->pack->until_day;
    head.n_items = event->pack->n_items;
    head.items = event->pack->items;
    jn_put(t, TABLE_PACK, JN_KEY(row.number), event->pack);
    jn_put(t, TABLE_PACK_HEAD, JN_KEY(row.number), &head);
    jn_put(t, TABLE_PACK_NUMBER, id_key(event->pack->id), &row);
    way_keep(t, row.number, event->pack);
    jn_counter_set(t, COUNTER_PACK, row.number);
    if (enterprise_asked(event->pack))
        jn_counter_set(t, COUNTER_ENTERPRISE_PACKS, jn_counter(jn_view_of(t), COUNTER_ENTERPRISE_PACKS) + 1);
}

void
pack_approval_keep(struct jn_tables *t, const char *id, Subsidy__Approval *approval)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__NumberRow *row = jn_get(view, TABLE_PACK_NUMBER, id_key(id));
    const Subsidy__PackHead *old = row ? jn_get(view, TABLE_PACK_HEAD, JN_KEY(row->number)) : NULL;
    Subsidy__PackHead head;

    if (!old)
        return; /* the tables have gone quiet */
    head = *old;
    head.approval = approval;
    jn_put(t, TABLE_PACK_HEAD, JN_KEY(row->number), &head);
}

/* ---- Which is in force ---- */

struct search {
    int32_t day, began;
    uint64_t covering, last;
};

static bool
look_at_head(void *context, const struct jn_key *key, const void *row)
{
    struct search *search = context;
    const Subsidy__PackHead *head = row;

    search->last = jn_key_number(key, 0);
    if (search->day < head->from_day || search->day > head->until_day)
        return true;
    if (search->covering == 0 || head->from_day >= search->began) {
        search->covering = search->last;
        search->began = head->from_day;
    }
    return true;
}

static void
choose(const struct jn_view *view, uint64_t number, struct pack_choice *choice)
{
    if (number != choice->number)
        choice->pack = number ? jn_get(view, TABLE_PACK, JN_KEY(number)) : NULL;
    choice->number = number;
}

bool
pack_on(const struct jn_view *view, int32_t day, struct pack_choice *choice)
{
    struct search search = {.day = day};

    jn_scan(view, TABLE_PACK_HEAD, JN_KEY(0), 0, PACKS_MAX, look_at_head, &search);
    choice->in_force = search.covering != 0;
    choose(view, search.covering ? search.covering : search.last, choice);
    return choice->pack != NULL;
}

bool
pack_choose(const struct jn_view *view, const char *id, struct pack_choice *choice)
{
    const Subsidy__NumberRow *row = *id ? jn_get(view, TABLE_PACK_NUMBER, id_key(id)) : NULL;

    choose(view, row ? row->number : 0, choice);
    choice->in_force = false;
    return choice->pack != NULL;
}

/* A key of the table has 64 bytes at most: a longer id is none that was adopted. */
uint64_t
pack_number(const struct jn_view *view, const char *id)
{
    bool usable = *id && strnlen(id, JN_TABLE_KEY_BYTES_MAX + 1) <= JN_TABLE_KEY_BYTES_MAX;
    const Subsidy__NumberRow *row = usable ? jn_get(view, TABLE_PACK_NUMBER, id_key(id)) : NULL;

    return row ? row->number : 0;
}

const Policy__Pack *
pack_named(const struct jn_view *view, const char *id)
{
    uint64_t number = pack_number(view, id);

    return number ? jn_get(view, TABLE_PACK, JN_KEY(number)) : NULL;
}

bool
packs_know_reference(const struct jn_view *view, const char *name)
{
    for (uint64_t number = jn_counter(view, COUNTER_PACK); number > 0; number--) {
        const Policy__Pack *pack = jn_get(view, TABLE_PACK, JN_KEY(number));

        for (size_t i = 0; pack && i < pack->n_references; i++)
            if (!strcmp(pack->references[i]->name, name))
                return true;
    }
    return false;
}

/* ---- Items of the packs' own ---- */

struct own_search {
    uint32_t number;
    const Policy__OwnItem *found;
};

static bool
look_for_item(void *context, const struct jn_key *key, const void *row)
{
    struct own_search *search = context;
    const Subsidy__PackHead *head = row;

    (void)key;
    for (size_t i = 0; i < head->n_items && !search->found; i++)
        if (head->items[i]->number == search->number)
            search->found = head->items[i];
    return !search->found;
}

struct item_words
packs_item_words(const struct jn_view *view, Common__Item item)
{
    struct own_search search = {.number = (uint32_t)item};

    if (item > COMMON__ITEM__ABSORPTION_BONUS)
        jn_scan(view, TABLE_PACK_HEAD, JN_KEY(0), 0, PACKS_MAX, look_for_item, &search);
    if (search.found)
        return (struct item_words){search.found->name, search.found->zh};
    return (struct item_words){word_name(&words_items, (int)item), word_zh(&words_items, (int)item)};
}

/* ---- What is told ---- */

struct packs_page {
    struct jn_decision *d;
    Subsidy__PacksView view;
    uint64_t in_force;
};

static void
list_item(Subsidy__PacksView *view, Policy__OwnItem *item)
{
    for (size_t i = 0; i < view->n_items; i++)
        if (view->items[i]->number == item->number)
            return;
    if (view->n_items < ITEMS)
        view->items[view->n_items++] = item;
}

static bool
list_pack(void *context, const struct jn_key *key, const void *row)
{
    struct packs_page *page = context;
    const Subsidy__PackHead *head = row;
    Subsidy__AdoptedPack *out = jn_take(page->d->view, sizeof(*out));

    *out = (Subsidy__AdoptedPack)SUBSIDY__ADOPTED_PACK__INIT;
    out->id = head->id;
    out->from_day = head->from_day;
    out->until_day = head->until_day;
    out->approval = head->approval;
    out->in_force = jn_key_number(key, 0) == page->in_force;
    page->view.rows[page->view.n_rows++] = out;
    for (size_t i = 0; i < head->n_items; i++)
        list_item(&page->view, head->items[i]);
    return true;
}

enum jn_code
answer_packs(struct jn_decision *d, const Subsidy__PacksRequest *query)
{
    struct packs_page page = {.d = d, .view = SUBSIDY__PACKS_VIEW__INIT};
    struct search search = {.day = d->today};

    (void)query;
    jn_scan(d->view, TABLE_PACK_HEAD, JN_KEY(0), 0, PACKS_MAX, look_at_head, &search);
    page.in_force = search.covering;
    page.view.rows = jn_take(d->view, PACKS_MAX * sizeof(*page.view.rows));
    page.view.items = jn_take(d->view, ITEMS * sizeof(*page.view.items));
    jn_scan(d->view, TABLE_PACK_HEAD, JN_KEY(0), 0, PACKS_MAX, list_pack, &page);
    jn_reply(d, &page.view.base);
    return JN_OK;
}
