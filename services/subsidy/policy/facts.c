/* Facts: their bounds, their names, their form for rules. */
#include "subsidy/policy/facts.h"

#include <stddef.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"

#define LEVELS UINT64_C(0x3e) /* 1 to 5 */
#define LEVELLED                                                                                                       \
    (POLICY_BIT(COMMON__CERTIFICATE_KIND__QUALIFICATION) | POLICY_BIT(COMMON__CERTIFICATE_KIND__SKILL_LEVEL))
#define EMPLOYERS                                                                                                      \
    (POLICY_BIT(COMMON__INSTITUTION_KIND__ENTERPRISE) | POLICY_BIT(COMMON__INSTITUTION_KIND__COOPERATIVE) |            \
     POLICY_BIT(COMMON__INSTITUTION_KIND__POVERTY_WORKSHOP))
#define GROUPS_ALL   (POLICY_BIT(COMMON__GROUP__FARMER + 1) - 2)
#define OUTCOMES_ALL (POLICY_BIT(POLICY__OUTCOME__RETAINED + 1) - 2)
#define ASKED        (POLICY_BIT(POLICY_FACT_COUNT) - POLICY_BIT(POLICY__FACT__AGE)) /* what Pack.asks speaks of */

/* What date.h can hold: 1900-01-01 to 2199-12-31. */
#define DAY_FIRST INT32_C(-25567)
#define DAY_LAST  INT32_C(84005)

static const struct word sexes[] = {{POLICY__SEX__MALE, "male", "男"}, {POLICY__SEX__FEMALE, "female", "女"}};
static const struct word outcomes[] = {
    {POLICY__OUTCOME__DROPPED_OUT, "dropped_out", "未完成培训"}, {POLICY__OUTCOME__COMPLETED, "completed", "结业"},
    {POLICY__OUTCOME__CERTIFIED, "certified", "取得证书"},       {POLICY__OUTCOME__EMPLOYED, "employed", "实现就业"},
    {POLICY__OUTCOME__FOUNDED, "founded", "成功创业"},           {POLICY__OUTCOME__RETAINED, "retained", "稳定就业"}};

const struct vocabulary words_sexes = {"sex", sexes, sizeof(sexes) / sizeof(sexes[0])};
const struct vocabulary words_outcomes = {"outcome", outcomes, sizeof(outcomes) / sizeof(outcomes[0])};

