/* Traces as sentences; the pack supplies rules, clauses and names, so a stored trace needs only numbers. */
#include "subsidy/policy/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "subsidy/policy/pack.h"

#define VALUE_TEXT TRACE_VALUE_MAX

struct sentence {
    const Policy__Pack *pack;
    const struct trace_step *step;
    const Policy__Rule *rule;   /* NULL where the step is a limit's */
    const Policy__Limit *limit; /* NULL where the step is a rule's */
    bool zh;
    char value[VALUE_TEXT];
};

static const char *
either(const struct sentence *s, const char *en, const char *zh)
{
    return s->zh ? zh : en;
}

/* Appends, cut at VALUE_TEXT. */
static void
add(char *buf, const char *separator, const char *word)
{
    size_t used = strlen(buf);

    snprintf(buf + used, VALUE_TEXT - used, "%s%s", used ? separator : "", word);
}

static void
words_text(const struct sentence *s, const struct vocabulary *words, uint64_t mask, char *buf)
{
    buf[0] = '\0';
    for (size_t i = 0; i < words->count; i++)
        if (mask & POLICY_BIT(words->words[i].number))
            add(buf, either(s, ", ", "、"), either(s, words->words[i].name, words->words[i].zh));
    if (!*buf)
        add(buf, "", either(s, "none", "无"));
}

static void
level_text(const struct sentence *s, uint64_t mask, char *buf)
{
    static const struct word levels[] = {{5, "5 (junior)", "五级(初级工)"},
                                         {4, "4 (intermediate)", "四级(中级工)"},
                                         {3, "3 (senior)", "三级(高级工)"},
                                         {2, "2 (technician)", "二级(技师)"},
                                         {1, "1 (senior technician)", "一级(高级技师)"}};
    static const struct vocabulary vocabulary = {"level", levels, sizeof(levels) / sizeof(levels[0])};

    words_text(s, &vocabulary, mask, buf);
}

static const char *
fact_text(const struct sentence *s, Policy__Fact fact, int64_t value, char *buf)
{
    char money[MONEY_TEXT];

    switch (fact_words[fact].form) {
    case FACT_WORDS:
        words_text(s, fact_words[fact].words, (uint64_t)value, buf);
        break;
    case FACT_LEVELS:
        level_text(s, (uint64_t)value, buf);
        break;
    case FACT_TRUTH:
        snprintf(buf, VALUE_TEXT, "%s", value ? either(s, "yes", "是") : either(s, "no", "否"));
        break;
    case FACT_MONEY:
        snprintf(buf, VALUE_TEXT, either(s, "%s %s", "%s%s"), money_format(value, money), either(s, "yuan", "元"));
        break;
    case FACT_NUMBER:
        snprintf(buf, VALUE_TEXT, "%" PRId64, value);
        break;
    }
    return buf;
}

static const char *
fact_name(const struct sentence *s, Policy__Fact fact)
{
    return either(s, fact_words[fact].en, fact_words[fact].zh);
}

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
    if (condition->any_of) {
        fact_text(s, condition->fact, (int64_t)condition->any_of, wants);
        snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s: %s; needed is one of %s: %s.", "%s为%s,须为%s之一:%s。"),
                 fact_name(s, condition->fact), has, wants,
                 met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
        return;
    }
    if (fact_words[condition->fact].form != FACT_NUMBER) {
        snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s must be given: %s; %s.", "%s须具备:%s,%s。"),
                 fact_name(s, condition->fact), has, met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
        return;
    }
    snprintf(wants, sizeof(wants), "%" PRId64, condition->at_least ? condition->at_least : condition->at_most);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s: %s; needed is %s%s: %s.", "%s为%s,须%s%s:%s。"),
             fact_name(s, condition->fact), has,
             condition->at_least ? either(s, "at least ", "不少于") : either(s, "at most ", "不超过"), wants,
             met ? either(s, "met", "符合") : either(s, "not met", "不符合"));
}

static void
standard_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"the division's own standard", "the city's standard", "the pack's own standard"};
    static const char *const zh[] = {"采用县(市、区)自定标准", "采用市级标准", "采用政策包默认标准"};
    unsigned which = s->step->event - (unsigned)POLICY__EVENT__OWN_STANDARD;
    bool percent = s->rule->standard && s->rule->standard->unit == POLICY__UNIT__PERCENT;
    char money[MONEY_TEXT], level[VALUE_TEXT] = "";

    if (s->step->index && s->step->index < 6)
        level_text(s, POLICY_BIT(s->step->index), level);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s%s%s: %s %s.", "%s%s%s:%s%s。"), either(s, en[which], zh[which]),
             *level ? either(s, " for level ", ",等级") : "", level, money_format(s->step->value, money),
             percent ? "%" : either(s, "yuan", "元"));
}

static void
reference_text(struct sentence *s, char *buf)
{
    static const char *const en[] = {"the division's", "the city's"};
    static const char *const zh[] = {"本县(市、区)", "市级"};
    bool city = s->step->event == POLICY__EVENT__CITY_REFERENCE;
    const Policy__Reference *reference;
    char money[MONEY_TEXT];

    if (s->step->index < 1 || s->step->index > s->pack->n_references)
        return;
    reference = s->pack->references[s->step->index - 1];
    if (s->step->event == POLICY__EVENT__NO_REFERENCE) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "no reference figure %s is in force; nothing is guessed.", "无现行参照标准:%s,不予推定。"),
                 either(s, reference->name, reference->zh));
        return;
    }
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s reference figure %s: %s yuan.", "%s参照标准,%s:%s元。"),
             either(s, en[city], zh[city]), either(s, reference->name, reference->zh),
             money_format(s->step->value, money));
}

