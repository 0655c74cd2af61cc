/* A cell as a value, or a row rejected. */
#include "cli/campaign/reader.h"

#include <string.h>

#include "domain/date.h"
#include "domain/money.h"

static bool
empty(const struct row *row, int column)
{
    return row->cells[column][0] == '\0';
}

bool
cell_text(const struct row *row, int column, size_t bytes_max, const char **out)
{
    if (empty(row, column))
        return reject(row, column, "must be given 不能为空", NULL);
    return cell_text_or_empty(row, column, bytes_max, out);
}

bool
cell_text_or_empty(const struct row *row, int column, size_t bytes_max, const char **out)
{
    if (strlen(row->cells[column]) > bytes_max)
        return reject(row, column, "too long 内容过长", NULL);
    *out = row->cells[column];
    return true;
}

const char *
cell_text_cut(const struct row *row, int column, size_t bytes_max)
{
    char *copy = (char *)(uintptr_t)arena_copy(&row->reader->arena, row->cells[column]);

    if (strlen(copy) <= bytes_max)
        return copy;
    while (((unsigned char)copy[bytes_max] & 0xC0) == 0x80)
        bytes_max--;
    copy[bytes_max] = '\0';
    note(row, "%s: cut to its first %zu bytes 内容过长，已截取", row->sheet->columns[column].name, bytes_max);
    return copy;
}

bool
cell_day(const struct row *row, int column, int32_t *out)
{
    return date_parse(row->cells[column], out) ||
           reject(row, column, "no date of the form YYYY-MM-DD 日期不存在或格式不是YYYY-MM-DD", row->cells[column]);
}

bool
cell_played_day(const struct row *row, int column, int32_t *out)
{
    return cell_day(row, column, out) &&
           (*out > 0 ||
            reject(row, column, "a date before 1970: correct it 日期早于1970年，请更正", row->cells[column]));
}

bool
cell_day_or(const struct row *row, int column, int32_t absent, int32_t *out)
{
    *out = absent;
    return empty(row, column) || cell_day(row, column, out);
}

bool
cell_money(const struct row *row, int column, int64_t *out)
{
    return money_parse(row->cells[column], out) ||
           reject(row, column, "no amount: digits with up to two decimals 金额格式有误，最多两位小数",
                  row->cells[column]);
}

