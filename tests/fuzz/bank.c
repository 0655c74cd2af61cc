/* What comes from the bank, and what the simulated one takes: an answer, read and held against a batch, or an order.
 * Input: a byte (bit 0: an order, bit 1: somebody names an encoding, bit 2: GBK), then the file. Read or refused with a
 * class; what was read keeps what bank.h promises, and means the same a second time. */
#include <stdlib.h>
#include <string.h>

#include "bank/bank.h"
#include "fuzz.h"
#include "runtime/code.h"

#define ROWS 5

static struct jn_arena arena;

/* The order that the seeds are answers to, as the ledger would have it: some of it answered before. */
static const struct bank_known rows[ROWS] = {
    {.claim = 101, .amount_fen = 60000, .payee = {"某某培训学校", "13050161000000001", "313121006888"}},
    {.claim = 102, .amount_fen = 1, .payee = {"陈小明", "6222020402001234567", ""}},
    {.claim = 103, .amount_fen = 123456, .payee = {"\"A&B\" <Skills>, Ltd", "6217000000100000656", "河北银行"}},
    {.claim = 104,
     .amount_fen = 20000,
     .state = BANK_WAS_PAID,
     .payee = {"张三", "6217000000100000664", ""},
     .booked = {{"12-104-1"}, 1}},
    {.claim = 105, .amount_fen = 30000, .state = BANK_WAS_FAILED, .payee = {"李四", "6217000000100000672", ""}}};
static const struct bank_batch batch = {12, rows, ROWS};

static void
leave(void)
{
    jn_arena_close(&arena);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    jn_arena_open(&arena, BANK_MEMORY_BYTES);
    atexit(leave);
    return 0;
}

static void
look_at_fault(const struct bank_fault *fault)
{
    JN_ASSERT(fault->class >= BANK_MALFORMED && fault->class < BANK_CLASSES);
    JN_ASSERT(fault->what && memchr(fault->found, 0, sizeof(fault->found)) &&
              memchr(fault->expected, 0, sizeof(fault->expected)));
}

static void
look_at_answer(const struct bank_answer *answer)
{
    JN_ASSERT(answer->rows_count <= BANK_ROWS_MAX && answer->encoding != BANK_ENCODING_ANY);
    JN_ASSERT(answer->format == BANK_CAMT053 || answer->batch > 0);
    for (size_t i = 0; i < answer->rows_count; i++) {
        const struct bank_row *row = &answer->rows[i];

        JN_ASSERT(row->batch > 0 && (answer->batch == 0 || row->batch == answer->batch));
        JN_ASSERT(row->amount_fen >= -1 && strlen(row->code) <= BANK_FIELD_MAX && strlen(row->words) <= BANK_FIELD_MAX);
    }
    for (size_t i = 0; i < answer->faults.count; i++)
        look_at_fault(&answer->faults.list[i]);
}

/* Money is offered once a claim, of what is open alone, and with a reason that the ledger takes and that names nobody.
 */
static void
look_at(const struct bank_reconciled *what)
{
    int64_t sum_fen = 0;

    JN_ASSERT(what->offers_count + what->known + what->pending <= ROWS);
    JN_ASSERT(!what->refused || what->offers_count == 0);
    for (size_t i = 0; i < what->offers_count; i++) {
        const struct bank_offer *offer = &what->offers[i];
        size_t at = 0;

        while (at < ROWS && rows[at].claim != offer->claim)
            at++;
        JN_ASSERT(at < ROWS && rows[at].state == BANK_OPEN);
        for (size_t k = 0; k < i; k++)
            JN_ASSERT(what->offers[k].claim != offer->claim);
        sum_fen += rows[at].amount_fen;
        if (offer->paid)
            continue;
        JN_ASSERT(*offer->reason && bank_text_characters(offer->reason) <= BANK_REASON_BYTES);
        JN_ASSERT(!strstr(offer->reason, rows[at].payee.account) && !strstr(offer->reason, rows[at].payee.name));
    }
    JN_ASSERT(sum_fen == what->paid_fen + what->failed_fen);
    JN_ASSERT(what->offers_count + what->told_count <= ROWS);
    for (size_t i = 0; i < what->told_count; i++)
        JN_ASSERT(bank_text_characters(what->told[i].reason) <= BANK_REASON_BYTES);
    for (size_t i = 0; i < what->faults.count; i++)
        look_at_fault(&what->faults.list[i]);
}

static void
read_answer(struct bank_bytes file, enum bank_encoding encoding)
{
    struct bank_fault fault = {.class = BANK_CLASS_NONE};
    const struct bank_answer *answer = bank_answer_read(&arena, file, encoding, &fault);
    struct bank_reconciled what, again;
    uint64_t *batches;
    size_t count;

    if (!answer) {
        look_at_fault(&fault);
        return;
    }
    look_at_answer(answer);
    count = bank_answer_batches(&arena, answer, &batches);
    for (size_t i = 1; i < count; i++)
        JN_ASSERT(batches[i - 1] < batches[i]);
    bank_reconcile(&arena, answer, &batch, &what);
    look_at(&what);
    bank_reconcile(&arena, answer, &batch, &again);
    JN_ASSERT(again.offers_count == what.offers_count && again.faults.count == what.faults.count);
}

/* An order that can be read and paid is written, and read again as it was. */
static void
read_order(struct bank_bytes file)
{
    struct bank_fault fault = {.class = BANK_CLASS_NONE};
    struct bank_faults faults = {.count = 0};
    enum bank_format format = BANK_CSV;
    struct bank_order *order = bank_order_read(&arena, file, &format, &fault), *again;
    const struct bank_bytes *written;

    if (!order) {
        look_at_fault(&fault);
        return;
    }
    if (!bank_order_check(&arena, order, &faults))
        return;
    written = bank_order_write(&arena, order, format, BANK_UTF8, &fault);
    JN_ASSERT(written);
    again = bank_order_read(&arena, *written, &format, &fault);
    JN_ASSERT(again && again->rows_count == order->rows_count && again->total_fen == order->total_fen);
    for (size_t i = 0; i < order->rows_count; i++) {
        JN_ASSERT(again->rows[i].claim == order->rows[i].claim &&
                  again->rows[i].amount_fen == order->rows[i].amount_fen);
        JN_ASSERT(!strcmp(again->rows[i].payee.account, order->rows[i].payee.account));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bank_bytes file;

    if (size < 1)
        return -1;
    file = (struct bank_bytes){(const char *)data + 1, size - 1};
    if (data[0] & 1)
        read_order(file);
    else
        read_answer(file, !(data[0] & 2) ? BANK_ENCODING_ANY : data[0] & 4 ? BANK_GBK : BANK_UTF8);
    JN_ASSERT(!arena.spent);
    jn_arena_reset(&arena);
    return 0;
}
