/* What an enterprise was paid before the suite (用人单位已享受补贴): all of it counts where a limit looks at the
 * enterprise, 2.10-b. The enterprise is one of the directory; its division's keys tell of it. */
#include "domain/money.h"
#include "enrollment/enrollment.h"

/* Of one enterprise: payments of ten years, four a week; and more than all of them were ever paid together. What is
 * added up of them stays far below what a fact may hold. */
#define LINES_MAX  2000
#define FEN_MAX    INT64_C(10000000000000)
#define PEOPLE_MAX 10000
#define ITEM_LAST  31 /* 19 to 31 are the packs' own */

static const Enrollment__EnterpriseTold *
told_get(const struct jn_view *view, uint64_t enterprise)
{
    static const Enrollment__EnterpriseTold none = ENROLLMENT__ENTERPRISE_TOLD__INIT;
    const Enrollment__EnterpriseTold *row = jn_get(view, TABLE_ENTERPRISE_TOLD, JN_KEY(enterprise));

    return row ? row : &none;
}

/* ---- Importing ---- */

static enum jn_code
check_paid(struct jn_decision *d, const Enrollment__EnterpriseHistoryRow *row)
{
    if (row->item <= COMMON__ITEM__ITEM_UNSPECIFIED || row->item > ITEM_LAST)
        return jn_refuse(d, JN_MALFORMED,
                         "the item 补贴项目 is none of the eighteen, nor one of a pack's own (19 to 31): correct it");
    if (row->day <= 0 || !day_plausible(row->day))
        return jn_refuse(d, JN_MALFORMED, "the date 日期 is missing or lies outside 1970 to 2199: correct it");
    if (row->amount_fen <= 0 || row->amount_fen > FEN_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "2.10-b: give what was paid 金额, more than zero and at most a hundred billion yuan: without "
                         "it no cap can be held");
    if (row->people == 0 || row->people > PEOPLE_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "say for how many people it was paid 人数: 1 to %d", PEOPLE_MAX);
    return JN_OK;
}

/* With what this command has of it already. */
static enum jn_code
check_room(struct jn_decision *d, const Enrollment__HistoryImported *event, uint64_t enterprise, int64_t amount_fen)
{
    const Enrollment__EnterpriseTold *told = told_get(d->view, enterprise);
    uint32_t lines = told->lines;
    int64_t fen = told->amount_fen;

    for (size_t i = 0; i < event->n_enterprises; i++) {
        if (event->enterprises[i]->enterprise != enterprise)
            continue;
        lines++;
        fen += event->enterprises[i]->amount_fen;
    }
    if (lines >= LINES_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the enterprise has %d rows of history: add up what was paid for one item on one day",
                         LINES_MAX);
    if (!money_add(fen, amount_fen, &fen) || fen > FEN_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the enterprise would have been paid more than a hundred billion yuan in all: correct the "
                         "amount 金额");
    return JN_OK;
}

static enum jn_code
check_row(struct jn_decision *d, const Enrollment__EnterpriseHistoryRow *row, const Enrollment__HistoryImported *event,
          uint64_t *enterprise)
{
    char uscc[CREDIT_TEXT];
    bool inner_wrong;
    enum identifier_fault fault = credit_code(row->uscc, uscc, &inner_wrong);
    enum jn_code code;

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "the credit code 统一社会信用代码：%s", identifier_fault_text(fault));
    *enterprise = institution_find(d->view, uscc);
    if (!*enterprise)
        return jn_refuse(d, JN_NOT_FOUND,
                         "the enterprise is not in the directory 机构名录: enter it with DesignateInstitutions first");
    if (!jn_in_scope_division(d->who, institution_get(d->view, *enterprise)->division))
        return jn_refuse(d, JN_DENIED,
                         "the enterprise is in the directory for a division that is not in this key's scope");
    code = check_paid(d, row);
    return code == JN_OK ? check_room(d, event, *enterprise, row->amount_fen) : code;
}

static Enrollment__ImportedEnterpriseHistory *
imported(struct jn_decision *d, const Enrollment__EnterpriseHistoryRow *row, uint64_t enterprise)
{
    Enrollment__ImportedEnterpriseHistory *out = jn_take(d->view, sizeof(*out));

    enrollment__imported_enterprise_history__init(out);
    out->enterprise = enterprise;
    out->item = row->item;
    out->day = row->day;
    out->amount_fen = row->amount_fen;
    out->people = row->people;
    return out;
}

/* As with people's history: the same row twice is two payments, a repeated command is told by its number. */
enum jn_code
decide_import_enterprise_history(struct jn_decision *d, const Enrollment__ImportEnterpriseHistory *cmd)
{
    Enrollment__HistoryImported event = ENROLLMENT__HISTORY_IMPORTED__INIT;
    Enrollment__ImportedEnterpriseHistory *rows[JN_ROWS_MAX];
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code != JN_OK)
        return code;
    event.enterprises = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        uint64_t enterprise = 0;

        jn_bulk_begin(&bulk);
        if (jn_bulk_end(&bulk, i, check_row(d, cmd->rows[i], &event, &enterprise)))
            rows[event.n_enterprises++] = imported(d, cmd->rows[i], enterprise);
    }

    /* Decided. */
    if (event.n_enterprises > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
    return bulk_reply(&bulk);
}

