/* References (业务参考号), amounts and counts as they stand in files. */
#include "bank/bank.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "runtime/code.h"

#define PREFIX        "JN-"
#define GRANT         "G"
#define AMOUNT_DIGITS 30

void
bank_reference_message(uint64_t batch, char out[BANK_REFERENCE])
{
    JN_ASSERT(batch <= BANK_NUMBER_MAX);
    snprintf(out, BANK_REFERENCE, PREFIX "%" PRIu64, batch);
}

void
bank_reference_row(uint64_t batch, uint64_t claim, char out[BANK_REFERENCE])
{
    const char *kind = claim & BANK_GRANT ? GRANT : "";

    claim &= ~BANK_GRANT;
    JN_ASSERT(batch <= BANK_NUMBER_MAX && claim <= BANK_NUMBER_MAX);
    snprintf(out, BANK_REFERENCE, PREFIX "%" PRIu64 "-%s%" PRIu64, batch, kind, claim);
}

/* One way to write a number, so that one row has one reference: no zeros in front. */
static const char *
number(const char *text, uint64_t *out)
{
    size_t digits = strspn(text, "0123456789");

    *out = 0;
    if (digits == 0 || digits > 15 || (digits > 1 && *text == '0'))
        return NULL;
    for (size_t i = 0; i < digits; i++)
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    return text + digits;
}

static const char *
batch_number(const char *text, uint64_t *batch)
{
    const char *end = strncmp(text, PREFIX, strlen(PREFIX)) ? NULL : number(text + strlen(PREFIX), batch);

    return end && *batch > 0 ? end : NULL;
}

bool
bank_reference_message_read(const char *text, uint64_t *batch)
{
    const char *end = batch_number(text, batch);

    return end && !*end;
}

bool
bank_reference_row_read(const char *text, uint64_t *batch, uint64_t *claim)
{
    const char *end = batch_number(text, batch);
    bool grant;

    if (!end || *end != '-')
        return false;
    grant = strncmp(end + 1, GRANT, strlen(GRANT)) == 0;
    end = number(end + 1 + (grant ? strlen(GRANT) : 0), claim);
    if (!end || *end || (grant && *claim == 0))
        return false;
    *claim |= grant ? BANK_GRANT : 0;
    return true;
}

bool
bank_amount_read(const char *text, int64_t *fen)
{
    char plain[AMOUNT_DIGITS + 1];
    size_t length = strlen(text);
    const char *point = strchr(text, '.');

    /* ISO 20022 allows five decimals; those past the fen must say nothing. */
    while (point && text + length > point + 3 && text[length - 1] == '0')
        length--;
    if (length > AMOUNT_DIGITS)
        return false;
    snprintf(plain, sizeof(plain), "%.*s", (int)length, text);
    return money_parse(plain, fen);
}

bool
bank_count_read(const char *text, uint64_t *count)
{
    size_t digits = strspn(text, "0123456789");

    *count = 0;
    if (digits == 0 || digits > 15 || text[digits])
        return false;
    for (size_t i = 0; i < digits; i++)
        *count = *count * 10 + (uint64_t)(text[i] - '0');
    return true;
}
