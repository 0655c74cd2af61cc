/* A service that follows the probe. Its messages are borrowed from notification.proto: InboxOpened is an inbox that was
 * seen, Answered one that was seen again. */
#include "probe/shadow.h"

#include <string.h>

#include "jineng/v1/notification.pb-c.h"

enum { SEEN };
enum { COUNT_SEEN, COUNT_AGAIN };

static enum jn_code
react_opened(struct jn_decision *d, const Notification__InboxOpened *event, const struct jn_source *source)
{
    Notification__InboxOpened seen = NOTIFICATION__INBOX_OPENED__INIT;
    Notification__Answered again = NOTIFICATION__ANSWERED__INIT;

    (void)source;
    seen.inbox = event->inbox;
    seen.facts = event->facts;
    again.request = event->inbox;
    return jn_has(d->view, SEEN, JN_KEY(event->inbox)) ? jn_emit(d, 5, &again) : jn_emit(d, 1, &seen);
}

/* The number seen; with a million for each that was seen twice. */
static enum jn_code
answer_inboxes(struct jn_decision *d, const Notification__InboxesRequest *request)
{
    Notification__Done done = NOTIFICATION__DONE__INIT;

    (void)request;
    done.number = jn_counter(d->view, COUNT_SEEN) + 1000000 * jn_counter(d->view, COUNT_AGAIN);
    jn_reply(d, &done.base);
    return JN_OK;
}

static void
apply_seen(struct jn_tables *t, const Notification__InboxOpened *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_counter_set(t, COUNT_SEEN, jn_counter(jn_view_of(t), COUNT_SEEN) + 1);
    jn_put(t, SEEN, JN_KEY(event->inbox), event);
}

static void
apply_again(struct jn_tables *t, const Notification__Answered *event, const struct jn_stamp *stamp)
{
    (void)event;
    (void)stamp;
    jn_counter_set(t, COUNT_AGAIN, jn_counter(jn_view_of(t), COUNT_AGAIN) + 1);
}

static bool
count_row(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ++*(uint64_t *)context;
    return true;
}

static void
audit(struct jn_audit *a)
{
    uint64_t rows = 0;

    jn_scan(a->view, SEEN, JN_KEY(0), 0, SIZE_MAX, count_row, &rows);
    if (rows != jn_counter(a->view, COUNT_SEEN))
        jn_finding(a, "%llu inboxes seen, %llu counted", (unsigned long long)rows,
                   (unsigned long long)jn_counter(a->view, COUNT_SEEN));
    if (jn_counter(a->view, COUNT_AGAIN) > 0)
        jn_finding(a, "%llu inboxes were seen twice", (unsigned long long)jn_counter(a->view, COUNT_AGAIN));
}

static const struct jn_table tables[] = {[SEEN] = {"seen", &notification__inbox_opened__descriptor}};
static const struct jn_method methods[] = {{"Inboxes", .answer = JN_FN(answer_inboxes), .roles = ROLE_AUDITOR}};
static const struct jn_event events[] = {
    {1, JN_FN(apply_seen), ROLE_NONE, false},
    {5, JN_FN(apply_again), ROLE_NONE, false},
};
static const struct jn_upstream upstreams[] = {{"probe", &notification__event__descriptor}};
static const struct jn_reaction reactions[] = {{"probe", 1, JN_FN(react_opened)}};
const struct jn_service shadow = {
    .name = "shadow",
    .version = 1,
    .contract = &notification__notification__descriptor,
    .event = &notification__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(upstreams),
    JN_LIST(reactions),
    .audit = audit,
};
