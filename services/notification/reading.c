/* Reading (查阅): an agency its own inbox, those who run the suite how full each is. */
#include "notification/notification.h"

#define INBOX_LIMIT_MAX 200

static bool
list_item(void *context, const struct jn_key *key, const void *row)
{
    Notification__InboxView *view = context;

    (void)key;
    view->items[view->n_items++] = (Notification__Item *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_inbox(struct jn_decision *d, const Notification__InboxRequest *request)
{
    Notification__InboxView view = NOTIFICATION__INBOX_VIEW__INIT;
    Notification__HeadsRow heads;
    uint64_t inbox;
    enum jn_code code;

    if (request->limit < 1 || request->limit > INBOX_LIMIT_MAX || request->after == UINT64_MAX)
        return jn_refuse(d, JN_MALFORMED, "ask for 1 to %d items at a time", INBOX_LIMIT_MAX);
    code = inbox_own(d, &inbox);
    if (code != JN_OK)
        return code;
    heads = inbox_heads(d->view);
    view.last = heads.last[inbox - 1];
    view.acknowledged = heads.acknowledged[inbox - 1];
    view.items = jn_take(d->view, request->limit * sizeof(*view.items));
    jn_scan(d->view, TABLE_ITEM, JN_KEY(inbox, request->after + 1), sizeof(uint64_t), request->limit, list_item, &view);
    jn_reply(d, &view.base);
    return JN_OK;
}

struct shelf {
    const struct jn_view *view;
    Notification__HeadsRow heads;
    Notification__InboxesView reply;
};

static bool
list_inbox(void *context, const struct jn_key *key, const void *row)
{
    struct shelf *shelf = context;
    uint64_t at = jn_key_number(key, 0) - 1;
    Notification__InboxShort *out = jn_take(shelf->view, sizeof(*out));

    notification__inbox_short__init(out);
    out->agency = ((const Notification__OpenInbox *)row)->agency;
    out->delivered = shelf->heads.last[at];
    out->acknowledged = shelf->heads.acknowledged[at];
    out->overdue = shelf->heads.overdue[at];
    shelf->reply.rows[shelf->reply.n_rows++] = out;
    return true;
}

enum jn_code
answer_inboxes(struct jn_decision *d, const Notification__InboxesRequest *request)
{
    struct shelf shelf = {d->view, inbox_heads(d->view), NOTIFICATION__INBOXES_VIEW__INIT};

    (void)request;
    shelf.reply.rows = jn_take(d->view, INBOXES_MAX * sizeof(*shelf.reply.rows));
    jn_scan(d->view, TABLE_INBOX, JN_KEY(0), 0, INBOXES_MAX, list_inbox, &shelf);
    jn_reply(d, &shelf.reply.base);
    return JN_OK;
}
