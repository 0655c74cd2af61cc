/* History (享受补贴历史): what people were paid before the suite. All of it counts against what they may be paid
 * still, 2.10-b, 2.10-c. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#define OCCUPATION_MAX 64
#define MONTHS_MAX     1200
#define AMOUNT_FEN_MAX INT64_C(10000000000000)
#define ITEM_LAST      31 /* 19 to 31 are the packs' own */

static enum jn_code
check_history(struct jn_decision *d, const Enrollment__HistoryRow *row, char id_number[CITIZEN_TEXT], bool *mended)
{
    enum identifier_fault fault = citizen_number(row->id_number, id_number, mended);

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "the id number 身份证号: %s", identifier_fault_text(fault));
    if (row->item <= COMMON__ITEM__ITEM_UNSPECIFIED || row->item > ITEM_LAST)
        return jn_refuse(d, JN_MALFORMED,
                         "the item 补贴项目 is none of the eighteen, nor one of a pack's own (19 to 31): correct it");
    if (!day_plausible(row->day))
        return jn_refuse(d, JN_MALFORMED, "the date 日期 is missing or lies outside 1900 to 2199");
    if (!text_fits(row->occupation, 0, OCCUPATION_MAX))
        return jn_refuse(d, JN_MALFORMED, "the occupation 职业编码 is not UTF-8 text of up to %d bytes",
                         OCCUPATION_MAX);
    if (row->level > 5)
        return jn_refuse(d, JN_MALFORMED, "level 等级 %u: 5 is junior, 1 senior technician, 0 none", row->level);
    if (row->amount_fen < 0 || row->amount_fen > AMOUNT_FEN_MAX)
        return jn_refuse(
            d, JN_OUT_OF_LIMITS,
            "the amount 金额 is more than zero and at most a hundred billion yuan; leave it out where it is "
            "not known");
    if (row->months > MONTHS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%u months 月数: at most %d", row->months, MONTHS_MAX);
    return JN_OK;
}

static Enrollment__ImportedHistory *
imported(struct persons *persons, const Enrollment__HistoryRow *row, const char id_number[CITIZEN_TEXT])
{
    Enrollment__ImportedHistory *out = jn_take(persons->d->view, sizeof(*out));

    enrollment__imported_history__init(out);
    out->person = persons_meet(persons, id_number, "", "");
    out->item = row->item;
    out->day = row->day;
    out->occupation = row->occupation;
    out->level = row->level;
    out->months = row->months;
    out->amount_fen = row->amount_fen;
    return out;
}

/* The same row twice is two payments: a repeated command is told by its number, not by what it says. */
enum jn_code
decide_import_history(struct jn_decision *d, const Enrollment__ImportHistory *cmd)
{
    Enrollment__HistoryImported event = ENROLLMENT__HISTORY_IMPORTED__INIT;
    Enrollment__ImportedHistory *rows[JN_ROWS_MAX];
    struct persons persons;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code != JN_OK)
        return code;
    persons_open(&persons, d);
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        char id_number[CITIZEN_TEXT];
        bool mended;

        jn_bulk_begin(&bulk);
        if (!jn_bulk_end(&bulk, i, check_history(d, cmd->rows[i], id_number, &mended)))
            continue;
        rows[event.n_rows++] = imported(&persons, cmd->rows[i], id_number);
        if (mended)
            jn_bulk_note(&bulk, i, "the id number 身份证号 was put right: a lower-case x or full-width digits");
    }

    /* Decided. */
    persons_emit(&persons);
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
    return bulk_reply(&bulk);
}

void
apply_history_imported(struct jn_tables *t, const Enrollment__HistoryImported *event, const struct jn_stamp *stamp)
{
    uint64_t number = jn_counter(jn_view_of(t), COUNTER_HISTORY);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++)
        jn_put(t, TABLE_HISTORY, JN_KEY(event->rows[i]->person, ++number), event->rows[i]);
    jn_counter_set(t, COUNTER_HISTORY, number);
    enterprise_history_keep(t, event);
}

/* ---- Audit ---- */

struct history_seen {
    struct jn_audit *audit;
    uint64_t count;
};

static bool
check_paid(void *context, const struct jn_key *key, const void *row)
{
    struct history_seen *seen = context;
    uint64_t person = jn_key_number(key, 0);

    seen->count++;
    if (((const Enrollment__ImportedHistory *)row)->person != person ||
        !jn_has(seen->audit->view, TABLE_PERSON, JN_KEY(person)))
        jn_finding(seen->audit, "history %llu belongs to nobody", (unsigned long long)jn_key_number(key, 1));
    return true;
}

void
audit_history(struct jn_audit *audit)
{
    struct history_seen seen = {audit, 0};

    jn_scan(audit->view, TABLE_HISTORY, JN_KEY(0), 0, SIZE_MAX, check_paid, &seen);
    audit_count(audit, "rows of history", seen.count, COUNTER_HISTORY);
}
