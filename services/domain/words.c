/* The vocabularies as tables, in the order of common.proto. */
#include "domain/words.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct word groups[] = {
    {COMMON__GROUP__ENTERPRISE_EMPLOYEE, "enterprise_employee", "企业职工"},
    {COMMON__GROUP__RURAL_MIGRANT, "rural_migrant", "农村转移就业劳动者"},
    {COMMON__GROUP__SCHOOL_LEAVER, "school_leaver", "两后生"},
    {COMMON__GROUP__UNEMPLOYED, "unemployed", "下岗失业人员"},
    {COMMON__GROUP__VETERAN, "veteran", "退役军人"},
    {COMMON__GROUP__HARD_TO_EMPLOY, "hard_to_employ", "就业困难人员"},
    {COMMON__GROUP__DISABLED, "disabled", "残疾人"},
    {COMMON__GROUP__ZERO_EMPLOYMENT_FAMILY, "zero_employment_family", "零就业家庭成员"},
    {COMMON__GROUP__REGISTERED_POOR, "registered_poor", "贫困劳动力"},
    {COMMON__GROUP__POOR_FAMILY, "poor_family", "贫困家庭子女"},
    {COMMON__GROUP__COLLEGE_GRADUATE, "college_graduate", "高校毕业生"},
    {COMMON__GROUP__CAPACITY_CUT_WORKER, "capacity_cut_worker", "去产能失业人员"},
    {COMMON__GROUP__FARMER, "farmer", "职业农民"},
};

static const struct word households[] = {
    {COMMON__HOUSEHOLD__RURAL, "rural", "农村"},
    {COMMON__HOUSEHOLD__URBAN, "urban", "城镇"},
};

static const struct word class_kinds[] = {
    {COMMON__CLASS_KIND__PRE_JOB, "pre_job", "岗前培训"},
    {COMMON__CLASS_KIND__ON_JOB, "on_job", "在岗培训"},
    {COMMON__CLASS_KIND__TRANSFER, "transfer", "转岗转业培训"},
    {COMMON__CLASS_KIND__APPRENTICESHIP, "apprenticeship", "新型学徒制"},
    {COMMON__CLASS_KIND__EMPLOYMENT, "employment", "就业技能培训"},
    {COMMON__CLASS_KIND__UPGRADE, "upgrade", "技能提升培训"},
    {COMMON__CLASS_KIND__LABOUR_PREPARATION, "labour_preparation", "劳动预备培训"},
    {COMMON__CLASS_KIND__ENTREPRENEURSHIP, "entrepreneurship", "创业培训"},
    {COMMON__CLASS_KIND__TECHNICIAN, "technician", "技师培训"},
    {COMMON__CLASS_KIND__WORK_AS_TRAINING, "work_as_training", "以工代训"},
    {COMMON__CLASS_KIND__TECHNICAL_EDUCATION, "technical_education", "技工教育"},
};

static const struct word certificate_kinds[] = {
    {COMMON__CERTIFICATE_KIND__QUALIFICATION, "qualification", "职业资格证书"},
    {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, "skill_level", "职业技能等级证书"},
    {COMMON__CERTIFICATE_KIND__SPECIAL_ABILITY, "special_ability", "专项职业能力证书"},
    {COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION, "special_operation", "特种作业操作证书"},
    {COMMON__CERTIFICATE_KIND__COMPLETION, "completion", "培训合格证书"},
};

static const struct word institution_kinds[] = {
    {COMMON__INSTITUTION_KIND__TRAINING, "training", "培训机构"},
    {COMMON__INSTITUTION_KIND__VOCATIONAL_SCHOOL, "vocational_school", "职业院校"},
    {COMMON__INSTITUTION_KIND__ENTERPRISE, "enterprise", "企业"},
    {COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL, "enterprise_school", "企业办学"},
    {COMMON__INSTITUTION_KIND__COOPERATIVE, "cooperative", "农民专业合作社"},
    {COMMON__INSTITUTION_KIND__POVERTY_WORKSHOP, "poverty_workshop", "扶贫车间"},
    {COMMON__INSTITUTION_KIND__EVALUATION, "evaluation", "评价机构"},
};

