/* A rule that applies backwards (政策追溯): an adopted pack decides anew what was settled of classes that ended within
 * its days, in the order of settlement and in steps that can be resumed; the differences move as with any reassessment.
 */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"

/* What one command does at most. Settlements of other days are passed over, a small row each. */
#define SEATS_DONE_MAX   (2 * JN_ROWS_MAX)
#define PARTS_DONE_MAX   64
#define PARTS_PASSED_MAX 5000
#define APPLIED_MAX      1000 /* packs are adopted 1,000 times at most, and each is applied a few times */

#define DOCUMENT_BYTES_MAX 120
#define REASON_BYTES_MAX   400

/* ---- Which pack decides ---- */

static bool
reached(const Subsidy__BackwardsRow *row, uint64_t settlement, int32_t day)
{
    return day >= row->begun->from_day && day <= row->begun->until_day && settlement <= row->begun->through &&
           (row->done || settlement < row->next_settlement);
}

const char *
pack_decided_on(const struct jn_view *view, uint64_t settlement, int32_t day, const char *own)
{
    for (uint64_t number = jn_counter(view, COUNTER_BACKWARDS); number > 0; number--) {
        const Subsidy__BackwardsRow *row = jn_get(view, TABLE_BACKWARDS, JN_KEY(number));

        if (row && reached(row, settlement, day))
            return row->begun->pack;
    }
    return own;
}

const char *
pack_decided(const struct jn_view *view, uint64_t settlement, const Subsidy__Settled *settled)
{
    return pack_decided_on(view, settlement, settled->day, settled->pack);
}

/* ---- One command's work ---- */

struct applying {
    struct jn_decision *d;
    const Subsidy__BackwardsRow *row;
    const Policy__Pack *pack;
    Subsidy__BackwardsMoved moved;
    uint32_t parts, passed;
};

static void
apply_to_part(struct applying *a, uint64_t settlement, const Subsidy__PartRow *part)
{
    const Subsidy__BackwardsBegun *begun = a->row->begun;
    struct reassessment_order order = {.cause = SUBSIDY__CAUSE__RULE_CHANGED,
                                       .document = begun->document,
                                       .reason = begun->reason,
                                       .pack = a->pack,
                                       .cancelled = progress_of(a->d->view, part->class_).cancelled,
                                       .from_rank = part->first_rank,
                                       .until_rank = part->first_rank + part->rows};
    struct reassessed done;

    if (settlement == a->row->next_settlement && a->row->next_rank > order.from_rank)
        order.from_rank = a->row->next_rank;
    a->parts++;
    do {
        done = reassess(a->d, part->class_, &order);
        a->moved.seats += done.seats;
        a->moved.changed += done.changed;
        a->moved.unjudged += done.unjudged;
        a->moved.more_fen += done.more_fen;
        a->moved.less_fen += done.less_fen;
        order.from_rank = done.next_rank;
    } while (!done.done && done.seats > 0 && a->moved.seats < SEATS_DONE_MAX);
    a->moved.next_settlement = done.done ? settlement + 1 : settlement;
    a->moved.next_rank = done.done ? 0 : done.next_rank;
}

static bool
goes_on(const struct applying *a)
{
    return a->moved.next_settlement <= a->row->begun->through && a->moved.next_rank == 0 &&
           a->moved.seats < SEATS_DONE_MAX && a->parts < PARTS_DONE_MAX && a->passed < PARTS_PASSED_MAX;
}

static void
apply_step(struct applying *a)
{
    const Subsidy__BackwardsBegun *begun = a->row->begun;
    bool first = true;

    a->moved.next_settlement = a->row->next_settlement;
    while (first || goes_on(a)) {
        uint64_t settlement = a->moved.next_settlement;
        const Subsidy__PartRow *part = settlement <= begun->through ? part_of(a->d->view, settlement) : NULL;

        first = false;
        a->moved.next_settlement = settlement + 1;
        a->passed++;
        if (part && part->rows && part->day >= begun->from_day && part->day <= begun->until_day)
            apply_to_part(a, settlement, part);
    }
    a->moved.done = a->moved.next_settlement > begun->through;
}

/* ---- The command ---- */

struct later {
    const Subsidy__ApplyPackBackwards *command;
    uint64_t number; /* of the pack */
    bool covers;
};

static bool
look_later(void *context, const struct jn_key *key, const void *value)
{
    struct later *later = context;
    const Subsidy__PackHead *head = value;

    later->covers =
        later->covers || (jn_key_number(key, 0) > later->number && head->from_day <= later->command->until_day &&
                          head->until_day >= later->command->from_day);
    return true;
}

