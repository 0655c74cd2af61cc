/* The facts of an explanation, one a line: what it is, whose word it is, and since when. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/explanation/explanation.h"
#include "subsidy/nouns.h"

struct lines {
    const struct jn_decision *d;
    const struct past *past;
    Subsidy__ExplainView *reply;
    struct attested attested[GROUPS_COUNT];
    int64_t values[POLICY_FACT_COUNT];
    uint64_t known; /* mask: those from AGE on may be missing */
};

/* ---- Which facts the rule asks for ---- */

static uint64_t
facts_of(const Policy__Rule *rule)
{
    uint64_t facts = pack_rule_asks(rule);

    if (rule->standard)
        facts |= POLICY_BIT(rule->standard->level_of);
    /* What limits look at. */
    facts |= POLICY_BIT(POLICY__FACT__CERTIFICATE) | POLICY_BIT(POLICY__FACT__CERTIFICATE_LEVEL);
    return facts & ~(POLICY_BIT(POLICY__FACT__FACT_UNSPECIFIED) | POLICY_BIT(POLICY__FACT__MONTHS_LEFT));
}

/* ---- Whose word it is ---- */

struct word_of {
    Subsidy__Source source;
    const char *en, *zh;
};

static struct word_of
source_of(int fact)
{
    static const struct word_of
        roster = {SUBSIDY__SOURCE__SOURCE_ROSTER, "as the institution filed it on the roster", "培训机构花名册申报"},
        class = {SUBSIDY__SOURCE__SOURCE_CLASS, "as the class was filed", "开班申报"},
        attendance = {SUBSIDY__SOURCE__SOURCE_ATTENDANCE, "by the attendance sheets, when the class was finished",
                      "考勤记录，结班时汇总"},
        result = {SUBSIDY__SOURCE__SOURCE_RESULT, "by the evaluation body's results", "评价机构鉴定结果"},
        told = {SUBSIDY__SOURCE__SOURCE_REGISTER, "by the registers of employment and social insurance",
                "就业和社会保险登记"},
        pack = {SUBSIDY__SOURCE__SOURCE_PACK, "by the pack's own catalogue, for the class's occupation",
                "政策包所附目录，按班级职业（工种）"},
        directory = {SUBSIDY__SOURCE__SOURCE_DIRECTORY, "by the directory of institutions", "机构目录登记"};
    static const struct {
        int fact;
        const struct word_of *word;
    } sources[] = {{POLICY__FACT__CLASS, &class},
                   {POLICY__FACT__LEVEL, &class},
                   {POLICY__FACT__COST, &class},
                   {POLICY__FACT__MONTHS, &class},
                   {POLICY__FACT__YEARS, &class},
                   {POLICY__FACT__PROJECT_BASED, &class},
                   {POLICY__FACT__HOUSEHOLD, &roster},
                   {POLICY__FACT__LIVING_ALLOWANCE, &roster},
                   {POLICY__FACT__INSURED_MONTHS, &roster},
                   {POLICY__FACT__EMPLOYED_MONTHS, &roster},
                   {POLICY__FACT__DAYS, &attendance},
                   {POLICY__FACT__CERTIFICATE, &result},
                   {POLICY__FACT__CERTIFICATE_LEVEL, &result},
                   {POLICY__FACT__EMPLOYER, &directory},
                   {POLICY__FACT__EMPLOYER_INSURED, &directory},
                   {POLICY__FACT__ENTERPRISE_SCHOOL, &directory},
                   {POLICY__FACT__AGE, &roster},
                   {POLICY__FACT__SEX, &roster},
                   {POLICY__FACT__HOURS, &class},
                   {POLICY__FACT__SHORTAGE, &pack},
                   {POLICY__FACT__OCCUPATION_LIST, &pack},
                   {POLICY__FACT__CERTIFICATE_MONTHS, &result},
                   {POLICY__FACT__CONTRIBUTION_MONTHS, &told},
                   {POLICY__FACT__OUTCOME, &told}};

    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        if (sources[i].fact == fact)
            return *sources[i].word;
    return (struct word_of){SUBSIDY__SOURCE__SOURCE_UNSPECIFIED, "on record", "在案"};
}

static void
set_source(const struct past *past, Subsidy__FactLine *line, Subsidy__Source source)
{
    line->source = source;
    if (source == SUBSIDY__SOURCE__SOURCE_ROSTER || source == SUBSIDY__SOURCE__SOURCE_CLASS ||
        source == SUBSIDY__SOURCE__SOURCE_ATTENDANCE)
        line->institution = past->class->provider;
    if (source == SUBSIDY__SOURCE__SOURCE_ROSTER)
        line->day = past->enrolled_day;
    if (source == SUBSIDY__SOURCE__SOURCE_CLASS)
        line->day = past->class->filed_day;
    if (source == SUBSIDY__SOURCE__SOURCE_ATTENDANCE)
        line->day = past->finished_day;
    if (source == SUBSIDY__SOURCE__SOURCE_RESULT && past->result) {
        line->institution = past->result->evaluator;
        line->day = past->result_day;
    }
}

