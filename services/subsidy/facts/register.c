/* What registers tell of a seat after its class has finished (登记信息): what came of the training, and the months for
 * which social insurance was paid. What was settled without it, or with what was told before, is reckoned again. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/facts/registered.h"
#include "subsidy/nouns.h"

#define DOCUMENT_BYTES_MAX 120

#define CERTIFIED POLICY_BIT(POLICY__OUTCOME__CERTIFIED)
#define DROPPED   POLICY_BIT(POLICY__OUTCOME__DROPPED_OUT)

/* ---- One command ---- */

struct telling {
    struct jn_decision *d;
    const Subsidy__ClassNoted *class;
    Subsidy__ProgressRow progress;
    struct roster roster;
    const Subsidy__NotedResult **results;
    const Subsidy__Seat *seat; /* of the row at hand */
    bool named[SEATS_MAX + 1];
    uint32_t seats[JN_ROWS_MAX]; /* those that were taken */
    size_t seats_count;
    struct jn_bulk bulk;
    Subsidy__RegistersRecorded event;
    Subsidy__RegisterTold *rows[JN_ROWS_MAX];
};

static enum jn_code
telling_open(struct telling *telling, struct jn_decision *d, const char *class_no, size_t rows, const char *document)
{
    enum jn_code code = jn_bulk_open(&telling->bulk, d, rows, NULL);
    size_t length = strnlen(document, DOCUMENT_BYTES_MAX + 1);
    uint64_t number = class_numbered(d->view, class_no);

    telling->d = d;
    telling->class = number ? class_find(d->view, number) : NULL;
    if (code != JN_OK)
        return code;
    if (length == 0 || length > DOCUMENT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED,
                         "2.12-d: name the document (文号) that the register answers by, in 1 to %d bytes",
                         DOCUMENT_BYTES_MAX);
    if (!telling->class || !jn_in_scope_division(d->who, telling->class->division))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    telling->progress = progress_of(d->view, number);
    if (!telling->progress.finished || telling->progress.rows < telling->progress.count)
        return jn_refuse(d, JN_WRONG_STATE, "class %s has not finished: tell it of its seats when it has", class_no);
    if (telling->progress.judged > 0 && !telling->progress.settled)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is settled in part: settle it to its end first", class_no);
    telling->roster = roster_of(d->view, number, &telling->progress, true);
    telling->results = results_of(d->view, number, &telling->progress, telling->roster.seat_max, true);
    subsidy__registers_recorded__init(&telling->event);
    telling->event.rows = telling->rows;
    return JN_OK;
}

/* The row's seat, where what is told of it may be taken. */
static enum jn_code
seat_open(struct telling *telling, uint32_t number, int32_t day)
{
    struct jn_decision *d = telling->d;

    telling->seat = roster_seat(&telling->roster, number);
    if (!telling->seat || number > SEATS_MAX)
        return jn_refuse(d, JN_NOT_FOUND, "the class has no seat (席位) %" PRIu32, number);
    if (telling->named[number])
        return jn_refuse(d, JN_MALFORMED, "seat %" PRIu32 " stands twice: give one row a seat", number);
    if (!day_known(day) || day > d->today)
        return jn_refuse(d, JN_MALFORMED, "give the day from which it is so, today at the latest");
    return JN_OK;
}

static Subsidy__RegisterTold *
told(struct telling *telling, int32_t day)
{
    Subsidy__RegisterTold *row = jn_take(telling->d->view, sizeof(*row));

    subsidy__register_told__init(row);
    row->seat = telling->seat->seat;
    row->person = telling->seat->person;
    row->day = day;
    telling->named[row->seat] = true;
    telling->seats[telling->seats_count++] = row->seat;
    telling->rows[telling->event.n_rows++] = row;
    return row;
}

static enum jn_code
take_outcome(struct telling *telling, const Subsidy__OutcomeRow *row)
{
    struct jn_decision *d = telling->d;
    enum jn_code code = seat_open(telling, row->seat, row->day);
    Subsidy__RegisterRow known;
    uint64_t outcomes = 0;

    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < row->n_outcomes; i++) {
        if (row->outcomes[i] < POLICY__OUTCOME__DROPPED_OUT || row->outcomes[i] > POLICY__OUTCOME__RETAINED)
            return jn_refuse(d, JN_MALFORMED, "outcome %d (培训结果) is not known", (int)row->outcomes[i]);
        outcomes |= POLICY_BIT(row->outcomes[i]);
    }
    if (!outcomes)
        return jn_refuse(d, JN_MALFORMED, "say what came of the training (培训结果)");
    if (outcomes & CERTIFIED)
        return jn_refuse(d, JN_MALFORMED, "leave out certified (取得证书): certificates tell it");
    if ((outcomes & DROPPED) &&
        (outcomes & POLICY_BIT(POLICY__OUTCOME__COMPLETED) || telling->results[telling->seat->seat]))
        return jn_refuse(d, JN_REFUSED,
                         "seat %" PRIu32 " has completed the training or holds its certificate: it has not "
                         "dropped out (未完成培训)",
                         row->seat);
    known = registered_of(d->view, telling->class->class_, row->seat);
    if (known.outcome_day > row->day && (outcomes & ~known.outcomes))
        return jn_refuse(d, JN_WRONG_STATE,
                         "a later outcome is known of seat %" PRIu32 ": of an earlier day tell what is still so",
                         row->seat);

    /* Decided. */
    told(telling, row->day)->outcomes = outcomes;
    return JN_OK;
}

