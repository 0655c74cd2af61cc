/* What would have to be different, as sentences for the claimant and for the clerk. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/sentence.h"
#include "subsidy/policy/trace/whatif.h"

#define TEXT TRACE_VALUE_MAX

struct saying {
    const struct whatif_search *search;
    const struct whatif *whatif;
    enum trace_language language;
    bool zh;
    char condition[TEXT], outcome[TEXT];
};

static const char *
say_either(const struct saying *s, const char *en, const char *zh)
{
    return s->zh ? zh : en;
}

/* "no_local_standard" as people read it. */
static void
reason_text(const struct saying *s, int reason, char buf[TEXT])
{
    snprintf(buf, TEXT, "%s", say_either(s, word_name(&words_reasons, reason), word_zh(&words_reasons, reason)));
    for (char *at = buf; *at; at++)
        if (*at == '_')
            *at = ' ';
}

/* What it comes to then. */
static void
say_outcome(struct saying *s)
{
    int64_t more = s->whatif->amount_fen - s->search->base.benefits[s->search->item].amount_fen;
    bool was_due = s->search->base.benefits[s->search->item].state == BENEFIT_DUE;
    char money[MONEY_TEXT], difference[MONEY_TEXT], reason[TEXT];

    money_format(s->whatif->amount_fen, money);
    money_format(more < 0 ? -more : more, difference);
    if (s->whatif->state != BENEFIT_DUE) {
        reason_text(s, s->whatif->reason, reason);
        snprintf(s->outcome, TEXT, say_either(s, "it would still be refused: %.150s", "仍不予补贴：%.150s"), reason);
    } else if (was_due) {
        snprintf(s->outcome, TEXT, say_either(s, "%s yuan would be due, %s yuan %s", "应发%s元，%s%s元"), money,
                 s->zh ? (more < 0 ? "少" : "多") : difference,
                 s->zh      ? difference
                 : more < 0 ? "less"
                            : "more");
    } else {
        snprintf(s->outcome, TEXT, say_either(s, "%s yuan would be due", "应发%s元"), money);
    }
}

/* ---- Facts ---- */

static void
say_number(struct saying *s, int64_t from, int64_t to)
{
    const struct fact_word *word = &fact_words[s->whatif->fact];
    bool then = s->search->then;

    if (s->zh)
        snprintf(s->condition, TEXT, "%s为%" PRId64 "（比%s%s%" PRId64 "，%s为%" PRId64 "）", word->zh, to,
                 then ? "当时记录" : "现有记录", to > from ? "多" : "少", to > from ? to - from : from - to,
                 then ? "当时" : "现", from);
    else
        snprintf(s->condition, TEXT, "%s were %" PRId64 " (%" PRId64 " %s than the %" PRId64 "%s on record)", word->en,
                 to, to > from ? to - from : from - to, to > from ? "more" : "fewer", from, then ? " then" : "");
}

static void
say_fact(struct saying *s)
{
    const struct fact_word *word = &fact_words[s->whatif->fact];
    char wanted[TEXT];

    if (word->form == FACT_NUMBER) {
        say_number(s, s->whatif->from, s->whatif->to);
        return;
    }
    trace_value(s->search->view->pack, (Policy__Fact)s->whatif->fact, s->whatif->to, s->language, wanted);
    snprintf(s->condition, TEXT, say_either(s, "%s were: %.200s", "%s为：%.200s"), say_either(s, word->en, word->zh),
             wanted);
}

static void
say_certificate(struct saying *s)
{
    char kinds[TEXT], levels[TEXT];

    trace_value(s->search->view->pack, POLICY__FACT__CERTIFICATE, (int64_t)s->whatif->mask, s->language, kinds);
    if (!s->whatif->to) {
        snprintf(s->condition, TEXT,
                 say_either(s, "there were a certificate (one of: %.300s)", "取得证书（以下之一：%.300s）"), kinds);
        return;
    }
    trace_levels((uint64_t)s->whatif->to, s->language, levels);
    snprintf(s->condition, TEXT, say_either(s, "the certificate were of level %.300s", "证书等级为%.300s"), levels);
}

static void
say_day(struct saying *s)
{
    bool certificate = s->search->facts->certificate;
    char day[DATE_TEXT];

    date_format((int32_t)s->whatif->to, day);
    snprintf(s->condition, TEXT,
             certificate ? say_either(s, "the certificate were of %d, from %s on", "证书取得于%d年（%s起）")
                         : say_either(s, "the training ended in %d, from %s on", "培训结束于%d年（%s起）"),
             date_of((int32_t)s->whatif->to).year, day);
}

static void
say_force(struct saying *s)
{
    char from[DATE_TEXT], until[DATE_TEXT];

    snprintf(s->condition, TEXT, say_either(s, "the class ended from %s through %s", "班级结束于%s至%s之间"),
             date_format((int32_t)s->whatif->from, from), date_format((int32_t)s->whatif->to, until));
}

