/* What registers tell of a seat after its class has finished (登记信息): what came of the training, and the months for
 * which social insurance was paid. What was settled without it, or with what was told before, is reckoned again. */
#include <inttypes.h>
#include <string.h>

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

    telling->seat = NULL;
    for (uint32_t rank = 0; rank < telling->roster.count && !telling->seat; rank++)
        if (telling->roster.seats[rank] && telling->roster.seats[rank]->seat == number)
            telling->seat = telling->roster.seats[rank];
    if (!telling->seat || number > SEATS_MAX)
        return jn_refuse(d, JN_NOT_FOUND, "the class has no seat (席位) %" PRIu32, number);
    if (telling->named[number])
        return jn_refuse(d, JN_MALFORMED, "seat %" PRIu32 " stands twice: give one row a seat", number);
    if (!day_known(day) || day > d->today)
        return jn_refuse(d, JN_MALFORMED, "give the day from which it is so, today at the latest");
    return JN_OK;
}

static Subsidy__RegisterRow
register_of(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    const Subsidy__RegisterRow *row = jn_get(view, TABLE_REGISTER, JN_KEY(class, seat));

    return row ? *row : (Subsidy__RegisterRow)SUBSIDY__REGISTER_ROW__INIT;
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
    if (register_of(d->view, telling->class->class_, row->seat).outcome_day > row->day)
        return jn_refuse(d, JN_WRONG_STATE, "a later outcome is known of seat %" PRIu32, row->seat);

    /* Decided. */
    told(telling, row->day)->outcomes = outcomes;
    return JN_OK;
}

static enum jn_code
take_contribution(struct telling *telling, const Subsidy__ContributionRow *row)
{
    struct jn_decision *d = telling->d;
    enum jn_code code = seat_open(telling, row->seat, row->through_day);
    Subsidy__RegisterTold *taken;

    if (code != JN_OK)
        return code;
    if (row->months > (uint32_t)POLICY_MONTHS_MAX)
        return jn_refuse(d, JN_MALFORMED, "months (缴费月数) are 0 to %d", (int)POLICY_MONTHS_MAX);
    if (register_of(d->view, telling->class->class_, row->seat).contribution_day > row->through_day)
        return jn_refuse(d, JN_WRONG_STATE, "the months through a later day are known of seat %" PRIu32, row->seat);

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

/* ---- What then happens ---- */

/* What was told before the class was settled is what it was settled by. */
void
apply_registers_recorded(struct jn_tables *t, const Subsidy__RegistersRecorded *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    bool settled = progress_of(view, event->class_).settled;

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__RegisterTold *told_row = event->rows[i];
        Subsidy__RegisterRow row = register_of(view, event->class_, told_row->seat);

        if (told_row->contribution) {
            row.contribution_known = true;
            row.contribution_months = told_row->months;
            row.contribution_day = told_row->day;
        } else {
            row.outcomes = told_row->outcomes;
            row.outcome_day = told_row->day;
        }
        if (!settled) {
            row.settled_outcomes = row.outcomes;
            row.settled_contribution_known = row.contribution_known;
            row.settled_contribution_months = row.contribution_months;
        }
        jn_put(t, TABLE_REGISTER, JN_KEY(event->class_, told_row->seat), &row);
    }
}

/* ---- What the policy is told ---- */

#define ASKED (POLICY_BIT(POLICY__FACT__OUTCOME) | POLICY_BIT(POLICY__FACT__CONTRIBUTION_MONTHS))

void
register_facts(const struct judgement *judgement, uint32_t seat, struct facts *facts)
{
    bool then = judgement->moment == MOMENT_SETTLED;
    Subsidy__RegisterRow row;

    facts->outcomes = 0;
    facts->contribution_known = false;
    facts->contribution_months = 0;
    if (!(judgement->policy.pack->asks & ASKED))
        return;
    row = register_of(judgement->view, judgement->class->class_, seat);
    facts->outcomes = then ? row.settled_outcomes : row.outcomes;
    if (judgement->moment == MOMENT_HOPED && !facts->outcomes)
        facts->outcomes = POLICY_BIT(POLICY__OUTCOME__COMPLETED);
    if (facts->outcomes && facts->certificate)
        facts->outcomes = (facts->outcomes & ~DROPPED) | CERTIFIED;
    facts->contribution_known = then ? row.settled_contribution_known : row.contribution_known;
    facts->contribution_months = (int32_t)(then ? row.settled_contribution_months : row.contribution_months);
}

/* ---- Audit ---- */

static bool
check_register(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__RegisterRow *row = value;
    Subsidy__ProgressRow progress = progress_of(audit->view, jn_key_number(key, 0));
    bool as_settled = row->settled_outcomes == row->outcomes &&
                      row->settled_contribution_known == row->contribution_known &&
                      row->settled_contribution_months == row->contribution_months;

    if (!progress.finished || (!row->outcomes && !row->contribution_known) || (row->outcomes & CERTIFIED) ||
        row->contribution_months > (uint32_t)POLICY_MONTHS_MAX || (!progress.settled && !as_settled))
        jn_finding(audit, "class %" PRIu64 ", seat %" PRIu64 ": what registers told of it cannot be so",
                   jn_key_number(key, 0), jn_key_number(key, 1));
    return true;
}

void
registers_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_REGISTER, JN_KEY(0), 0, SIZE_MAX, check_register, audit);
}
