/* Identifiers that others issue: form, check digit, date. */
#include "domain/identifiers.h"

#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "jineng/v1/common.pb-c.h"

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

static int
number_at(const char *text, int from, int count)
{
    int value = 0;

    for (int i = from; i < from + count; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

/* One character of a citizen number, full width (U+FF10.. in UTF-8) and lower case put right; 0 where it is none.
 * *used is the number of bytes it took. */
static char
citizen_character(const char *text, size_t *used, bool *mended)
{
    const unsigned char *byte = (const unsigned char *)text;

    *used = 1;
    if (digit(*text) || *text == 'X')
        return *text;
    *mended = true;
    if (*text == 'x')
        return 'X';
    if (byte[0] != 0xEF || byte[1] == 0)
        return 0;
    *used = 3;
    if (byte[1] == 0xBC && byte[2] >= 0x90 && byte[2] <= 0x99)
        return (char)('0' + (byte[2] - 0x90));
    if ((byte[1] == 0xBC && byte[2] == 0xB8) || (byte[1] == 0xBD && byte[2] == 0x98))
        return 'X';
    return 0;
}

static bool
citizen_form(const char *text, char out[CITIZEN_TEXT], bool *mended)
{
    for (int i = 0; i < 18; i++) {
        size_t used;

        out[i] = citizen_character(text, &used, mended);
        if (!out[i] || (out[i] == 'X' && i < 17))
            return false;
        text += used;
    }
    out[18] = '\0';
    return *text == '\0';
}

enum identifier_fault
citizen_number(const char *text, char out[CITIZEN_TEXT], bool *mended)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    char number[CITIZEN_TEXT];
    bool changed = false;
    int sum = 0;
    int32_t born;

    *mended = false;
    if (!citizen_form(text, number, &changed))
        return IDENTIFIER_FORM;
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (number[i] - '0');
    if ("10X98765432"[sum % 11] != number[17])
        return strcmp(number + 15, "000") ? IDENTIFIER_CHECK : IDENTIFIER_EATEN;
    if (!date_make(number_at(number, 6, 4), number_at(number, 10, 2), number_at(number, 12, 2), &born))
        return IDENTIFIER_DATE;
    memcpy(out, number, CITIZEN_TEXT);
    *mended = changed;
    return IDENTIFIER_OK;
}

/* GB 11714: eight characters and a check of modulus 11, where 10 is X and 11 is 0. */
static bool
organisation_check(const char *code)
{
    static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 8; i++)
        sum += weights[i] * (digit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10);
    return "0X987654321"[sum % 11] == code[8];
}

enum identifier_fault
credit_code(const char *text, char out[CREDIT_TEXT], bool *inner_wrong)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0;
    int weight = 1;

    *inner_wrong = false;
    if (strlen(text) != 18)
        return IDENTIFIER_FORM;
    for (int i = 0; i < 18; i++) {
        const char *at = strchr(alphabet, text[i]);

        if (!at || (i >= 2 && i < 8 && !digit(text[i])))
            return IDENTIFIER_FORM;
        if (i == 17 && (31 - sum % 31) % 31 != at - alphabet)
            return IDENTIFIER_CHECK;
        sum += weight * (int)(at - alphabet);
        weight = weight * 3 % 31;
    }
    memcpy(out, text, CREDIT_TEXT);
    *inner_wrong = !organisation_check(text + 8);
    return IDENTIFIER_OK;
}

/* Where the year and the level stand in a certificate's number. */
struct certificate_form {
    int kind;
    size_t length;
    const char *first; /* the letters that may come first; NULL where a digit does */
    int year_at, level_at;
};

static const struct certificate_form certificate_forms[] = {
    {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 22, "YS", 13, 15},
    {COMMON__CERTIFICATE_KIND__QUALIFICATION, 16, NULL, 0, 10},
};

static enum identifier_fault
against_form(const struct certificate_form *form, const char *text, int level, int year)
{
    size_t i = 0;

    if (strlen(text) != form->length)
        return IDENTIFIER_FORM;
    if (form->first && !strchr(form->first, text[i++]))
        return IDENTIFIER_FORM;
    for (; i < form->length; i++)
        if (!digit(text[i]))
            return IDENTIFIER_FORM;
    if (number_at(text, form->level_at, 1) != level)
        return IDENTIFIER_LEVEL;
    return number_at(text, form->year_at, 2) == year % 100 ? IDENTIFIER_OK : IDENTIFIER_YEAR;
}

/* Kinds without a form of their own: 1 to 64 bytes, none of them a control character. */
static enum identifier_fault
printable(const char *text)
{
    size_t length = strlen(text);

    if (length < 1 || length > 64)
        return IDENTIFIER_FORM;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return IDENTIFIER_FORM;
    return IDENTIFIER_OK;
}

enum identifier_fault
certificate_number(const char *text, int kind, int level, int year)
{
    for (size_t i = 0; i < sizeof(certificate_forms) / sizeof(certificate_forms[0]); i++)
        if (certificate_forms[i].kind == kind)
            return against_form(&certificate_forms[i], text, level, year);
    return printable(text);
}

bool
occupation_code(const char *text)
{
    static const char shape[] = "d-dd-dd-dd";

    for (size_t i = 0; i < sizeof(shape); i++)
        if (shape[i] == 'd' ? !digit(text[i]) : text[i] != shape[i])
            return false;
    return true;
}

bool
division_code(const char *text, uint32_t *out)
{
    for (int i = 0; i < 6; i++)
        if (!digit(text[i]))
            return false;
    if (text[6] != '\0' || text[0] == '0')
        return false;
    *out = (uint32_t)number_at(text, 0, 6);
    return true;
}

const char *
identifier_fault_text(enum identifier_fault fault)
{
    static const char *const texts[] = {
        [IDENTIFIER_OK] = "in order",
        [IDENTIFIER_FORM] = "wrong length or characters 长度或字符有误",
        [IDENTIFIER_CHECK] = "wrong check digit 校验码有误",
        [IDENTIFIER_DATE] = "a birth date that does not exist 出生日期不存在",
        [IDENTIFIER_EATEN] =
            "the last digits were lost in a spreadsheet, enter them as text 末位被表格软件改为零，请按文本重新录入",
        [IDENTIFIER_LEVEL] = "the number carries another level than the row 编号中的等级与本行不符",
        [IDENTIFIER_YEAR] = "the number carries another year than the row 编号中的年份与本行不符",
    };

    return (unsigned)fault < sizeof(texts) / sizeof(texts[0]) ? texts[fault] : "?";
}

/* What does not look like a number is not shown at all: it may be a name that slipped into the wrong column. */
char *
mask_citizen(const char *number, char out[MASK_TEXT])
{
    bool whole = strlen(number) == 18;

    for (int i = 0; whole && i < 17; i++)
        whole = digit(number[i]);
    if (whole && (digit(number[17]) || number[17] == 'X' || number[17] == 'x'))
        snprintf(out, MASK_TEXT, "%.6s********%.4s", number, number + 14);
    else
        snprintf(out, MASK_TEXT, "******");
    return out;
}

/* The first character, whole in UTF-8, and two stars whatever the name's length. */
char *
mask_name(const char *name, char out[MASK_TEXT])
{
    int length = *name ? 1 : 0;

    while (length > 0 && length < 4 && ((unsigned char)name[length] & 0xC0) == 0x80)
        length++;
    snprintf(out, MASK_TEXT, "%.*s**", length, name);
    return out;
}