bool
cell_number(const struct row *row, int column, uint32_t max, uint32_t *out)
{
    const char *text = row->cells[column];
    uint64_t value = 0;

    for (; *text >= '0' && *text <= '9' && value <= max; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    if (*text || text == row->cells[column] || value > max)
        return reject(row, column, "no whole number, or too large a one 不是整数或数值过大", row->cells[column]);
    *out = (uint32_t)value;
    return true;
}

bool
cell_number_or_zero(const struct row *row, int column, uint32_t max, uint32_t *out)
{
    *out = 0;
    return empty(row, column) || cell_number(row, column, max, out);
}

bool
cell_truth(const struct row *row, int column, bool *out)
{
    const char *text = row->cells[column];

    *out = !strcmp(text, "true") || !strcmp(text, "是");
    return *out || !strcmp(text, "false") || !strcmp(text, "否") ||
           reject(row, column, "neither true nor false 应填“是”或“否”", text);
}

bool
cell_truth_or_false(const struct row *row, int column, bool *out)
{
    *out = false;
    return empty(row, column) || cell_truth(row, column, out);
}

bool
cell_level_or_zero(const struct row *row, int column, int *out)
{
    const char *text = row->cells[column];

    *out = 0;
    if (*text && (*text < '1' || *text > '5' || text[1]))
        return reject(row, column, "no level from 5 to 1 等级应为5至1", text);
    if (*text)
        *out = *text - '0';
    return true;
}

bool
cell_word(const struct row *row, int column, const struct vocabulary *words, int *out)
{
    const struct word *word = word_find(words, row->cells[column]);

    if (!word)
        return reject(row, column, "unknown word 无法识别的内容", row->cells[column]);
    *out = word->number;
    return true;
}

bool
cell_item(const struct row *row, int column, int *out)
{
    const struct campaign_options *options = &row->reader->options;

    *out = options->item_find ? options->item_find(options->context, row->cells[column]) : 0;
    return *out || cell_word(row, column, &words_items, out);
}

bool
cell_word_or_zero(const struct row *row, int column, const struct vocabulary *words, int *out)
{
    *out = 0;
    return empty(row, column) || cell_word(row, column, words, out);
}

bool
list_next(const char **list, char *out, size_t size, bool *too_long)
{
    const char *from = *list + strspn(*list, "; ");
    size_t length = strcspn(from, ";");
    size_t kept = length;

    *too_long = false;
    if (!*from)
        return false;
    while (from[kept - 1] == ' ')
        kept--;
    *list = from + length;
    *too_long = kept >= size;
    if (*too_long)
        kept = size - 1;
    memcpy(out, from, kept);
    out[kept] = '\0';
    return true;
}

bool
cell_groups(const struct row *row, int column, uint16_t *out)
{
    const char *list = row->cells[column];
    char text[64]; /* the longest group has 27 bytes */
    bool too_long;

    *out = 0;
    while (list_next(&list, text, sizeof(text), &too_long)) {
        const struct word *word = too_long ? NULL : word_find(&words_groups, text);

        if (!word)
            return reject(row, column, "unknown group of people 人员类别无法识别", too_long ? NULL : text);
        *out = (uint16_t)(*out | 1u << word->number);
    }
    return true;
}

bool
cell_credit(const struct row *row, int column, char out[CREDIT_TEXT])
{
    bool inner_wrong;
    enum identifier_fault fault = credit_code(row->cells[column], out, &inner_wrong);

    if (fault != IDENTIFIER_OK)
        return reject(row, column, identifier_fault_text(fault), NULL);
    if (inner_wrong)
        note(row, "%s: the organisation code inside fails its own check (GB 11714) 其中的组织机构代码校验码有误", out);
    return true;
}

bool
cell_division(const struct row *row, int column, uint32_t *out)
{
    uint32_t code;

    *out = CAMPAIGN_NONE;
    if (division_code(row->cells[column], &code))
        *out = index_get(row->reader->division_of, &code, sizeof(code));
    return *out != CAMPAIGN_NONE || reject(row, column, "unknown division 行政区划代码未知", row->cells[column]);
}

bool
cell_institution(const struct row *row, int column, const char *unknown, uint32_t *out)
{
    *out = index_get_text(row->reader->institution_of, row->cells[column]);
    return *out != CAMPAIGN_NONE || reject(row, column, unknown, row->cells[column]);
}

bool
cell_class(const struct row *row, int column, uint32_t *out)
{
    *out = index_get_text(row->reader->class_of, row->cells[column]);
    return *out != CAMPAIGN_NONE ||
           reject(row, column, "unknown class, or one that was rejected 班级不存在或未被采用", row->cells[column]);
}

bool
cell_occupation_or_empty(const struct row *row, int column, char out[OCCUPATION_TEXT])
{
    const char *text = row->cells[column];

    out[0] = '\0';
    if (!*text)
        return true;
    if (!occupation_code(text))
        return reject(row, column, "no occupation of the form d-dd-dd-dd 职业编码格式有误", text);
    memcpy(out, text, OCCUPATION_TEXT);
    return true;
}

bool
cell_citizen(const struct row *row, int column, char out[CITIZEN_TEXT])
{
    bool mended;
    enum identifier_fault fault = citizen_number(row->cells[column], out, &mended);
    char masked[MASK_TEXT];

    if (fault != IDENTIFIER_OK)
        return reject(row, column, identifier_fault_text(fault), NULL);
    if (mended)
        note(row, "%s: lower-case x or full-width digits put right 小写x或全角数字已更正", mask_citizen(out, masked));
    return true;
}

/* 17 digits and a check of eleven values: below 11 x 10^17 < 2^63, in the order of the texts ('X' sorts behind '9'). */
uint64_t
person_key(const char id[CITIZEN_TEXT])
{
    uint64_t key = 0;

    for (int i = 0; i < 17; i++)
        key = key * 10 + (uint64_t)(id[i] - '0');
    return key * 11 + (id[17] == 'X' ? 10 : (uint64_t)(id[17] - '0'));
}

uint32_t
person_find(const struct reader *reader, const char id[CITIZEN_TEXT])
{
    uint64_t key = person_key(id);

    return index_get(reader->person_of, &key, sizeof(key));
}

uint32_t
person_enter(struct reader *reader, const char id[CITIZEN_TEXT])
{
    struct campaign *c = reader->campaign;
    struct campaign_person person = {.key = person_key(id)};
    uint32_t found = index_get(reader->person_of, &person.key, sizeof(person.key));

    if (found != CAMPAIGN_NONE)
        return found;
    memcpy(person.id, id, CITIZEN_TEXT);
    index_put(reader->person_of, &person.key, sizeof(person.key), c->people_count);
    APPEND(c->people, person);
    return c->people_count - 1;
}
