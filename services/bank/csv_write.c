/* CSV written: as Chinese banks' counters take it, CR LF behind each row. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/csv.h"
#include "domain/date.h"
#include "domain/money.h"

static void
put(struct csv_out *out, const char *text, size_t length)
{
    if (out->length + length + 1 > out->room) {
        size_t room = 2 * (out->room + length) + 1024;
        char *larger = jn_arena_take(out->arena, room);

        if (out->length)
            memcpy(larger, out->text, out->length);
        out->text = larger;
        out->room = room;
    }
    memcpy(out->text + out->length, text, length);
    out->length += length;
    out->text[out->length] = '\0';
}

void
csv_cell(struct csv_out *out, const char *text)
{
    bool quotes = strpbrk(text, ",\"\r\n") || *text == ' ' || (*text && text[strlen(text) - 1] == ' ');

    if (out->begun)
        put(out, ",", 1);
    out->begun = true;
    if (!quotes) {
        put(out, text, strlen(text));
        return;
    }
    put(out, "\"", 1);
    for (; *text; text++)
        put(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    put(out, "\"", 1);
}

void
csv_end(struct csv_out *out)
{
    put(out, "\r\n", 2);
    out->begun = false;
}

void
csv_begin(struct csv_out *out, const struct csv_head *head)
{
    const struct bank_order *order = head->order;
    char day[DATE_TEXT], count[24], total[MONEY_TEXT];
    const char *values[CSV_LABELS] = {[CSV_BATCH] = head->message,
                                      [CSV_DAY] = date_format(order->day, day),
                                      [CSV_CURRENCY] = head->currency,
                                      [CSV_COUNT] = count,
                                      [CSV_SUM] = money_format(head->total_fen, total),
                                      [CSV_PAYER] = order->payer.name,
                                      [CSV_PAYER_ACCOUNT] = order->payer.account,
                                      [CSV_PAYER_BANK] = order->payer.bank,
                                      [CSV_NOTE] = head->note};

    snprintf(count, sizeof(count), "%" PRIu64, head->count);
    for (size_t i = 0; i < CSV_LABELS - (*head->note ? 0 : 1); i++) {
        csv_cell(out, csv_labels[i]);
        csv_cell(out, values[i]);
    }
    csv_end(out);
    for (size_t i = 0; i < (head->result ? CSV_COLUMNS : CSV_ORDER_COLUMNS); i++)
        csv_cell(out, csv_columns[i]);
    csv_end(out);
}

struct bank_bytes
csv_close(const struct csv_out *out)
{
    return (struct bank_bytes){out->text, out->length};
}
