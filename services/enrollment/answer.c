/* An answer (核验结果): what a department's register says about the people of an attestation request, given with its
 * own key. 2.12-d.
 *
 * Names and id numbers leave this service here alone, to the department that is asked and only while it is asked. */
#include "enrollment/attestation.h"
#include "enrollment/enrollment.h"

#include "domain/words.h"

/* ---- Answering ---- */

/* The rows of a request lie in the order of their seats. */
Enrollment__AskedRow *
attestation_row(const Enrollment__Asked *asked, uint32_t seat)
{
    size_t low = 0, high = asked->n_rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (asked->rows[middle]->seat == seat)
            return asked->rows[middle];
        if (asked->rows[middle]->seat < seat)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

Enrollment__Answer
attestation_answer(const Enrollment__AskedRow *row, uint32_t bit)
{
    if (row->denied & bit)
        return ENROLLMENT__ANSWER__DENIED;
    if (row->holds & bit)
        return ENROLLMENT__ANSWER__HOLDS;
    return row->no_row & bit ? ENROLLMENT__ANSWER__NO_ROW : ENROLLMENT__ANSWER__ANSWER_UNSPECIFIED;
}

/* Does the answer change what is known? */
static bool
outweighs(Enrollment__Answer answer, Enrollment__Answer before)
{
    static const int weight[] = {
        [ENROLLMENT__ANSWER__ANSWER_UNSPECIFIED] = 0,
        [ENROLLMENT__ANSWER__NO_ROW] = 1,
        [ENROLLMENT__ANSWER__HOLDS] = 2,
        [ENROLLMENT__ANSWER__DENIED] = 3,
    };

    return weight[answer] > weight[before];
}

void
attestation_note(Enrollment__AskedRow *row, uint32_t bit, Enrollment__Answer answer)
{
    row->holds &= ~bit;
    row->denied &= ~bit;
    row->no_row &= ~bit;
    if (answer == ENROLLMENT__ANSWER__HOLDS)
        row->holds |= bit;
    if (answer == ENROLLMENT__ANSWER__DENIED)
        row->denied |= bit;
    if (answer == ENROLLMENT__ANSWER__NO_ROW)
        row->no_row |= bit;
}

enum jn_code
attestation_find(struct jn_decision *d, uint64_t request, const Enrollment__Asked **out, struct class *class)
{
    const Enrollment__Asked *asked = attestation_asked(d->view, request);

    if (!asked || d->who->department != asked->department || !jn_in_scope_division(d->who, asked->division) ||
        !class_get(d->view, asked->class_, class))
        return jn_refuse(d, JN_NOT_FOUND, "your department 部门 has no attestation request %llu: ask for Requests",
                         (unsigned long long)request);
    *out = asked;
    return JN_OK;
}

/* One to answer, while its class is open. */
static enum jn_code
asked_find(struct jn_decision *d, uint64_t request, const Enrollment__Asked **out, struct class *class)
{
    enum jn_code code = attestation_find(d, request, out, class);

    if (code == JN_OK && class->state->stage != ENROLLMENT__STAGE__OPENED)
        return jn_refuse(d, JN_WRONG_STATE, "the class is %s: nothing is asked about it any more",
                         stage_name(class->state->stage));
    return code;
}

enum jn_code
attestation_check(struct jn_decision *d, const Enrollment__Asked *asked, const Enrollment__AttestRow *row)
{
    const Enrollment__AskedRow *question = attestation_row(asked, row->seat);

    if (row->answer <= ENROLLMENT__ANSWER__ANSWER_UNSPECIFIED || row->answer > ENROLLMENT__ANSWER__NO_ROW)
        return jn_refuse(d, JN_MALFORMED, "the answer 是否属实 is HOLDS, DENIED or NO_ROW: give one");
    if (row->group <= COMMON__GROUP__GROUP_UNSPECIFIED || (unsigned)row->group >= GROUPS_COUNT)
        return jn_refuse(d, JN_MALFORMED, "the group 人员类别 is none of the thirteen: correct it");
    if (!jn_in_scope_group(d->who, (uint32_t)row->group))
        return jn_refuse(d, JN_DENIED, "group %s is not in this key's scope",
                         word_name(&words_groups, (int)row->group));
    if (!question || !(question->groups & GROUP_BIT(row->group)))
        return jn_refuse(d, JN_NOT_FOUND, "seat %u is not asked about for %s in this request: answer what is asked",
                         row->seat, word_name(&words_groups, (int)row->group));
    return JN_OK;
}

static Enrollment__AttestedRow *
attested(struct jn_decision *d, const Enrollment__AttestRow *row)
{
    Enrollment__AttestedRow *out = jn_take(d->view, sizeof(*out));

    enrollment__attested_row__init(out);
    out->seat = row->seat;
    out->group = row->group;
    out->answer = row->answer;
    return out;
}

enum jn_code
decide_attest(struct jn_decision *d, const Enrollment__Attest *cmd)
{
    Enrollment__Attested event = ENROLLMENT__ATTESTED__INIT;
    Enrollment__AttestedRow *rows[JN_ROWS_MAX];
    const Enrollment__Asked *asked = NULL;
    struct class class;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code == JN_OK)
        code = asked_find(d, cmd->request, &asked, &class);
    if (code != JN_OK)
        return code;
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        const Enrollment__AttestRow *row = cmd->rows[i];
        uint32_t bit = (unsigned)row->group < GROUPS_COUNT ? GROUP_BIT(row->group) : 0;
        Enrollment__AskedRow *question;

        jn_bulk_begin(&bulk);
        if (!jn_bulk_end(&bulk, i, attestation_check(d, asked, row)))
            continue;
        /* The copy in the arena keeps count, so that two answers in one command weigh against each other too. */
        question = attestation_row(asked, row->seat);
        if (!outweighs(row->answer, attestation_answer(question, bit)))
            continue;
        attestation_note(question, bit, row->answer);
        rows[event.n_rows++] = attested(d, row);
    }

    /* Decided. */
    event.request = cmd->request;
    event.class_ = asked->class_;
    event.department = asked->department;
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_ATTESTED, &event);
    return bulk_reply(&bulk);
}

