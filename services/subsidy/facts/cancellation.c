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

/* One that is settled in part is settled to its end, and then reckoned again whole. */
void
apply_cancellation_noted(struct jn_tables *t, const Subsidy__CancellationNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);
    Subsidy__ReckoningBegun begun = SUBSIDY__RECKONING_BEGUN__INIT;
    Subsidy__ReckoningRow row = SUBSIDY__RECKONING_ROW__INIT;

    progress.cancelled = true;
    progress.stopped = progress.stopped || progress.judged == 0;
    progress_keep(t, event->class_, &progress);
    if (progress.judged == 0)
        return;
    begun.class_ = event->class_;
    begun.cause = SUBSIDY__CAUSE__CLASS_CANCELLED;
    begun.document = event->document;
    begun.reason = event->reason;
    row.begun = &begun;
    reckoning_keep(t, SUBSIDY__RECKONED__CANCELLED_CLASS, event->class_, &row, progress.settled ? stamp->time_ms : 0);
}

void
cancellation_settled(struct jn_tables *t, uint64_t class, int64_t now_ms)
{
    const Subsidy__ReckoningRow *row =
        jn_get(jn_view_of(t), TABLE_RECKONING, JN_KEY(SUBSIDY__RECKONED__CANCELLED_CLASS, class));

    if (row)
        reckoning_keep(t, SUBSIDY__RECKONED__CANCELLED_CLASS, class, row, now_ms);
}
