/* One day of a campaign: money comes, classes open, classes end, the day is settled, the bank pays. */
#include "cli/play/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

/* Timers that run out after the last day: notices, deadlines. Further ahead nothing of the campaign is due. */
#define AFTER_DAYS 60
/* Finance sends the bank's results in once a week. */
#define BANK_DAYS 7
/* Five working days are never over sooner. */
#define ANSWER_DAYS 5

/* ---- Money comes ---- */

static const void *
build_money(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__AppropriateAll *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    uint32_t skip = part * PLAY_ROWS;

    ledger__appropriate_all__init(message);
    message->rows = play_take(play, PLAY_ROWS * sizeof(*message->rows));
    for (uint32_t i = 0; i < c->appropriations_count && message->n_rows < PLAY_ROWS; i++) {
        const struct campaign_appropriation *from = &c->appropriations[i];
        Ledger__Appropriate *row;

        if (from->day != (int32_t)index || skip-- > 0)
            continue;
        skip = 0;
        row = message->rows[message->n_rows++] = play_take(play, sizeof(*row));
        ledger__appropriate__init(row);
        row->fund = (Common__Fund)from->fund;
        row->division = c->divisions[from->division].code;
        row->amount_fen = from->amount_fen;
        row->day = from->day;
        row->document = play_text(from->document);
    }
    return message->n_rows > 0 ? message : NULL;
}

static void
money_came(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__Outcomes *outcomes = answer->reply;

    (void)index;
    (void)part;
    play_outcomes(play, "ledger", outcomes->n_refused, outcomes->refused);
}

/* Behind what was settled before: the ledger's clock may have come to the day by what enrollment said of it. */
static const struct step money = {"money",     AGENT_FINANCE, LEDGER,      "AppropriateAll",
                                  build_money, money_came,    1 << SUBSIDY};

static void
add_money(struct play *play, struct tasks *tasks, int32_t day)
{
    const struct campaign *c = play->campaign;
    uint32_t rows = 0;

    for (uint32_t i = 0; i < c->appropriations_count; i++)
        rows += c->appropriations[i].day == day;
    for (uint32_t part = 0; part * PLAY_ROWS < rows; part++)
        tasks_add(tasks, &money, (uint64_t)day, part, day, part);
}

/* ---- The day is settled ---- */

/* Whether the last SettleDay left nothing of its day. */
static bool day_settled;

static const void *
build_settle(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__SettleDay *message = play_take(play, sizeof(*message));

    (void)part;
    subsidy__settle_day__init(message);
    message->day = (int32_t)index;
    message->enrollment_block = 0; /* awaited before: the command's content must not depend on this run */
    return message;
}

static void
settled(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    (void)play;
    (void)index;
    (void)part;
    day_settled = ((const Subsidy__SettleReply *)answer->reply)->done;
}

static const struct step settle = {
    "settle", AGENT_OPERATOR, SUBSIDY, "SettleDay", build_settle, settled, 1 << ENROLLMENT | 1 << CERTIFICATION};

static bool
settle_day(struct play *play, int32_t day)
{
    struct tasks tasks = {0};
    bool well = true;

    day_settled = false;
    for (uint64_t chunk = 0; well && !day_settled; chunk++) {
        tasks_add(&tasks, &settle, (uint64_t)day, 0, day, chunk);
        well = tasks_run(play, &tasks);
    }
    free(tasks.list);
    return well;
}

/* ---- A day ---- */