static const struct word items[] = {
    {COMMON__ITEM__PRE_JOB_TRAINING, "pre_job_training", "岗前培训补贴"},
    {COMMON__ITEM__CERTIFIED_TRAINING, "certified_training", "取证培训补贴"},
    {COMMON__ITEM__APPRENTICESHIP_TRAINING, "apprenticeship", "学徒培训补贴"},
    {COMMON__ITEM__SKILL_UPGRADE, "skill_upgrade", "技能提升补贴"},
    {COMMON__ITEM__TECHNICIAN_TRAINING, "technician_training", "技师培训补贴"},
    {COMMON__ITEM__FREE_TRAINING, "free_training", "免费技能培训补贴"},
    {COMMON__ITEM__ENTREPRENEURSHIP_TRAINING, "entrepreneurship_training", "创业培训补贴"},
    {COMMON__ITEM__STUDENT_LIVING, "student_living", "两后生生活费补贴"},
    {COMMON__ITEM__HARDSHIP_LIVING, "hardship_living", "就业困难人员生活费补贴"},
    {COMMON__ITEM__POVERTY_TRAINING, "poverty_training", "贫困劳动力项目制培训补贴"},
    {COMMON__ITEM__POVERTY_LIVING, "poverty_living", "贫困劳动力生活费补贴"},
    {COMMON__ITEM__TECHNICAL_GRANT, "technical_grant", "技工教育助学金"},
    {COMMON__ITEM__TUITION_WAIVER, "tuition_waiver", "技工教育免学费"},
    {COMMON__ITEM__HOUSEHOLD_EDUCATION, "household_education", "贫困户家庭教育补助"},
    {COMMON__ITEM__ENTERPRISE_SCHOOL_BONUS, "enterprise_school_bonus", "企业办学补贴"},
    {COMMON__ITEM__GRADUATE_TRAINING, "graduate_training", "高校毕业生培训补贴"},
    {COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, "work_as_training", "以工代训补贴"},
    {COMMON__ITEM__ABSORPTION_BONUS, "absorption_bonus", "一次性吸纳补贴"},
};

static const struct word funds[] = {
    {COMMON__FUND__EMPLOYMENT_SUBSIDY, "employment_subsidy", "就业补助资金"},
    {COMMON__FUND__UNEMPLOYMENT_INSURANCE, "unemployment_insurance", "失业保险基金"},
    {COMMON__FUND__SKILLS_ACCOUNT, "skills_account", "职业技能提升行动专账"},
    {COMMON__FUND__LOCAL_TALENT, "local_talent", "地方人才经费"},
    {COMMON__FUND__INDUSTRY, "industry", "行业产业发展经费"},
};

static const struct word purposes[] = {
    {COMMON__PURPOSE__TRAINING_BASE, "training_base", "高技能人才培训基地"},
    {COMMON__PURPOSE__MASTER_STUDIO, "master_studio", "技能大师工作室"},
    {COMMON__PURPOSE__MODEL_WORKER_STUDIO, "model_worker_studio", "劳模和工匠人才创新工作室"},
    {COMMON__PURPOSE__SAFETY_BASE, "safety_base", "安全生产和技能实训基地"},
    {COMMON__PURPOSE__EQUIPMENT, "equipment", "实训设备升级改造"},
    {COMMON__PURPOSE__SHARED_BASE, "shared_base", "公共实训基地"},
    {COMMON__PURPOSE__TEACHERS, "teachers", "师资建设和培训"},
    {COMMON__PURPOSE__TEACHING_MATERIAL, "teaching_material", "教材开发"},
    {COMMON__PURPOSE__TEACHING_REFORM, "teaching_reform", "教学改革"},
    {COMMON__PURPOSE__COMPETITION, "competition", "职业技能竞赛"},
    {COMMON__PURPOSE__ORGANISER_REWARD, "organiser_reward", "组织动员奖补"},
};

static const struct word payees[] = {
    {COMMON__PAYEE__PAYEE_PERSON, "person", "个人"},
    {COMMON__PAYEE__PAYEE_ENTERPRISE, "enterprise", "用人单位"},
    {COMMON__PAYEE__PAYEE_INSTITUTION, "institution", "培训机构"},
};

