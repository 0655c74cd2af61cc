/* Rosters (学员名册): who is in which class. */
#include "cli/campaign/reader.h"

#include <stdlib.h>

enum {
    CLASS_NO,
    NAME,
    ID_NUMBER,
    PHONE,
    GROUPS,
    HOUSEHOLD,
    LIVING_ALLOWANCE,
    INSURED_MONTHS,
    EMPLOYED_MONTHS,
    ACCOUNT,
};

static const struct column columns[] = {
    [CLASS_NO] = {"class_no", "班级编号", true},
    [NAME] = {"name", "姓名", true},
    [ID_NUMBER] = {"id_number", "身份证号", true},
    [PHONE] = {"phone", "联系电话", true},
    [GROUPS] = {"groups", "人员类别", true},
    [HOUSEHOLD] = {"household", "户籍性质", true},
    [LIVING_ALLOWANCE] = {"living_allowance", "低保", true},
    [INSURED_MONTHS] = {"insured_months", "失业保险缴费月数", true},
    [EMPLOYED_MONTHS] = {"employed_months", "稳定就业月数", true},
    [ACCOUNT] = {"account", "账号", true},
};

/* As enrollment has them. */
#define MONTHS_MAX    1200u /* a hundred years */
#define NAME_BYTES    180
#define PHONE_BYTES   120
#define ACCOUNT_BYTES 64
#define SEATS_MAX     2000u

static void
use(const struct row *row)
{
    struct reader *reader = row->reader;
    struct campaign *c = reader->campaign;
    struct campaign_roster_row person = {.line = row->line, .result = CAMPAIGN_NONE};
    const char *name;
    char id[CITIZEN_TEXT];
    int household;

    if (!cell_class(row, CLASS_NO, &person.class_) || !cell_citizen(row, ID_NUMBER, id) ||
        !cell_text(row, NAME, SIZE_MAX, &name) || !cell_groups(row, GROUPS, &person.groups) ||
        !cell_word_or_zero(row, HOUSEHOLD, &words_households, &household) ||
        !cell_truth_or_false(row, LIVING_ALLOWANCE, &person.living_allowance) ||
        !cell_number_or_zero(row, INSURED_MONTHS, MONTHS_MAX, &person.insured_months) ||
        !cell_number_or_zero(row, EMPLOYED_MONTHS, MONTHS_MAX, &person.employed_months))
        return;
    person.household = (uint8_t)household;
    person.person = person_enter(reader, id);
    person.name = cell_text_cut(row, NAME, NAME_BYTES);
    person.phone = cell_text_cut(row, PHONE, PHONE_BYTES);
    person.account = cell_text_cut(row, ACCOUNT, ACCOUNT_BYTES); /* one that is none, enrollment leaves out */
    APPEND(c->roster, person);
}

static int
by_line(const void *a, const void *b)
{
    const struct campaign_roster_row *left = a;
    const struct campaign_roster_row *right = b;

    return (left->line > right->line) - (left->line < right->line);
}

static int
by_key(const void *a, const void *b, void *context)
{
    const struct campaign_person *people = context;
    uint64_t left = people[((const struct campaign_roster_row *)a)->person].key;
    uint64_t right = people[((const struct campaign_roster_row *)b)->person].key;

    return left == right ? by_line(a, b) : (left > right) - (left < right);
}

/* Stable: within a class the rows stay in file order. Two passes of n instead of a sort of n log n. */
static void
group_by_class(struct campaign *c)
{
    struct campaign_roster_row *grouped = NULL;
    uint32_t first = 0;

    for (uint32_t i = 0; i < c->roster_count; i++)
        c->classes[c->roster[i].class_].roster_count++;
    for (uint32_t i = 0; i < c->classes_count; i++) {
        c->classes[i].roster_first = first;
        first += c->classes[i].roster_count;
        c->classes[i].roster_count = 0;
    }
    grouped = array_copy(c->roster, c->roster_count, sizeof(*c->roster));
    for (uint32_t i = 0; i < c->roster_count; i++) {
        struct campaign_class *class_ = &c->classes[grouped[i].class_];

        c->roster[class_->roster_first + class_->roster_count++] = grouped[i];
    }
    free(grouped);
}

/* Of a person's rows in the class the first in the file stands. Leaves the rest sorted by id number; returns how many.
 */
static uint32_t
drop_repeats(struct reader *reader, struct campaign_roster_row *rows, uint32_t count)
{
    uint32_t kept = 0;

    if (count > 1)
        qsort_r(rows, count, sizeof(*rows), by_key, reader->campaign->people);
    for (uint32_t i = 0; i < count; i++) {
        if (kept > 0 && rows[kept - 1].person == rows[i].person)
            reject_line(reader, CAMPAIGN_ROSTER, rows[i].line, ID_NUMBER,
                        "the person is on the class's roster already 同一班级中人员重复");
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

/* The class's first rows in the file have its places. */
static uint32_t
drop_beyond(struct reader *reader, struct campaign_roster_row *rows, uint32_t count, uint32_t capacity)
{
    const char *why = "beyond the class's capacity 超出班级人数上限";

    if (capacity > SEATS_MAX) {
        capacity = SEATS_MAX;
        why = "beyond the 2,000 people that a class holds at most 班级人数不得超过两千人";
    }
    if (count <= capacity)
        return count;
    qsort(rows, count, sizeof(*rows), by_line);
    for (uint32_t i = capacity; i < count; i++)
        reject_line(reader, CAMPAIGN_ROSTER, rows[i].line, CLASS_NO, why);
    if (capacity > 1)
        qsort_r(rows, capacity, sizeof(*rows), by_key, reader->campaign->people);
    return capacity;
}

static void
finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;
    uint32_t used = 0;

    if (c->roster_count == 0)
        return;
    group_by_class(c);
    for (uint32_t i = 0; i < c->classes_count; i++) {
        struct campaign_class *class_ = &c->classes[i];
        struct campaign_roster_row *rows = c->roster + class_->roster_first;
        uint32_t kept;

        if (class_->roster_count == 0) {
            class_->roster_first = used;
            continue;
        }
        kept = drop_repeats(reader, rows, class_->roster_count);
        kept = drop_beyond(reader, rows, kept, class_->capacity);
        class_->roster_first = used;
        class_->roster_count = kept;
        for (uint32_t k = 0; k < kept; k++) {
            c->rostered += !c->people[rows[k].person].rostered;
            c->people[rows[k].person].rostered = true;
            c->roster[used++] = rows[k];
        }
    }
    c->roster_count = used;
}

const struct sheet roster_sheet = {.name = "roster.csv",
                                   .required = true,
                                   .columns = columns,
                                   .columns_count = sizeof(columns) / sizeof(columns[0]),
                                   .use = use,
                                   .finish = finish};

uint32_t
campaign_rank(const struct campaign *c, uint32_t row)
{
    return row - c->classes[c->roster[row].class_].roster_first;
}

uint32_t
campaign_row_of(const struct campaign *c, uint32_t class_, uint32_t person)
{
    uint32_t low = c->classes[class_].roster_first;
    uint32_t high = low + c->classes[class_].roster_count;
    uint64_t key = c->people[person].key;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (c->people[c->roster[middle].person].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == c->classes[class_].roster_first + c->classes[class_].roster_count || c->roster[low].person != person)
        return CAMPAIGN_NONE;
    return low;
}

uint32_t
campaign_days(const struct campaign *c, uint32_t row)
{
    return c->classes[c->roster[row].class_].sheets_count - c->roster[row].absences;
}
