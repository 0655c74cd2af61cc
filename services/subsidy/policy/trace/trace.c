/* Traces as sentences; the pack supplies rules, clauses and names, so a stored trace needs only numbers. */
#include "subsidy/policy/trace/trace.h"

#include <inttypes.h>
#include <stdio.h>

#include "domain/date.h"
#include "domain/money.h"
#include "subsidy/policy/trace/sentence.h"

/* "months of unemployment insurance is 11; at least 12 is required". */
static void
requirement_text(struct sentence *s, char *buf)
{
    bool met = s->step->event == POLICY__EVENT__MET;
    const Policy__Condition *condition;
    char has[VALUE_TEXT], wants[VALUE_TEXT];

    if (s->step->index >= s->rule->n_requires)
        return;
    condition = s->rule->requires[s->step->index] -> condition;
    fact_text(s, condition->fact, s->step->value, has);
    if (condition->any_of || condition->none_of) {
        bool any = condition->any_of;

        fact_text(s, condition->fact, (int64_t)(any ? condition->any_of : condition->none_of), wants);
        snprintf(buf, TRACE_SENTENCE_MAX,
                 any ? either(s, "%s: %s; needed is one of %s: %s.", "%s为%s，须为%s之一：%s。")
                     : either(s, "%s: %s; none of %s may be there: %s.", "%s为%s，不得属于%s：%s。"),
                 fact_name(s, condition->fact), has, wants,
                 met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
        return;
    }
    if (fact_words[condition->fact].form != FACT_NUMBER) {
        snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s must be given: %s; %s.", "%s须具备：%s，%s。"),
                 fact_name(s, condition->fact), has, met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
        return;
    }
    snprintf(wants, sizeof(wants), "%" PRId64, condition->at_least ? condition->at_least : condition->at_most);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s: %s; needed is %s%s: %s.", "%s为%s，须%s%s：%s。"),
             fact_name(s, condition->fact), has,
             condition->at_least ? either(s, "at least ", "不少于") : either(s, "at most ", "不超过"), wants,
             met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
}

static void
standard_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"the division's own standard", "the city's standard", "the pack's own standard"};
    static const char *const zh[] = {"采用县（市、区）自定标准", "采用市级标准", "采用政策包默认标准"};
    unsigned which = s->step->event - (unsigned)POLICY__EVENT__OWN_STANDARD;
    bool percent = s->rule->standard && s->rule->standard->unit == POLICY__UNIT__PERCENT;
    char money[MONEY_TEXT], level[VALUE_TEXT] = "";

    if (s->step->index && s->step->index < 6)
        level_text(s, POLICY_BIT(s->step->index), level);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s%s%s: %s %s.", "%s%s%s：%s%s。"), either(s, en[which], zh[which]),
             *level ? either(s, " for level ", "，等级") : "", level, money_format(s->step->value, money),
             percent ? "%" : either(s, "yuan", "元"));
}

static void
reference_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"the division's", "the city's"};
    static const char *const zh[] = {"本县（市、区）", "市级"};
    bool city = s->step->event == POLICY__EVENT__CITY_REFERENCE;
    const Policy__Reference *reference;
    char money[MONEY_TEXT];

    if (s->step->index < 1 || s->step->index > s->pack->n_references)
        return;
    reference = s->pack->references[s->step->index - 1];
    if (s->step->event == POLICY__EVENT__NO_REFERENCE) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "no reference figure %s is in force; nothing is guessed.", "无现行参照标准：%s，不予推定。"),
                 either(s, reference->name, reference->zh));
        return;
    }
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s reference figure %s: %s yuan.", "%s参照标准，%s：%s元。"),
             either(s, en[city], zh[city]), either(s, reference->name, reference->zh),
             money_format(s->step->value, money));
}

