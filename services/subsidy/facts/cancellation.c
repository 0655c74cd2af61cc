/* Cancellations (班级取消): a class that finished and was none. What is not settled yet never is; what is settled is
 * reckoned again, with nothing due, in as many steps as it has seats for; 2.12-e. */
#include "subsidy/nouns.h"

enum jn_code
react_class_cancelled(struct jn_decision *d, const Enrollment__ClassCancelled *event, const struct jn_source *source)
{
    Subsidy__CancellationNoted noted = SUBSIDY__CANCELLATION_NOTED__INIT;

    (void)source;
    noted.class_ = event->class_;
    noted.document = event->document;
    noted.reason = event->reason;
    return jn_emit(d, EVENT_CANCELLATION_NOTED, &noted);
}

static void
review_keep(struct jn_tables *t, uint64_t class, Subsidy__ReviewRow *row, int64_t due_ms)
{
    if (row->due_ms)
        jn_timer_clear(t, row->due_ms, TIMER_REVIEW, class);
    row->due_ms = due_ms;
    if (due_ms)
        jn_timer_set(t, due_ms, TIMER_REVIEW, class);
    jn_put(t, TABLE_REVIEW, JN_KEY(class), row);
}

/* One that is settled in part is settled to its end, and then reckoned again whole. */
void
apply_cancellation_noted(struct jn_tables *t, const Subsidy__CancellationNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);
    Subsidy__ReviewRow row = SUBSIDY__REVIEW_ROW__INIT;

    progress.cancelled = true;
    progress.stopped = progress.stopped || progress.judged == 0;
    progress_keep(t, event->class_, &progress);
    row.why = (Subsidy__CancellationNoted *)(uintptr_t)event;
    review_keep(t, event->class_, &row, progress.settled ? stamp->time_ms : 0);
}

void
cancellation_settled(struct jn_tables *t, uint64_t class, int64_t now_ms)
{
    const Subsidy__ReviewRow *old = jn_get(jn_view_of(t), TABLE_REVIEW, JN_KEY(class));
    Subsidy__ReviewRow row;

    if (!old)
        return;
    row = *old;
    review_keep(t, class, &row, now_ms);
}

enum jn_code
fire_review(struct jn_decision *d, uint64_t class)
{
    const Subsidy__ReviewRow *row = jn_get(d->view, TABLE_REVIEW, JN_KEY(class));
    struct reassessment_order order = {.cause = SUBSIDY__CAUSE__CLASS_CANCELLED, .cancelled = true};
    Subsidy__ReviewMoved event = SUBSIDY__REVIEW_MOVED__INIT;
    struct reassessed done;

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    order.document = row->why->document;
    order.reason = row->why->reason;
    order.from_rank = row->next_rank;
    done = reassess(d, class, &order);
    event.class_ = class;
    event.next_rank = done.next_rank;
    event.done = done.done;
    return jn_emit(d, EVENT_REVIEW_MOVED, &event);
}

void
apply_review_moved(struct jn_tables *t, const Subsidy__ReviewMoved *event, const struct jn_stamp *stamp)
{
    const Subsidy__ReviewRow *old = jn_get(jn_view_of(t), TABLE_REVIEW, JN_KEY(event->class_));
    Subsidy__ReviewRow row;

    if (!old)
        return; /* the tables have gone quiet */
    row = *old;
    row.next_rank = event->next_rank;
    review_keep(t, event->class_, &row, event->done ? 0 : stamp->time_ms);
}
