/* Cases (案件), 2.12-e: an error or fraud is looked into: opened, evidence, decided by another agency, with its
 * consequence. While one is open nothing that hangs on it is approved, and the ledger freezes whom it is about. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define EVIDENCE_MAX 200
#define PAGE         50

static struct jn_key
subject_key(struct subject subject)
{
    return JN_KEY((uint64_t)subject.kind, subject.number);
}

static struct subject
subject_of(uint64_t claim, uint64_t person, uint64_t institution, uint64_t class)
{
    if (claim)
        return (struct subject){SUBJECT_CLAIM, claim};
    if (person)
        return (struct subject){SUBJECT_PERSON, person};
    return institution ? (struct subject){SUBJECT_INSTITUTION, institution} : (struct subject){SUBJECT_CLASS, class};
}

struct subject
case_subject(const Subsidy__CaseView *row)
{
    return subject_of(row->claim, row->person, row->institution, row->class_);
}

uint32_t
suspected(const struct jn_view *view, struct subject subject)
{
    const Subsidy__SuspectRow *row = subject.number ? jn_get(view, TABLE_SUSPECT, subject_key(subject)) : NULL;

    return row ? row->open : 0;
}

uint64_t
paid_institution(const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim)
{
    switch (claim->payee) {
    case COMMON__PAYEE__PAYEE_ENTERPRISE:
        return settled->employer;
    case COMMON__PAYEE__PAYEE_INSTITUTION:
        return settled->provider;
    case COMMON__PAYEE__PAYEE_PERSON:
    case COMMON__PAYEE__PAYEE_UNSPECIFIED:
    case _COMMON__PAYEE_IS_INT_SIZE:
        break;
    }
    return 0;
}

bool
case_open(const struct jn_view *view, const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim)
{
    return suspected(view, (struct subject){SUBJECT_CLAIM, claim->claim}) ||
           suspected(view, (struct subject){SUBJECT_PERSON, claim->person}) ||
           suspected(view, (struct subject){SUBJECT_INSTITUTION, paid_institution(settled, claim)}) ||
           suspected(view, (struct subject){SUBJECT_CLASS, settled->class_});
}

/* ---- Opened ---- */

/* The subject's division; a person and an institution are the whole city's. */
static enum jn_code
subject_meant(struct jn_decision *d, const Subsidy__OpenCase *command, Subsidy__CaseOpened *event)
{
    const Subsidy__ClassNoted *class;
    struct place place;

    if ((command->person || command->institution) && !jn_in_scope_all(d->who))
        return jn_refuse(d, JN_DENIED,
                         "a person and an institution have claims in many divisions: the city's own key "
                         "opens such a case");
    if (command->institution && !jn_has(d->view, TABLE_INSTITUTION, JN_KEY(command->institution)))
        return jn_refuse(d, JN_NOT_FOUND, "there is no institution %" PRIu64, command->institution);
    if (command->claim) {
        if (!place_find(d->view, command->claim, &place) || !claim_in_scope(d, &place))
            return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, command->claim);
        event->division = place.standing->division;
    }
    if (*command->class_no) {
        event->class_ = class_numbered(d->view, command->class_no);
        class = event->class_ ? class_find(d->view, event->class_) : NULL;
        if (!class || !jn_in_scope_division(d->who, class->division) || d->who->groups)
            return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
        event->division = class->division;
    }
    return JN_OK;
}

static uint32_t
term_days(const struct jn_view *view, int32_t today)
{
    struct pack_choice choice = {0};

    return pack_on(view, today, &choice) && choice.pack->terms ? choice.pack->terms->case_days : 0;
}