static const struct word departments[] = {
    {COMMON__DEPARTMENT__HUMAN_RESOURCES, "human_resources", "人力资源和社会保障"},
    {COMMON__DEPARTMENT__EDUCATION, "education", "教育"},
    {COMMON__DEPARTMENT__VETERANS, "veterans", "退役军人事务"},
    {COMMON__DEPARTMENT__DISABLED_FEDERATION, "disabled_federation", "残联"},
    {COMMON__DEPARTMENT__AGRICULTURE, "agriculture", "农业农村"},
    {COMMON__DEPARTMENT__CIVIL_AFFAIRS, "civil_affairs", "民政"},
    {COMMON__DEPARTMENT__WOMENS_FEDERATION, "womens_federation", "妇联"},
    {COMMON__DEPARTMENT__EMERGENCY_MANAGEMENT, "emergency_management", "应急管理"},
    {COMMON__DEPARTMENT__FINANCE, "finance", "财政"},
};

static const struct word reasons[] = {
    {COMMON__REASON__NO_POLICY_IN_FORCE, "no_policy_in_force", "当日无有效政策"},
    {COMMON__REASON__NO_CERTIFICATE, "no_certificate", "未取得证书"},
    {COMMON__REASON__NO_COMPLETED_YEAR, "no_completed_year", "学徒培训未满一年"},
    {COMMON__REASON__INSURED_MONTHS, "insured_months", "失业保险缴费月数不足"},
    {COMMON__REASON__NO_ATTENDED_MONTH, "no_attended_month", "培训未满一个月"},
    {COMMON__REASON__NO_ATTENDED_DAY, "no_attended_day", "无出勤记录"},
    {COMMON__REASON__EMPLOYED_MONTHS, "employed_months", "稳定就业月数不足"},
    {COMMON__REASON__MONTHS_USED_UP, "months_used_up", "补贴月数已用完"},
    {COMMON__REASON__NO_LOCAL_STANDARD, "no_local_standard", "当地未制定标准"},
    {COMMON__REASON__NO_REFERENCE_FIGURE, "no_reference_figure", "缺少参照标准"},
    {COMMON__REASON__SAME_OCCUPATION_LEVEL, "same_occupation_level", "同一职业同一等级已享受补贴"},
    {COMMON__REASON__ALREADY_PAID, "already_paid", "已享受该项补贴"},
    {COMMON__REASON__YEARLY_LIMIT, "yearly_limit", "已达年度补贴次数上限"},
    {COMMON__REASON__EXCLUSIVE_WITH_ABSORPTION, "exclusive_with_absorption", "已享受一次性吸纳补贴"},
    {COMMON__REASON__ANOTHER_PAYS_THIS_TRAINING, "another_pays_this_training", "本次培训已由其他项目补贴"},
    {COMMON__REASON__ANOTHER_LIVING_ALLOWANCE, "another_living_allowance", "已享受其他生活费补贴"},
    {COMMON__REASON__FACT_NOT_KNOWN, "fact_not_known", "所需事实尚不明确"},
    {COMMON__REASON__AGE_OUT_OF_RANGE, "age_out_of_range", "年龄不符合条件"},
    {COMMON__REASON__EXCLUDED_CATEGORY, "excluded_category", "属于不予补贴人员"},
    {COMMON__REASON__CERTIFICATE_TOO_OLD, "certificate_too_old", "超过证书申领期限"},
    {COMMON__REASON__CONTRIBUTION_TOO_SHORT, "contribution_too_short", "社会保险缴费月数不足"},
    {COMMON__REASON__TOO_FEW_HOURS, "too_few_hours", "培训课时不足"},
    {COMMON__REASON__OCCUPATION_NOT_LISTED, "occupation_not_listed", "职业工种不在目录"},
    {COMMON__REASON__OUTCOME_NOT_REACHED, "outcome_not_reached", "未达到培训结果要求"},
    {COMMON__REASON__EXCLUDED_BY_ANOTHER, "excluded_by_another", "与已享受的其他项目不可兼得"},
    {COMMON__REASON__SAME_CERTIFICATE, "same_certificate", "同一证书已享受补贴"},
    {COMMON__REASON__HIGHER_LEVEL_HELD, "higher_level_held", "已享受更高等级补贴"},
    {COMMON__REASON__PERSON_CAP, "person_cap", "超过个人补贴总额上限"},
    {COMMON__REASON__YEARLY_CAP, "yearly_cap", "超过个人年度补贴上限"},
    {COMMON__REASON__ENTERPRISE_CAP, "enterprise_cap", "超过企业补贴上限"},
    {COMMON__REASON__REQUIREMENT_NOT_MET, "requirement_not_met", "不符合享受条件"},
    {COMMON__REASON__OUTCOME_TOO_LATE, "outcome_too_late", "超过结果认定期限"},
};

