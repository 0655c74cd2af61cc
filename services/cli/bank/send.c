/* jineng bank send: a payment batch as a file for the bank; 2.12-a. */
#include "cli/bank/bank_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"

/* A file is made of what the bank has not answered for: what failed has gone, or will go, in another batch. Where the
 * payee had all of it as an advance, or owes it, there is nothing to pay; what the bank has not decided was sent. */
static void
order_of(struct jn_arena *arena, const Ledger__BatchView *view, struct bank_order *order)
{
    order->batch = view->head->batch;
    order->day = view->head->day;
    order->rows = jn_arena_take(arena, view->n_rows * sizeof(*order->rows));
    for (size_t i = 0; i < view->n_rows; i++) {
        const Ledger__BatchRow *row = view->rows[i];
        int64_t sent_fen = row->amount_fen - row->offset_fen - row->setoff_fen;

        if (strcmp(row->state, "instructed") || sent_fen == 0)
            continue;
        order->rows[order->rows_count++] = (struct bank_payment){
            .claim = bank_row_number(row),
            .amount_fen = sent_fen,
            .payee = {row->payee_name, row->account, row->bank},
            .purpose = row->purpose,
        };
    }
}

static struct bank_party
payer(const struct bank_arguments *arguments, const struct jn_config *config)
{
    return (struct bank_party){arguments->payer_name ? arguments->payer_name : config->payer_name,
                               arguments->payer_account ? arguments->payer_account : config->payer_account,
                               arguments->payer_bank ? arguments->payer_bank : config->payer_bank};
}

static int
write_order(const struct bank_arguments *arguments, struct jn_arena *arena, struct bank_order *order)
{
    struct bank_faults faults = {.count = 0};
    struct bank_fault fault;
    const struct bank_bytes *bytes;
    char total[MONEY_TEXT];
    int code;

    if (!bank_order_check(arena, order, &faults)) {
        bank_print_faults(arguments, &faults);
        return CLI_REFUSED;
    }
    bytes = bank_order_write(arena, order, arguments->format, arguments->simulation.encoding, &fault);
    if (!bytes) {
        bank_print_fault(arguments, &fault);
        return CLI_REFUSED;
    }
    code = bank_file_write(arguments->out, bytes);
    if (code == CLI_OK)
        printf("JN-%" PRIu64 ": %zu %s, %s %s -> %s\n", order->batch, order->rows_count,
               bank_say(arguments, "rows", "笔"), money_format(order->total_fen, total),
               bank_say(arguments, "yuan", "元"), arguments->out);
    return code;
}

static int
send_from(struct suite *suite, const struct bank_arguments *arguments, uint64_t batch, struct jn_arena *arena)
{
    struct bank_order order = {.payer = payer(arguments, &suite->config)};
    struct jn_client *client = NULL;
    const Ledger__BatchView *view;
    int code;

    if (!*order.payer.name || !*order.payer.account) {
        suite_say("say whose account pays: payer_name, payer_account and payer_bank in %s, or --payer-name, "
                  "--payer-account and --payer-bank",
                  suite->config.path);
        return CLI_CONFIGURATION;
    }
    code = suite_client(suite, "ledger", arguments->as, 1, &client);
    if (code == CLI_OK)
        code = bank_ask_batch(client, batch, arena, &view);
    if (code != CLI_OK)
        return code;
    if (!view) {
        suite_say("no batch has the number %" PRIu64 ": jineng call ledger.Batches lists those that wait for the bank",
                  batch);
        return CLI_REFUSED;
    }
    if (view->head->state != LEDGER__BATCH_STATE__RELEASED) {
        suite_say("2.12-c: finance has not released batch %" PRIu64
                  ": one key submits it (ledger.SubmitBatches), another "
                  "releases it (ledger.ReleaseBatches)",
                  batch);
        return CLI_REFUSED;
    }
    order_of(arena, view, &order);
    if (order.rows_count > 0)
        return write_order(arguments, arena, &order);
    suite_say("batch %" PRIu64 " has no row that waits for the bank: all of it was answered", batch);
    return CLI_REFUSED;
}

int
bank_send(const struct bank_arguments *arguments)
{
    struct suite *suite = NULL;
    struct jn_arena arena;
    uint64_t batch;
    int code;

    if (!suite_number(arguments->what, 1, BANK_NUMBER_MAX, &batch) || !arguments->out)
        return suite_usage("bank", "name the batch by its number, and the file with --out");
    if (arguments->format_given && arguments->format != BANK_PAIN001 && arguments->format != BANK_CSV)
        return suite_usage("bank", "an order is pain001 or csv");
    code = suite_open(&suite, arguments->data);
    jn_arena_open(&arena, BANK_MEMORY_BYTES);
    if (code == CLI_OK)
        code = send_from(suite, arguments, batch, &arena);
    jn_arena_close(&arena);
    suite_close(suite);
    return code;
}