enum jn_code
decide_open_case(struct jn_decision *d, const Subsidy__OpenCase *command)
{
    Subsidy__CaseOpened event = SUBSIDY__CASE_OPENED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    enum jn_code code;

    if (command->kind != SUBSIDY__CASE_KIND__CASE_ERROR && command->kind != SUBSIDY__CASE_KIND__CASE_FRAUD)
        return jn_refuse(d, JN_MALFORMED,
                         "clause 2.12-e: say whether it is an error (差错) or fraud (骗取); they end differently");
    if ((command->claim != 0) + (command->person != 0) + (command->institution != 0) + (*command->class_no != '\0') !=
        1)
        return jn_refuse(d, JN_MALFORMED, "a case is about a claim, a person, an institution or a class, one of them");
    if (!text_given(command->document, TEXT_BYTES_MAX) || !text_given(command->reason, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document (文号), in 1 to %d bytes, and the reason, in 1 to %d",
                         TEXT_BYTES_MAX, REASON_BYTES_MAX);
    code = subject_meant(d, command, &event);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.case_ = reply.number = jn_counter(d->view, COUNTER_CASE) + 1;
    event.kind = command->kind;
    event.claim = command->claim;
    event.person = command->person;
    event.institution = command->institution;
    event.document = command->document;
    event.reason = command->reason;
    event.day = d->today;
    event.due_day = way_due(d, 0, term_days(d->view, d->today));
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_CASE_OPENED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
suspect(struct jn_tables *t, struct subject subject, int more)
{
    Subsidy__SuspectRow row = SUBSIDY__SUSPECT_ROW__INIT;

    row.open = suspected(jn_view_of(t), subject) + (uint32_t)more;
    if (row.open)
        jn_put(t, TABLE_SUSPECT, subject_key(subject), &row);
    else
        jn_delete(t, TABLE_SUSPECT, subject_key(subject));
    jn_counter_set(t, COUNTER_CASES_OPEN, jn_counter(jn_view_of(t), COUNTER_CASES_OPEN) + (uint64_t)(int64_t)more);
}

void
apply_case_opened(struct jn_tables *t, const Subsidy__CaseOpened *event, const struct jn_stamp *stamp)
{
    Subsidy__CaseView row = SUBSIDY__CASE_VIEW__INIT;
    Subsidy__TermRow term = SUBSIDY__TERM_ROW__INIT;
    struct place place;

    (void)stamp;
    row.case_ = event->case_;
    row.kind = event->kind;
    row.claim = event->claim;
    row.person = event->person;
    row.institution = event->institution;
    row.class_ = event->class_;
    row.division = event->division;
    row.document = event->document;
    row.reason = event->reason;
    row.opened_day = event->day;
    row.due_day = event->due_day;
    row.by = event->by;
    jn_put(t, TABLE_CASE, JN_KEY(row.case_), &row);
    jn_counter_set(t, COUNTER_CASE, row.case_);
    suspect(t, case_subject(&row), 1);
    term.due_day = term.remind_day = event->due_day;
    term.term_days = term_days(jn_view_of(t), event->day);
    term.division = event->division;
    term.class_ =
        event->claim && place_find(jn_view_of(t), event->claim, &place) ? place.standing->class_ : event->class_;
    term.groups = UINT32_MAX;
    term.women = 1;
    term_set(t, SUBSIDY__DUE__DUE_CASE, row.case_, &term);
}

/* ---- Evidence ---- */

bool
case_in_scope(const struct jn_decision *d, const Subsidy__CaseView *row)
{
    struct place place;
    Subsidy__ProgressRow progress;

    if (row->claim)
        return place_find(d->view, row->claim, &place) && claim_in_scope(d, &place);
    if (!row->division)
        return jn_in_scope_all(d->who);
    progress = progress_of(d->view, row->class_);
    return class_visible(d, row->class_, &progress);
}

enum jn_code
case_meant(struct jn_decision *d, uint64_t number, const Subsidy__CaseView **out)
{
    *out = jn_get(d->view, TABLE_CASE, JN_KEY(number));
    if (!*out || !case_in_scope(d, *out))
        return jn_refuse(d, JN_NOT_FOUND, "there is no case %" PRIu64, number);
    if ((*out)->outcome)
        return jn_refuse(d, JN_WRONG_STATE, "the case was decided before");
    return JN_OK;
}

enum jn_code
decide_add_evidence(struct jn_decision *d, const Subsidy__AddEvidence *command)
{
    Subsidy__EvidenceAdded event = SUBSIDY__EVIDENCE_ADDED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    const Subsidy__CaseView *row;
    enum jn_code code;

    if (!text_given(command->document, TEXT_BYTES_MAX) || !text_given(command->about, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED,
                         "say where the evidence is kept, in 1 to %d bytes, and what it shows, in 1 to %d",
                         TEXT_BYTES_MAX, REASON_BYTES_MAX);
    code = case_meant(d, command->case_, &row);
    if (code != JN_OK)
        return code;
    if (row->n_evidence >= EVIDENCE_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a case keeps %d pieces of evidence: bind them together", EVIDENCE_MAX);

    /* Decided. */
    event.case_ = command->case_;
    event.document = command->document;
    event.about = command->about;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_EVIDENCE_ADDED, &event);
    reply.number = row->n_evidence + 1;
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_evidence_added(struct jn_tables *t, const Subsidy__EvidenceAdded *event, const struct jn_stamp *stamp)
{
    const Subsidy__CaseView *old = jn_get(jn_view_of(t), TABLE_CASE, JN_KEY(event->case_));
    Subsidy__CaseEvidence piece = SUBSIDY__CASE_EVIDENCE__INIT, **list;
    Subsidy__CaseView row;

    (void)stamp;
    if (!old)
        return;
    row = *old;
    list = jn_take(jn_view_of(t), (row.n_evidence + 1) * sizeof(*list));
    for (size_t i = 0; i < row.n_evidence; i++)
        list[i] = row.evidence[i];
    piece.document = event->document;
    piece.about = event->about;
    piece.day = event->day;
    piece.by = event->by;
    list[row.n_evidence++] = &piece;
    row.evidence = list;
    jn_put(t, TABLE_CASE, JN_KEY(row.case_), &row);
}

/* ---- Questions ---- */

struct listing {
    struct jn_decision *d;
    const Subsidy__CasesRequest *query;
    Subsidy__CasesView *reply;
};

static bool
list_case(void *context, const struct jn_key *key, const void *kept)
{
    struct listing *listing = context;
    const Subsidy__CaseView *row = kept;

    (void)key;
    if (!case_in_scope(listing->d, row) || (listing->query->open && row->outcome))
        return true;
    if (listing->reply->n_rows == PAGE) {
        listing->reply->more = true;
        return false;
    }
    listing->reply->rows[listing->reply->n_rows++] = (Subsidy__CaseView *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_cases(struct jn_decision *d, const Subsidy__CasesRequest *query)
{
    Subsidy__CasesView reply = SUBSIDY__CASES_VIEW__INIT;
    struct listing listing = {d, query, &reply};

    reply.rows = jn_take(d->view, PAGE * sizeof(*reply.rows));
    if (query->case_) {
        const Subsidy__CaseView *row = jn_get(d->view, TABLE_CASE, JN_KEY(query->case_));

        if (!row || !case_in_scope(d, row))
            return jn_refuse(d, JN_NOT_FOUND, "there is no case %" PRIu64, query->case_);
        reply.rows[reply.n_rows++] = (Subsidy__CaseView *)(uintptr_t)row;
    } else {
        jn_scan(d->view, TABLE_CASE, JN_KEY(query->after + 1), 0, SIZE_MAX, list_case, &listing);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
