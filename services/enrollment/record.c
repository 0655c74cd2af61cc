/* A worker's electronic record (个人培训电子档案), 2.8-a, and the service's totals.
 *
 * The record names the person by pseudonym and a masked name; who asks must know the id number already. */
#include "enrollment/enrollment.h"

#define ENTRIES_MAX 200

struct record {
    struct jn_decision *d;
    Enrollment__RecordEntry *entries[ENTRIES_MAX];
    Enrollment__HistoryRow *history[ENTRIES_MAX];
    size_t entries_count, history_count;
};

/* Classes of divisions beyond the caller's scope stay out. */
static bool
add_entry(void *context, const struct jn_key *key, const void *row)
{
    struct record *record = context;
    struct jn_decision *d = record->d;
    const Enrollment__SeatTaken *taken = row;
    Enrollment__RecordEntry *entry;
    struct class class;

    if (!class_get(d->view, jn_key_number(key, 1), &class) || !jn_in_scope_division(d->who, class.filed->division))
        return true;
    entry = jn_take(d->view, sizeof(*entry));
    enrollment__record_entry__init(entry);
    entry->class_no = class.filed->class_no;
    entry->start_day = class.filed->start_day;
    entry->end_day = class.filed->end_day;
    entry->occupation = class.filed->occupation;
    entry->level = class.filed->level;
    entry->state = (char *)(uintptr_t)stage_name(class.state->stage);
    entry->days = attendance_total(d->view, class.number, taken->seat);
    record->entries[record->entries_count++] = entry;
    return record->entries_count < ENTRIES_MAX;
}

static bool
add_history(void *context, const struct jn_key *key, const void *row)
{
    struct record *record = context;
    const Enrollment__ImportedHistory *paid = row;
    Enrollment__HistoryRow *out = jn_take(record->d->view, sizeof(*out));

    (void)key;
    enrollment__history_row__init(out);
    out->item = paid->item;
    out->day = paid->day;
    out->occupation = paid->occupation;
    out->level = paid->level;
    out->months = paid->months;
    record->history[record->history_count++] = out;
    return true;
}

enum jn_code
answer_record(struct jn_decision *d, const Enrollment__RecordRequest *request)
{
    Enrollment__RecordView view = ENROLLMENT__RECORD_VIEW__INIT;
    struct record *record = jn_take(d->view, sizeof(*record));
    const Enrollment__KnownPerson *known;
    char id_number[CITIZEN_TEXT], masked[MASK_TEXT];
    uint64_t person;
    bool mended;
    enum identifier_fault fault = citizen_number(request->id_number, id_number, &mended);

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "the id number 身份证号: %s", identifier_fault_text(fault));
    person = person_find(d->view, person_id17(id_number));
    record->d = d;
    if (person)
        jn_scan(d->view, TABLE_SEAT, JN_KEY(person, 0), sizeof(person), ENTRIES_MAX, add_entry, record);
    /* Who was enrolled in other divisions alone is nobody to a key of this one. */
    if (!person || (record->entries_count == 0 && d->who->divisions_count > 0))
        return jn_refuse(d, JN_NOT_FOUND, "nobody with this id number 身份证号 was ever enrolled");
    jn_scan(d->view, TABLE_HISTORY, JN_KEY(person, 0), sizeof(person), ENTRIES_MAX, add_history, record);
    known = person_get(d->view, person);
    view.pseudonym = known->pseudonym;
    view.masked_name = mask_name(known->name, masked);
    view.entries = record->entries;
    view.n_entries = record->entries_count;
    view.history = record->history;
    view.n_history = record->history_count;
    jn_reply(d, &view.base);
    return JN_OK;
}

enum jn_code
answer_totals(struct jn_decision *d, const Enrollment__TotalsRequest *request)
{
    Enrollment__TotalsView view = ENROLLMENT__TOTALS_VIEW__INIT;

    (void)request;
    view.people = jn_counter(d->view, COUNTER_NAMED);
    view.classes = jn_counter(d->view, COUNTER_CLASSES);
    view.trained = jn_counter(d->view, COUNTER_SEATS);
    view.finished = jn_counter(d->view, COUNTER_FINISHED);
    jn_reply(d, &view.base);
    return JN_OK;
}
