/* A limit of the pack, from text to its compiled form. */
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"

static uint64_t
items(struct compiler *c, const char *key, const struct yaml_list *list)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++)
        if (list != &c->yaml->counted && !strcmp(list->words[i], "counted"))
            out |= items(c, key, &c->yaml->counted);
        else
            out |= POLICY_BIT((unsigned)compile_item(c, key, list->words[i]) & 63);
    return out & ~UINT64_C(1);
}

bool
compile_months(struct compiler *c, const char *text, uint32_t *months)
{
    size_t digits = strspn(text, "0123456789");
    char number[12] = "";

    if (!digits || digits > 4 || strcmp(text + digits, " months") != 0)
        return false;
    memcpy(number, text, digits);
    *months = (uint32_t)compile_number(c, "within", number);
    return true;
}

/* "year", "pack", "36 months". */
static void
within(struct compiler *c, const char *text, Policy__Limit *out)
{
    if (!text)
        return;
    if (!strcmp(text, "year"))
        out->within = POLICY__WITHIN__YEAR;
    else if (!strcmp(text, "pack"))
        out->within = POLICY__WITHIN__SINCE_PACK;
    else if (compile_months(c, text, &out->months))
        out->within = POLICY__WITHIN__MONTHS_BACK;
    else
        compile_fault(c, "within", text, "year, pack or a number of months: 36 months");
}

static void
whose(struct compiler *c, const char *text, Policy__Limit *out)
{
    if (text && !strcmp(text, "enterprise"))
        out->whose = POLICY__WHOSE__WHOSE_ENTERPRISE;
    else if (text && strcmp(text, "person"))
        compile_fault(c, "whose", text, "person or enterprise");
}

static const struct word kinds[] = {
    {POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID, "same_occupation_level", "同一职业同一等级"},
    {POLICY__LIMIT_KIND__EVER_PAID, "ever_paid", "曾经享受"},
    {POLICY__LIMIT_KIND__TIMES_A_YEAR, "times_a_year", "年度次数"},
    {POLICY__LIMIT_KIND__LARGEST_ONLY, "largest_only", "取最高一项"},
    {POLICY__LIMIT_KIND__TIMES_PAID, "times", "期间次数"},
    {POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID, "same_certificate", "同一证书"},
    {POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID, "higher_level", "已有更高等级"},
    {POLICY__LIMIT_KIND__EXCLUDED_BY, "excluded_by", "不可兼得"},
    {POLICY__LIMIT_KIND__CAP, "cap", "总额上限"}};
const struct vocabulary words_limit_kinds = {"kind", kinds, sizeof(kinds) / sizeof(kinds[0])};

void
compile_limit(struct compiler *c, const struct yaml_limit *yaml, Policy__Limit *out)
{
    out->number = (uint32_t)compile_number(c, "rule", yaml->number);
    out->kind = (Policy__LimitKind)compile_word(c, "kind", &words_limit_kinds, yaml->kind);
    out->items = items(c, "items", &yaml->items);
    out->against = items(c, "against", &yaml->against);
    out->most = (uint32_t)compile_number(c, "most", yaml->most);
    out->reason = (Common__Reason)compile_word(c, "reason", &words_reasons, yaml->reason);
    out->each = compile_truth(c, "each", yaml->each);
    out->cap_fen = compile_figure(c, "cap", yaml->cap);
    out->from_day = compile_day(c, "from", yaml->from);
    out->until_day = compile_day(c, "until", yaml->until);
    within(c, yaml->within, out);
    whose(c, yaml->whose, out);
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->reading, yaml->reading);
}
