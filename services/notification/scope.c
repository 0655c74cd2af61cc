/* Scopes (通知范围): which inbox a thing concerns, by kind, division and people.
 *
 * TABLE_WANTED lists the subscribers of each kind, so that an event nobody wants costs one look. */
#include "notification/notification.h"

/* 130100 holds 130102: GB/T 2260 fills with zeros from the right. */
static bool
division_holds(uint32_t outer, uint32_t inner)
{
    if (outer % 10000 == 0)
        return inner / 10000 == outer / 10000;
    if (outer % 100 == 0)
        return inner / 100 == outer / 100;
    return inner == outer;
}

/* What happens in a county concerns its city, and what the city does concerns its counties. */
static bool
division_concerned(const Notification__Subscriber *subscriber, uint32_t division)
{
    if (subscriber->n_divisions == 0 || division == 0)
        return true;
    for (size_t i = 0; i < subscriber->n_divisions; i++)
        if (division_holds(subscriber->divisions[i], division) || division_holds(division, subscriber->divisions[i]))
            return true;
    return false;
}

bool
scope_holds(const Notification__Subscriber *subscriber, const struct concern *concern)
{
    if (!division_concerned(subscriber, concern->division))
        return false;
    if (concern->department != COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED)
        return subscriber->department == concern->department;
    if (subscriber->groups == 0 && !subscriber->women)
        return true;
    return (subscriber->groups & concern->groups) != 0 || (subscriber->women && concern->women > 0);
}

const Notification__WantedRow *
scope_wanted(const struct jn_view *view, Notification__Kind kind)
{
    return jn_get(view, TABLE_WANTED, JN_KEY((uint64_t)kind));
}

/* Attestation requests go to the department that must answer, whatever its inbox asks for. */
bool
scope_wants(const Notification__OpenInbox *facts, Notification__Kind kind)
{
    if (kind == NOTIFICATION__KIND__ATTESTATION_REQUESTED)
        return facts->department != COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED;
    for (size_t i = 0; i < facts->n_kinds; i++)
        if (facts->kinds[i] == kind)
            return true;
    return false;
}

static Notification__Subscriber *
subscriber_of(const struct jn_view *view, uint64_t inbox, const Notification__OpenInbox *facts)
{
    Notification__Subscriber *subscriber = jn_take(view, sizeof(*subscriber));

    notification__subscriber__init(subscriber);
    subscriber->inbox = inbox;
    subscriber->department = facts->department;
    subscriber->n_divisions = facts->n_divisions;
    subscriber->divisions = facts->divisions;
    subscriber->groups = facts->groups;
    subscriber->women = facts->women;
    subscriber->answer_days = facts->answer_days;
    return subscriber;
}

/* In the order of their numbers, so that a row does not tell in which order inboxes were changed. */
static void
enter_kind(struct jn_tables *t, Notification__Kind kind, uint64_t inbox, const Notification__OpenInbox *facts)
{
    const struct jn_view *view = jn_view_of(t);
    const Notification__WantedRow *old = scope_wanted(view, kind);
    Notification__WantedRow row = NOTIFICATION__WANTED_ROW__INIT;
    size_t i = 0, count = old ? old->n_subscribers : 0;

    row.subscribers = jn_take(view, (count + 1) * sizeof(*row.subscribers));
    for (; i < count && old->subscribers[i]->inbox < inbox; i++)
        row.subscribers[row.n_subscribers++] = old->subscribers[i];
    if (scope_wants(facts, kind))
        row.subscribers[row.n_subscribers++] = subscriber_of(view, inbox, facts);
    for (; i < count; i++)
        if (old->subscribers[i]->inbox != inbox)
            row.subscribers[row.n_subscribers++] = old->subscribers[i];
    if (row.n_subscribers > 0)
        jn_put(t, TABLE_WANTED, JN_KEY((uint64_t)kind), &row);
    else
        jn_delete(t, TABLE_WANTED, JN_KEY((uint64_t)kind));
}

void
scope_enter(struct jn_tables *t, uint64_t inbox, const Notification__OpenInbox *facts)
{
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++)
        enter_kind(t, (Notification__Kind)kind, inbox, facts);
}
