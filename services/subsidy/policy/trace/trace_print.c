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
        fprintf(out, either(language, "%s: %s yuan of what was paid ahead are asked back\n", "%s:追回预拨%s元\n"), name,
                money_format(benefit->recover_fen, money));
    if (benefit->state == BENEFIT_REFUSED) {
        fprintf(out, either(language, "%s: refused, %s (clause %s)\n", "%s:不予补贴,%s(条款%s)\n"), name,
                either(language, word_name(&words_reasons, benefit->reason), word_zh(&words_reasons, benefit->reason)),
                benefit->clause);
        return;
    }
    fprintf(
        out,
        either(language, "%s: due %s yuan to the %s from %s (clause %s)\n", "%s:应发%s元,付给%s,资金来源%s(条款%s)\n"),
        name, money_format(benefit->amount_fen, money),
        either(language, word_name(&words_payees, benefit->payee), word_zh(&words_payees, benefit->payee)),
        either(language, word_name(&words_funds, benefit->fund), word_zh(&words_funds, benefit->fund)),
        benefit->clause);
}

void
trace_print(const Policy__Pack *pack, const struct evaluation *evaluation, int item, enum trace_language language,
            FILE *out)
{
    char text[TRACE_SENTENCE_MAX];

    for (int i = item ? item : 1; i < (item ? item + 1 : EVALUATION_ITEMS); i++) {
        if (evaluation->benefits[i].state == BENEFIT_NONE)
            continue;
        outcome_print(pack, language, &evaluation->benefits[i], i, out);
        for (uint32_t j = 0; j < evaluation->trace_count; j++)
            if (evaluation->trace[j].item == i)
                fprintf(out, "  %s\n", trace_sentence(pack, &evaluation->trace[j], language, text));
    }
}
