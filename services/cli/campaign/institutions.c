/* Institutions (机构): providers, employers, evaluation bodies. */
#include "cli/campaign/reader.h"

#include <stdlib.h>
#include <string.h>

enum { USCC, NAME, KIND, DIVISION, INSURED, DESIGNATED_FROM, DESIGNATED_TO, ACCOUNT, BANK, CERTIFIES };

static const struct column columns[] = {
    [USCC] = {"uscc", "统一社会信用代码", true},
    [NAME] = {"name", "名称", true},
    [KIND] = {"kind", "类型", true},
    [DIVISION] = {"division", "行政区划代码", true},
    [INSURED] = {"insured", "参保", true},
    [DESIGNATED_FROM] = {"designated_from", "定点起始", true},
    [DESIGNATED_TO] = {"designated_to", "定点截止", true},
    [ACCOUNT] = {"account", "账号", true},
    [BANK] = {"bank", "开户行", true},
    [CERTIFIES] = {"certifies", "评价职业", true},
};

/* As enrollment has them. */
#define NAME_BYTES      240
#define BANK_BYTES      120
#define CERTIFIES_MAX   64
#define ACCOUNT_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

uint32_t
campaign_occupation(const char *text)
{
    uint32_t code = 0;

    for (; *text; text++)
        if (*text != '-')
            code = code * 10 + (uint32_t)(*text - '0');
    return code;
}

static int
rising(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Appends to campaign.certifies; what a rejected row leaves there is taken back. A cell of 64 KiB holds 6,000. */
static bool
read_certifies(const struct row *row, struct campaign_institution *institution)
{
    struct campaign *c = row->reader->campaign;
    const char *list = row->cells[CERTIFIES];
    char text[OCCUPATION_TEXT];
    bool too_long;

    institution->certifies_first = c->certifies_count;
    while (list_next(&list, text, sizeof(text), &too_long)) {
        if (too_long || !occupation_code(text)) {
            c->certifies_count = institution->certifies_first;
            return reject(row, CERTIFIES, "no occupation of the form d-dd-dd-dd 职业编码格式有误",
                          too_long ? NULL : text);
        }
        APPEND(c->certifies, campaign_occupation(text));
    }
    institution->certifies_count = c->certifies_count - institution->certifies_first;
    if (institution->certifies_count > CERTIFIES_MAX) {
        c->certifies_count = institution->certifies_first;
        return reject(row, CERTIFIES, "over 64 occupations 评价职业超过64个", NULL);
    }
    if (institution->certifies_count > 1)
        qsort(c->certifies + institution->certifies_first, institution->certifies_count, sizeof(uint32_t), rising);
    return true;
}

bool
campaign_certifies(const struct campaign *c, uint32_t institution, const char *occupation)
{
    const struct campaign_institution *body = &c->institutions[institution];
    uint32_t code = campaign_occupation(occupation);

    return body->certifies_count > 0 &&
           bsearch(&code, c->certifies + body->certifies_first, body->certifies_count, sizeof(code), rising);
}

/* 8 to 34 letters and digits, or nothing. What a spreadsheet made of an account must not
 * cost the classes of the institution. */
static const char *
account_of(const struct row *row)
{
    const char *text = row->cells[ACCOUNT];
    size_t length = strlen(text);

    if (length == 0 || (length >= 8 && length <= 34 && strspn(text, ACCOUNT_LETTERS) == length))
        return arena_copy(&row->reader->arena, text);
    note(row, "the account is not 8 to 34 letters and digits, and is left out 账号格式有误，未采用");
    return "";
}

static bool
read_texts(const struct row *row, struct campaign_institution *institution)
{
    const char *name;

    if (!cell_text(row, NAME, SIZE_MAX, &name))
        return false;
    institution->name = cell_text_cut(row, NAME, NAME_BYTES);
    institution->account = account_of(row);
    institution->bank = cell_text_cut(row, BANK, BANK_BYTES);
    return true;
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_institution institution = {.line = row->line};

    if (!cell_credit(row, USCC, institution.code) ||
        !cell_word(row, KIND, &words_institution_kinds, &institution.kind) ||
        !cell_division(row, DIVISION, &institution.division) || !cell_truth(row, INSURED, &institution.insured) ||
        !cell_day_or(row, DESIGNATED_FROM, INT32_MAX, &institution.designated_from_day) ||
        !cell_day_or(row, DESIGNATED_TO, INT32_MAX, &institution.designated_to_day) || !read_texts(row, &institution))
        return;
    if (index_get_text(row->reader->institution_of, institution.code) != CAMPAIGN_NONE) {
        reject(row, USCC, "the institution is there already 机构重复", institution.code);
        return;
    }
    if (!read_certifies(row, &institution))
        return;
    index_put_text(row->reader->institution_of, institution.code, c->institutions_count);
    APPEND(c->institutions, institution);
}

const struct sheet institutions_sheet = {.name = "institutions.csv",
                                         .required = true,
                                         .columns = columns,
                                         .columns_count = sizeof(columns) / sizeof(columns[0]),
                                         .use = use};
