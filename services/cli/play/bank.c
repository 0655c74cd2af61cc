/* Finance: submits the open batches with one key, releases them with another, has the bank pay them, takes back what
 * was advanced and not earned. In a play-through every bank pays and every debt is settled at once; with --leave-bank
 * the batches wait, released, for `jineng bank`. */
#include "cli/play/play.h"

#include <stdlib.h>

#include "jineng/v1/ledger.pb-c.h"

/* What cannot be released so often in a row, though nothing else is left to do, stops the play. */
#define STUCK_MAX 3

static struct {
    struct open_batch {
        uint64_t batch;
        uint32_t rows;
        int64_t amount_fen;
        Ledger__BatchState state;
        bool stays; /* its release was refused */
    } batches[PLAY_ROWS];
    size_t batches_count;
    Ledger__Debt debts[PLAY_ROWS];
    size_t debts_count;
    char stuck[200]; /* why the last one was refused */
} open_list;

static const void *
build_batches(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__BatchesRequest *message = play_take(play, sizeof(*message));

    (void)part;
    ledger__batches_request__init(message);
    message->limit = PLAY_ROWS;
    message->state = (Ledger__BatchState)index;
    return message;
}

static void
batches_listed(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__BatchesView *view = answer->reply;

    (void)play;
    (void)index;
    (void)part;
    for (size_t i = 0; i < view->n_rows && open_list.batches_count < PLAY_ROWS; i++) {
        const Ledger__BatchShort *row = view->rows[i];

        open_list.batches[open_list.batches_count++] = (struct open_batch){
            .batch = row->batch, .rows = row->rows, .amount_fen = row->amount_fen, .state = row->state};
    }
}

/* ---- Maker and checker ---- */

static const void *
build_submit(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__SubmitBatches *message = play_take(play, sizeof(*message));
    Ledger__Declaration *row;

    (void)index;
    (void)part;
    ledger__submit_batches__init(message);
    message->rows = play_take(play, open_list.batches_count * sizeof(*message->rows));
    for (size_t i = 0; i < open_list.batches_count; i++) {
        if (open_list.batches[i].state != LEDGER__BATCH_STATE__DRAFT)
            continue;
        row = play_take(play, sizeof(*row));
        ledger__declaration__init(row);
        row->batch = open_list.batches[i].batch;
        row->rows = open_list.batches[i].rows;
        row->amount_fen = open_list.batches[i].amount_fen;
        message->rows[message->n_rows++] = row;
    }
    return message;
}

static const void *
build_release(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__ReleaseBatches *message = play_take(play, sizeof(*message));

    (void)index;
    (void)part;
    ledger__release_batches__init(message);
    message->batches = play_take(play, open_list.batches_count * sizeof(*message->batches));
    for (size_t i = 0; i < open_list.batches_count; i++) {
        if (open_list.batches[i].state != LEDGER__BATCH_STATE__RELEASED)
            message->batches[message->n_batches++] = open_list.batches[i].batch;
    }
    return message;
}

static void
keep_back(uint64_t batch, const char *why)
{
    for (size_t i = 0; i < open_list.batches_count; i++) {
        if (open_list.batches[i].batch == batch)
            open_list.batches[i].stays = true;
    }
    snprintf(open_list.stuck, sizeof(open_list.stuck), "batch %llu: %s", (unsigned long long)batch, why);
}

static void
released(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__Releases *reply = answer->reply;
    const Ledger__ReleaseBatches *asked = build_release(play, index, part);

    for (size_t i = 0; i < reply->n_refused; i++) {
        if (reply->refused[i]->row < asked->n_batches)
            keep_back(asked->batches[reply->refused[i]->row], reply->refused[i]->reason);
    }
    for (size_t i = 0; i < reply->n_checked; i++)
        keep_back(reply->checked[i], "it is over a limit and wants another key of finance");
}

