/* Money: int64 fen, checked arithmetic. */
#include "domain/money.h"

#include <inttypes.h>
#include <stdio.h>

static bool
in_range(int64_t fen)
{
    return fen >= -MONEY_FEN_MAX && fen <= MONEY_FEN_MAX;
}

bool
money_add(int64_t a_fen, int64_t b_fen, int64_t *out)
{
    int64_t sum;

    if (__builtin_add_overflow(a_fen, b_fen, &sum) || !in_range(sum))
        return false;
    *out = sum;
    return true;
}

bool
money_mul(int64_t a_fen, int64_t times, int64_t *out)
{
    int64_t product;

    if (__builtin_mul_overflow(a_fen, times, &product) || !in_range(product))
        return false;
    *out = product;
    return true;
}

bool
money_rate(int64_t amount_fen, int64_t rate_bp, int64_t *out)
{
    int64_t product;

    if (amount_fen < 0 || amount_fen > MONEY_FEN_MAX || rate_bp < 0 || rate_bp > 1000000)
        return false;
    /* In two halves, so that 10^15 x 10^6 stays within 63 bits: 10^11 x 10^6 + 10^4 x 10^6 / 10^4. */
    product = amount_fen / 10000 * rate_bp + amount_fen % 10000 * rate_bp / 10000;
    if (!in_range(product))
        return false;
    *out = product;
    return true;
}

/* The product has a hundred bits: by doubling, from the amount's highest bit on, quotient and rest are kept apart. */
int64_t
money_share(int64_t amount_fen, int64_t part_fen, int64_t whole_fen)
{
    int64_t share = 0, rest = 0;

    for (int bit = 50; whole_fen > 0 && bit >= 0; bit--) {
        share *= 2;
        rest = 2 * rest + (amount_fen >> bit & 1 ? part_fen : 0);
        for (; rest >= whole_fen; rest -= whole_fen) /* twice at most */
            share++;
    }
    return share;
}

bool
money_parse(const char *text, int64_t *out)
{
    int64_t fen = 0;
    int digits = 0;
    int decimals = -1; /* -1 until the point is seen */

    for (; *text; text++) {
        if (*text == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || decimals == 2)
            return false;
        fen = fen * 10 + (*text - '0');
        if (fen > MONEY_FEN_MAX)
            return false;
        digits++;
        if (decimals >= 0)
            decimals++;
    }
    if (digits == 0 || decimals == 0)
        return false;
    for (int missing = decimals < 0 ? 2 : 2 - decimals; missing > 0; missing--)
        fen *= 10; /* at most 10^17 */
    if (fen > MONEY_FEN_MAX)
        return false;
    *out = fen;
    return true;
}

char *
money_format(int64_t fen, char buf[MONEY_TEXT])
{
    uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;

    snprintf(buf, MONEY_TEXT, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / 100, size % 100);
    return buf;
}
