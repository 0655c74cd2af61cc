/* What limits say of an item, as sentences. */
#include <inttypes.h>
#include <stdio.h>

#include "domain/money.h"
#include "subsidy/policy/trace/sentence.h"

static const char *
reason_text(const struct sentence *s)
{
    int reason = (int)s->limit->reason;

    return either(s, word_name(&words_reasons, reason), word_zh(&words_reasons, reason));
}

static void
excluded_text(const struct sentence *s, char *buf)
{
    if (s->step->event == POLICY__EVENT__BITES)
        snprintf(buf, TRACE_SENTENCE_MAX, either(s, "%s: %s is due, which excludes it.", "%s：与%s不可兼得。"),
                 reason_text(s), item_text(s, (int)s->step->value));
    else
        snprintf(buf, TRACE_SENTENCE_MAX, "%s", either(s, "nothing that excludes it is due.", "无不可兼得的项目。"));
}

void
limit_text(struct sentence *s, char *buf)
{
    bool bites = s->step->event == POLICY__EVENT__BITES;
    bool enterprise = s->limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE;
    int value = (int)s->step->value;

    if (s->limit->kind == POLICY__LIMIT_KIND__EXCLUDED_BY) {
        excluded_text(s, buf);
        return;
    }
    if (s->limit->kind == POLICY__LIMIT_KIND__LARGEST_ONLY) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "%s: only the largest stays, of equal ones the first: %s.",
                        "%s：仅保留金额最高的一项（金额相同的保留在先的一项），即%s。"),
                 reason_text(s), item_text(s, value));
        return;
    }
    if (!bites) {
        /* Who is not held back is not told what he would be held back for as if it were so. */
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "%d found in the %shistory, fewer than %d: the limit does not bite.",
                        "%1$d笔%2$s既往记录计入，少于%3$d笔，不受限。"),
                 value, enterprise ? either(s, "enterprise's ", "用人单位") : "",
                 s->limit->most ? (int)s->limit->most : 1);
        return;
    }
    snprintf(buf, TRACE_SENTENCE_MAX,
             either(s, "%s: %d found in the %shistory, %d are enough; the limit bites.",
                    "%1$s：%3$s既往记录%2$d笔，达到%4$d笔即受限，受限。"),
             reason_text(s), value, enterprise ? either(s, "enterprise's ", "用人单位") : "",
             s->limit->most ? (int)s->limit->most : 1);
}

/* "within the calendar year", "within 36 months". */
const char *
within_text(const struct sentence *s, char *buf, size_t size)
{
    switch (s->limit->within) {
    case POLICY__WITHIN__YEAR:
        return either(s, " in the calendar year", "当年");
    case POLICY__WITHIN__MONTHS_BACK:
        snprintf(buf, size, either(s, " within %" PRIu32 " months", "%" PRIu32 "个月内"), s->limit->months);
        return buf;
    case POLICY__WITHIN__SINCE_PACK:
        return either(s, " since the policy began", "政策实施以来");
    case POLICY__WITHIN__EVER:
    case _POLICY__WITHIN_IS_INT_SIZE:
        break;
    }
    return either(s, "", "累计");
}

/* What others of the same training took is what neither was paid before nor is left. */
static void
spent_text(const struct sentence *s, const char *within, char *buf)
{
    int64_t others = s->limit->cap_fen - s->step->value;
    char cap[MONEY_TEXT], paid[MONEY_TEXT], taken[MONEY_TEXT];

    money_format(s->limit->cap_fen, cap);
    money_format(s->step->value, paid);
    if (others <= 0)
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "%s: of %s yuan%s %s were paid before; nothing is left.",
                        "%s：上限%s元（%s），已支付%s元，无余额。"),
                 reason_text(s), cap, within, paid);
    else
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s,
                        "%s: of %s yuan%s %s were paid before, and the %s yuan that were left went to other items of "
                        "this training; nothing is left.",
                        "%s：上限%s元（%s），已支付%s元，余下%s元已由本次培训其他项目占用，无余额。"),
                 reason_text(s), cap, within, paid, money_format(others, taken));
}

void
cap_text(struct sentence *s, char *buf)
{
    char cap[MONEY_TEXT], value[MONEY_TEXT], within[60];
    const char *span = within_text(s, within, sizeof(within));

    money_format(s->limit->cap_fen, cap);
    money_format(s->step->value, value);
    if (s->step->event == POLICY__EVENT__CAP_SPENT)
        spent_text(s, span, buf);
    else if (s->step->event == POLICY__EVENT__CUT)
        snprintf(
            buf, TRACE_SENTENCE_MAX,
            either(s, "%s: of %s yuan%s %s are left; it is cut to that.", "%s：上限%s元（%s），余额%s元，按余额核减。"),
            reason_text(s), cap, span, value);
    else
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "of %s yuan%s %s are left; that is enough.", "上限%s元（%s），余额%s元，足额。"), cap, span,
                 value);
}

void
paid_not_known_text(struct sentence *s, char *buf)
{
    snprintf(buf, TRACE_SENTENCE_MAX, "%s",
             either(s,
                    "what was paid before (amounts, the certificate's number, the enterprise's payments) is not known; "
                    "nothing is guessed.",
                    "既往支付情况（金额、证书编号或用人单位既往支付）尚不明确，不予推定。"));
}
