/* Staff-education funds (职工教育经费): what an enterprise drew and spent in a year, checked and kept; 2.4-b, 2.11-c.
 *
 *   at least 60 % of what is spent goes to front-line workers (一线职工); master-apprentice allowances (师带徒津贴) may
 * come from the fund; tax-deductible are 8 % of the wage bill, and the excess is carried forward.
 *
 * Kept are all versions: a correction is a statement of the same enterprise and year, filed again. */
#include "ledger/accounts/books.h"

#include <string.h>

#define FRONT_LINE_PERCENT 60
#define DEDUCTIBLE_BP      800 /* 8 % */
#define VERSIONS_MAX       100
#define PAGE               100
#define FINDINGS           4

/* ---- Tables ---- */

static const Ledger__StaffEducationEntry *
latest(const struct jn_view *view, uint32_t year, uint64_t enterprise)
{
    return jn_get(view, TABLE_EDUCATION, JN_KEY(year, enterprise));
}

/* ---- The check ---- */

static void
find(Ledger__StaffEducationFindings *out, const char *text)
{
    out->findings[out->n_findings++] = (char *)(uintptr_t)text;
}

static void
check_front_line(struct jn_decision *d, const Ledger__StaffEducation *s, Ledger__StaffEducationFindings *out)
{
    /* Rounded up: a fen less would be less than 60 %. */
    int64_t wanted = (s->spent_fen * FRONT_LINE_PERCENT + 99) / 100;
    char missing[MONEY_TEXT];

    out->front_line_permille = s->spent_fen ? (uint32_t)(s->front_line_fen * 1000 / s->spent_fen) : 0;
    out->front_line_met = s->front_line_fen >= wanted;
    out->front_line_missing_fen = out->front_line_met ? 0 : wanted - s->front_line_fen;
    if (!out->front_line_met)
        find(out,
             jn_arena_print(d->arena, "2.11-c: %u.%u %% went to front-line workers, 60 %% must: %s yuan are missing",
                            out->front_line_permille / 10, out->front_line_permille % 10,
                            money_format(out->front_line_missing_fen, missing)));
}

static void
check_deduction(struct jn_decision *d, const Ledger__StaffEducation *s, Ledger__StaffEducationFindings *out)
{
    int64_t all = s->spent_fen + s->carried_in_fen;
    char limit[MONEY_TEXT], deductible[MONEY_TEXT], forward[MONEY_TEXT];

    JN_ASSERT(money_rate(s->wages_fen, DEDUCTIBLE_BP, &out->limit_fen));
    out->deductible_fen = all < out->limit_fen ? all : out->limit_fen;
    out->carried_forward_fen = all - out->deductible_fen;
    find(out,
         jn_arena_print(d->arena,
                        "2.11-c: %s yuan are deductible, of at most %s (8 %% of the wage bill); %s are carried forward",
                        money_format(out->deductible_fen, deductible), money_format(out->limit_fen, limit),
                        money_format(out->carried_forward_fen, forward)));
}

static void
check(struct jn_decision *d, const Ledger__StaffEducation *s, Ledger__StaffEducationFindings *out)
{
    ledger__staff_education_findings__init(out);
    out->findings = jn_take(d->view, FINDINGS * sizeof(*out->findings));
    check_front_line(d, s, out);
    check_deduction(d, s, out);
    if (s->apprentice_fen > 0)
        find(out, "2.11-c: master-apprentice allowances (师带徒津贴) may come from the fund");
    if (s->spent_fen > s->drawn_fen)
        find(out, "2.4-b: more was spent than was drawn; the rest must come from what earlier years left");
}

/* ---- Decisions ---- */

static bool
amount_fits(int64_t fen)
{
    return fen >= 0 && fen <= AMOUNT_FEN_MAX;
}

static enum jn_code
shape(struct jn_decision *d, const Ledger__StaffEducation *s)
{
    if (s->year < 1990 || s->year > year_now(d))
        return jn_refuse(d, JN_MALFORMED, "name the year of the statement, 1990 to this one");
    if (s->wages_fen <= 0 || !amount_fits(s->wages_fen))
        return jn_refuse(d, JN_MALFORMED, "2.11-c: give the wage bill (工资薪金总额), more than nothing");
    if (!amount_fits(s->drawn_fen) || !amount_fits(s->spent_fen) || !amount_fits(s->front_line_fen) ||
        !amount_fits(s->apprentice_fen) || !amount_fits(s->carried_in_fen))
        return jn_refuse(d, JN_MALFORMED, "amounts are nothing or more, at most a hundred billion yuan");
    if (s->front_line_fen > s->spent_fen || s->apprentice_fen > s->spent_fen)
        return jn_refuse(d, JN_MALFORMED,
                         "2.11-c: what went to front-line workers or to masters is a part of what was spent");
    return JN_OK;
}

static bool
same_statement(const Ledger__StaffEducation *a, const Ledger__StaffEducation *b)
{
    return a->wages_fen == b->wages_fen && a->drawn_fen == b->drawn_fen && a->spent_fen == b->spent_fen &&
           a->front_line_fen == b->front_line_fen && a->apprentice_fen == b->apprentice_fen &&
           a->carried_in_fen == b->carried_in_fen && a->division == b->division && !strcmp(a->document, b->document);
}