const struct fact_word fact_words[POLICY_FACT_COUNT] = {
    [POLICY__FACT__GROUPS] = {"groups", "the person's groups", "人员类别", FACT_WORDS, &words_groups},
    [POLICY__FACT__CLASS] = {"class", "the kind of training", "培训类型", FACT_WORDS, &words_class_kinds},
    [POLICY__FACT__HOUSEHOLD] = {"household", "the household", "户籍性质", FACT_WORDS, &words_households},
    [POLICY__FACT__EMPLOYER] = {"employer", "the employer", "用人单位类型", FACT_WORDS, &words_institution_kinds},
    [POLICY__FACT__LEVEL] = {"level", "the level trained for", "培训等级", FACT_LEVELS, NULL},
    [POLICY__FACT__CERTIFICATE] = {"certificate", "the certificate", "证书类型", FACT_WORDS, &words_certificate_kinds},
    [POLICY__FACT__CERTIFICATE_LEVEL] = {"certificate_level", "the certificate's level", "证书等级", FACT_LEVELS, NULL},
    [POLICY__FACT__LIVING_ALLOWANCE] = {"living_allowance", "on the minimum living allowance", "低保家庭", FACT_TRUTH,
                                        NULL},
    [POLICY__FACT__EMPLOYER_INSURED] = {"employer_insured", "the employer is insured", "用人单位参保", FACT_TRUTH,
                                        NULL},
    [POLICY__FACT__PROJECT_BASED] = {"project_based", "bought project by project", "项目制", FACT_TRUTH, NULL},
    [POLICY__FACT__ENTERPRISE_SCHOOL] = {"enterprise_school", "the school is run with an enterprise", "企业办学",
                                         FACT_TRUTH, NULL},
    [POLICY__FACT__COST] = {"cost", "the cost", "培训成本", FACT_MONEY, NULL},
    [POLICY__FACT__DAYS] = {"days", "attended days", "出勤天数", FACT_NUMBER, NULL},
    [POLICY__FACT__MONTHS] = {"months", "whole months", "培训月数", FACT_NUMBER, NULL},
    [POLICY__FACT__YEARS] = {"years", "completed years", "完成学年数", FACT_NUMBER, NULL},
    [POLICY__FACT__INSURED_MONTHS] = {"insured_months", "months of unemployment insurance", "失业保险缴费月数",
                                      FACT_NUMBER, NULL},
    [POLICY__FACT__EMPLOYED_MONTHS] = {"employed_months", "months in stable employment", "稳定就业月数", FACT_NUMBER,
                                       NULL},
    [POLICY__FACT__MONTHS_LEFT] = {"months_left", "months left", "剩余月数", FACT_NUMBER, NULL},
    [POLICY__FACT__AGE] = {"age", "the age", "年龄", FACT_NUMBER, NULL},
    [POLICY__FACT__SEX] = {"sex", "the sex", "性别", FACT_WORDS, &words_sexes},
    [POLICY__FACT__HOURS] = {"hours", "class-hours of the course", "培训课时", FACT_NUMBER, NULL},
    [POLICY__FACT__SHORTAGE] = {"shortage", "the shortage class", "紧缺程度", FACT_PACK_WORDS, NULL},
    [POLICY__FACT__OCCUPATION_LIST] = {"occupation_list", "the lists that hold the occupation", "所在职业目录",
                                       FACT_PACK_WORDS, NULL},
    [POLICY__FACT__CERTIFICATE_MONTHS] = {"certificate_months", "months since the certificate", "取证至申领月数",
                                          FACT_NUMBER, NULL},
    [POLICY__FACT__CONTRIBUTION_MONTHS] = {"contribution_months", "months of social insurance paid", "社会保险缴费月数",
                                           FACT_NUMBER, NULL},
    [POLICY__FACT__OUTCOME] = {"outcome", "the outcome", "培训结果", FACT_WORDS, &words_outcomes},
};

static bool
within(int32_t value, int32_t most)
{
    return value >= 0 && value <= most;
}

bool
facts_day_known(int32_t day)
{
    return day >= DAY_FIRST && day <= DAY_LAST;
}

static const char *
person_fault(const struct facts *facts)
{
    if (facts->groups & ~GROUPS_ALL)
        return "the groups hold one that is not known 人员类别不明";
    if (facts->household > COMMON__HOUSEHOLD__URBAN)
        return "the household is neither rural nor urban; leave it out where it is not known "
               "户籍性质须为农村或城镇，不详则不填";
    if (!within(facts->insured_months, POLICY_MONTHS_MAX) || !within(facts->employed_months, POLICY_MONTHS_MAX))
        return "months of insurance and of employment are 0 to 1200 参保月数和就业月数须为0至1200";
    if (facts->employer && (facts->employer > 63 || !(EMPLOYERS & POLICY_BIT(facts->employer))))
        return "the employer is neither enterprise, cooperative nor poverty_workshop "
               "用人单位须为企业、合作社或扶贫车间";
    if (facts->employer_insured && !facts->employer)
        return "an insured employer needs its kind 参保的用人单位须注明类型";
    if (facts->age > POLICY_AGE_MAX || facts->sex > POLICY__SEX__FEMALE)
        return "the age is 0 to 150, the sex male or female; leave them out where they are not known "
               "年龄须为0至150，性别须为男或女，不详则不填";
    if (!within(facts->contribution_months, POLICY_MONTHS_MAX))
        return "months of contribution are 0 to 1200 社会保险缴费月数须为0至1200";
    return NULL;
}

