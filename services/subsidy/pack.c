/* Policy packs (政策包): adopted once under an id of their own; which is in force is a matter of dates. */
#include <string.h>

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

static struct jn_key
text_key(const char *text)
{
    return jn_key_bytes(text, strlen(text));
}

/* A claim's trace names its pack by id: an id never comes to mean another pack. */
enum jn_code
decide_adopt_pack(struct jn_decision *d, const Subsidy__AdoptPack *command)
{
    Subsidy__PackAdopted event = SUBSIDY__PACK_ADOPTED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct pack_fault fault;
    enum jn_code code;

    if (!command->pack)
        return jn_refuse(d, JN_MALFORMED, "give the policy pack (政策包) to adopt");
    if (!pack_check(command->pack, &fault))
        return jn_refuse(d, JN_MALFORMED, "the pack cannot be used: %s%s%s", fault.path, *fault.path ? ": " : "",
                         fault.text);
    if (!jn_in_scope_division(d->who, command->pack->division))
        return jn_refuse(d, JN_DENIED, "division %u of the pack is not in this key's scope", command->pack->division);
    if (jn_has(d->view, TABLE_PACK_NUMBER, text_key(command->pack->id)))
        return jn_refuse(d, JN_ALREADY_EXISTS, "a pack %s was adopted before: give a changed one an id of its own",
                         command->pack->id);
    if (jn_counter(d->view, COUNTER_PACK) >= PACKS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%d packs were adopted; more are not kept", PACKS_MAX);
    code = refuse_meanings(d, command->pack);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.pack = command->pack;
    event.n_funds = command->pack->n_rules;
    event.funds = funds_of(d, command->pack);
    event.digest = pack_digest(d->view, command->pack);
    jn_emit(d, EVENT_PACK_ADOPTED, &event);
    reply.number = jn_counter(d->view, COUNTER_PACK);
    jn_reply(d, &reply.base);
    return JN_OK;
}

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
    jn_put(t, TABLE_PACK, JN_KEY(row.number), event->pack);
    jn_put(t, TABLE_PACK_HEAD, JN_KEY(row.number), &head);
    jn_put(t, TABLE_PACK_NUMBER, text_key(event->pack->id), &row);
    jn_counter_set(t, COUNTER_PACK, row.number);
}

struct search {
    int32_t day;
    uint64_t covering, last;
};

static bool
look_at_head(void *context, const struct jn_key *key, const void *row)
{
    struct search *search = context;
    const Subsidy__PackHead *head = row;

    search->last = jn_key_number(key, 0);
    if (search->day >= head->from_day && search->day <= head->until_day)
        search->covering = search->last;
    return true;
}

bool
pack_on(const struct jn_view *view, int32_t day, struct pack_choice *choice)
{
    struct search search = {.day = day};
    uint64_t number;

    jn_scan(view, TABLE_PACK_HEAD, JN_KEY(0), 0, PACKS_MAX, look_at_head, &search);
    number = search.covering ? search.covering : search.last;
    choice->in_force = search.covering != 0;
    if (number != choice->number)
        choice->pack = number ? jn_get(view, TABLE_PACK, JN_KEY(number)) : NULL;
    choice->number = number;
    return choice->pack != NULL;
}

/* A key of the table has 64 bytes at most: a longer id is none that was adopted. */
uint64_t
pack_number(const struct jn_view *view, const char *id)
{
    bool usable = *id && strnlen(id, JN_TABLE_KEY_BYTES_MAX + 1) <= JN_TABLE_KEY_BYTES_MAX;
    const Subsidy__NumberRow *row = usable ? jn_get(view, TABLE_PACK_NUMBER, text_key(id)) : NULL;

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
