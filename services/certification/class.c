/* Classes (班级) as far as their results are concerned: filed, opened, closed or stopped.
 *
 * TABLE_CLASS_NUMBER: class_no -> NumberRow.  TABLE_CLASS: class -> ClassRow; rows are never deleted. */
#include "certification/certification.h"

#include <string.h>

#define CLASS_NO_BYTES_MAX 48

static struct jn_key
class_no_key(const char *class_no)
{
    return jn_key_bytes(class_no, strlen(class_no));
}

static bool
class_no_formed(const char *class_no)
{
    size_t length = strlen(class_no);

    return length >= 1 && length <= CLASS_NO_BYTES_MAX;
}

uint64_t
class_number(const struct jn_view *view, const char *class_no)
{
    const Certification__NumberRow *row = jn_get(view, TABLE_CLASS_NUMBER, class_no_key(class_no));

    return row ? row->number : 0;
}

const Certification__ClassRow *
class_find(const struct jn_view *view, uint64_t class)
{
    return jn_get(view, TABLE_CLASS, JN_KEY(class));
}

const Certification__ClassRow *
class_of(const struct jn_view *view, uint64_t class)
{
    static const Certification__ClassRow none = CERTIFICATION__CLASS_ROW__INIT;
    const Certification__ClassRow *row = class_find(view, class);

    return row ? row : &none;
}

bool
class_passed(const Certification__ClassRow *class, uint32_t seat)
{
    return seat / 8 < class->passed.len && (class->passed.data[seat / 8] >> seat % 8 & 1);
}

/* Before the class's opening has been read its roster may be incomplete: a row would be refused for good that only came
 * early. */
static enum jn_code
refuse_by_stage(struct jn_decision *d, const Certification__ClassRow *class)
{
    static const struct {
        enum jn_code code;
        const char *why;
    } by_stage[] = {
        [CERTIFICATION__CLASS_STAGE__CLASS_STAGE_UNSPECIFIED] = {JN_NOT_YET, "is not known yet"},
        [CERTIFICATION__CLASS_STAGE__CLASS_FILED] = {JN_NOT_YET,
                                                     "has not been opened (开班) yet, as far as enrollment's "
                                                     "feed was read; repeat it later, as it is"},
        [CERTIFICATION__CLASS_STAGE__CLASS_OPENED] = {JN_OK, ""},
        [CERTIFICATION__CLASS_STAGE__CLASS_CLOSED] = {JN_WRONG_STATE,
                                                      "is closed: all its results were in; a certificate "
                                                      "can still be revoked"},
        [CERTIFICATION__CLASS_STAGE__CLASS_STOPPED] = {JN_WRONG_STATE,
                                                       "was stopped (叫停), 3.4-b; nobody is certified"},
    };
    enum jn_code code = by_stage[class->stage].code;

    return code == JN_OK ? JN_OK : jn_refuse(d, code, "class %s %s", class->class_no, by_stage[class->stage].why);
}

enum jn_code
class_taking_results(struct jn_decision *d, const char *class_no, uint64_t *number,
                     const Certification__ClassRow **class)
{
    if (!class_no_formed(class_no))
        return jn_refuse(d, JN_MALFORMED, "give the class's number (班级编号), 1 to 32 characters");
    *number = class_number(d->view, class_no);
    *class = *number ? class_of(d->view, *number) : NULL;
    /* A class beyond the caller's scope never arrives for him. */
    if (!*class || !jn_in_scope_division(d->who, (*class)->division))
        return jn_refuse(d, JN_NOT_YET,
                         "no such class has arrived from enrollment; file it, or repeat this later as it is");
    return refuse_by_stage(d, *class);
}

enum jn_code
decide_close_results(struct jn_decision *d, const Certification__CloseResults *cmd)
{
    Certification__ResultsClosed closed = CERTIFICATION__RESULTS_CLOSED__INIT;
    Certification__Closed reply = CERTIFICATION__CLOSED__INIT;
    const Certification__ClassRow *class = NULL;
    enum jn_code code = class_taking_results(d, cmd->class_no, &closed.class_, &class);

    if (code != JN_OK)
        return code;

    /* Decided. */
    closed.count = class->results;
    closed.division = class->division;
    closed.occupation = class->occupation;
    closed.special_operations = class->special_operations;
    reply.class_ = closed.class_;
    reply.count = closed.count;
    jn_reply(d, &reply.base);
    return jn_emit(d, CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, &closed);
}

enum jn_code
react_class_filed(struct jn_decision *d, const Enrollment__ClassFiled *event, const struct jn_source *source)
{
    Certification__ClassNoted noted = CERTIFICATION__CLASS_NOTED__INIT;

    (void)source;
    if (event->class_ == 0 || !class_no_formed(event->class_no))
        return JN_OK;
    /* Filed once: what was recorded for the class would be lost with its row. */
    if (class_find(d->view, event->class_) || class_number(d->view, event->class_no))
        return JN_OK;
    noted.class_ = event->class_;
    noted.stage = CERTIFICATION__CLASS_STAGE__CLASS_FILED;
    noted.class_no = event->class_no;
    noted.occupation = event->occupation;
    noted.division = event->division;
    noted.end_day = event->end_day;
    return jn_emit(d, CERTIFICATION__EVENT__BODY_CLASS_NOTED, &noted);
}

static enum jn_code
note_stage(struct jn_decision *d, uint64_t number, Certification__ClassStage stage)
{
    Certification__ClassNoted noted = CERTIFICATION__CLASS_NOTED__INIT;

    if (!class_find(d->view, number))
        return JN_OK;
    noted.class_ = number;
    noted.stage = stage;
    return jn_emit(d, CERTIFICATION__EVENT__BODY_CLASS_NOTED, &noted);
}

enum jn_code
react_class_opened(struct jn_decision *d, const Enrollment__ClassOpened *event, const struct jn_source *source)
{
    (void)source;
    return note_stage(d, event->class_, CERTIFICATION__CLASS_STAGE__CLASS_OPENED);
}

enum jn_code
react_class_stopped(struct jn_decision *d, const Enrollment__ClassStopped *event, const struct jn_source *source)
{
    (void)source;
    return note_stage(d, event->class_, CERTIFICATION__CLASS_STAGE__CLASS_STOPPED);
}

static void
put_filed(struct jn_tables *t, const Certification__ClassNoted *event)
{
    Certification__NumberRow number = CERTIFICATION__NUMBER_ROW__INIT;
    Certification__ClassRow row = CERTIFICATION__CLASS_ROW__INIT;

    number.number = event->class_;
    row.stage = event->stage;
    row.class_no = event->class_no;
    row.occupation = event->occupation;
    row.division = event->division;
    row.end_day = event->end_day;
    jn_put(t, TABLE_CLASS_NUMBER, class_no_key(event->class_no), &number);
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), &row);
}

static void
put_stage(struct jn_tables *t, uint64_t number, Certification__ClassStage stage)
{
    Certification__ClassRow row = *class_of(jn_view_of(t), number);

    row.stage = stage;
    jn_put(t, TABLE_CLASS, JN_KEY(number), &row);
}

void
apply_class_noted(struct jn_tables *t, const Certification__ClassNoted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    if (event->stage == CERTIFICATION__CLASS_STAGE__CLASS_FILED)
        put_filed(t, event);
    else
        put_stage(t, event->class_, event->stage);
}

void
apply_results_closed(struct jn_tables *t, const Certification__ResultsClosed *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    put_stage(t, event->class_, CERTIFICATION__CLASS_STAGE__CLASS_CLOSED);
}
