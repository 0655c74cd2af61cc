/* An institution (机构): who trains, employs or certifies, its designation (定点) with its term, and where it is
 * paid. 3.2, 2.13.
 *
 * What it is to the law or who owns it is not asked (2.6-a): the designation alone decides whether it may train. A
 * later designation of the same credit code replaces the facts and keeps the number. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include <string.h>

#define USCC_BYTES     18
#define CERTIFIES_MAX  64
#define OCCUPATION_MAX 32
#define BANK_MAX       120
#define NAME_BYTES_MAX 240

const Enrollment__Institution *
institution_get(const struct jn_view *view, uint64_t institution)
{
    static const Enrollment__Institution none = ENROLLMENT__INSTITUTION__INIT;
    const Enrollment__Institution *row = jn_get(view, TABLE_INSTITUTION, JN_KEY(institution));

    return row ? row : &none;
}

uint64_t
institution_find(const struct jn_view *view, const char *uscc)
{
    const Enrollment__Interned *row;

    if (strlen(uscc) != USCC_BYTES)
        return 0;
    row = jn_get(view, TABLE_INSTITUTION_BY_USCC, jn_key_bytes(uscc, USCC_BYTES));
    return row ? row->number : 0;
}

bool
institution_designated(const Enrollment__Institution *institution, int32_t day)
{
    return institution->designated_from_day != 0 && institution->designated_from_day <= day &&
           (institution->designated_to_day == 0 || day <= institution->designated_to_day);
}

bool
institution_employs(const Enrollment__Institution *institution)
{
    static const bool employs[] = {
        [COMMON__INSTITUTION_KIND__ENTERPRISE] = true,  [COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL] = true,
        [COMMON__INSTITUTION_KIND__COOPERATIVE] = true, [COMMON__INSTITUTION_KIND__POVERTY_WORKSHOP] = true,
        [COMMON__INSTITUTION_KIND__EVALUATION] = false,
    };

    return (unsigned)institution->kind < sizeof(employs) / sizeof(employs[0]) && employs[institution->kind];
}

/* ---- Designating ---- */

