/* The simulated bank (模拟银行), for rehearsal: answers an order with what a bank may do to it, and with each of its
 * faults. */
#include <stdio.h>
#include <string.h>

#include "bank/parts.h"
#include "domain/money.h"

/* Of ten rows one fails and one is pending. */
#define OF_TEN 10

/* splitmix64: the same rows each time. */
static uint64_t
mixed(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static struct reply_row
row_of(const struct bank_order *order, const struct bank_payment *payment)
{
    struct reply_row row = {.payment = payment,
                            .amount_fen = payment->amount_fen,
                            .standing = BANK_PAID,
                            .code = "",
                            .words = "",
                            .booking = 1};

    bank_reference_row(order->batch, payment->claim, row.reference);
    return row;
}

static void
decide(const struct bank_order *order, const struct bank_simulation *simulation, struct reply_row *row,
       size_t *failures)
{
    uint64_t chance = mixed(simulation->seed ^ mixed(order->batch ^ mixed(row->payment->claim))) % OF_TEN;
    const struct bank_reason *reason;

    if (simulation->seed == 0 || chance > 1)
        return;
    if (chance == 1) {
        row->standing = simulation->settled ? BANK_PAID : BANK_PENDING;
        return;
    }
    reason = &bank_reasons[(order->batch + (*failures)++) % bank_reasons_count];
    row->standing = BANK_FAILED;
    row->code = reason->code;
    row->words = reason->zh;
}

/* ---- Faults ---- */

static void
mark_paid(struct reply_row *row)
{
    row->standing = BANK_PAID;
    row->code = row->words = "";
}

/* A row more, in the bank's own list. */
static struct reply_row *
one_more(struct bank_reply *reply, const struct reply_row *like)
{
    reply->rows[reply->rows_count] = *like;
    reply->listed++;
    return &reply->rows[reply->rows_count++];
}

static const char *
put_fault(struct bank_reply *reply, const struct bank_simulation *simulation)
{
    struct reply_row *row = &reply->rows[reply->marked], *more;
    bool statement = simulation->format == BANK_CAMT053;

    switch (simulation->fault) {
    case BANK_WRONG_TOTAL:
        reply->ordered++;
        reply->listed++;
        break;
    case BANK_WRONG_CURRENCY:
        reply->foreign = true;
        break;
    case BANK_WRONG_BATCH:
        bank_reference_row(BANK_NUMBER_MAX, row->payment->claim, row->reference);
        break;
    case BANK_UNKNOWN_ROW:
        more = one_more(reply, row);
        bank_reference_row(reply->order->batch, BANK_NUMBER_MAX, more->reference);
        break;
    case BANK_AMOUNT_DIFFERS:
        row->amount_fen++;
        break;
    case BANK_DOUBLE_DEBIT:
        mark_paid(row);
        one_more(reply, row)->booking = 2;
        break;
    case BANK_RETURNED:
        if (simulation->format == BANK_PAIN002)
            return "pain.002 cannot tell of a return: use --format camt053 or csv";
        *row = (struct reply_row){.payment = row->payment,
                                  .amount_fen = row->amount_fen,
                                  .standing = BANK_SENT_BACK,
                                  .booking = row->booking,
                                  .code = "AC04",
                                  .words = "收款账户已销户"};
        bank_reference_row(reply->order->batch, row->payment->claim, row->reference);
        break;
    case BANK_CONTRADICTS:
        if (statement)
            return "a statement does not tell of failures: use --format pain002 or csv";
        mark_paid(row);
        more = one_more(reply, row);
        more->standing = BANK_FAILED;
        more->code = "AC01";
        break;
    case BANK_UNCLEAR:
        reply->unclear = true;
        break;
    case BANK_MALFORMED:
    case BANK_WRONG_ENCODING:
    case BANK_CLASS_NONE:
        break;
    case BANK_UNPAYABLE:
    case BANK_NOT_IN_GBK:
    case BANK_CLASSES:
        return "that is no fault of a bank's file";
    }
    return NULL;
}

/* The next day's statement: of the last row that is there alone. */
static const char *
put_later(struct bank_reply *reply, const struct bank_simulation *simulation)
{
    if (simulation->format != BANK_CAMT053 ||
        (simulation->fault != BANK_DOUBLE_DEBIT && simulation->fault != BANK_RETURNED))
        return "--later is a statement of a row that was paid before: use --format camt053 and --fault double-debit or "
               "returned";
    reply->rows[0] = reply->rows[simulation->fault == BANK_RETURNED ? reply->marked : reply->rows_count - 1];
    reply->rows_count = reply->listed = 1;
    reply->marked = 0;
    reply->credit_alone = simulation->fault == BANK_RETURNED;
    return NULL;
}

/* What went wrong on the way: cut off, or a byte that no encoding has. */
static const struct bank_bytes *
spoil(struct jn_arena *arena, const struct bank_bytes *file, enum bank_class class)
{
    struct bank_bytes *spoilt = jn_arena_take(arena, sizeof(*spoilt));
    char *bytes = jn_arena_take(arena, file->length + 2);
    size_t half = file->length / 2;

    memcpy(bytes, file->bytes, file->length);
    if (class == BANK_MALFORMED) {
        /* A quotation mark, so that no CSV is whole by chance. */
        while (half > 0 && bytes[half - 1] != '\n')
            half--;
        bytes[half] = '"';
        *spoilt = (struct bank_bytes){bytes, half + 1};
        return spoilt;
    }
    bytes[half] = '\xFF';
    bytes[half + 1] = '\xFF';
    *spoilt = (struct bank_bytes){bytes, file->length};
    return spoilt;
}

/* ---- The whole ---- */

int64_t
reply_sum(const struct bank_reply *reply)
{
    int64_t sum_fen = 0;

    for (size_t i = 0; i < reply->rows_count; i++)
        if (!money_add(sum_fen, reply->rows[i].amount_fen, &sum_fen))
            return MONEY_FEN_MAX;
    return sum_fen;
}

static const struct bank_bytes *
write_reply(struct jn_arena *arena, const struct bank_reply *reply, enum bank_format format)
{
    if (format == BANK_CAMT053)
        return camt053_write(arena, reply);
    return format == BANK_PAIN002 ? pain002_write(arena, reply) : result_csv_write(arena, reply);
}

const struct bank_bytes *
bank_simulate(struct jn_arena *arena, const struct bank_order *order, const struct bank_simulation *simulation,
              const char **unfit)
{
    struct bank_reply reply = {.order = order, .encoding = simulation->encoding, .marked = order->rows_count / 2};
    const struct bank_bytes *file;
    struct bank_fault fault;
    size_t failures = 0;

    reply.rows = jn_arena_take(arena, (order->rows_count + 1) * sizeof(*reply.rows));
    for (size_t i = 0; i < order->rows_count; i++) {
        reply.rows[i] = row_of(order, &order->rows[i]);
        decide(order, simulation, &reply.rows[i], &failures);
    }
    reply.rows_count = reply.listed = reply.ordered = order->rows_count;
    reply.ordered_fen = order->total_fen;
    *unfit = put_fault(&reply, simulation);
    if (!*unfit && simulation->later)
        *unfit = put_later(&reply, simulation);
    if (*unfit)
        return NULL;
    file = bank_text_encode(arena, *write_reply(arena, &reply, simulation->format), simulation->encoding, &fault);
    if (!file) {
        *unfit = "a name in the order is not in GBK: use --encoding utf-8";
        return NULL;
    }
    if (simulation->fault == BANK_MALFORMED || simulation->fault == BANK_WRONG_ENCODING)
        return spoil(arena, file, simulation->fault);
    return file;
}