static void
say_occupation(struct saying *s)
{
    snprintf(s->condition, TEXT, "%s",
             say_either(s, "the training were for an occupation not yet subsidised at this level",
                        "培训职业（工种）为同等级未享受过补贴的其他职业"));
}

static void
say_window(struct saying *s)
{
    char day[DATE_TEXT];

    snprintf(s->condition, TEXT,
             say_either(s, "the outcome had come by %s, the last day that counts", "培训结果于认定期限%s（含）前实现"),
             date_format((int32_t)s->whatif->to, day));
}

static void
say_history(struct saying *s)
{
    snprintf(s->condition, TEXT,
             say_either(s, "the %" PRId64 " earlier benefit(s) that count had not been granted",
                        "没有计入限制的%" PRId64 "笔既往补贴"),
             s->whatif->from);
}

/* ---- Sentences of their own ---- */

static void
say_figure(const struct saying *s, char *buf)
{
    const struct fact_word *word =
        s->whatif->fact < POLICY_FACT_COUNT && fact_words[s->whatif->fact].name ? &fact_words[s->whatif->fact] : NULL;

    if (s->whatif->from == POLICY__EVENT__NOT_KNOWN && word) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 say_either(s, "It can be decided when this is known: %s.", "待以下信息补充后方可核定：%s。"),
                 say_either(s, word->en, word->zh));
        return;
    }
    if (s->whatif->from == POLICY__EVENT__NO_STANDARD)
        snprintf(buf, TRACE_SENTENCE_MAX, "%s",
                 say_either(s,
                            "It can be decided when the division or the city has set a standard in force on that day.",
                            "待本县（市、区）或市级制定当日有效的补贴标准后方可核定。"));
    else if (s->whatif->from == POLICY__EVENT__NO_REFERENCE)
        snprintf(buf, TRACE_SENTENCE_MAX, "%s",
                 say_either(s, "It can be decided when the reference figure is in force for the division or the city.",
                            "待本县（市、区）或市级参照标准公布后方可核定。"));
    else if (s->whatif->from == POLICY__EVENT__PAID_NOT_KNOWN)
        snprintf(buf, TRACE_SENTENCE_MAX, "%s",
                 say_either(s, "It can be decided when what was granted before is known.",
                            "待既往补贴记录补充后方可核定。"));
    else
        snprintf(buf, TRACE_SENTENCE_MAX, "%s",
                 say_either(s, "The pack has no amount for this case.", "政策包对此情形未规定金额。"));
}

/* What the item itself would have come to, before another took its place. */
static int64_t
stood(const struct whatif_search *search)
{
    int64_t fen = 0;

    for (uint32_t i = 0; i < search->base.trace_count; i++) {
        const struct trace_step *step = &search->base.trace[i];

        if (step->item == search->item && (step->event == POLICY__EVENT__FIGURE || step->event == POLICY__EVENT__CUT))
            fen = step->value;
    }
    return fen;
}

static void
say_item(const struct saying *s, char *buf)
{
    const Policy__Pack *pack = s->search->view->pack;
    const Policy__Limit *limit = pack_limit_numbered(pack, (uint32_t)s->whatif->from);
    int stays = (int)s->whatif->to;
    int64_t fen = stays > 0 && stays < EVALUATION_ITEMS ? s->search->base.benefits[stays].amount_fen : 0;
    bool largest = limit && limit->kind == POLICY__LIMIT_KIND__LARGEST_ONLY, tie = fen == stood(s->search);
    char money[MONEY_TEXT];

    snprintf(buf, TRACE_SENTENCE_MAX,
             say_either(s, "Nothing need be different: the same training is paid for by %s, %s: %s yuan.",
                        "无需变更：本次培训已按%s给予补贴（%s），金额%s元。"),
             say_either(s, pack_item_name(pack, stays), pack_item_zh(pack, stays)),
             !largest ? say_either(s, "which excludes it", "与本项不可兼得")
             : tie    ? say_either(s, "which is as large, and comes first", "金额相同，且排列在先")
                      : say_either(s, "which is larger", "金额更高"),
             money_format(fen, money));
}