static enum jn_code
file_shape(struct jn_decision *d, const Ledger__StaffEducation *s)
{
    if (s->enterprise == 0)
        return jn_refuse(d, JN_MALFORMED, "name the enterprise by its number");
    if (!division_valid(s->division))
        return jn_refuse(d, JN_MALFORMED, "name the enterprise's division (行政区划), six digits");
    if (!text_fits(s->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the statement's document, 1 to %d bytes", TEXT_BYTES_MAX);
    return shape(d, s);
}

enum jn_code
decide_file_staff_education(struct jn_decision *d, const Ledger__StaffEducation *cmd)
{
    const Ledger__StaffEducationEntry *last;
    Ledger__StaffEducationFindings findings;
    Ledger__StaffEducationFiled event = LEDGER__STAFF_EDUCATION_FILED__INIT;
    enum jn_code code = file_shape(d, cmd);

    if (code != JN_OK)
        return code;
    last = latest(d->view, cmd->year, cmd->enterprise);
    if (!jn_in_scope_division(d->who, cmd->division) ||
        (last && !jn_in_scope_division(d->who, last->statement->division)))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    if (!jn_has(d->view, TABLE_INSTITUTION, JN_KEY(cmd->enterprise)))
        return jn_refuse(d, JN_NOT_FOUND, "no institution has the number %llu; it files once it is designated, 3.2",
                         (unsigned long long)cmd->enterprise);
    if (last && last->version == VERSIONS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a year's statement has at most %d versions", VERSIONS_MAX);

    /* Decided. The same once more is the same version. */
    check(d, cmd, &findings);
    findings.version = last ? last->version : 0;
    if (!last || !same_statement(last->statement, cmd)) {
        findings.version++;
        event.statement = (Ledger__StaffEducation *)(uintptr_t)cmd;
        event.findings = &findings;
        event.version = findings.version;
        jn_emit(d, LEDGER__EVENT__BODY_STAFF_EDUCATION_FILED, &event);
    }
    jn_reply(d, &findings.base);
    return JN_OK;
}

enum jn_code
answer_check_staff_education(struct jn_decision *d, const Ledger__CheckStaffEducationRequest *request)
{
    Ledger__StaffEducationFindings findings;
    enum jn_code code;

    if (!request->statement)
        return jn_refuse(d, JN_MALFORMED, "2.11-c: give the statement's figures");
    code = shape(d, request->statement);
    if (code != JN_OK)
        return code;
    check(d, request->statement, &findings);
    jn_reply(d, &findings.base);
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_staff_education_filed(struct jn_tables *t, const Ledger__StaffEducationFiled *event, const struct jn_stamp *stamp)
{
    Ledger__StaffEducationEntry entry = LEDGER__STAFF_EDUCATION_ENTRY__INIT;

    (void)stamp;
    entry.statement = event->statement;
    entry.findings = event->findings;
    entry.version = event->version;
    jn_put(t, TABLE_EDUCATION, JN_KEY(event->statement->year, event->statement->enterprise), &entry);
    jn_put(t, TABLE_EDUCATION_PAST, JN_KEY(event->statement->enterprise, event->statement->year, event->version),
           &entry);
}

/* ---- What is told ---- */

struct page {
    const struct jn_agency *who;
    uint32_t year; /* 0: any */
    Ledger__StaffEducationView *reply;
};

static bool
list_entry(void *context, const struct jn_key *key, const void *row)
{
    struct page *page = context;
    const Ledger__StaffEducationEntry *entry = row;

    (void)key;
    if (!jn_in_scope_division(page->who, entry->statement->division) ||
        (page->year && entry->statement->year != page->year))
        return true;
    if (page->reply->n_rows == PAGE) {
        page->reply->more = true;
        return false;
    }
    page->reply->rows[page->reply->n_rows++] = (Ledger__StaffEducationEntry *)(uintptr_t)entry;
    return true;
}

enum jn_code
answer_staff_education(struct jn_decision *d, const Ledger__StaffEducationRequest *request)
{
    Ledger__StaffEducationView reply = LEDGER__STAFF_EDUCATION_VIEW__INIT;
    struct page page = {d->who, request->year, &reply};
    bool past = request->enterprise != 0, through;

    if (!past && request->year == 0)
        return jn_refuse(d, JN_MALFORMED, "name the year, or an enterprise for all its versions");
    reply.rows = jn_take(d->view, PAGE * sizeof(*reply.rows));
    if (past)
        through = jn_scan(d->view, TABLE_EDUCATION_PAST, JN_KEY(request->enterprise, request->year), sizeof(uint64_t),
                          SCOPE_SCAN_MAX, list_entry, &page);
    else
        through = request->after_enterprise == UINT64_MAX ||
                  jn_scan(d->view, TABLE_EDUCATION, JN_KEY(request->year, request->after_enterprise + 1),
                          sizeof(uint64_t), SCOPE_SCAN_MAX, list_entry, &page);
    if (!through)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}
