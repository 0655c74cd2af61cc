/* Classes (班级) as far as scopes ask: number, division, whose groups are on them.
 *
 * TABLE_CLASS: class -> ClassRow; rows are never deleted. */
#include "notification/notification.h"

const Notification__ClassRow *
class_find(const struct jn_view *view, uint64_t class)
{
    return jn_get(view, TABLE_CLASS, JN_KEY(class));
}

enum jn_code
class_note(struct jn_decision *d, const Notification__ClassNoted *event)
{
    jn_emit(d, NOTIFICATION__EVENT__BODY_CLASS_NOTED, event);
    return notice_release(d, event->class_);
}

void
apply_class_noted(struct jn_tables *t, const Notification__ClassNoted *event, const struct jn_stamp *stamp)
{
    const Notification__ClassRow *old = class_find(jn_view_of(t), event->class_);
    Notification__ClassRow row = NOTIFICATION__CLASS_ROW__INIT;

    (void)stamp;
    if (old)
        row = *old;
    row.stage = event->stage;
    if (event->stage == NOTIFICATION__CLASS_STAGE__STAGE_FILED) {
        row.class_no = event->class_no;
        row.division = event->division;
    }
    if (event->stage == NOTIFICATION__CLASS_STAGE__STAGE_OPENED) {
        row.claimed = event->groups;
        row.women_enrolled = event->women;
        row.first_request = event->first_request;
        row.requests = event->requests;
    }
    if (event->stage == NOTIFICATION__CLASS_STAGE__STAGE_FINISHED) {
        row.attested = event->groups;
        row.women_finished = event->women;
    }
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), &row);
}
