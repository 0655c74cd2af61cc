/* Inspections (检查), 3.4-b, A-hr: the employment service looks at a class on the spot, or again when it has finished;
 * each with its record. One that is found unsound while it runs is stopped by that. A claim may ask for a sound one. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include "domain/date.h"

#define DOCUMENT_MAX 100
#define FINDINGS_MAX 400

static enum jn_code
well_said(struct jn_decision *d, const Enrollment__InspectClass *cmd)
{
    bool unsound = cmd->outcome == ENROLLMENT__INSPECTION__UNSOUND;

    if (cmd->outcome != ENROLLMENT__INSPECTION__SOUND && !unsound)
        return jn_refuse(d, JN_MALFORMED, "say what the inspection found: sound (合格) or unsound (不合格)");
    if (!text_fits(cmd->document, 1, DOCUMENT_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the record 检查记录: UTF-8 text of 1 to %d bytes", DOCUMENT_MAX);
    if (!text_fits(cmd->findings, unsound ? 1 : 0, FINDINGS_MAX))
        return jn_refuse(d, JN_MALFORMED,
                         "say what was found 检查发现, in UTF-8 of up to %d bytes, where it is unsound", FINDINGS_MAX);
    return JN_OK;
}

static enum jn_code
inspectable(struct jn_decision *d, const Enrollment__InspectClass *cmd, struct class *class)
{
    enum jn_code code = class_find(d, cmd->class_no, class);

    if (code != JN_OK)
        return code;
    if (class->state->cancelled ||
        (class->state->stage != ENROLLMENT__STAGE__OPENED && class->state->stage != ENROLLMENT__STAGE__FINISHED))
        return jn_refuse(d, JN_WRONG_STATE, "class %s is %s: one that is opened or has finished is inspected",
                         cmd->class_no, class->state->cancelled ? "cancelled" : stage_name(class->state->stage));
    if (cmd->day < class->filed->start_day || cmd->day > d->today)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the day of the inspection 检查日期 is none of the class, or not yet come");
    return JN_OK;
}

static void
stop_unsound(struct jn_decision *d, const Enrollment__InspectClass *cmd, const struct class *class)
{
    Enrollment__ClassStopped event = ENROLLMENT__CLASS_STOPPED__INIT;

    if (cmd->outcome != ENROLLMENT__INSPECTION__UNSOUND || class->state->stage != ENROLLMENT__STAGE__OPENED)
        return;
    event.class_ = class->number;
    event.reason = cmd->findings;
    event.division = class->filed->division;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_STOPPED, &event);
}

enum jn_code
decide_inspect_class(struct jn_decision *d, const Enrollment__InspectClass *cmd)
{
    Enrollment__ClassInspected event = ENROLLMENT__CLASS_INSPECTED__INIT;
    struct class class;
    enum jn_code code = well_said(d, cmd);

    if (code == JN_OK)
        code = inspectable(d, cmd, &class);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.class_ = class.number;
    event.division = class.filed->division;
    event.inspection = class.state->inspections + 1;
    event.day = cmd->day;
    event.outcome = cmd->outcome;
    event.document = cmd->document;
    event.findings = cmd->findings;
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_INSPECTED, &event);
    stop_unsound(d, cmd, &class);
    return class_reply(d, &class);
}

void
apply_class_inspected(struct jn_tables *t, const Enrollment__ClassInspected *event, const struct jn_stamp *stamp)
{
    Enrollment__ClassState *state = class_state(t, event->class_);

    (void)stamp;
    if (!state)
        return;
    state->inspections = event->inspection;
    state->inspected = event->outcome;
}
