/* jineng bank read: the bank's answer, held against the ledger; what is good in it is recorded, the rest told with what
 * to do about it. */
#include "cli/bank/bank_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "runtime/fold.h"

struct reading {
    const struct bank_arguments *arguments;
    struct jn_arena *arena;
    struct jn_client *client;
    const struct bank_answer *answer;
    bool exceptions; /* something is a person's now */
};

/* ---- Recorded ---- */

/* What is offered, and behind it what is only told. */
static struct bank_offer *
row_at(const struct bank_reconciled *from, size_t i)
{
    return i < from->offers_count ? &from->offers[i] : &from->told[i - from->offers_count];
}

static const Ledger__RecordBankResults *
results_of(struct jn_arena *arena, uint64_t batch, const struct bank_reconciled *from, size_t first)
{
    Ledger__RecordBankResults *command = jn_arena_take(arena, sizeof(*command));
    size_t all = from->offers_count + from->told_count;

    ledger__record_bank_results__init(command);
    command->batch = batch;
    command->rows = jn_arena_take(arena, JN_ROWS_MAX * sizeof(*command->rows));
    for (size_t i = first; i < all && command->n_rows < JN_ROWS_MAX; i++) {
        struct bank_offer *offer = row_at(from, i);
        Ledger__BankResult *row = jn_arena_take(arena, sizeof(*row));

        ledger__bank_result__init(row);
        row->claim = offer->claim & BANK_GRANT ? 0 : offer->claim;
        row->disbursement = offer->claim & BANK_GRANT ? offer->claim & ~BANK_GRANT : 0;
        row->n_booked = offer->booked.count;
        row->booked = (char **)(uintptr_t)offer->booked.list;
        row->n_returned = offer->returned.count;
        row->returned = (char **)(uintptr_t)offer->returned.list;
        row->paid = offer->paid;
        row->unknown = offer->undecided;
        row->reason = offer->reason;
        command->rows[command->n_rows++] = row;
    }
    return command;
}

/* A row that somebody else has answered meanwhile is refused; the others are recorded. What contradicts the books is
 * refused, too, and was told above. */
static void
print_refused(struct reading *in, uint64_t batch, const struct bank_reconciled *from, size_t first,
              const Ledger__Outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->n_refused; i++) {
        const Common__Outcome *refused = outcomes->refused[i];
        char reference[BANK_REFERENCE];
        size_t at = first + refused->row;

        if (at >= from->offers_count && !row_at(from, at)->undecided && refused->code == JN_REFUSED)
            continue;
        in->exceptions = true;
        printf("! %s: %s\n", bank_say_row(batch, row_at(from, at)->claim, reference), refused->reason);
    }
}

static int
record(struct reading *in, uint64_t batch, const struct bank_reconciled *from)
{
    for (size_t first = 0; first < from->offers_count + from->told_count; first += JN_ROWS_MAX) {
        struct jn_answer answer;
        int code = suite_ask(in->client, "RecordBankResults", results_of(in->arena, batch, from, first), &answer);

        if (code != CLI_OK)
            return code;
        print_refused(in, batch, from, first, answer.reply);
    }
    return CLI_OK;
}

/* ---- Told ---- */

static void
print_summary(const struct bank_arguments *arguments, uint64_t batch, const struct bank_reconciled *what)
{
    char paid[MONEY_TEXT], failed[MONEY_TEXT], reference[BANK_REFERENCE];
    size_t paid_count = 0;

    for (size_t i = 0; i < what->offers_count; i++)
        paid_count += what->offers[i].paid;
    printf(arguments->chinese ? "JN-%" PRIu64 "：支付 %zu 笔 %s 元，失败 %zu 笔 %s 元，未决 %zu 笔，此前已记录 %zu 笔\n"
                              : "JN-%" PRIu64
                                ": paid %zu, %s yuan; failed %zu, %s yuan; still open %zu; known before %zu\n",
           batch, paid_count, money_format(what->paid_fen, paid), what->offers_count - paid_count,
           money_format(what->failed_fen, failed), what->pending, what->known);
    for (size_t i = 0; i < what->offers_count; i++)
        if (!what->offers[i].paid)
            printf("  %s %s: %s\n", bank_say_row(batch, what->offers[i].claim, reference),
                   bank_say(arguments, "failed", "失败"), what->offers[i].reason);
}

