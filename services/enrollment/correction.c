/* Corrections (更正): what turns out about a class after it has finished. What went out stands; what is right now goes
 * out beside it. 2.12-e. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#define DOCUMENT_MAX 100
#define REASON_MAX   400

enum jn_code
decide_cancel_class(struct jn_decision *d, const Enrollment__CancelClass *cmd)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;
    struct class class;
    enum jn_code code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__FINISHED, &class);

    if (code != JN_OK)
        return code;
    if (class.state->cancelled)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is cancelled already", cmd->class_no);
    if (!text_fits(cmd->document, 1, DOCUMENT_MAX))
        return jn_refuse(d, JN_MALFORMED, "2.12-e: name the decision's document 文号: UTF-8 text of 1 to %d bytes",
                         DOCUMENT_MAX);
    if (!text_fits(cmd->reason, 1, REASON_MAX))
        return jn_refuse(d, JN_MALFORMED, "say why 取消原因: UTF-8 text of 1 to %d bytes, without names", REASON_MAX);

    /* Decided. */
    event.class_ = class.number;
    event.division = class.filed->division;
    event.document = cmd->document;
    event.reason = cmd->reason;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
    return class_reply(d, &class);
}

void
apply_class_cancelled(struct jn_tables *t, const Enrollment__ClassCancelled *event, const struct jn_stamp *stamp)
{
    struct class class;
    Enrollment__ClassState state;

    (void)stamp;
    if (!class_get(jn_view_of(t), event->class_, &class))
        return;
    state = *class.state;
    state.cancelled = true;
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(event->class_), &state);
}
