/* What the ledger (资金账) tells. */
#include "notification/notification.h"

#include "domain/money.h"

enum jn_code
tell_appropriated(struct jn_decision *d, const Ledger__Appropriated *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__APPROPRIATED, source);

    notice.item.reference = event->number;
    notice.item.division = event->division;
    notice.item.amount_fen = event->amount_fen;
    return notice_deliver(d, &notice, NULL);
}

/* Claims are of a class that has finished; an advance comes before and has no settlement. */
static struct notice
of_class(Notification__Kind kind, const struct jn_source *source, uint64_t settlement, uint64_t class,
         uint32_t division)
{
    struct notice notice = notice_of(kind, source);

    notice.needs =
        settlement != 0 ? NOTIFICATION__CLASS_STAGE__STAGE_FINISHED : NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.class_ = class;
    notice.item.division = division;
    return notice;
}

enum jn_code
tell_queued_for_funds(struct jn_decision *d, const Ledger__Queued *event, const struct jn_source *source)
{
    struct notice notice =
        of_class(NOTIFICATION__KIND__QUEUED_FOR_FUNDS, source, event->settlement, event->class_, event->division);

    notice.item.reference = event->settlement;
    notice.item.count = (uint32_t)event->n_rows;
    notice.item.amount_fen = event->missing_fen;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_payment_instructed(struct jn_decision *d, const Ledger__Instructed *event, const struct jn_source *source)
{
    struct notice notice =
        of_class(NOTIFICATION__KIND__PAYMENT_INSTRUCTED, source, event->settlement, event->class_, event->division);

    notice.item.reference = event->batch;
    notice.item.count = (uint32_t)event->n_rows;
    for (size_t i = 0; i < event->n_rows; i++)
        money_add(notice.item.amount_fen, event->rows[i]->amount_fen, &notice.item.amount_fen);
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_paid(struct jn_decision *d, const Ledger__Paid *event, const struct jn_source *source)
{
    struct notice notice =
        of_class(NOTIFICATION__KIND__PAID, source, event->settlement, event->class_, event->division);

    notice.item.reference = event->batch;
    notice.item.count = (uint32_t)event->n_rows;
    for (size_t i = 0; i < event->n_rows; i++)
        money_add(notice.item.amount_fen, event->rows[i]->amount_fen, &notice.item.amount_fen);
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_payment_failed(struct jn_decision *d, const Ledger__Failed *event, const struct jn_source *source)
{
    struct notice notice =
        of_class(NOTIFICATION__KIND__PAYMENT_FAILED, source, event->settlement, event->class_, event->division);

    notice.item.reference = event->batch;
    notice.item.count = (uint32_t)event->n_rows;
    return notice_deliver(d, &notice, NULL);
}

/* 2.10-f: an advance that was not earned is owed back. */
enum jn_code
tell_recovery_due(struct jn_decision *d, const Ledger__AdvanceSettled *event, const struct jn_source *source)
{
    struct notice notice = of_class(NOTIFICATION__KIND__RECOVERY_DUE, source, 0, event->class_, event->division);

    if (event->debt_fen <= 0)
        return JN_OK;
    notice.item.reference = event->class_;
    notice.item.amount_fen = event->debt_fen;
    return notice_deliver(d, &notice, NULL);
}

/* A-fin: the reference is the fund, the count the days that are left. */
enum jn_code
tell_shortfall_foreseen(struct jn_decision *d, const Ledger__ShortfallForeseen *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__SHORTFALL_FORESEEN, source);

    notice.item.reference = (uint64_t)event->fund;
    notice.item.division = event->division;
    notice.item.amount_fen = event->available_fen;
    notice.item.count = event->days;
    return notice_deliver(d, &notice, NULL);
}
