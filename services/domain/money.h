/* Money: int64 fen, checked arithmetic. No float anywhere. */
#ifndef DOMAIN_MONEY_H
#define DOMAIN_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest amount that anything may hold: 10^15 fen, ten trillion yuan. */
#define MONEY_FEN_MAX INT64_C(1000000000000000)

/* The most that the training of one person may cost: 1,000,000.00 yuan. A year of a technician's education costs some
 * tens of thousands; what is beyond this is a slip of the decimal point, and half of it would be paid. */
#define TRAINING_COST_FEN_MAX INT64_C(100000000)

/* Both return false, leaving *out alone, where the result would pass +-MONEY_FEN_MAX. */
bool money_add(int64_t a_fen, int64_t b_fen, int64_t *out);
bool money_mul(int64_t a_fen, int64_t times, int64_t *out);

/* amount x hundredths of a percent (5000 = 50 %), cut down to the fen; amount >= 0, rate 0 to 1,000,000. */
bool money_rate(int64_t amount_fen, int64_t rate_bp, int64_t *out);

/* amount x part / whole, cut down to the fen; 0 <= amount, part <= whole <= MONEY_FEN_MAX. 0 of nothing is 0. */
int64_t money_share(int64_t amount_fen, int64_t part_fen, int64_t whole_fen);

/* "1234.5" -> 123450. Digits, at most one point, at most two decimals, no sign, no blanks, no thousands separators. */
bool money_parse(const char *text, int64_t *out);

/* Writes "1234.50" (a minus sign where negative); returns buf. size at least MONEY_TEXT. */
#define MONEY_TEXT 24
char *money_format(int64_t fen, char buf[MONEY_TEXT]);

#endif