static const char *
training_fault(const struct facts *facts)
{
    if (facts->class_kind < 1 || facts->class_kind > COMMON__CLASS_KIND__TECHNICAL_EDUCATION)
        return "the kind of training is not known 培训类型不明";
    if (facts->level > 5)
        return "the level trained for is not 5, 4, 3, 2 or 1 培训等级须为5至1级";
    if (facts->cost_fen <= 0 || facts->cost_fen > (facts->first_reading ? MONEY_FEN_MAX : TRAINING_COST_FEN_MAX))
        return "the cost per person must be 0.01 to 1,000,000.00 yuan 人均成本须大于零且不超过100万元";
    if (!within(facts->days, POLICY_DAYS_MAX) || !within(facts->months, POLICY_MONTHS_MAX) ||
        !within(facts->years, 100))
        return "days are 0 to 36600, months 0 to 1200, years 0 to 100 天数须为0至36600，月数0至1200，年数0至100";
    if (!within(facts->hours, POLICY_HOURS_MAX))
        return "class-hours are 0 to 100000 课时须为0至100000";
    if (facts->outcomes & ~OUTCOMES_ALL)
        return "the outcome is not known 培训结果不明";
    if ((facts->outcomes & POLICY_BIT(POLICY__OUTCOME__DROPPED_OUT)) &&
        (facts->outcomes & (POLICY_BIT(POLICY__OUTCOME__COMPLETED) | POLICY_BIT(POLICY__OUTCOME__CERTIFIED))))
        return "who dropped out has neither completed the training nor a certificate of it; correct the outcome "
               "中途退出者既未结业也未取证，请更正培训结果";
    return NULL;
}

static const char *
certificate_fault(const struct facts *facts)
{
    bool levelled;

    if (!facts->certificate)
        return facts->certificate_level ? "a certificate's level needs its kind 证书等级须注明证书类型" : NULL;
    if (facts->certificate > COMMON__CERTIFICATE_KIND__COMPLETION)
        return "the kind of certificate is not known 证书类型不明";
    levelled = LEVELLED & POLICY_BIT(facts->certificate);
    if (levelled && (facts->certificate_level < 1 || facts->certificate_level > 5))
        return "a qualification or skill_level certificate carries a level of 5, 4, 3, 2 or 1 "
               "职业资格证书和技能等级证书须为5至1级";
    if (!levelled && facts->certificate_level)
        return "only qualification and skill_level certificates carry a level 只有职业资格证书和技能等级证书有等级";
    if (!facts_day_known(facts->certificate_day))
        return "the certificate's date is out of range 取证日期超出范围";
    return NULL;
}

static const char *
lines_fault(const struct paid_before *lines, uint32_t count)
{
    if (count > POLICY_HISTORY_MAX)
        return "the history holds more than 4096 payments 以往补贴超过4096笔";
    for (uint32_t i = 0; i < count; i++) {
        const struct paid_before *paid = &lines[i];

        if (paid->item < 1 || paid->item >= POLICY_ITEMS)
            return "the history holds an item that is not known 以往补贴项目不明";
        if (paid->level > 5 || !within(paid->months, POLICY_MONTHS_MAX) || !facts_day_known(paid->day))
            return "the history holds a level, a number of months or a date out of range "
                   "以往补贴的等级、月数或日期超出范围";
        if (paid->amount_fen < 0 || paid->amount_fen > MONEY_FEN_MAX)
            return "the history holds an amount out of range 以往补贴金额超出范围";
    }
    return NULL;
}

static const char *
history_fault(const struct facts *facts)
{
    const char *fault = lines_fault(facts->history, facts->history_count);

    return fault ? fault : lines_fault(facts->enterprise_history, facts->enterprise_count);
}

static const char *
claim_fault(const struct facts *facts)
{
    if (!facts_day_known(facts->day))
        return "the day of the claim is out of range 申领日期超出范围";
    if (facts->division < 100000 || facts->division > 999999)
        return "the division is not six digits 行政区划代码须为六位";
    return NULL;
}

