/* Results (考核结果): a certificate for each person who passed. */
#include "cli/campaign/reader.h"

#include "domain/date.h"

enum { CLASS_NO, ID_NUMBER, CERTIFICATE_KIND, LEVEL, CERTIFICATE_NO, DATE, EVALUATOR };

static const struct column columns[] = {
    [CLASS_NO] = {"class_no", "班级编号", true},
    [ID_NUMBER] = {"id_number", "身份证号", true},
    [CERTIFICATE_KIND] = {"certificate_kind", "证书类型", true},
    [LEVEL] = {"level", "等级", true},
    [CERTIFICATE_NO] = {"certificate_no", "证书编号", true},
    [DATE] = {"date", "日期", true},
    [EVALUATOR] = {"evaluator", "评价机构", true},
};

static bool
read_roster_row(const struct row *row, uint32_t *class_, struct campaign_result *result)
{
    char id[CITIZEN_TEXT];
    uint32_t person;

    if (!cell_class(row, CLASS_NO, class_) || !cell_citizen(row, ID_NUMBER, id))
        return false;
    person = person_find(row->reader, id);
    result->roster = CAMPAIGN_NONE;
    if (person != CAMPAIGN_NONE)
        result->roster = campaign_row_of(row->reader->campaign, *class_, person);
    return result->roster != CAMPAIGN_NONE ||
           reject(row, ID_NUMBER, "not on the class's roster 人员不在该班级名册中", NULL);
}

/* The first two kinds have a level, the others none: 2.10-a. */
static bool
read_certificate(const struct row *row, struct campaign_result *result)
{
    const char *number;
    enum identifier_fault fault;
    bool levelled;

    if (!cell_word(row, CERTIFICATE_KIND, &words_certificate_kinds, &result->kind) ||
        !cell_level_or_zero(row, LEVEL, &result->level) || !cell_day(row, DATE, &result->day) ||
        !cell_text(row, CERTIFICATE_NO, 64, &number))
        return false;
    levelled = result->kind == COMMON__CERTIFICATE_KIND__QUALIFICATION ||
               result->kind == COMMON__CERTIFICATE_KIND__SKILL_LEVEL;
    if (levelled != (result->level != 0))
        return reject(row, LEVEL,
                      levelled ? "this kind of certificate has a level 此类证书须填等级"
                               : "this kind of certificate has no level 此类证书没有等级",
                      NULL);
    fault = certificate_number(number, result->kind, result->level, date_of(result->day).year);
    if (fault != IDENTIFIER_OK)
        return reject(row, CERTIFICATE_NO, identifier_fault_text(fault), NULL);
    result->number = number;
    return true;
}

static bool
read_evaluator(const struct row *row, uint32_t class_, struct campaign_result *result)
{
    const struct campaign *c = row->reader->campaign;
    const char *occupation = c->projects[c->classes[class_].project].occupation;

    if (!cell_institution(row, EVALUATOR, "unknown evaluator, or one that was rejected 评价机构不存在或未被采用",
                          &result->evaluator))
        return false;
    return campaign_certifies(c, result->evaluator, occupation) ||
           reject(row, EVALUATOR, "may not certify the occupation 评价机构无权评价该职业", occupation);
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_result result = {.line = row->line};
    uint32_t class_;

    if (!read_roster_row(row, &class_, &result) || !read_certificate(row, &result) ||
        !read_evaluator(row, class_, &result))
        return;
    if (result.day < c->classes[class_].end_day) {
        reject(row, DATE, "before the class's end 日期早于结业日期", row->cells[DATE]);
        return;
    }
    if (c->roster[result.roster].result != CAMPAIGN_NONE) {
        reject(row, ID_NUMBER, "the person has a result in this class already 同一班级中考核结果重复", NULL);
        return;
    }
    c->roster[result.roster].result = c->results_count;
    c->classes[class_].certified++;
    result.number = arena_copy(&row->reader->arena, result.number);
    APPEND(c->results, result);
}

const struct sheet results_sheet = {
    .name = "results.csv", .columns = columns, .columns_count = sizeof(columns) / sizeof(columns[0]), .use = use};
