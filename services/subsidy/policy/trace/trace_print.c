/* Traces printed: for people at a terminal. */
#include "subsidy/policy/trace/trace_print.h"

#include "domain/money.h"
#include "domain/words.h"
#include "subsidy/policy/pack.h"

static const char *
either(enum trace_language language, const char *en, const char *zh)
{
    return language == TRACE_CHINESE ? zh : en;
}

static void
outcome_print(const Policy__Pack *pack, enum trace_language language, const struct benefit *benefit, int item,
              FILE *out)
{
    const char *name = either(language, pack_item_name(pack, item), pack_item_zh(pack, item));
    char money[MONEY_TEXT];

    if (benefit->recover_fen)
        fprintf(out, either(language, "%s: %s yuan of what was paid ahead are asked back\n", "%s：追回预拨%s元\n"),
                name, money_format(benefit->recover_fen, money));
    if (benefit->state == BENEFIT_REFUSED) {
        fprintf(out, either(language, "%s: refused, %s (clause %s)\n", "%s：不予补贴，%s（条款%s）\n"), name,
                either(language, word_name(&words_reasons, benefit->reason), word_zh(&words_reasons, benefit->reason)),
                benefit->clause);
        return;
    }
    fprintf(out,
            either(language, "%s: due %s yuan to the %s from %s (clause %s)\n",
                   "%s：应发%s元，付给%s，资金来源%s（条款%s）\n"),
            name, money_format(benefit->amount_fen, money),
            either(language, word_name(&words_payees, benefit->payee), word_zh(&words_payees, benefit->payee)),
            either(language, word_name(&words_funds, benefit->fund), word_zh(&words_funds, benefit->fund)),
            benefit->clause);
}

/* What the rule lets be paid ahead of what is due; the pack's own share is of a whole class. 2.10-f. */
static void
advance_print(const Policy__Pack *pack, const struct benefit *benefit, enum trace_language language, FILE *out)
{
    const Policy__Rule *rule = pack_rule_numbered(pack, benefit->rule);
    char money[MONEY_TEXT], share[MONEY_TEXT], of[MONEY_TEXT];
    int64_t ahead;

    if (benefit->state != BENEFIT_DUE || !rule || !rule->own_advance || !rule->advance_bp ||
        !money_rate(benefit->amount_fen, rule->advance_bp, &ahead))
        return;
    fprintf(out,
            either(language, "  rule %u, clause %s: of %s yuan up to %s %% may be paid ahead: %s yuan.\n",
                   "  规则%u，条款%s：%s元中至多%s%%可预拨，计%s元。\n"),
            rule->number, rule->clause, money_format(benefit->amount_fen, of), money_format(rule->advance_bp, share),
            money_format(ahead, money));
}

void
trace_print(const Policy__Pack *pack, const struct facts *facts, const struct evaluation *evaluation, int item,
            enum trace_language language, FILE *out)
{
    struct trace_place place = {.steps = evaluation->trace, .count = evaluation->trace_count, .facts = facts};
    char text[TRACE_SENTENCE_MAX];

    for (int i = item ? item : 1; i < (item ? item + 1 : EVALUATION_ITEMS); i++) {
        if (evaluation->benefits[i].state == BENEFIT_NONE)
            continue;
        outcome_print(pack, language, &evaluation->benefits[i], i, out);
        for (place.at = 0; place.at < place.count; place.at++)
            if (place.steps[place.at].item == i)
                fprintf(out, "  %s\n", trace_sentence_at(pack, &place, language, text));
        advance_print(pack, &evaluation->benefits[i], language, out);
    }
}