static const char *
source_text(const struct sentence *s, const Policy__Step *step, char *buf)
{
    static const char *const en[] = {
        "", "a fixed amount", "", "the standard", "the reference figure", "the amount of the table"};
    static const char *const zh[] = {"", "固定金额", "", "执行标准", "参照标准", "定额"};
    char money[MONEY_TEXT];

    if (step->source == POLICY__SOURCE__FACT_VALUE)
        return fact_name(s, step->fact);
    if (step->source == POLICY__SOURCE__FIXED) {
        snprintf(buf, VALUE_TEXT, "%s%s", money_format(step->fixed, money),
                 step->verb == POLICY__VERB__RATE ? " %" : "");
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

        if (step->source != POLICY__SOURCE__FACT_VALUE || fact_words[step->fact].form == FACT_MONEY)
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
    char source[VALUE_TEXT], figure[VALUE_TEXT], money[MONEY_TEXT];

    if (s->step->index >= s->rule->n_amount)
        return;
    step = s->rule->amount[s->step->index];
    if (is_money(s->rule, s->step->index))
        snprintf(figure, sizeof(figure), either(s, "%s %s", "%s%s"), money_format(s->step->value, money),
                 either(s, "yuan", "元"));
    else
        snprintf(figure, sizeof(figure), "%" PRId64, s->step->value);
    snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s %s: %s.", "%s%s,得%s。"), either(s, en[step->verb], zh[step->verb]),
             source_text(s, step, source), figure);
}

static void
limit_text(struct sentence *s, char *buf)
{
    bool bites = s->step->event == POLICY__EVENT__BITES;
    int reason = (int)s->limit->reason;
    int value = (int)s->step->value;

    if (s->limit->kind == POLICY__LIMIT_KIND__LARGEST_ONLY) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "%s: only the largest stays, which is %s.", "%s:仅保留金额最高的一项,即%s。"),
                 either(s, word_name(&words_reasons, reason), word_zh(&words_reasons, reason)),
                 either(s, word_name(&words_items, value), word_zh(&words_items, value)));
        return;
    }
    snprintf(
        buf, TRACE_SENTENCE_MAX,
        either(s, "%s: %d found in the history, %d are enough; the limit %s.", "%s:既往记录%d笔,达到%d笔即受限,%s。"),
        either(s, word_name(&words_reasons, reason), word_zh(&words_reasons, reason)), value,
        s->limit->most ? (int)s->limit->most : 1,
        bites ? either(s, "bites", "受限") : either(s, "does not bite", "不受限"));
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
             either(s, "group and occasion fit (groups: %s).", "人员类别和培训情形符合(人员类别:%s)。"), groups);
}

static void
no_standard_text(struct sentence *s, char *buf)
{
    snprintf(buf, TRACE_SENTENCE_MAX, "%s",
             either(s, "no local standard is in force; nothing is guessed.", "当地未制定现行标准,不予推定。"));
}

/* By policy.Event. */
static void (*const texts[])(struct sentence *, char *) = {
    NULL,           fit_text,       fit_text,      requirement_text, requirement_text,
    standard_text,  standard_text,  standard_text, no_standard_text, reference_text,
    reference_text, reference_text, figure_text,   limit_text,       limit_text,
};

const char *
trace_sentence(const Policy__Pack *pack, const struct trace_step *step, enum trace_language language,
               char buf[TRACE_SENTENCE_MAX])
{
    struct sentence s = {.pack = pack, .step = step, .zh = language == TRACE_CHINESE};
    char body[TRACE_SENTENCE_MAX] = "";
    const char *clause;

    s.rule = pack_rule_numbered(pack, step->rule);
    s.limit = s.rule ? NULL : pack_limit_numbered(pack, step->rule);
    if (step->event && step->event < sizeof(texts) / sizeof(texts[0]) &&
        (step->event >= POLICY__EVENT__PASSED ? !!s.limit : !!s.rule))
        texts[step->event](&s, body);
    if (!*body) {
        snprintf(buf, TRACE_SENTENCE_MAX, either(&s, "rule %u: a step of another pack.", "规则%u:不属于本政策包。"),
                 step->rule);
        return buf;
    }
    clause = s.rule ? s.rule->clause : s.limit->clause;
    snprintf(buf, TRACE_SENTENCE_MAX, either(&s, "rule %u, %s%s: %.500s", "规则%u,%s%s:%.500s"), step->rule,
             *clause ? either(&s, "clause ", "条款") : either(&s, "our reading", "本方理解"), clause, body);
    return buf;
}

const char *
trace_value(Policy__Fact fact, int64_t value, enum trace_language language, char buf[TRACE_VALUE_MAX])
{
    const struct sentence s = {.zh = language == TRACE_CHINESE};

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
trace_source(const Policy__Step *step, enum trace_language language, char buf[TRACE_VALUE_MAX])
{
    const struct sentence s = {.zh = language == TRACE_CHINESE};
    char text[TRACE_VALUE_MAX];

    snprintf(buf, TRACE_VALUE_MAX, "%s", source_text(&s, step, text));
    return buf;
}
