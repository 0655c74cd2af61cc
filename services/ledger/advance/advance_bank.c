/* Advances at the bank: each goes in a batch of its own; one that is sent back is sent again, or recovered. */
#include "ledger/paying/paying.h"

/* ---- Decisions ---- */

enum jn_code
advance_answer(struct jn_decision *d, const Ledger__BatchFile *file, bool paid, const char *reason)
{
    Ledger__AdvanceAnswered event = LEDGER__ADVANCE_ANSWERED__INIT;

    event.class_ = file->head->class_;
    event.fund = file->fund;
    event.institution = file->institution;
    event.batch = file->head->batch;
    event.division = file->head->division;
    event.paid = paid;
    event.reason = (char *)(uintptr_t)reason;
    return jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_ANSWERED, &event);
}

enum jn_code
advance_resend(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t *batch)
{
    const Ledger__Advance *advance = advance_get(d->view, file->head->class_, file->fund, file->institution);
    Ledger__AdvanceSent event = LEDGER__ADVANCE_SENT__INIT;

    if (advance->state != LEDGER__ADVANCE_STATE__SENT_BACK || advance->batch != *batch)
        return jn_refuse(d, JN_WRONG_STATE, "the advance (预拨) of this batch was not sent back");
    if (advance_obstacle(d->view, file) != NO_OBSTACLE)
        return jn_refuse(d, JN_REFUSED, "%s", obstacle_say(d, advance_obstacle(d->view, file), 0, file->head->class_));
    event.amount_fen = advance->amount_fen - advance->recovered_fen;
    if (event.amount_fen == 0)
        return jn_refuse(d, JN_WRONG_STATE, "the advance (预拨) was recovered whole; nothing is left to send");

    /* Decided. */
    event.class_ = file->head->class_;
    event.fund = file->fund;
    event.institution = file->institution;
    event.division = file->head->division;
    event.day = d->today;
    event.draft = true;
    event.batch = *batch = jn_counter(d->view, COUNTER_BATCHES) + 1;
    return jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_SENT, &event);
}

/* ---- What then happens ---- */

void
advance_to_bank(struct jn_tables *t, Ledger__Books *books, const struct transfer *transfer)
{
    Ledger__BatchShort head = LEDGER__BATCH_SHORT__INIT;
    Ledger__BatchFile file = LEDGER__BATCH_FILE__INIT;

    head.batch = transfer->batch;
    head.rows = file.open = 1;
    head.amount_fen = transfer->amount_fen;
    head.division = transfer->division;
    head.day = transfer->day;
    head.class_ = transfer->class;
    head.advance = true;
    head.state = transfer->draft ? LEDGER__BATCH_STATE__DRAFT : LEDGER__BATCH_STATE__RELEASED;
    file.head = &head;
    file.fund = transfer->fund;
    file.institution = transfer->institution;
    batch_put(t, books, &file);
}

void
apply_advance_sent(struct jn_tables *t, const Ledger__AdvanceSent *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    struct transfer transfer = {event->batch,    event->class_, event->institution, event->fund,
                                event->division, event->day,    event->amount_fen,  event->draft};
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->state = LEDGER__ADVANCE_STATE__SENT;
    advance->batch = event->batch;
    advance->reason = (char *)(uintptr_t) "";
    advance_put(t, event->class_, event->fund, event->institution, advance);
    advance_to_bank(t, books, &transfer);
    books_close(t, books);
}

void
apply_advance_answered(struct jn_tables *t, const Ledger__AdvanceAnswered *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->state = event->paid ? LEDGER__ADVANCE_STATE__RECEIVED : LEDGER__ADVANCE_STATE__SENT_BACK;
    advance->reason = event->reason;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    batch_answered(t, books, event->batch, &(uint64_t){0}, 1);
    books_close(t, books);
}
