/* Attendance (考勤): a sheet for each day taught, which names the absent. */
#include "cli/campaign/reader.h"

#include <stdlib.h>

enum { CLASS_NO, DATE, ABSENT };

static const struct column columns[] = {
    [CLASS_NO] = {"class_no", "班级编号", true},
    [DATE] = {"date", "日期", true},
    [ABSENT] = {"absent", "缺勤人员", true},
};

static int
rising(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* The roster row of someone listed absent; CAMPAIGN_NONE, with a note, for whoever is not on the roster. A number that
 * is itself wrong can be on no roster. */
static uint32_t
absent_row(const struct row *row, uint32_t class_, const char *text)
{
    char id[CITIZEN_TEXT], masked[MASK_TEXT];
    uint32_t person = CAMPAIGN_NONE;
    uint32_t found = CAMPAIGN_NONE;
    bool mended;

    if (citizen_number(text, id, &mended) == IDENTIFIER_OK)
        person = person_find(row->reader, id);
    if (person != CAMPAIGN_NONE)
        found = campaign_row_of(row->reader->campaign, class_, person);
    if (found == CAMPAIGN_NONE)
        note(row, "%s: absent but not on the roster, ignored 缺勤人员不在名册中，已忽略", mask_citizen(text, masked));
    else if (mended)
        note(row, "%s: lower-case x or full-width digits put right 小写x或全角数字已更正", mask_citizen(id, masked));
    return found;
}

/* Appends the absent seats, rising; who is listed twice is absent once. */
static void
read_absent(const struct row *row, struct campaign_sheet *sheet)
{
    struct campaign *c = row->reader->campaign;
    const char *list = row->cells[ABSENT];
    uint32_t first = c->absent_count;
    uint32_t kept = first;
    char text[64]; /* eighteen full-width characters have 54 bytes */
    bool too_long;

    while (list_next(&list, text, sizeof(text), &too_long)) {
        uint32_t found = absent_row(row, sheet->class_, too_long ? "" : text);

        if (found != CAMPAIGN_NONE)
            APPEND(c->absent, found);
    }
    if (c->absent_count - first > 1)
        qsort(c->absent + first, c->absent_count - first, sizeof(uint32_t), rising);
    for (uint32_t i = first; i < c->absent_count; i++) {
        if (i > first && c->absent[i] == c->absent[i - 1])
            continue;
        c->roster[c->absent[i]].absences++;
        c->absent[kept++] = c->absent[i];
    }
    for (uint32_t i = first; i < kept; i++)
        c->absent[i] = campaign_rank(c, c->absent[i]);
    c->absent_count = kept;
    sheet->absent_first = first;
    sheet->absent_count = kept - first;
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_sheet sheet = {.line = row->line};
    const struct campaign_class *class_;
    uint32_t key[2];

    if (!cell_class(row, CLASS_NO, &sheet.class_) || !cell_day(row, DATE, &sheet.day))
        return;
    class_ = &c->classes[sheet.class_];
    if (sheet.day < class_->start_day || sheet.day > class_->end_day) {
        reject(row, DATE, "outside the class's dates 日期不在培训期内", row->cells[DATE]);
        return;
    }
    key[0] = sheet.class_;
    key[1] = (uint32_t)sheet.day;
    if (!index_put(row->reader->sheet_of, key, sizeof(key), c->sheets_count)) {
        reject(row, DATE, "the class has a sheet of that day already 同一班级同日考勤重复", row->cells[DATE]);
        return;
    }
    read_absent(row, &sheet);
    APPEND(c->sheets, sheet);
}

static int
by_class_and_day(const void *a, const void *b)
{
    const struct campaign_sheet *left = a;
    const struct campaign_sheet *right = b;

    if (left->class_ != right->class_)
        return left->class_ < right->class_ ? -1 : 1;
    return (left->day > right->day) - (left->day < right->day);
}

static void
finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;

    if (c->sheets_count > 1)
        qsort(c->sheets, c->sheets_count, sizeof(*c->sheets), by_class_and_day);
    for (uint32_t i = 0; i < c->sheets_count; i++)
        if (c->classes[c->sheets[i].class_].sheets_count++ == 0)
            c->classes[c->sheets[i].class_].sheets_first = i;
}

const struct sheet attendance_sheet = {.name = "attendance.csv",
                                       .columns = columns,
                                       .columns_count = sizeof(columns) / sizeof(columns[0]),
                                       .use = use,
                                       .finish = finish};
