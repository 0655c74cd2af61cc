/* Orders (支付指令): what a bank could pay, written and read in either form. */
#include <stdlib.h>
#include <string.h>

#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/money.h"
#include "runtime/code.h"

/* ISO 20022: Max140Text, Max34Text. */
#define NAME_CHARACTERS    140
#define ACCOUNT_CHARACTERS 34

const char *
bank_purpose(const struct bank_payment *payment)
{
    return *payment->purpose ? payment->purpose : "职业技能培训补贴";
}

/* ---- Checked ---- */

static const char *
party_fault(const struct bank_party *party)
{
    size_t name = bank_text_characters(party->name), bank = bank_text_characters(party->bank);
    size_t account = strlen(party->account);

    if (name == 0 || name > NAME_CHARACTERS)
        return "no name, one over 140 characters, or one with control characters 户名缺失、过长或含控制字符";
    if (account == 0 || account > ACCOUNT_CHARACTERS ||
        strspn(party->account, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/ ") != account ||
        party->account[0] == ' ' || party->account[account - 1] == ' ')
        return "no account, or none of digits, letters and hyphens up to 34 账号缺失或格式不符";
    if (bank > NAME_CHARACTERS)
        return "the bank's name is over 140 characters or has control characters 开户行名称过长或含控制字符";
    return NULL;
}

static const char *
payment_fault(const struct bank_payment *row)
{
    const char *what = party_fault(&row->payee);

    if (what)
        return what;
    if (bank_text_characters(row->purpose) > NAME_CHARACTERS)
        return "the purpose is over 140 characters or has control characters 用途过长或含控制字符";
    if (row->amount_fen <= 0 || row->amount_fen > MONEY_FEN_MAX)
        return "the amount is nothing, or too much 金额为零或超限";
    return (row->claim & ~BANK_GRANT) > BANK_NUMBER_MAX ? "the claim's number is too large 编号过大" : NULL;
}

static void
unpayable(struct jn_arena *arena, struct bank_faults *faults, const struct bank_order *order, uint64_t claim, bool row,
          const char *what)
{
    struct bank_fault *fault = bank_fault_add(arena, faults, BANK_UNPAYABLE);

    fault->what = what;
    fault->batch = order->batch;
    fault->claim = claim;
    fault->row = row;
}

static int
by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void
find_twice(struct jn_arena *arena, const struct bank_order *order, struct bank_faults *faults)
{
    uint64_t *claims = jn_arena_take(arena, order->rows_count * sizeof(*claims));

    for (size_t i = 0; i < order->rows_count; i++)
        claims[i] = order->rows[i].claim;
    qsort(claims, order->rows_count, sizeof(*claims), by_number);
    for (size_t i = 1; i < order->rows_count; i++)
        if (claims[i] == claims[i - 1])
            unpayable(arena, faults, order, claims[i], true, "the claim is there twice 同一笔重复");
}

bool
bank_order_check(struct jn_arena *arena, struct bank_order *order, struct bank_faults *faults)
{
    const char *what = party_fault(&order->payer);
    size_t before = faults->count;

    order->total_fen = 0;
    if (what)
        unpayable(arena, faults, order, 0, false, what);
    if (order->batch == 0 || order->batch > BANK_NUMBER_MAX || order->rows_count == 0 ||
        order->rows_count > BANK_ROWS_MAX)
        unpayable(arena, faults, order, 0, false, "no batch, no rows or too many 无批次、无明细或明细过多");
    for (size_t i = 0; i < order->rows_count; i++) {
        what = payment_fault(&order->rows[i]);
        if (!what && !money_add(order->total_fen, order->rows[i].amount_fen, &order->total_fen))
            what = "the sum is too large 合计金额超限";
        if (what)
            unpayable(arena, faults, order, order->rows[i].claim, true, what);
    }
    if (faults->count == before)
        find_twice(arena, order, faults);
    return faults->count == before;
}

/* ---- Written ---- */

const struct bank_bytes *
bank_order_write(struct jn_arena *arena, const struct bank_order *order, enum bank_format format,
                 enum bank_encoding encoding, struct bank_fault *fault)
{
    const struct bank_bytes *text;

    JN_ASSERT(format == BANK_PAIN001 || format == BANK_CSV);
    text = format == BANK_PAIN001 ? pain001_write(arena, order, encoding) : order_csv_write(arena, order);
    return bank_text_encode(arena, *text, encoding, fault);
}

/* ---- Read, by the simulated bank ---- */

struct bank_payment *
bank_order_add(struct jn_arena *arena, struct bank_order *order, size_t *room)
{
    struct bank_payment *payment;

    if (order->rows_count == BANK_ROWS_MAX)
        return NULL;
    order->rows = bank_room(arena, order->rows, order->rows_count, room, sizeof(*order->rows));
    payment = &order->rows[order->rows_count++];
    *payment = (struct bank_payment){.payee = {"", "", ""}, .purpose = ""};
    return payment;
}

bool
bank_order_reference(struct bank_order *order, struct bank_payment *payment, const char *reference, size_t line,
                     struct bank_fault *fault)
{
    uint64_t batch;

    if (!bank_reference_row_read(reference, &batch, &payment->claim))
        return bank_malformed(fault, line, "a reference is none of ours 参考号不是本系统的");
    if (batch == order->batch)
        return true;
    *fault = (struct bank_fault){.class = BANK_WRONG_BATCH, .line = line, .what = ""};
    return false;
}

struct bank_order *
bank_order_read(struct jn_arena *arena, struct bank_bytes file, enum bank_format *format, struct bank_fault *fault)
{
    enum bank_encoding encoding = BANK_ENCODING_ANY;
    const struct bank_bytes *text = bank_text_decode(arena, file, &encoding, fault);
    struct bank_order *order = jn_arena_take(arena, sizeof(*order));
    const char *space;

    order->payer = (struct bank_party){"", "", ""};
    if (!text)
        return NULL;
    *format = text->length > 0 && text->bytes[strspn(text->bytes, " \t\r\n")] == '<' ? BANK_PAIN001 : BANK_CSV;
    if (*format == BANK_CSV)
        return order_csv_read(arena, text, order, fault) ? order : NULL;
    space = bank_xml_namespace(arena, text, fault);
    if (space && strcmp(space, PAIN001_SPACE)) {
        bank_malformed(fault, 1, "this is no pain.001.001.09 不是pain.001.001.09报文");
        return NULL;
    }
    return space && pain001_read(arena, text, order, fault) ? order : NULL;
}