static enum jn_code
take_contribution(struct telling *telling, const Subsidy__ContributionRow *row)
{
    struct jn_decision *d = telling->d;
    enum jn_code code = seat_open(telling, row->seat, row->through_day);
    Subsidy__RegisterRow known = registered_of(d->view, telling->class->class_, row->seat);
    Subsidy__RegisterTold *taken;

    if (code != JN_OK)
        return code;
    if (row->months > (uint32_t)POLICY_MONTHS_MAX)
        return jn_refuse(d, JN_MALFORMED, "months (缴费月数) are 0 to %d", (int)POLICY_MONTHS_MAX);
    /* A day before the last counts where a rule has a window: what was known by then. */
    if (known.contribution_day > row->through_day && !registered_fits(&known, row->through_day, row->months))
        return jn_refuse(d, JN_WRONG_STATE,
                         "the months through a later day are known of seat %" PRIu32 ": through an earlier one they "
                         "are no more than those, and no fewer than those before, and told once",
                         row->seat);

    /* Decided. */
    taken = told(telling, row->through_day);
    taken->contribution = true;
    taken->months = row->months;
    return JN_OK;
}

/* What waited for it, or was due by what was told before, moves by the difference. */
static void
reckon_again(struct telling *telling, Subsidy__RegisterReply *reply)
{
    struct reassessment_order order = {.cause = SUBSIDY__CAUSE__REGISTER_TOLD,
                                       .document = telling->event.document,
                                       .reason = "the register has told what was not known 登记信息已补充",
                                       .seats = telling->seats,
                                       .seats_count = telling->seats_count};
    struct reassessed done = reckon(telling->d, telling->class->class_, &order);

    reply->changed = done.changed;
    reply->more_fen = done.more_fen;
    reply->less_fen = done.less_fen;
    reply->unjudged = done.unjudged;
    reply->done_all = done.done;
    reply->next_rank = done.next_rank;
}

static enum jn_code
telling_close(struct telling *telling, char *document)
{
    Subsidy__RegisterReply reply = SUBSIDY__REGISTER_REPLY__INIT;
    Subsidy__RegistersRecorded *event = &telling->event;

    reply.n_refused = telling->bulk.refused_count;
    reply.refused = telling->bulk.refused;
    reply.done = telling->bulk.done;
    reply.done_all = !telling->progress.settled || event->n_rows == 0;
    event->class_ = telling->class->class_;
    event->class_no = telling->class->class_no;
    event->division = telling->class->division;
    event->document = document;
    event->by = (char *)(uintptr_t)telling->d->who->name;
    event->day = telling->d->today;
    if (event->n_rows)
        jn_emit(telling->d, EVENT_REGISTERS_RECORDED, event);
    if (!reply.done_all)
        reckon_again(telling, &reply);
    jn_reply(telling->d, &reply.base);
    return JN_OK;
}

enum jn_code
decide_record_outcomes(struct jn_decision *d, const Subsidy__RecordOutcomes *command)
{
    struct telling *telling = jn_take(d->view, sizeof(*telling));
    enum jn_code code = telling_open(telling, d, command->class_no, command->n_rows, command->document);

    for (size_t i = 0; code == JN_OK && i < command->n_rows; i++) {
        jn_bulk_begin(&telling->bulk);
        jn_bulk_end(&telling->bulk, i, take_outcome(telling, command->rows[i]));
    }
    return code == JN_OK ? telling_close(telling, command->document) : code;
}

enum jn_code
decide_record_contributions(struct jn_decision *d, const Subsidy__RecordContributions *command)
{
    struct telling *telling = jn_take(d->view, sizeof(*telling));
    enum jn_code code = telling_open(telling, d, command->class_no, command->n_rows, command->document);

    for (size_t i = 0; code == JN_OK && i < command->n_rows; i++) {
        jn_bulk_begin(&telling->bulk);
        jn_bulk_end(&telling->bulk, i, take_contribution(telling, command->rows[i]));
    }
    return code == JN_OK ? telling_close(telling, command->document) : code;
}