/* How much of the limit is used, and when it counts less. */
static void
say_limit(const struct saying *s, char *buf)
{
    const Policy__Pack *pack = s->search->view->pack;
    const struct sentence of = {
        .pack = pack, .limit = pack_limit_numbered(pack, (uint32_t)s->whatif->from), .zh = s->zh};
    char within[60], day[DATE_TEXT], limit[MONEY_TEXT], used[MONEY_TEXT], frees[TEXT];
    bool cap = of.limit && of.limit->kind == POLICY__LIMIT_KIND__CAP;
    bool enterprise = of.limit && of.limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE;

    if (!of.limit)
        return;
    date_format((int32_t)s->whatif->to, day);
    if (!s->whatif->to)
        snprintf(frees, TEXT, "%s", say_either(s, "it does not free again", "不再释放"));
    else
        snprintf(frees, TEXT,
                 of.limit->within == POLICY__WITHIN__MONTHS_BACK
                     ? say_either(s, "the first of it counts no longer for a training that ends from %s on",
                                  "%s起结束的培训，最早一笔不再计入")
                     : say_either(s, "it is counted anew from %s on", "自%s起重新计算"),
                 day);
    snprintf(limit, sizeof(limit), "%u", of.limit->most ? of.limit->most : 1);
    snprintf(used, sizeof(used), "%" PRIu64, s->whatif->mask);
    if (cap) {
        money_format(of.limit->cap_fen, limit);
        money_format((int64_t)s->whatif->mask, used);
    }
    snprintf(buf, TRACE_SENTENCE_MAX,
             say_either(s, "The limit of the %s is %s%s%s, and %s%s of it were used before; %s.%s",
                        "%s限额为%s%s（%s），此前已使用%s%s；%s。%s"),
             enterprise ? say_either(s, "enterprise", "用人单位") : say_either(s, "person", "个人"), limit,
             cap ? say_either(s, " yuan", "元") : say_either(s, " time(s)", "次"),
             within_text(&of, within, sizeof(within)), used,
             cap     ? say_either(s, " yuan", "元")
             : s->zh ? "次"
                     : "",
             frees,
             enterprise ? say_either(s, " Nothing that the person can change would help.", "个人无法改变此结果。")
                        : "");
}

static void
say_cap(const struct saying *s, char *buf)
{
    const Policy__Rule *rule =
        pack_rule_numbered(s->search->view->pack, s->search->base.benefits[s->search->item].rule);
    bool money_step = rule && s->whatif->from >= 0 && s->whatif->from < (int64_t)rule->n_amount &&
                      (rule->amount[s->whatif->from]->source != POLICY__SOURCE__FACT_VALUE ||
                       fact_words[rule->amount[s->whatif->from]->fact].form == FACT_MONEY);
    char before[MONEY_TEXT], after[MONEY_TEXT], source[TEXT];

    if (s->whatif->from < 0) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 say_either(s, "Cut from %s to %s yuan by what was granted before (a limit of the pack).",
                            "由%s元减为%s元，受政策包限额及既往补贴限制。"),
                 money_format(s->whatif->amount_fen, before), money_format(s->whatif->to, after));
        return;
    }
    if (!rule || s->whatif->from >= (int64_t)rule->n_amount)
        return;
    trace_source(s->search->view->pack, rule, rule->amount[s->whatif->from], s->language, source);
    if (!money_step) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 say_either(s, "Cut from %" PRId64 " to %" PRId64 " by %.200s.",
                            "由%" PRId64 "减为%" PRId64 "，受限于%.200s。"),
                 s->whatif->amount_fen, s->whatif->to, source);
        return;
    }
    snprintf(buf, TRACE_SENTENCE_MAX,
             say_either(s, "Cut from %s to %s yuan by %.200s (clause %.60s).",
                        "由%s元减为%s元，受限于%.200s（条款%.60s）。"),
             money_format(s->whatif->amount_fen, before), money_format(s->whatif->to, after), source,
             rule->standard && *rule->standard->clause ? rule->standard->clause : rule->clause);
}

const char *
whatif_sentence(const struct whatif_search *search, const struct whatif *whatif, enum trace_language language,
                char buf[TRACE_SENTENCE_MAX])
{
    static void (*const conditions[])(struct saying *) = {
        [WHATIF_FACT] = say_fact,     [WHATIF_CERTIFICATE] = say_certificate, [WHATIF_DAY] = say_day,
        [WHATIF_FORCE] = say_force,   [WHATIF_OCCUPATION] = say_occupation,   [WHATIF_HISTORY] = say_history,
        [WHATIF_WINDOW] = say_window,
    };
    static void (*const sentences[])(const struct saying *, char *) = {
        [WHATIF_FIGURE] = say_figure, [WHATIF_ITEM] = say_item, [WHATIF_CAP] = say_cap, [WHATIF_LIMIT] = say_limit};
    struct saying s = {
        .search = search, .whatif = whatif, .language = language, .zh = language == TRACE_CHINESE, .condition = ""};

    buf[0] = '\0';
    if (whatif->kind >= WHATIF_FIGURE) {
        sentences[whatif->kind](&s, buf);
        return buf;
    }
    conditions[whatif->kind](&s);
    say_outcome(&s);
    snprintf(buf, TRACE_SENTENCE_MAX, s.zh ? "如%.390s，%.180s。" : "If %.390s, %.180s.", s.condition, s.outcome);
    return buf;
}
