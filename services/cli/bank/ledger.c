/* A payment batch, as the ledger has it. */
#include "cli/bank/bank_command.h"

#include <string.h>

#include "runtime/code.h"

/* A reply is good until the next question. */
static const Ledger__BatchView *
copied(const Ledger__BatchView *view, struct jn_arena *arena)
{
    size_t length = ledger__batch_view__get_packed_size(view);
    uint8_t *bytes = jn_arena_take(arena, length);
    const Ledger__BatchView *copy;

    ledger__batch_view__pack(view, bytes);
    copy = ledger__batch_view__unpack(&arena->rows, length, bytes);
    JN_ASSERT(copy);
    return copy;
}

int
bank_ask_batch(struct jn_client *client, uint64_t batch, struct jn_arena *arena, const Ledger__BatchView **view)
{
    Ledger__BatchRequest request = LEDGER__BATCH_REQUEST__INIT;
    struct jn_answer answer;

    *view = NULL;
    request.batch = batch;
    if (!jn_client_call(client, "Batch", &request, SUITE_TIMEOUT_MS, &answer)) {
        suite_say("%s", answer.reason);
        return CLI_UNREACHABLE;
    }
    if (answer.code != JN_OK && answer.code != JN_NOT_FOUND)
        return suite_refused(&answer);
    if (answer.code == JN_OK)
        *view = copied(answer.reply, arena);
    return CLI_OK;
}

static enum bank_state
state_of(const char *name)
{
    if (!strcmp(name, "paid"))
        return BANK_WAS_PAID;
    return strcmp(name, "failed") ? BANK_OPEN : BANK_WAS_FAILED;
}

/* The ledger keeps no more of a row than fit. */
static struct bank_bookings
bookings_of(char *const *list, size_t count)
{
    struct bank_bookings out = {.count = 0};

    for (size_t i = 0; i < count && i < BANK_BOOKINGS_MAX; i++)
        out.list[out.count++] = list[i];
    return out;
}

uint64_t
bank_row_number(const Ledger__BatchRow *row)
{
    return row->disbursement ? BANK_GRANT | row->disbursement : row->claim;
}

void
bank_known_rows(struct jn_arena *arena, const Ledger__BatchView *view, struct bank_batch *out)
{
    struct bank_known *rows = jn_arena_take(arena, view->n_rows * sizeof(*rows));

    for (size_t i = 0; i < view->n_rows; i++) {
        const Ledger__BatchRow *row = view->rows[i];

        rows[i] = (struct bank_known){.claim = bank_row_number(row),
                                      .amount_fen = row->amount_fen - row->offset_fen - row->setoff_fen,
                                      .state = state_of(row->state),
                                      .payee = {row->payee_name, row->account, row->bank},
                                      .booked = bookings_of(row->booked, row->n_booked),
                                      .returned = bookings_of(row->returned, row->n_returned)};
    }
    *out = (struct bank_batch){view->head->batch, rows, view->n_rows};
}