/* ---- The bank ---- */

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
static const struct step submit = {"submit", AGENT_FINANCE, LEDGER, "SubmitBatches", build_submit, NULL, 0};
static const struct step release = {"release", AGENT_CHECKER, LEDGER, "ReleaseBatches", build_release, released, 0};
static const struct step paid_step = {"paid", AGENT_FINANCE, LEDGER, "RecordBankResults", build_paid, NULL, 0};
static const struct step list_debts = {"debts", AGENT_FINANCE, LEDGER, "Debts", build_debts, debts_listed, 0};
static const struct step recovery = {"recovery", AGENT_FINANCE, LEDGER, "RecordRecovery", build_recovery, NULL, 0};

static bool
list_open(struct play *play, struct tasks *tasks)
{
    open_list.batches_count = open_list.debts_count = 0;
    /* What is left to jineng bank is released, and then no business of ours. */
    tasks_add(tasks, &list_batches, play->leave_bank ? LEDGER__BATCH_STATE__DRAFT : 0, 0, 0, 0);
    if (play->leave_bank)
        tasks_add(tasks, &list_batches, LEDGER__BATCH_STATE__SUBMITTED, 0, 0, 0);
    tasks_add(tasks, &list_debts, 0, 0, 0, 0);
    return tasks_run(play, tasks);
}

/* A message of so many, beginning with that one: the same number is never another message, since batches only leave the
 * list and new ones come behind. */
static bool
two_hands(struct play *play, struct tasks *tasks)
{
    size_t drafts = 0, waiting = 0;
    uint64_t first_draft = 0, first_waiting = 0;

    for (size_t i = 0; i < open_list.batches_count; i++) {
        const struct open_batch *batch = &open_list.batches[i];

        if (batch->state == LEDGER__BATCH_STATE__DRAFT && drafts++ == 0)
            first_draft = batch->batch;
        if (batch->state != LEDGER__BATCH_STATE__RELEASED && waiting++ == 0)
            first_waiting = batch->batch;
    }
    if (drafts > 0) {
        tasks_add(tasks, &submit, 0, 0, 0, first_draft * (PLAY_ROWS + 1) + drafts);
        if (!tasks_run(play, tasks))
            return false;
    }
    if (waiting == 0)
        return true;
    tasks_add(tasks, &release, 0, 0, 0, first_waiting * (PLAY_ROWS + 1) + waiting);
    return tasks_run(play, tasks);
}

static bool
moved(void)
{
    for (size_t i = 0; i < open_list.batches_count; i++) {
        if (!open_list.batches[i].stays)
            return true;
    }
    return open_list.debts_count > 0;
}

static void
add_results(const struct play *play, struct tasks *tasks)
{
    for (size_t i = 0; i < open_list.batches_count; i++) {
        if (!open_list.batches[i].stays && !play->leave_bank)
            tasks_add(tasks, &paid_step, open_list.batches[i].batch, 0, 0, open_list.batches[i].batch);
    }
    /* A class is in debt to a fund once: its number and the fund's make the command's. */
    for (size_t i = 0; i < open_list.debts_count; i++)
        tasks_add(tasks, &recovery, i, 0, 0,
                  (open_list.debts[i].institution * 1000000 + open_list.debts[i].class_) * 8 + open_list.debts[i].fund);
}

bool
bank_pays(struct play *play, size_t *paid)
{
    struct tasks tasks = {0};
    unsigned stuck = 0;
    bool well;

    *paid = 0;
    while ((well = list_open(play, &tasks)) && open_list.batches_count + open_list.debts_count > 0) {
        well = two_hands(play, &tasks);
        if (!well)
            break;
        add_results(play, &tasks);
        stuck = moved() ? 0 : stuck + 1;
        if (stuck == STUCK_MAX) {
            play_fail(play, "finance cannot release what is to be paid: %s", open_list.stuck);
            well = false;
            break;
        }
        *paid += tasks.count;
        well = tasks_run(play, &tasks);
        if (!well)
            break;
    }
    free(tasks.list);
    return well;
}