void
apply_attested(struct jn_tables *t, const Enrollment__Attested *event, const struct jn_stamp *stamp)
{
    const Enrollment__Asked *before = attestation_asked(jn_view_of(t), event->request);
    Enrollment__Asked asked;

    (void)stamp;
    if (!before)
        return;
    asked = *before;
    for (size_t i = 0; i < event->n_rows; i++) {
        Enrollment__AskedRow *row = attestation_row(&asked, event->rows[i]->seat);
        uint32_t bit = GROUP_BIT(event->rows[i]->group);

        if (attestation_answer(row, bit) == ENROLLMENT__ANSWER__ANSWER_UNSPECIFIED)
            asked.open--;
        attestation_note(row, bit, event->rows[i]->answer);
    }
    jn_put(t, TABLE_ASKED, JN_KEY(event->request), &asked);
    if (asked.open == 0)
        jn_delete(t, TABLE_PENDING, JN_KEY(asked.department, event->request));
}

/* ---- What waits for an answer ---- */

/* Requests of divisions beyond the caller's scope that one query passes over. */
#define PENDING_SCAN_MAX 2000

struct requests {
    struct jn_decision *d;
    Enrollment__RequestsRow *rows[JN_ROWS_MAX];
    size_t count;
    uint64_t through;
};

static bool
add_request(void *context, const struct jn_key *key, const void *row)
{
    struct requests *requests = context;
    const Enrollment__Pending *pending = row;
    Enrollment__RequestsRow *out;
    struct class class;

    requests->through = jn_key_number(key, 1);
    if (!jn_in_scope_division(requests->d->who, pending->division) ||
        !class_get(requests->d->view, pending->class_, &class))
        return true;
    out = jn_take(requests->d->view, sizeof(*out));
    enrollment__requests_row__init(out);
    out->request = jn_key_number(key, 1);
    out->class_no = class.filed->class_no;
    out->division = pending->division;
    out->rows = pending->rows;
    requests->rows[requests->count++] = out;
    return requests->count < JN_ROWS_MAX;
}

enum jn_code
answer_requests(struct jn_decision *d, const Enrollment__RequestsRequest *request)
{
    Enrollment__RequestsView view = ENROLLMENT__REQUESTS_VIEW__INIT;
    struct requests *requests = jn_take(d->view, sizeof(*requests));
    uint32_t department = d->who->department;

    requests->d = d;
    requests->through = request->after;
    if (request->after < UINT64_MAX)
        view.more = !jn_scan(d->view, TABLE_PENDING, JN_KEY(department, request->after + 1), sizeof(uint64_t),
                             PENDING_SCAN_MAX, add_request, requests);
    view.rows = requests->rows;
    view.n_rows = requests->count;
    view.more = view.more || requests->count == JN_ROWS_MAX;
    view.through = requests->through;
    jn_reply(d, &view.base);
    return JN_OK;
}

/* ---- The people of a request, for the department that is asked ---- */

static Enrollment__PersonRow *
person_row(struct jn_decision *d, const Enrollment__AskedRow *asked)
{
    const Enrollment__KnownPerson *person = person_get(d->view, asked->person);
    Enrollment__PersonRow *out = jn_take(d->view, sizeof(*out));

    enrollment__person_row__init(out);
    out->seat = asked->seat;
    out->name = person->name;
    out->id_number = person->id_number;
    out->groups = jn_take(d->view, GROUPS_COUNT * sizeof(out->groups[0]));
    for (uint32_t group = 1; group < GROUPS_COUNT; group++)
        if ((asked->groups & GROUP_BIT(group)) && jn_in_scope_group(d->who, group))
            out->groups[out->n_groups++] = (Common__Group)group;
    return out;
}

enum jn_code
answer_people(struct jn_decision *d, const Enrollment__PeopleRequest *request)
{
    Enrollment__PeopleReply reply = ENROLLMENT__PEOPLE_REPLY__INIT;
    Enrollment__PersonRow *rows[JN_ROWS_MAX];
    const Enrollment__Asked *asked = NULL;
    struct class class;
    enum jn_code code = asked_find(d, request->request, &asked, &class);

    if (code != JN_OK)
        return code;
    reply.class_no = class.filed->class_no;
    reply.rows = rows;
    for (size_t i = 0; i < asked->n_rows && reply.n_rows < JN_ROWS_MAX; i++) {
        Enrollment__PersonRow *row = person_row(d, asked->rows[i]);

        if (row->n_groups > 0)
            rows[reply.n_rows++] = row;
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