/* The first place in a sorted list of classes whose day (start or end) is not before `day`. */
static uint32_t
first_of(const struct play *play, const uint32_t *list, bool starts, int32_t day)
{
    uint32_t low = 0, high = play->campaign->classes_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct campaign_class *class_ = &play->campaign->classes[list[middle]];

        if ((starts ? class_->start_day : class_->end_day) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
answer_all(struct play *play, int32_t opened_before)
{
    play->answered_through = opened_before;
    return clock_await(play, NOTIFICATION, 1 << ENROLLMENT) && clock_await(play, CERTIFICATION, 1 << ENROLLMENT) &&
           departments_answer(play);
}

/* Nor is anybody's answer late, however far off the next day is: five working days are given. */
static bool
punctual(struct play *play, int32_t day)
{
    const struct campaign *c = play->campaign;
    uint32_t asked = first_of(play, play->starting, true, play->answered_through);

    return asked == c->classes_count || c->classes[play->starting[asked]].start_day + ANSWER_DAYS >= day ||
           answer_all(play, day);
}

/* The departments look into their inboxes when a class is about to end that opened, before that day, after they looked
 * last. */
static bool
attested(struct play *play, uint32_t from, uint32_t to, int32_t opened_before)
{
    const struct campaign *c = play->campaign;

    for (uint32_t i = from; i < to; i++) {
        int32_t start = c->classes[c->settling[i]].start_day;

        if (start < play->answered_through || start >= opened_before)
            continue;
        return answer_all(play, opened_before);
    }
    return true;
}

/* The classes of a day: those that start, and those that end, as ranges of the two orders. */
struct today {
    int32_t day;
    uint32_t starts, starts_to, ends, ends_to;
};

typedef void (*add_fn)(struct play *, struct tasks *, uint32_t, int32_t);

/* Classes that end today and did (or did not) start today. */
static void
add_ending(struct play *play, struct tasks *tasks, const struct today *today, bool started_today, add_fn add)
{
    const struct campaign *c = play->campaign;

    for (uint32_t i = today->ends; i < today->ends_to; i++) {
        if ((c->classes[c->settling[i]].start_day == today->day) == started_today)
            add(play, tasks, c->settling[i], today->day);
    }
}

static bool
run_classes(struct play *play, const struct today *today, struct tasks *tasks)
{
    if (!attested(play, today->ends, today->ends_to, today->day) || !punctual(play, today->day))
        return false;
    clock_add(tasks, date_to_ms(today->day));
    add_money(play, tasks, today->day);
    for (uint32_t i = today->starts; i < today->starts_to; i++)
        opening_fill(play, tasks, play->starting[i], today->day);
    add_ending(play, tasks, today, false, ending_fill);
    if (!tasks_run(play, tasks))
        return false;
    for (uint32_t i = today->starts; i < today->starts_to; i++)
        opening_close(play, tasks, play->starting[i], today->day);
    add_ending(play, tasks, today, false, ending_close);
    if (!tasks_run(play, tasks) || !attested(play, today->ends, today->ends_to, today->day + 1))
        return false;
    /* A class of one day ends when it has opened and its people are attested. */
    add_ending(play, tasks, today, true, ending_fill);
    if (!tasks_run(play, tasks))
        return false;
    add_ending(play, tasks, today, true, ending_close);
    return tasks_run(play, tasks);
}

bool
day_run(struct play *play, int32_t day)
{
    size_t paid;
    struct today today = {
        day,
        first_of(play, play->starting, true, day),
        first_of(play, play->starting, true, day + 1),
        first_of(play, play->campaign->settling, false, day),
        first_of(play, play->campaign->settling, false, day + 1),
    };
    struct tasks tasks = {0};
    bool well = run_classes(play, &today, &tasks) && (today.ends == today.ends_to || settle_day(play, day)) &&
                review_day(play, today.ends, today.ends_to - today.ends, day);

    free(tasks.list);
    if (well && day - play->bank_day >= BANK_DAYS) {
        play->bank_day = day;
        well = bank_pays(play, &paid);
    }
    return well;
}

bool
day_finish(struct play *play)
{
    int64_t end_ms = date_to_ms(play->days_count ? play->days[play->days_count - 1] + AFTER_DAYS : 0);

    for (;;) {
        int64_t timer_ms;
        size_t paid = 0;

        if (!clock_quiet(play) || !departments_answer(play) || !bank_pays(play, &paid))
            return false;
        if (paid > 0)
            continue;
        timer_ms = clock_next_timer(play);
        if (play->failed)
            return false;
        if (timer_ms == 0 || timer_ms > end_ms)
            return true;
        if (!clock_advance(play, timer_ms))
            return false;
    }
}