static enum jn_code
check_facts(struct jn_decision *d, const Enrollment__Institution *row)
{
    if (row->kind <= COMMON__INSTITUTION_KIND__INSTITUTION_KIND_UNSPECIFIED ||
        row->kind > COMMON__INSTITUTION_KIND__EVALUATION)
        return jn_refuse(d, JN_MALFORMED, "the kind of institution 机构类型 is not one of the seven: correct it");
    if (!jn_in_scope_division(d->who, row->division))
        return jn_refuse(d, JN_DENIED, "division %06u is not in this key's scope", row->division);
    if (!division_known(d->view, row->division))
        return jn_refuse(d, JN_NOT_FOUND, "division %06u is not known: set the divisions first", row->division);
    if (!text_fits(row->name, 1, NAME_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "the name 名称 is missing or not UTF-8 text of up to %d bytes",
                         NAME_BYTES_MAX);
    if (!text_fits(row->bank, 0, BANK_MAX))
        return jn_refuse(d, JN_MALFORMED, "the bank 开户行 is not UTF-8 text of up to %d bytes", BANK_MAX);
    if (!text_account(row->account))
        return jn_refuse(d, JN_MALFORMED,
                         "an account 账号 has 8 to 34 letters and digits: correct it or leave it empty");
    if (row->designated_from_day && !day_plausible(row->designated_from_day))
        return jn_refuse(d, JN_MALFORMED, "the first day of designation 定点起始 lies outside 1900 to 2199");
    if (row->designated_to_day && !day_plausible(row->designated_to_day))
        return jn_refuse(d, JN_MALFORMED, "the last day of designation 定点截止 lies outside 1900 to 2199");
    return JN_OK;
}

static enum jn_code
check_certifies(struct jn_decision *d, const Enrollment__Institution *row)
{
    if (row->n_certifies > CERTIFIES_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a body certifies at most %d occupations 评价职业", CERTIFIES_MAX);
    for (size_t i = 0; i < row->n_certifies; i++)
        if (!text_code(row->certifies[i], OCCUPATION_MAX))
            return jn_refuse(d, JN_MALFORMED, "occupation %zu of those it may certify 评价职业 is not a code", i + 1);
    return JN_OK;
}

/* The directory is public, 2.13-b; its entries, with the account that is paid, are their own division's to change. */
static enum jn_code
check_owner(struct jn_decision *d, const char *uscc)
{
    uint64_t number = institution_find(d->view, uscc);

    if (number && !jn_in_scope_division(d->who, institution_get(d->view, number)->division))
        return jn_refuse(d, JN_DENIED,
                         "the institution is in the directory for a division that is not in this key's scope");
    return JN_OK;
}

static enum jn_code
check_institution(struct jn_decision *d, const Enrollment__Institution *row,
                  const Enrollment__InstitutionsDesignated *event, bool *inner_wrong)
{
    char uscc[CREDIT_TEXT];
    enum identifier_fault fault = credit_code(row->uscc, uscc, inner_wrong);
    enum jn_code code;

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "the credit code 统一社会信用代码：%s", identifier_fault_text(fault));
    for (size_t i = 0; i < event->n_rows; i++)
        if (strcmp(event->rows[i]->facts->uscc, uscc) == 0)
            return jn_refuse(d, JN_ALREADY_EXISTS, "the institution comes twice in this command: send it once");
    code = check_facts(d, row);
    if (code == JN_OK)
        code = check_owner(d, uscc);
    return code == JN_OK ? check_certifies(d, row) : code;
}

static const char *
institution_note(const Enrollment__Institution *row, bool inner_wrong)
{
    if (row->designated_from_day == 0 || (row->designated_to_day && row->designated_to_day < row->designated_from_day))
        return "on no day designated 定点: it may not open a class";
    if (inner_wrong)
        return "the organisation code inside the credit code fails its own check (GB 11714): ask for a new copy";
    return NULL;
}

static Enrollment__DesignatedInstitution *
designated(struct jn_decision *d, Enrollment__Institution *facts, uint64_t *next)
{
    Enrollment__DesignatedInstitution *row = jn_take(d->view, sizeof(*row));
    uint64_t known = institution_find(d->view, facts->uscc);

    enrollment__designated_institution__init(row);
    row->institution = known ? known : (*next)++;
    row->facts = facts;
    return row;
}

enum jn_code
decide_designate_institutions(struct jn_decision *d, const Enrollment__DesignateInstitutions *cmd)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution *rows[JN_ROWS_MAX];
    uint64_t next = jn_counter(d->view, COUNTER_INSTITUTIONS) + 1;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code != JN_OK)
        return code;
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        Enrollment__Institution *row = cmd->rows[i];
        const char *note;
        bool inner_wrong;

        jn_bulk_begin(&bulk);
        row->name = (char *)(uintptr_t)text_mended(d->view, row->name);
        row->bank = (char *)(uintptr_t)text_mended(d->view, row->bank);
        if (!jn_bulk_end(&bulk, i, check_institution(d, row, &event, &inner_wrong)))
            continue;
        rows[event.n_rows++] = designated(d, row, &next);
        note = institution_note(row, inner_wrong);
        if (note)
            jn_bulk_note(&bulk, i, note);
    }

    /* Decided. */
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
    return bulk_reply(&bulk);
}

void
apply_institutions_designated(struct jn_tables *t, const Enrollment__InstitutionsDesignated *event,
                              const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__DesignatedInstitution *row = event->rows[i];
        Enrollment__Interned interned = ENROLLMENT__INTERNED__INIT;

        jn_put(t, TABLE_INSTITUTION, JN_KEY(row->institution), row->facts);
        if (row->institution <= jn_counter(view, COUNTER_INSTITUTIONS))
            continue;
        interned.number = row->institution;
        jn_put(t, TABLE_INSTITUTION_BY_USCC, jn_key_bytes(row->facts->uscc, USCC_BYTES), &interned);
        jn_counter_set(t, COUNTER_INSTITUTIONS, row->institution);
    }
}

/* ---- Audit ---- */

struct institutions_seen {
    struct jn_audit *audit;
    uint64_t count;
};

static bool
check_row(void *context, const struct jn_key *key, const void *row)
{
    struct institutions_seen *seen = context;
    const Enrollment__Institution *facts = row;
    uint64_t number = jn_key_number(key, 0);

    if (number != ++seen->count)
        jn_finding(seen->audit, "institution %llu is not numbered in order", (unsigned long long)number);
    if (institution_find(seen->audit->view, facts->uscc) != number)
        jn_finding(seen->audit, "institution %llu is not found by its credit code", (unsigned long long)number);
    if (!division_known(seen->audit->view, facts->division))
        jn_finding(seen->audit, "institution %llu lies in no division", (unsigned long long)number);
    return true;
}

void
audit_institutions(struct jn_audit *audit)
{
    struct institutions_seen seen = {audit, 0};

    jn_scan(audit->view, TABLE_INSTITUTION, JN_KEY(0), 0, SIZE_MAX, check_row, &seen);
    audit_count(audit, "institutions", seen.count, COUNTER_INSTITUTIONS);
}
