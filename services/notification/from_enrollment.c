/* What enrollment (报名登记) tells. Its own log brings a class's facts in order: nothing of it is ever parked. */
#include "notification/notification.h"

/* A class asks each of the departments, 200 seats of its 2,000 at a time; what is said beyond that is not looked for.
 */
#define REQUESTS_MAX 100

enum jn_code
tell_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                             const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__INSTITUTIONS_DESIGNATED, source);

    for (size_t i = 0; i < event->n_rows; i++) {
        uint32_t division = event->rows[i]->facts ? event->rows[i]->facts->division : 0;

        /* Of several divisions: everybody is told. */
        notice.item.division = i == 0 || notice.item.division == division ? division : 0;
        if (notice.item.division == 0)
            break;
    }
    notice.item.count = (uint32_t)event->n_rows;
    notice.item.reference = event->n_rows > 0 ? event->rows[0]->institution : 0;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_class_filed(struct jn_decision *d, const Enrollment__ClassFiled *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLASS_FILED, source);
    Notification__ClassNoted noted = NOTIFICATION__CLASS_NOTED__INIT;

    noted.class_ = event->class_;
    noted.stage = NOTIFICATION__CLASS_STAGE__STAGE_FILED;
    noted.class_no = event->class_no;
    noted.division = event->division;
    class_note(d, &noted);

    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.count = event->capacity;
    if (event->for_group > 0 && event->for_group <= COMMON__GROUP__FARMER) {
        notice.concern.groups = 1u << event->for_group;
        notice.concern.women = 0;
    }
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_class_opened(struct jn_decision *d, const Enrollment__ClassOpened *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLASS_OPENED, source);
    Notification__ClassNoted noted = NOTIFICATION__CLASS_NOTED__INIT;

    if (!class_find(d->view, event->class_))
        return JN_OK;
    noted.class_ = event->class_;
    noted.stage = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    noted.groups = event->groups;
    noted.women = event->women;
    noted.first_request = event->first_request;
    noted.requests = event->requests;
    class_note(d, &noted);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.count = event->enrolled;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_attestation_requested(struct jn_decision *d, const Enrollment__AttestationRequested *event,
                           const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__ATTESTATION_REQUESTED, source);
    const Notification__Delivered *delivered = NULL;

    if (event->department == COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED || event->request == 0 || event->n_rows == 0)
        return JN_OK;
    /* Asked once: the deadlines of a request that still wants an answer are set. */
    if (deadline_awaited(d->view, event->request))
        return JN_OK;
    notice.concern.department = event->department;
    notice.item.reference = event->request;
    notice.item.class_ = event->class_;
    notice.item.class_no = event->class_no;
    notice.item.division = event->division;
    notice.item.count = (uint32_t)event->n_rows;
    notice_deliver(d, &notice, &delivered);
    return delivered ? deadline_expect(d, event, delivered) : JN_OK;
}

/* A large class finishes in several events: the first tells it. */
enum jn_code
tell_class_finished(struct jn_decision *d, const Enrollment__ClassFinished *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLASS_FINISHED, source);
    const Notification__ClassRow *class = class_find(d->view, event->class_);
    Notification__ClassNoted noted = NOTIFICATION__CLASS_NOTED__INIT;

    if (!class || class->stage == NOTIFICATION__CLASS_STAGE__STAGE_FINISHED)
        return JN_OK;
    noted.class_ = event->class_;
    noted.stage = NOTIFICATION__CLASS_STAGE__STAGE_FINISHED;
    noted.groups = event->groups;
    noted.women = event->women;
    class_note(d, &noted);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_FINISHED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.count = event->count;
    return notice_deliver(d, &notice, NULL);
}

/* Nobody needs to answer for a class that is none any more. */
static void
drop_requests(struct jn_decision *d, const Notification__ClassRow *class)
{
    for (uint32_t i = 0; class && i < class->requests && i < REQUESTS_MAX; i++)
        deadline_drop(d, class->first_request + i);
}

enum jn_code
tell_class_stopped(struct jn_decision *d, const Enrollment__ClassStopped *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLASS_STOPPED, source);
    const Notification__ClassRow *class = class_find(d->view, event->class_);

    drop_requests(d, class);
    if (class && class->stage == NOTIFICATION__CLASS_STAGE__STAGE_OPENED)
        notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.division = event->division;
    return notice_deliver(d, &notice, NULL);
}

/* It had finished, and was none; what was settled of it comes back, 2.12-e. */
enum jn_code
tell_class_cancelled(struct jn_decision *d, const Enrollment__ClassCancelled *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLASS_CANCELLED, source);
    const Notification__ClassRow *class = class_find(d->view, event->class_);
    const char *class_no = class ? class->class_no : "";

    drop_requests(d, class);
    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_FINISHED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.division = event->division;
    notice.item.document = event->document;
    notice.item.en = jn_arena_print(d->arena,
                                    "Class %s was cancelled after it had finished (%s): what was settled of "
                                    "it is reckoned again, and nothing of it stays due.",
                                    class_no, event->document);
    notice.item.zh =
        jn_arena_print(d->arena, "班级%s结班后取消（%s）：已核算的补贴重新核定，不再应发。", class_no, event->document);
    return notice_deliver(d, &notice, NULL);
}