static const char *
source_text(const struct sentence *s, const Policy__Step *step, char *buf)
{
    static const char *const en[] = {"",
                                     "a fixed amount",
                                     "",
                                     "the standard",
                                     "the reference figure",
                                     "the amount of the table",
                                     "",
                                     "the figure of table",
                                     "the catalogue's amount"};
    static const char *const zh[] = {"", "固定金额", "", "执行标准", "参照标准", "定额", "", "分档标准", "目录标准"};
    char money[MONEY_TEXT];

    if (step->source == POLICY__SOURCE__FACT_VALUE)
        return fact_name(s, step->fact);
    if (step->source == POLICY__SOURCE__FIXED) {
        snprintf(buf, VALUE_TEXT, "%s%s", money_format(step->fixed, money),
                 step->verb == POLICY__VERB__RATE ? " %" : "");
        return buf;
    }
    if (step->source == POLICY__SOURCE__COUNT) {
        snprintf(buf, VALUE_TEXT, "%" PRId64, step->fixed);
        return buf;
    }
    if (step->source == POLICY__SOURCE__NAMED_TABLE && step->reference >= 1 && step->reference <= s->rule->n_tables) {
        snprintf(buf, VALUE_TEXT, "%s %s", either(s, en[step->source], zh[step->source]),
                 s->rule->tables[step->reference - 1]->name);
        return buf;
    }
    return either(s, en[step->source], zh[step->source]);
}

/* Whether the figure after the step is money: it is unless nothing but counts was taken so far. */
static bool
is_money(const Policy__Rule *rule, size_t last)
{
    for (size_t i = 0; i <= last; i++) {
        const Policy__Step *step = rule->amount[i];

        if (step->source != POLICY__SOURCE__COUNT &&
            (step->source != POLICY__SOURCE__FACT_VALUE || fact_words[step->fact].form == FACT_MONEY))
            return true;
    }
    return false;
}

static void
figure_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"", "take", "at most", "at least", "times", "at the rate of", "plus"};
    static const char *const zh[] = {"", "取", "不超过", "不低于", "乘以", "按比例乘以", "加"};
    const Policy__Step *step;
    char source[VALUE_TEXT], figure[VALUE_TEXT], money[MONEY_TEXT], how[VALUE_TEXT];

    if (s->step->index >= s->rule->n_amount)
        return;
    step = s->rule->amount[s->step->index];
    if (is_money(s->rule, s->step->index))
        snprintf(figure, sizeof(figure), either(s, "%s %s", "%s%s"), money_format(s->step->value, money),
                 either(s, "yuan", "元"));
    else
        snprintf(figure, sizeof(figure), "%" PRId64, s->step->value);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s %s%s: %s.", "%s%s%s，得%s。"),
             either(s, en[step->verb], zh[step->verb]), source_text(s, step, source), figure_how(s, step, how), figure);
}

static void
fit_text(struct sentence *s, char *buf)
{
    char groups[VALUE_TEXT], date[DATE_TEXT];

    if (s->step->event == POLICY__EVENT__OUT_OF_FORCE) {
        snprintf(buf, TRACE_SENTENCE_MAX, either(s, "no policy is in force on %s.", "%s无现行政策。"),
                 date_format((int32_t)s->step->value, date));
        return;
    }
    words_text(s, &words_groups, (uint64_t)s->step->value, groups);
    snprintf(buf, TRACE_SENTENCE_MAX,
             either(s, "group and occasion fit (groups: %s).", "人员类别和培训情形符合（人员类别：%s）。"), groups);
}

static void
no_standard_text(struct sentence *s, char *buf)
{
    snprintf(buf, TRACE_SENTENCE_MAX, "%s",
             either(s, "no local standard is in force; nothing is guessed.", "当地未制定现行标准，不予推定。"));
}

static void
not_known_text(struct sentence *s, char *buf)
{
    if (s->step->index < 1 || s->step->index >= POLICY_FACT_COUNT)
        return;
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "not known yet: %s; nothing is guessed.", "尚不明确：%s，不予推定。"),
             fact_name(s, s->step->index));
}

static void
not_asked_text(struct sentence *s, char *buf)
{
    const Policy__Requirement *one;
    char has[VALUE_TEXT];

    if (s->step->index >= s->rule->n_requires || !s->rule->requires[s->step->index] -> where)
        return;
    one = s->rule->requires[s->step->index];
    fact_text(s, one->where->fact, s->step->value, has);
    snprintf(buf, TRACE_SENTENCE_MAX,
             either(s, "%s: %s; the requirement on %s is not for this person.", "%s为%s，本项关于%s的要求不适用。"),
             fact_name(s, one->where->fact), has, fact_name(s, one->condition->fact));
}