/* ---- The whole ---- */

static int
read_batch(struct reading *in, uint64_t number)
{
    struct bank_reconciled what;
    struct bank_batch batch;
    const Ledger__BatchView *view;
    int code = bank_ask_batch(in->client, number, in->arena, &view);

    if (code != CLI_OK)
        return code;
    if (!view) {
        struct bank_fault fault = {.class = BANK_WRONG_BATCH, .what = ""};

        snprintf(fault.found, sizeof(fault.found), "JN-%" PRIu64, number);
        bank_print_fault(in->arguments, &fault);
        in->exceptions = true;
        return CLI_OK;
    }
    bank_known_rows(in->arena, view, &batch);
    bank_reconcile(in->arena, in->answer, &batch, &what);
    if (!what.refused)
        print_summary(in->arguments, number, &what);
    bank_print_faults(in->arguments, &what.faults);
    in->exceptions = in->exceptions || what.faults.count > 0;
    return in->arguments->dry_run ? CLI_OK : record(in, number, &what);
}

static void
print_others(const struct reading *in)
{
    const struct bank_answer *answer = in->answer;
    char came[MONEY_TEXT], went[MONEY_TEXT];

    if (answer->others_count > 0)
        printf(in->arguments->chinese ? "其他变动 %zu 笔：收入 %s 元，支出 %s 元，与支付批次无关\n"
                                      : "other movements: %zu, %s yuan in, %s yuan out; of no payment batch\n",
               answer->others_count, money_format(answer->others_in_fen, came),
               money_format(answer->others_out_fen, went));
}

static int
read_answer(struct suite *suite, struct reading *in)
{
    uint64_t *batches;
    size_t count = bank_answer_batches(in->arena, in->answer, &batches);
    int code;

    if (in->answer->simulated && suite->config.production) {
        suite_say("%s is the simulated bank's: a ledger in production takes the bank's own files alone",
                  in->arguments->what);
        return CLI_REFUSED;
    }
    code = suite_client(suite, "ledger", in->arguments->as, 1, &in->client);
    for (size_t i = 0; code == CLI_OK && i < count; i++)
        code = read_batch(in, batches[i]);
    if (code != CLI_OK)
        return code;
    bank_print_faults(in->arguments, &in->answer->faults);
    print_others(in);
    if (count == 0)
        puts(bank_say(in->arguments, "it speaks of no payment batch", "文件中没有支付批次的内容"));
    if (in->arguments->dry_run)
        puts(bank_say(in->arguments, "nothing was recorded (--dry-run)", "未作记录（--dry-run）"));
    return in->exceptions || in->answer->faults.count > 0 ? CLI_REFUSED : CLI_OK;
}

int
bank_read(const struct bank_arguments *arguments)
{
    struct reading in = {.arguments = arguments};
    struct suite *suite = NULL;
    struct bank_fault fault;
    struct bank_bytes file;
    struct jn_arena arena;
    int code;

    jn_arena_open(&arena, 2 * BANK_MEMORY_BYTES);
    in.arena = &arena;
    code = bank_file_read(arguments->what, &arena, &file);
    if (code == CLI_OK) {
        in.answer = bank_answer_read(&arena, file, arguments->simulation.encoding, &fault);
        if (!in.answer) {
            bank_print_fault(arguments, &fault);
            code = CLI_REFUSED;
        }
    }
    if (code == CLI_OK)
        code = suite_open(&suite, arguments->data);
    if (code == CLI_OK)
        code = read_answer(suite, &in);
    jn_arena_close(&arena);
    suite_close(suite);
    return code;
}
