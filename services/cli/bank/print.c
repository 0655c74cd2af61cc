/* What went wrong, for people: the class, where, the figures, and what to do now. */
#include "cli/bank/bank_command.h"

#include <inttypes.h>
#include <stdio.h>

const char *
bank_say(const struct bank_arguments *arguments, const char *en, const char *zh)
{
    return arguments->chinese ? zh : en;
}

void
bank_print_fault(const struct bank_arguments *arguments, const struct bank_fault *fault)
{
    const struct bank_class_words *words = &bank_classes[fault->class];

    printf("! %s: %s", words->name, bank_say(arguments, words->en, words->zh));
    if (fault->row)
        printf("; JN-%" PRIu64 "-%" PRIu64, fault->batch, fault->claim);
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
