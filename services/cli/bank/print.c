/* What went wrong, for people: the class, where, the figures, and what to do now. */
#include "cli/bank/bank_command.h"

#include <inttypes.h>
#include <stdio.h>

const char *
bank_say(const struct bank_arguments *arguments, const char *en, const char *zh)
{
    return arguments->chinese ? zh : en;
}

/* A file may name rows that no ledger could have. */
const char *
bank_say_row(uint64_t batch, uint64_t claim, char out[BANK_REFERENCE])
{
    if (batch <= BANK_NUMBER_MAX && (claim & ~BANK_GRANT) <= BANK_NUMBER_MAX)
        bank_reference_row(batch, claim, out);
    else
        snprintf(out, BANK_REFERENCE, "?");
    return out;
}

void
bank_print_fault(const struct bank_arguments *arguments, const struct bank_fault *fault)
{
    const struct bank_class_words *words = &bank_classes[fault->class];
    char reference[BANK_REFERENCE];

    printf("! %s: %s", words->name, bank_say(arguments, words->en, words->zh));
    if (fault->row)
        printf("; %s", bank_say_row(fault->batch, fault->claim, reference));
    if (fault->line)
        printf("; %s %zu", bank_say(arguments, "line", "行"), fault->line);
    if (*fault->what)
        printf("; %s", fault->what);
    if (*fault->found)
        printf("; %s %s", bank_say(arguments, "found", "实际"), fault->found);
    if (*fault->expected)
        printf("; %s %s", bank_say(arguments, "expected", "应为"), fault->expected);
    printf("\n    %s: %s\n", bank_say(arguments, "next", "下一步"),
           bank_say(arguments, words->next_en, words->next_zh));
}

void
bank_print_faults(const struct bank_arguments *arguments, const struct bank_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        bank_print_fault(arguments, &faults->list[i]);
}