/* Items of the packs' own, by number: what they are called where no pack is at hand. No pack can name its own so: its
 * names have no blanks. */
#define OWN(number)                                                                                                    \
    {                                                                                                                  \
        number, "item " #number, "项目" #number                                                                        \
    }
static const struct word own_items[] = {OWN(19), OWN(20), OWN(21), OWN(22), OWN(23), OWN(24), OWN(25),
                                        OWN(26), OWN(27), OWN(28), OWN(29), OWN(30), OWN(31)};

#define VOCABULARY(name, table)                                                                                        \
    {                                                                                                                  \
        name, table, COUNT(table)                                                                                      \
    }

const struct vocabulary words_groups = VOCABULARY("group", groups);
const struct vocabulary words_households = VOCABULARY("household", households);
const struct vocabulary words_class_kinds = VOCABULARY("class_kind", class_kinds);
const struct vocabulary words_certificate_kinds = VOCABULARY("certificate_kind", certificate_kinds);
const struct vocabulary words_institution_kinds = VOCABULARY("institution_kind", institution_kinds);
const struct vocabulary words_items = VOCABULARY("item", items);
const struct vocabulary words_funds = VOCABULARY("fund", funds);
const struct vocabulary words_purposes = VOCABULARY("purpose", purposes);
const struct vocabulary words_payees = VOCABULARY("payee", payees);
const struct vocabulary words_departments = VOCABULARY("department", departments);
const struct vocabulary words_reasons = VOCABULARY("reason", reasons);

/* The longest vocabulary has 18 words: a walk is faster than anything cleverer. */
const struct word *
word_find(const struct vocabulary *vocabulary, const char *text)
{
    for (size_t i = 0; i < vocabulary->count; i++) {
        const struct word *word = &vocabulary->words[i];

        if (!strcmp(word->name, text) || !strcmp(word->zh, text))
            return word;
    }
    for (size_t i = 0; vocabulary == &words_items && i < COUNT(own_items); i++)
        if (!strcmp(own_items[i].name, text) || !strcmp(own_items[i].zh, text))
            return &own_items[i];
    return NULL;
}

static const struct word *
by_number(const struct vocabulary *vocabulary, int number)
{
    for (size_t i = 0; i < vocabulary->count; i++)
        if (vocabulary->words[i].number == number)
            return &vocabulary->words[i];
    for (size_t i = 0; vocabulary == &words_items && i < COUNT(own_items); i++)
        if (own_items[i].number == number)
            return &own_items[i];
    return NULL;
}

const char *
word_name(const struct vocabulary *vocabulary, int number)
{
    const struct word *word = by_number(vocabulary, number);

    return word ? word->name : "?";
}

const char *
word_zh(const struct vocabulary *vocabulary, int number)
{
    const struct word *word = by_number(vocabulary, number);

    return word ? word->zh : "?";
}

int
word_keeper(int group)
{
    static const int keepers[] = {
        [COMMON__GROUP__ENTERPRISE_EMPLOYEE] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__RURAL_MIGRANT] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__SCHOOL_LEAVER] = COMMON__DEPARTMENT__EDUCATION,
        [COMMON__GROUP__UNEMPLOYED] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__VETERAN] = COMMON__DEPARTMENT__VETERANS,
        [COMMON__GROUP__HARD_TO_EMPLOY] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__DISABLED] = COMMON__DEPARTMENT__DISABLED_FEDERATION,
        [COMMON__GROUP__ZERO_EMPLOYMENT_FAMILY] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__REGISTERED_POOR] = COMMON__DEPARTMENT__AGRICULTURE,
        [COMMON__GROUP__POOR_FAMILY] = COMMON__DEPARTMENT__CIVIL_AFFAIRS,
        [COMMON__GROUP__COLLEGE_GRADUATE] = COMMON__DEPARTMENT__EDUCATION,
        [COMMON__GROUP__CAPACITY_CUT_WORKER] = COMMON__DEPARTMENT__HUMAN_RESOURCES,
        [COMMON__GROUP__FARMER] = COMMON__DEPARTMENT__AGRICULTURE,
    };

    return group > 0 && (size_t)group < sizeof(keepers) / sizeof(keepers[0]) ? keepers[group] : 0;
}
