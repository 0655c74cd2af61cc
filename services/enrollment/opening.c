/* Opening a class on its first day, and stopping one: what happens between filing and finishing. 3.4-a, 3.4-b. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include "domain/date.h"

#define REASON_MAX 600

/* ---- Opening ---- */

enum jn_code
decide_open_class(struct jn_decision *d, const Enrollment__OpenClass *cmd)
{
    Enrollment__ClassOpened event = ENROLLMENT__CLASS_OPENED__INIT;
    struct class class;
    struct roster roster;
    char day[DATE_TEXT];
    enum jn_code code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__FILED, &class);

    if (code != JN_OK)
        return code;
    if (d->today < class.filed->start_day)
        return jn_refuse(d, JN_NOT_YET, "class %s begins on %s: open it then", cmd->class_no,
                         date_format(class.filed->start_day, day));
    if (class.state->enrolled == 0)
        return jn_refuse(d, JN_REFUSED, "clause 3.4-a: nobody is on the roster of class %s: enrol people first",
                         cmd->class_no);
    /* The term may have been cut short since the class was filed. */
    code = class_check_provider(d, class.filed->provider, class.filed->start_day);
    if (code != JN_OK)
        return code;
    roster = roster_of(d->view, class.number);
    event.requests = attestation_count(&roster);

    /* Decided. */
    event.class_ = class.number;
    event.enrolled = class.state->enrolled;
    event.division = class.filed->division;
    event.groups = class.state->groups;
    event.women = class.state->women;
    event.first_request = event.requests ? jn_counter(d->view, COUNTER_REQUESTS) + 1 : 0;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_OPENED, &event);
    attestation_request(d, &class, &roster, event.first_request);
    return class_reply(d, &class);
}

void
apply_class_opened(struct jn_tables *t, const Enrollment__ClassOpened *event, const struct jn_stamp *stamp)
{
    Enrollment__ClassState *state = class_state(t, event->class_);

    (void)stamp;
    if (!state)
        return;
    state->stage = ENROLLMENT__STAGE__OPENED;
    state->first_request = event->first_request;
    state->requests = event->requests;
}

/* ---- Stopping: a failed check on the spot, 3.4-b ---- */

enum jn_code
decide_stop_class(struct jn_decision *d, const Enrollment__StopClass *cmd)
{
    Enrollment__ClassStopped event = ENROLLMENT__CLASS_STOPPED__INIT;
    struct class class;
    enum jn_code code = class_find(d, cmd->class_no, &class);

    if (code != JN_OK)
        return code;
    if (class.state->stage != ENROLLMENT__STAGE__FILED && class.state->stage != ENROLLMENT__STAGE__OPENED)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is %s: only one that is filed or opened can be stopped",
                         cmd->class_no, stage_name(class.state->stage));
    if (!text_fits(cmd->reason, 1, REASON_MAX))
        return jn_refuse(d, JN_MALFORMED, "say why 停班原因: UTF-8 text of 1 to %d bytes", REASON_MAX);

    /* Decided. */
    event.class_ = class.number;
    event.reason = cmd->reason;
    event.division = class.filed->division;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_STOPPED, &event);
    return class_reply(d, &class);
}

void
apply_class_stopped(struct jn_tables *t, const Enrollment__ClassStopped *event, const struct jn_stamp *stamp)
{
    Enrollment__ClassState *state = class_state(t, event->class_);
    struct class class;

    (void)stamp;
    if (!state)
        return;
    state->stage = ENROLLMENT__STAGE__STOPPED;
    if (class_get(jn_view_of(t), event->class_, &class))
        attestation_drop(t, &class);
}