static enum jn_code
command_fault(struct jn_decision *d, const Subsidy__ApplyPackBackwards *command)
{
    size_t document = strnlen(command->document, DOCUMENT_BYTES_MAX + 1);
    size_t reason = strnlen(command->reason, REASON_BYTES_MAX + 1);

    if (!day_known(command->from_day) || !day_known(command->until_day) || command->from_day > command->until_day)
        return jn_refuse(d, JN_MALFORMED,
                         "give the first and the last day (班级结束日期) to which the pack is applied");
    if (document == 0 || document > DOCUMENT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "2.10-d: name the document (文号) in 1 to %d bytes", DOCUMENT_BYTES_MAX);
    if (reason == 0 || reason > REASON_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the reason, in 1 to %d bytes", REASON_BYTES_MAX);
    return JN_OK;
}

/* What is underway goes on to its end, whatever was adopted meanwhile. */
static enum jn_code
pack_fault(struct jn_decision *d, const Subsidy__ApplyPackBackwards *command, const Policy__Pack *pack, bool underway)
{
    struct later later = {.command = command, .number = pack_number(d->view, command->pack)};

    if (!pack || !jn_in_scope_division(d->who, pack->division))
        return jn_refuse(d, JN_NOT_FOUND, "no pack of that id was adopted: adopt it first");
    if (command->from_day < pack->from_day || command->until_day > pack->until_day)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "the pack %s does not cover all of these days", command->pack);
    jn_scan(d->view, TABLE_PACK_HEAD, JN_KEY(0), 0, SIZE_MAX, look_later, &later);
    if (later.covers && !underway)
        return jn_refuse(d, JN_WRONG_STATE, "a pack adopted later covers some of these days: apply that one");
    return JN_OK;
}

static bool
same(const Subsidy__BackwardsBegun *begun, const Subsidy__ApplyPackBackwards *command)
{
    return !strcmp(begun->pack, command->pack) && begun->from_day == command->from_day &&
           begun->until_day == command->until_day;
}

static void
begin(struct jn_decision *d, const Subsidy__ApplyPackBackwards *command)
{
    Subsidy__BackwardsBegun event = SUBSIDY__BACKWARDS_BEGUN__INIT;

    event.number = jn_counter(d->view, COUNTER_BACKWARDS) + 1;
    event.pack = command->pack;
    event.from_day = command->from_day;
    event.until_day = command->until_day;
    event.through = jn_counter(d->view, COUNTER_SETTLEMENT);
    event.document = command->document;
    event.reason = command->reason;
    jn_emit(d, EVENT_BACKWARDS_BEGUN, &event);
}

static const Subsidy__BackwardsRow *
last_row(const struct jn_view *view)
{
    return jn_get(view, TABLE_BACKWARDS, JN_KEY(jn_counter(view, COUNTER_BACKWARDS)));
}

static void
tell(struct jn_decision *d, const Subsidy__BackwardsRow *row)
{
    Subsidy__BackwardsReply reply = SUBSIDY__BACKWARDS_REPLY__INIT;

    reply.number = row->begun->number;
    reply.done = row->done;
    reply.seats = row->seats;
    reply.changed = row->changed;
    reply.more_fen = row->more_fen;
    reply.less_fen = row->less_fen;
    reply.unjudged = row->unjudged;
    jn_reply(d, &reply.base);
}

enum jn_code
decide_apply_pack_backwards(struct jn_decision *d, const Subsidy__ApplyPackBackwards *command)
{
    const Subsidy__BackwardsRow *last = last_row(d->view);
    bool underway = last && !last->done;
    struct applying a = {.d = d, .moved = SUBSIDY__BACKWARDS_MOVED__INIT};
    enum jn_code code = command_fault(d, command);

    if (code != JN_OK)
        return code;
    a.pack = pack_named(d->view, command->pack);
    code = pack_fault(d, command, a.pack, underway);
    if (code != JN_OK)
        return code;
    if (underway && !same(last->begun, command))
        return jn_refuse(d, JN_WRONG_STATE, "the pack %s is being applied backwards: send that until it is done",
                         last->begun->pack);
    if (!underway && jn_counter(d->view, COUNTER_BACKWARDS) >= APPLIED_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "packs were applied backwards %d times; more are not kept", APPLIED_MAX);

    /* Decided. */
    if (!underway)
        begin(d, command);
    a.row = last_row(d->view);
    if (!a.row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    a.moved.number = a.row->begun->number;
    apply_step(&a);
    jn_emit(d, EVENT_BACKWARDS_MOVED, &a.moved);
    last = last_row(d->view);
    if (last)
        tell(d, last);
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_backwards_begun(struct jn_tables *t, const Subsidy__BackwardsBegun *event, const struct jn_stamp *stamp)
{
    Subsidy__BackwardsRow row = SUBSIDY__BACKWARDS_ROW__INIT;

    (void)stamp;
    row.begun = (Subsidy__BackwardsBegun *)(uintptr_t)event;
    row.next_settlement = 1;
    jn_put(t, TABLE_BACKWARDS, JN_KEY(event->number), &row);
    jn_counter_set(t, COUNTER_BACKWARDS, event->number);
}

void
apply_backwards_moved(struct jn_tables *t, const Subsidy__BackwardsMoved *event, const struct jn_stamp *stamp)
{
    const Subsidy__BackwardsRow *old = jn_get(jn_view_of(t), TABLE_BACKWARDS, JN_KEY(event->number));
    Subsidy__BackwardsRow row;

    (void)stamp;
    if (!old)
        return; /* the tables have gone quiet */
    row = *old;
    row.next_settlement = event->next_settlement;
    row.next_rank = event->next_rank;
    row.seats += event->seats;
    row.changed += event->changed;
    row.more_fen += event->more_fen;
    row.less_fen += event->less_fen;
    row.unjudged += event->unjudged;
    row.done = event->done;
    jn_put(t, TABLE_BACKWARDS, JN_KEY(event->number), &row);
}
