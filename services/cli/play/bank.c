/* Finance: has the bank pay the open batches, takes back what was advanced and not earned. In a play-through every bank
 * pays and every debt is settled at once; with --leave-bank the batches wait for `jineng bank`. */
#include "cli/play/play.h"

#include <stdlib.h>

#include "jineng/v1/ledger.pb-c.h"

static struct {
    uint64_t batches[PLAY_ROWS];
    size_t batches_count;
    Ledger__Debt debts[PLAY_ROWS];
    size_t debts_count;
} open_list;

static const void *
build_batches(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__BatchesRequest *message = play_take(play, sizeof(*message));

    (void)index;
    (void)part;
    ledger__batches_request__init(message);
    message->limit = PLAY_ROWS;
    return message;
}

static void
batches_listed(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__BatchesView *view = answer->reply;

    (void)play;
    (void)index;
    (void)part;
    for (size_t i = 0; i < view->n_rows && open_list.batches_count < PLAY_ROWS; i++)
        open_list.batches[open_list.batches_count++] = view->rows[i]->batch;
}

static const void *
build_paid(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__RecordBankResults *message = play_take(play, sizeof(*message));

    (void)part;
    ledger__record_bank_results__init(message);
    message->batch = index;
    message->all = true;
    return message;
}

static const void *
build_debts(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__DebtsRequest *message = play_take(play, sizeof(*message));

    (void)index;
    (void)part;
    ledger__debts_request__init(message);
    return message;
}

static void
debts_listed(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__DebtsView *view = answer->reply;

    (void)play;
    (void)index;
    (void)part;
    for (size_t i = 0; i < view->n_rows && open_list.debts_count < PLAY_ROWS; i++)
        open_list.debts[open_list.debts_count++] = *view->rows[i];
}

static const void *
build_recovery(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__RecordRecovery *message = play_take(play, sizeof(*message));
    const Ledger__Debt *debt = &open_list.debts[index];

    (void)part;
    ledger__record_recovery__init(message);
    message->class_ = debt->class_;
    message->fund = debt->fund;
    message->institution = debt->institution;
    message->amount_fen = debt->amount_fen;
    message->document = play_text("rehearsal");
    return message;
}

static const struct step list_batches = {"batches", AGENT_FINANCE, LEDGER, "Batches", build_batches, batches_listed, 0};
static const struct step paid_step = {"paid", AGENT_FINANCE, LEDGER, "RecordBankResults", build_paid, NULL, 0};
static const struct step list_debts = {"debts", AGENT_FINANCE, LEDGER, "Debts", build_debts, debts_listed, 0};
static const struct step recovery = {"recovery", AGENT_FINANCE, LEDGER, "RecordRecovery", build_recovery, NULL, 0};

static bool
list_open(struct play *play, struct tasks *tasks)
{
    open_list.batches_count = open_list.debts_count = 0;
    if (!play->leave_bank)
        tasks_add(tasks, &list_batches, 0, 0, 0, 0);
    tasks_add(tasks, &list_debts, 0, 0, 0, 0);
    return tasks_run(play, tasks);
}

bool
bank_pays(struct play *play, size_t *paid)
{
    struct tasks tasks = {0};
    bool well;

    *paid = 0;
    while ((well = list_open(play, &tasks)) && open_list.batches_count + open_list.debts_count > 0) {
        for (size_t i = 0; i < open_list.batches_count; i++)
            tasks_add(&tasks, &paid_step, open_list.batches[i], 0, 0, open_list.batches[i]);
        /* A class is in debt to a fund once: its number and the fund's make the command's. */
        for (size_t i = 0; i < open_list.debts_count; i++)
            tasks_add(&tasks, &recovery, i, 0, 0,
                      (open_list.debts[i].institution * 1000000 + open_list.debts[i].class_) * 8 +
                          open_list.debts[i].fund);
        *paid += tasks.count;
        if (!tasks_run(play, &tasks)) {
            well = false;
            break;
        }
    }
    free(tasks.list);
    return well;
}
