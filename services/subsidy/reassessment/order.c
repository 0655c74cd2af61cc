/* An order to reckon a class again (重新核定决定), by somebody who names its document and reason; 2.12-e. */
#include <string.h>

#include "subsidy/nouns.h"

#define DOCUMENT_BYTES_MAX 120 /* as the ledger bounds it */
#define REASON_BYTES_MAX   400

static enum jn_code
order_fault(struct jn_decision *d, const Subsidy__Reassess *command)
{
    size_t document = strnlen(command->document, DOCUMENT_BYTES_MAX + 1);
    size_t reason = strnlen(command->reason, REASON_BYTES_MAX + 1);

    if (command->n_seats > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "name %d seats at most, or none: the whole class", JN_ROWS_MAX);
    for (size_t i = 0; i < command->n_seats; i++)
        if (command->seats[i] == 0 || command->seats[i] > SEATS_MAX)
            return jn_refuse(d, JN_MALFORMED, "seats count from 1 to %d", SEATS_MAX);
    if (document == 0 || document > DOCUMENT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "2.12-e: name the decision's document (文号) in 1 to %d bytes",
                         DOCUMENT_BYTES_MAX);
    if (reason == 0 || reason > REASON_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the reason, in 1 to %d bytes and without names", REASON_BYTES_MAX);
    return JN_OK;
}

enum jn_code
decide_reassess(struct jn_decision *d, const Subsidy__Reassess *command)
{
    struct reassessment_order order = {.cause = SUBSIDY__CAUSE__REVIEWED,
                                       .document = command->document,
                                       .reason = command->reason,
                                       .fraud = command->fraud,
                                       .told = true,
                                       .seats = command->seats,
                                       .seats_count = command->n_seats,
                                       .from_rank = command->from_rank};
    Subsidy__ReassessReply reply = SUBSIDY__REASSESS_REPLY__INIT;
    const Subsidy__ClassNoted *class;
    Subsidy__ProgressRow progress;
    struct reassessed done;
    uint64_t number;
    enum jn_code code = order_fault(d, command);

    if (code != JN_OK)
        return code;
    number = class_numbered(d->view, command->class_no);
    class = number ? class_find(d->view, number) : NULL;
    if (!class || !jn_in_scope_division(d->who, class->division))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    progress = progress_of(d->view, number);
    if (progress.judged == 0)
        return jn_refuse(d, JN_WRONG_STATE,
                         "nothing of class %s was settled yet: its settlement takes the facts as "
                         "they are then",
                         class->class_no);

    /* Decided. */
    order.cancelled = progress.cancelled;
    done = reassess(d, number, &order);
    reply.reassessment = done.number;
    reply.seats = done.seats;
    reply.changed = done.changed;
    reply.more_fen = done.more_fen;
    reply.less_fen = done.less_fen;
    reply.unjudged = done.unjudged;
    reply.done = done.done;
    reply.next_rank = done.next_rank;
    jn_reply(d, &reply.base);
    return JN_OK;
}