/* ---- Lines ---- */

static Subsidy__FactLine *
line_add(struct lines *lines, int fact, int64_t value)
{
    Subsidy__FactLine *line = jn_take(lines->d->view, sizeof(*line));

    *line = (Subsidy__FactLine)SUBSIDY__FACT_LINE__INIT;
    line->fact = (Policy__Fact)fact;
    line->value = value;
    if (lines->reply->n_facts < FACT_LINES_MAX)
        lines->reply->facts[lines->reply->n_facts++] = line;
    return line;
}

/* " on 2020-05-31", or nothing where the day is not known. */
static const char *
on_day(const struct jn_decision *d, int32_t day, const char *format)
{
    char text[DATE_TEXT];

    return day ? jn_arena_print(d->arena, format, date_format(day, text)) : "";
}

static void
add_fact(struct lines *lines, int fact)
{
    const struct fact_word *word = &fact_words[fact];
    Subsidy__FactLine *line = line_add(lines, fact, lines->values[fact]);
    struct word_of whose = source_of(fact);
    char en[TRACE_VALUE_MAX], zh[TRACE_VALUE_MAX];

    set_source(lines->past, line, whose.source);
    trace_value(lines->past->pack, (Policy__Fact)fact, line->value, TRACE_ENGLISH, en);
    trace_value(lines->past->pack, (Policy__Fact)fact, line->value, TRACE_CHINESE, zh);
    if (fact >= POLICY__FACT__AGE && !(lines->known & POLICY_BIT(fact))) {
        snprintf(en, sizeof(en), "not known");
        snprintf(zh, sizeof(zh), "不详");
    }
    if (whose.source == SUBSIDY__SOURCE__SOURCE_ATTENDANCE && lines->past->days_corrected)
        whose = (struct word_of){whose.source, "as the attendance was corrected afterwards", "结班后更正的考勤"};
    if (whose.source == SUBSIDY__SOURCE__SOURCE_RESULT && lines->past->result_corrected)
        whose = (struct word_of){whose.source, "as the certificate was corrected", "更正后的证书信息"};
    if (whose.source == SUBSIDY__SOURCE__SOURCE_RESULT && !lines->past->result)
        whose = (struct word_of){whose.source, "no result was recorded", "无鉴定结果记录"};
    line->en =
        jn_arena_print(lines->d->arena, "%s: %s (%s%s)", word->en, en, whose.en, on_day(lines->d, line->day, ", %s"));
    line->zh =
        jn_arena_print(lines->d->arena, "%s：%s（%s%s）", word->zh, zh, whose.zh, on_day(lines->d, line->day, "，%s"));
}

/* A group that was attested or denied; one that the pack adds to another is told by the other. */
static void
add_group(struct lines *lines, int group)
{
    const struct attested *attested = &lines->attested[group];
    bool denied = lines->past->seat->denied & 1u << group, held = lines->past->seat->groups & 1u << group;
    Subsidy__FactLine *line;
    const char *en, *zh;

    if (!denied && !held)
        return;
    line = line_add(lines, POLICY__FACT__GROUPS, (int64_t)POLICY_BIT(group));
    line->source = SUBSIDY__SOURCE__SOURCE_DEPARTMENT;
    line->denied = denied;
    line->department = (Common__Department)(attested->department ? attested->department : word_keeper(group));
    line->day = attested->day;
    en = denied ? "claimed and not confirmed by" : "attested by";
    zh = denied ? "未予认定" : "认定";
    line->en =
        jn_arena_print(lines->d->arena, "group: %s (%s %s%s)", word_name(&words_groups, group), en,
                       word_name(&words_departments, (int)line->department), on_day(lines->d, line->day, ", %s"));
    line->zh =
        jn_arena_print(lines->d->arena, "人员类别：%s（%s部门%s%s）", word_zh(&words_groups, group),
                       word_zh(&words_departments, (int)line->department), zh, on_day(lines->d, line->day, "，%s"));
}

void
explain_facts(const struct jn_decision *d, const struct past *past, Subsidy__ExplainView *reply)
{
    const Policy__Rule *rule = pack_rule_on(past->pack, past->item, past->judgement.facts.day);
    struct lines *lines = jn_take(d->view, sizeof(*lines));
    uint64_t wanted = rule ? facts_of(rule) : 0;

    lines->d = d;
    lines->past = past;
    lines->reply = reply;
    attestations_of(d->view, past->class->class_, past->seat->seat, past->row ? past->reassessed->day : 0,
                    lines->attested);
    lines->known = facts_values(&past->judgement.facts, past->pack, lines->values);
    reply->facts = jn_take(d->view, FACT_LINES_MAX * sizeof(*reply->facts));
    for (int group = 1; (wanted & POLICY_BIT(POLICY__FACT__GROUPS)) && group < GROUPS_COUNT; group++)
        add_group(lines, group);
    for (int fact = POLICY__FACT__GROUPS + 1; fact < POLICY_FACT_COUNT; fact++)
        if (wanted & POLICY_BIT(fact))
            add_fact(lines, fact);
}