static void
no_row_text(struct sentence *s, char *buf)
{
    size_t index = s->step->index;
    const Policy__Table *table = index == 0                   ? s->rule->table
                                 : index <= s->rule->n_tables ? s->rule->tables[index - 1]
                                                              : NULL;
    char has[VALUE_TEXT];

    if (!table)
        return;
    fact_text(s, table->by, s->step->value, has);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s: %s; no row of the table fits.", "%s为%s，无对应档次。"),
             fact_name(s, table->by), has);
}

static void
catalogue_text(struct sentence *s, char *buf)
{
    const Policy__Catalogue *catalogue;
    char money[MONEY_TEXT];

    if (s->step->index < 1 || s->step->index > s->pack->n_catalogues)
        return;
    catalogue = s->pack->catalogues[s->step->index - 1];
    if (s->step->event == POLICY__EVENT__NO_CATALOGUE_FIGURE)
        snprintf(
            buf, TRACE_SENTENCE_MAX,
            either(s, "catalogue %s has no amount for the occupation (and level).", "%s中无该职业（及等级）的标准。"),
            either(s, catalogue->name, catalogue->zh));
    else
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "catalogue %s, for the occupation: %s yuan.", "%s，该职业标准：%s元。"),
                 either(s, catalogue->name, catalogue->zh), money_format(s->step->value, money));
}

static void
left_out_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"", "", "the upper bound", "the lower bound", "", "the rate", "the surcharge"};
    static const char *const zh[] = {"", "", "上限", "下限", "", "比例", "加发"};
    const Policy__Step *step;
    char source[VALUE_TEXT];

    if (s->step->index >= s->rule->n_amount)
        return;
    step = s->rule->amount[s->step->index];
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s (%s) does not apply.", "%s（%s）不适用。"),
             either(s, en[step->verb], zh[step->verb]), source_text(s, step, source));
}

static void
out_of_window_text(struct sentence *s, char *buf)
{
    char day[DATE_TEXT];

    if (s->step->index < 1 || s->step->index >= POLICY_FACT_COUNT)
        return;
    snprintf(buf, TRACE_SENTENCE_MAX,
             either(s, "%s counts through %s; what came later does not.", "%s认定至%s止，逾期部分不计。"),
             fact_name(s, s->step->index), date_format((int32_t)s->step->value, day));
}

/* Whose step it is. */
enum step_of { OF_RULE, OF_LIMIT, OF_EITHER };

/* By policy.Event. */
static const struct {
    void (*text)(struct sentence *, char *);
    enum step_of of;
} texts[] = {
    [POLICY__EVENT__FITS] = {fit_text, OF_RULE},
    [POLICY__EVENT__OUT_OF_FORCE] = {fit_text, OF_RULE},
    [POLICY__EVENT__MET] = {requirement_text, OF_RULE},
    [POLICY__EVENT__UNMET] = {requirement_text, OF_RULE},
    [POLICY__EVENT__OWN_STANDARD] = {standard_text, OF_RULE},
    [POLICY__EVENT__CITY_STANDARD] = {standard_text, OF_RULE},
    [POLICY__EVENT__DEFAULT_STANDARD] = {standard_text, OF_RULE},
    [POLICY__EVENT__NO_STANDARD] = {no_standard_text, OF_RULE},
    [POLICY__EVENT__OWN_REFERENCE] = {reference_text, OF_RULE},
    [POLICY__EVENT__CITY_REFERENCE] = {reference_text, OF_RULE},
    [POLICY__EVENT__NO_REFERENCE] = {reference_text, OF_RULE},
    [POLICY__EVENT__FIGURE] = {figure_text, OF_RULE},
    [POLICY__EVENT__PASSED] = {limit_text, OF_LIMIT},
    [POLICY__EVENT__BITES] = {limit_text, OF_LIMIT},
    [POLICY__EVENT__NOT_KNOWN] = {not_known_text, OF_RULE},
    [POLICY__EVENT__NOT_ASKED] = {not_asked_text, OF_RULE},
    [POLICY__EVENT__NO_ROW] = {no_row_text, OF_RULE},
    [POLICY__EVENT__CATALOGUE_FIGURE] = {catalogue_text, OF_RULE},
    [POLICY__EVENT__NO_CATALOGUE_FIGURE] = {catalogue_text, OF_RULE},
    [POLICY__EVENT__LEFT_OUT] = {left_out_text, OF_RULE},
    [POLICY__EVENT__RECOVERS] = {recovers_text, OF_RULE},
    [POLICY__EVENT__WITHIN_CAP] = {cap_text, OF_LIMIT},
    [POLICY__EVENT__CUT] = {cap_text, OF_LIMIT},
    [POLICY__EVENT__CAP_SPENT] = {cap_text, OF_LIMIT},
    [POLICY__EVENT__PAID_NOT_KNOWN] = {paid_not_known_text, OF_EITHER},
    [POLICY__EVENT__OUT_OF_WINDOW] = {out_of_window_text, OF_RULE},
};