void
enterprise_history_keep(struct jn_tables *t, const Enrollment__HistoryImported *event)
{
    for (size_t i = 0; i < event->n_enterprises; i++) {
        const Enrollment__ImportedEnterpriseHistory *row = event->enterprises[i];
        Enrollment__EnterpriseTold told = *told_get(jn_view_of(t), row->enterprise);

        told.lines++;
        told.amount_fen += row->amount_fen;
        jn_put(t, TABLE_ENTERPRISE_HISTORY, JN_KEY(row->enterprise, told.lines), row);
        jn_put(t, TABLE_ENTERPRISE_TOLD, JN_KEY(row->enterprise), &told);
    }
}

/* ---- What is told ---- */

struct page {
    const struct jn_decision *d;
    Enrollment__EnterpriseHistoryView view;
};

static bool
show_line(void *context, const struct jn_key *key, const void *value)
{
    struct page *page = context;
    const Enrollment__ImportedEnterpriseHistory *line = value;
    Enrollment__EnterpriseHistoryRow *row = jn_take(page->d->view, sizeof(*row));

    enrollment__enterprise_history_row__init(row);
    row->item = line->item;
    row->day = line->day;
    row->amount_fen = line->amount_fen;
    row->people = line->people;
    page->view.through = (uint32_t)jn_key_number(key, 1);
    page->view.rows[page->view.n_rows++] = row;
    return true;
}

enum jn_code
answer_enterprise_history(struct jn_decision *d, const Enrollment__EnterpriseHistoryRequest *query)
{
    struct page page = {d, ENROLLMENT__ENTERPRISE_HISTORY_VIEW__INIT};
    uint64_t enterprise = institution_find(d->view, query->uscc);

    if (!enterprise || !jn_in_scope_division(d->who, institution_get(d->view, enterprise)->division))
        return jn_refuse(d, JN_NOT_FOUND,
                         "there is no enterprise of that credit code 统一社会信用代码 in the directory");
    page.view.rows = jn_take(d->view, JN_ROWS_MAX * sizeof(*page.view.rows));
    page.view.through = query->after;
    page.view.more = !jn_scan(d->view, TABLE_ENTERPRISE_HISTORY, JN_KEY(enterprise, (uint64_t)query->after + 1),
                              sizeof(uint64_t), JN_ROWS_MAX, show_line, &page);
    jn_reply(d, &page.view.base);
    return JN_OK;
}

/* ---- Audit ---- */

struct enterprises_seen {
    struct jn_audit *audit;
    uint64_t enterprise; /* the one at hand */
    Enrollment__EnterpriseTold found;
};

static void
close_enterprise(struct enterprises_seen *seen)
{
    const Enrollment__EnterpriseTold *told = told_get(seen->audit->view, seen->enterprise);

    if (seen->enterprise && (told->lines != seen->found.lines || told->amount_fen != seen->found.amount_fen))
        jn_finding(seen->audit, "enterprise %llu: its history adds up to something else than is kept of it",
                   (unsigned long long)seen->enterprise);
    seen->found = (Enrollment__EnterpriseTold)ENROLLMENT__ENTERPRISE_TOLD__INIT;
}

static bool
look_at_line(void *context, const struct jn_key *key, const void *value)
{
    struct enterprises_seen *seen = context;
    const Enrollment__ImportedEnterpriseHistory *row = value;
    uint64_t enterprise = jn_key_number(key, 0);

    if (enterprise != seen->enterprise)
        close_enterprise(seen);
    seen->enterprise = enterprise;
    seen->found.lines++;
    seen->found.amount_fen += row->amount_fen;
    if (row->enterprise != enterprise || jn_key_number(key, 1) != seen->found.lines || row->amount_fen <= 0 ||
        row->people == 0 || !jn_has(seen->audit->view, TABLE_INSTITUTION, JN_KEY(enterprise)))
        jn_finding(seen->audit, "enterprise %llu: a line of its history is not its own, or out of order",
                   (unsigned long long)enterprise);
    return true;
}

static bool
look_at_told(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    uint64_t enterprise = jn_key_number(key, 0);

    if (!jn_has(audit->view, TABLE_ENTERPRISE_HISTORY,
                JN_KEY(enterprise, ((const Enrollment__EnterpriseTold *)value)->lines)))
        jn_finding(audit, "enterprise %llu: history is kept of it that has no lines", (unsigned long long)enterprise);
    return true;
}

void
audit_enterprise_history(struct jn_audit *audit)
{
    struct enterprises_seen seen = {.audit = audit, .found = ENROLLMENT__ENTERPRISE_TOLD__INIT};

    jn_scan(audit->view, TABLE_ENTERPRISE_HISTORY, JN_KEY(0), 0, SIZE_MAX, look_at_line, &seen);
    close_enterprise(&seen);
    jn_scan(audit->view, TABLE_ENTERPRISE_TOLD, JN_KEY(0), 0, SIZE_MAX, look_at_told, audit);
}
