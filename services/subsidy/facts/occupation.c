/* Occupations (职业) as numbers: the code's own digits, or, for texts of another form, the next number. */
#include <string.h>

#include "domain/identifiers.h"
#include "subsidy/nouns.h"

/* Before the digits of a code, so that none of them is 0 or a number given in turn. */
#define CODE_BASE 10000000u

static uint32_t
code_number(const char *code)
{
    uint32_t number = 0;

    for (const char *at = code; *at; at++)
        if (*at != '-')
            number = number * 10 + (uint32_t)(*at - '0');
    return CODE_BASE + number;
}

/* A text longer than a key can be is known by its first 64 bytes. */
static struct jn_key
text_key(const char *text)
{
    return jn_key_bytes(text, strnlen(text, JN_TABLE_KEY_BYTES_MAX));
}

uint32_t
occupation_number(struct jn_decision *d, const char *text)
{
    Subsidy__OccupationNoted noted = SUBSIDY__OCCUPATION_NOTED__INIT;
    const Subsidy__NumberRow *row;

    if (!*text)
        return 0;
    if (occupation_code(text))
        return code_number(text);
    row = jn_get(d->view, TABLE_OCCUPATION, text_key(text));
    if (row)
        return (uint32_t)row->number;
    noted.text = (char *)(uintptr_t)text;
    noted.number = (uint32_t)jn_counter(d->view, COUNTER_OCCUPATION) + 1;
    jn_emit(d, EVENT_OCCUPATION_NOTED, &noted);
    return noted.number;
}

void
apply_occupation_noted(struct jn_tables *t, const Subsidy__OccupationNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    (void)stamp;
    row.number = event->number;
    jn_put(t, TABLE_OCCUPATION, text_key(event->text), &row);
    jn_counter_set(t, COUNTER_OCCUPATION, event->number);
}