static bool
step_known(const struct sentence *s, enum step_of of)
{
    return (of != OF_LIMIT && s->rule) || (of != OF_RULE && s->limit);
}

static const char *
sentence_of(const Policy__Pack *pack, const struct trace_step *step, const struct trace_place *place,
            enum trace_language language, char buf[TRACE_SENTENCE_MAX])
{
    struct sentence s = {.pack = pack, .step = step, .zh = language == TRACE_CHINESE, .place = place};
    char body[TRACE_SENTENCE_MAX] = "";
    const char *clause;

    s.rule = pack_rule_numbered(pack, step->rule);
    s.limit = s.rule ? NULL : pack_limit_numbered(pack, step->rule);
    if (step->event && step->event < sizeof(texts) / sizeof(texts[0]) && step_known(&s, texts[step->event].of))
        texts[step->event].text(&s, body);
    if (!*body) {
        snprintf(buf, TRACE_SENTENCE_MAX, either(&s, "rule %u: a step of another pack.", "规则%u：不属于本政策包。"),
                 step->rule);
        return buf;
    }
    clause = trace_clause(pack, step);
    snprintf(buf, TRACE_SENTENCE_MAX, either(&s, "rule %u, %s%s: %.500s", "规则%u，%s%s：%.500s"), step->rule,
             *clause ? either(&s, "clause ", "条款") : either(&s, "our reading", "本方理解"), clause, body);
    return buf;
}

const char *
trace_sentence_at(const Policy__Pack *pack, const struct trace_place *place, enum trace_language language,
                  char buf[TRACE_SENTENCE_MAX])
{
    return sentence_of(pack, &place->steps[place->at], place, language, buf);
}

const char *
trace_sentence(const Policy__Pack *pack, const struct trace_step *step, enum trace_language language,
               char buf[TRACE_SENTENCE_MAX])
{
    return sentence_of(pack, step, NULL, language, buf);
}

const char *
trace_value(const Policy__Pack *pack, Policy__Fact fact, int64_t value, enum trace_language language,
            char buf[TRACE_VALUE_MAX])
{
    const struct sentence s = {.pack = pack, .zh = language == TRACE_CHINESE};

    return fact_text(&s, fact, value, buf);
}

const char *
trace_levels(uint64_t mask, enum trace_language language, char buf[TRACE_VALUE_MAX])
{
    const struct sentence s = {.zh = language == TRACE_CHINESE};

    level_text(&s, mask, buf);
    return buf;
}

const char *
trace_source(const Policy__Pack *pack, const Policy__Rule *rule, const Policy__Step *step, enum trace_language language,
             char buf[TRACE_VALUE_MAX])
{
    const struct sentence s = {.pack = pack, .rule = rule, .zh = language == TRACE_CHINESE};
    char text[TRACE_VALUE_MAX];

    snprintf(buf, TRACE_VALUE_MAX, "%s", source_text(&s, step, text));
    return buf;
}
