/* Orders in the bank's CSV. */
#include <inttypes.h>
#include <stdio.h>

#include "bank/csv.h"
#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/date.h"
#include "domain/money.h"

const struct bank_bytes *
order_csv_write(struct jn_arena *arena, const struct bank_order *order)
{
    struct bank_bytes *bytes = jn_arena_take(arena, sizeof(*bytes));
    struct csv_out out = {.arena = arena};
    char message[BANK_REFERENCE], reference[BANK_REFERENCE], amount[MONEY_TEXT], serial[24];
    struct csv_head head = {order, "CNY", order->rows_count, order->total_fen, message, false, ""};

    bank_reference_message(order->batch, message);
    csv_begin(&out, &head);
    for (size_t i = 0; i < order->rows_count; i++) {
        const struct bank_payment *payment = &order->rows[i];

        bank_reference_row(order->batch, payment->claim, reference);
        snprintf(serial, sizeof(serial), "%zu", i + 1);
        csv_cell(&out, serial);
        csv_cell(&out, payment->payee.name);
        csv_cell(&out, payment->payee.account);
        csv_cell(&out, payment->payee.bank);
        csv_cell(&out, money_format(payment->amount_fen, amount));
        csv_cell(&out, bank_purpose(payment));
        csv_cell(&out, reference);
        csv_end(&out);
    }
    *bytes = csv_close(&out);
    return bytes;
}

bool
order_csv_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_order *order,
               struct bank_fault *fault)
{
    const struct csv_file *file = csv_file_read(arena, text, fault);
    size_t room = 0;

    if (!file)
        return false;
    if (!bank_reference_message_read(file->head[CSV_BATCH], &order->batch))
        return bank_malformed(fault, 1, "the batch is none of ours 批次号不是本系统的");
    if (!date_parse(file->head[CSV_DAY], &order->day))
        return bank_malformed(fault, 1, csv_labels[CSV_DAY]);
    if (file->count == 0)
        return bank_malformed(fault, 1, "no rows 没有明细");
    order->payer =
        (struct bank_party){file->head[CSV_PAYER], file->head[CSV_PAYER_ACCOUNT], file->head[CSV_PAYER_BANK]};
    order->total_fen = file->total_fen;
    for (size_t i = 0; i < file->count; i++) {
        const struct csv_line *line = &file->lines[i];
        struct bank_payment *payment = bank_order_add(arena, order, &room);

        payment->amount_fen = line->amount_fen;
        payment->payee = (struct bank_party){line->cells[CSV_NAME], line->cells[CSV_ACCOUNT], line->cells[CSV_BANK]};
        payment->purpose = line->cells[CSV_PURPOSE];
        if (!bank_order_reference(order, payment, line->cells[CSV_REFERENCE], line->line, fault))
            return false;
    }
    return true;
}