const char *
facts_fault(const struct facts *facts)
{
    static const char *(*const faults[])(const struct facts *) = {claim_fault,       person_fault, training_fault,
                                                                  certificate_fault, told_fault,   history_fault};

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        const char *fault = faults[i](facts);

        if (fault)
            return fault;
    }
    return NULL;
}

/* Implications are applied in the pack's order, once: one that builds on another stands after it. */
static int64_t
groups_closed(uint64_t groups, const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_implications; i++)
        if (groups & POLICY_BIT(pack->implications[i]->group))
            groups |= POLICY_BIT(pack->implications[i]->implies);
    return (int64_t)groups;
}

/* The mask of one word; bit 0, "not given", is never set. */
static int64_t
bit(unsigned number)
{
    return (int64_t)(POLICY_BIT(number) & ~UINT64_C(1));
}

/* Does the range hold the occupation? Below 0: it lies before. */
static int
beside(const Policy__Occupations *range, uint32_t occupation)
{
    if (occupation < range->first)
        return -1;
    return occupation > range->last;
}

static bool
listed(const Policy__OccupationList *list, uint32_t occupation)
{
    size_t low = 0, high = list->n_occupations;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int side = beside(list->occupations[middle], occupation);

        if (side == 0)
            return true;
        if (side < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

const Policy__CatalogueRow *
catalogue_row(const Policy__Catalogue *catalogue, uint32_t occupation)
{
    size_t low = 0, high = catalogue->n_rows;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int side = beside(catalogue->rows[middle]->occupations, occupation);

        if (side == 0)
            return catalogue->rows[middle];
        if (side < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Whole months from one day to another, none where it lies before. A month is over on the same day of the next, or on
 * that one's last where it has no such day. */
static int64_t
months_between(int32_t from, int32_t to)
{
    struct date first = date_of(from), last = date_of(to), after = date_of(to + 1);
    int64_t months = (last.year - first.year) * 12 + last.month - first.month;

    if (last.day < first.day && after.month == last.month)
        months--;
    return to < from || months < 0 ? 0 : months;
}

/* The facts that few packs ask for and that take a search. */
static uint64_t
searched(const struct facts *facts, const Policy__Pack *pack, int64_t values[POLICY_FACT_COUNT])
{
    uint64_t known = 0, shortage = 0, lists = 0;

    if ((pack->asks & POLICY_BIT(POLICY__FACT__CERTIFICATE_MONTHS)) && facts->certificate) {
        values[POLICY__FACT__CERTIFICATE_MONTHS] = months_between(facts->certificate_day, facts->day);
        known |= POLICY_BIT(POLICY__FACT__CERTIFICATE_MONTHS);
    }
    if (!facts->occupation)
        return known;
    if (pack->asks & POLICY_BIT(POLICY__FACT__SHORTAGE))
        for (size_t i = 0; i < pack->n_catalogues; i++) {
            const Policy__CatalogueRow *row = catalogue_row(pack->catalogues[i], facts->occupation);

            shortage |= row ? POLICY_BIT(row->shortage) : 0;
        }
    if (pack->asks & POLICY_BIT(POLICY__FACT__OCCUPATION_LIST))
        for (size_t i = 0; i < pack->n_lists; i++)
            lists |= listed(pack->lists[i], facts->occupation) ? POLICY_BIT(i + 1) : 0;
    values[POLICY__FACT__SHORTAGE] = (int64_t)(shortage & ~UINT64_C(1));
    values[POLICY__FACT__OCCUPATION_LIST] = (int64_t)lists;
    return known | POLICY_BIT(POLICY__FACT__SHORTAGE) | POLICY_BIT(POLICY__FACT__OCCUPATION_LIST);
}

/* Those that may be unknown; their values are 0 where they are. */
static uint64_t
asked(const struct facts *facts, const Policy__Pack *pack, int64_t values[POLICY_FACT_COUNT])
{
    uint64_t known = 0;

    for (int fact = POLICY__FACT__AGE; fact < POLICY_FACT_COUNT; fact++)
        values[fact] = 0;
    values[POLICY__FACT__AGE] = facts->age;
    values[POLICY__FACT__SEX] = bit(facts->sex);
    values[POLICY__FACT__HOURS] = facts->hours;
    known |= facts->age ? POLICY_BIT(POLICY__FACT__AGE) : 0;
    known |= facts->sex ? POLICY_BIT(POLICY__FACT__SEX) : 0;
    known |= facts->hours ? POLICY_BIT(POLICY__FACT__HOURS) : 0;
    return known | facts_told(facts, INT32_MAX, values) | searched(facts, pack, values);
}

uint64_t
facts_values(const struct facts *facts, const Policy__Pack *pack, int64_t values[POLICY_FACT_COUNT])
{
    values[POLICY__FACT__FACT_UNSPECIFIED] = 0;
    values[POLICY__FACT__GROUPS] = groups_closed(facts->groups, pack);
    values[POLICY__FACT__CLASS] = bit(facts->class_kind);
    values[POLICY__FACT__HOUSEHOLD] = bit(facts->household);
    values[POLICY__FACT__EMPLOYER] = bit(facts->employer);
    values[POLICY__FACT__LEVEL] = bit(facts->level);
    values[POLICY__FACT__CERTIFICATE] = bit(facts->certificate);
    values[POLICY__FACT__CERTIFICATE_LEVEL] = bit(facts->certificate_level);
    values[POLICY__FACT__LIVING_ALLOWANCE] = facts->living_allowance;
    values[POLICY__FACT__EMPLOYER_INSURED] = facts->employer_insured;
    values[POLICY__FACT__PROJECT_BASED] = facts->project_based;
    values[POLICY__FACT__ENTERPRISE_SCHOOL] = facts->enterprise_school;
    values[POLICY__FACT__COST] = facts->cost_fen;
    values[POLICY__FACT__DAYS] = facts->days;
    values[POLICY__FACT__MONTHS] = facts->months;
    values[POLICY__FACT__YEARS] = facts->years;
    values[POLICY__FACT__INSURED_MONTHS] = facts->insured_months;
    values[POLICY__FACT__EMPLOYED_MONTHS] = facts->employed_months;
    values[POLICY__FACT__MONTHS_LEFT] = 0;
    return pack->asks ? ~ASKED | asked(facts, pack, values) : ~ASKED;
}

Policy__Fact
fact_find(const char *name)
{
    for (int fact = 1; fact < POLICY_FACT_COUNT; fact++)
        if (!strcmp(fact_words[fact].name, name))
            return (Policy__Fact)fact;
    return POLICY__FACT__FACT_UNSPECIFIED;
}

/* The bits 1 to count; at most 62. */
static uint64_t
bits(size_t count)
{
    return POLICY_BIT(count + 1) - 2;
}

uint64_t
fact_mask(const Policy__Pack *pack, Policy__Fact fact)
{
    const struct fact_word *word = &fact_words[fact];
    uint64_t mask = 0;

    if (word->form == FACT_LEVELS)
        return LEVELS;
    if (word->form == FACT_PACK_WORDS)
        return bits(fact == POLICY__FACT__SHORTAGE ? pack->n_shortages : pack->n_lists);
    if (word->form != FACT_WORDS)
        return 0;
    for (size_t i = 0; i < word->words->count; i++)
        mask |= POLICY_BIT(word->words->words[i].number);
    return mask;
}

bool
fact_many(Policy__Fact fact)
{
    return fact == POLICY__FACT__GROUPS || fact == POLICY__FACT__SHORTAGE || fact == POLICY__FACT__OCCUPATION_LIST ||
           fact == POLICY__FACT__OUTCOME;
}
