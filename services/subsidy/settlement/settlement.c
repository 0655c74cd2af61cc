/* Settlement (结算): a day's ready classes, in order, judged seat by seat; what falls due becomes claims, in chunks. */
#include <inttypes.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"

/* What one command does at most: so many seats, and so many classes where they are small or empty. */
#define SITTING_ROWS    (2 * JN_ROWS_MAX)
#define SITTING_CLASSES 64
#define LEFT_MAX        200

/* One SettleDay at work. */
struct sitting {
    struct jn_decision *d;
    struct pack_choice choice;
    uint32_t rows, classes, claims, unjudged;
    struct judgement judgement;
};

static bool
sitting_over(const struct sitting *sitting)
{
    return sitting->rows >= SITTING_ROWS || sitting->judgement.lines >= HISTORY_READ_MAX;
}

static void
say_unjudged(struct jn_decision *d, const Subsidy__Settled *settled)
{
    Subsidy__SeatsUnjudged event = SUBSIDY__SEATS_UNJUDGED__INIT;

    event.settlement = settled->settlement;
    event.class_ = settled->class_;
    event.class_no = settled->class_no;
    event.division = settled->division;
    event.seats = (uint32_t)settled->n_unjudged;
    jn_emit(d, EVENT_SEATS_UNJUDGED, &event);
}

/* Settles from the rank that stands next as far as the sitting's rows and one chunk's room go. */
static void
settle_chunk(struct sitting *sitting, const Subsidy__ProgressRow *progress, const struct roster *roster,
             const Subsidy__NotedResult **results)
{
    struct chunk chunk;
    uint32_t rank = progress->judged;

    chunk_open(&chunk, &sitting->judgement, progress);
    while (rank < roster->count && rank - progress->judged < CHUNK_ROWS_MAX && !sitting_over(sitting) &&
           !chunk_full(&chunk)) {
        const Subsidy__Seat *seat = roster->seats[rank++];

        sitting->rows++;
        if (seat)
            chunk_add(&chunk, seat, results[seat->seat]);
        else
            chunk_miss(&chunk);
    }
    chunk.settled.rows = rank - progress->judged;
    chunk.settled.last = rank == roster->count;
    sitting->claims += (uint32_t)chunk.settled.n_claims;
    sitting->unjudged += (uint32_t)chunk.settled.n_unjudged;
    jn_emit(sitting->d, EVENT_SETTLED, &chunk.settled);
    aheads_emit(sitting->d, &sitting->judgement, chunk.aheads, chunk.settled.last);
    if (chunk.settled.n_unjudged)
        say_unjudged(sitting->d, &chunk.settled);
    if (chunk.settled.n_claims)
        way_begin(sitting->d, &chunk.settled, sitting->choice.pack);
}

/* In force on the class's last day; who was begun under a pack is settled to its end under that one, whatever was
 * adopted meanwhile. */
static bool
choose_pack(struct sitting *sitting, const Subsidy__ClassNoted *class, const Subsidy__ProgressRow *progress)
{
    const struct jn_view *view = sitting->d->view;
    const Subsidy__Settled *first =
        progress->settlements ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(progress->first_settlement)) : NULL;

    return first ? pack_choose(view, first->pack, &sitting->choice) : pack_on(view, class->end_day, &sitting->choice);
}

static void
settle_class(struct sitting *sitting, uint64_t number)
{
    const struct jn_view *view = sitting->d->view;
    const Subsidy__ClassNoted *class = class_find(view, number);
    Subsidy__ProgressRow progress = progress_of(view, number);
    struct roster roster = roster_of(view, number, &progress, false);
    const Subsidy__NotedResult **results = results_of(view, number, &progress, roster.seat_max, false);
    Subsidy__ClassSettled settled = SUBSIDY__CLASS_SETTLED__INIT;

    sitting->classes++;
    if (!class || !choose_pack(sitting, class, &progress))
        return; /* the tables have gone quiet */
    judgement_open(&sitting->judgement, view, class, sitting->choice.pack);
    while (progress.judged < roster.count && !sitting_over(sitting)) {
        settle_chunk(sitting, &progress, &roster, results);
        progress = progress_of(view, number);
    }
    if (progress.judged < roster.count)
        return;
    settled.class_ = number;
    settled.day = class->end_day;
    jn_emit(sitting->d, EVENT_CLASS_SETTLED, &settled);
}

/* A class that was settled in part comes first: its settlements are consecutive. */
static uint64_t
next_class(const struct jn_view *view, int32_t day)
{
    uint64_t underway = jn_counter(view, COUNTER_UNDERWAY);

    return underway ? underway : class_first(view, TABLE_READY, day);
}

static enum jn_code
refuse_awaited(struct jn_decision *d, uint64_t number)
{
    const Subsidy__ClassNoted *class = class_find(d->view, number);
    Subsidy__ProgressRow progress = progress_of(d->view, number);
    char end[DATE_TEXT];

    if (!class)
        return JN_UNAVAILABLE;
    date_format(class->end_day, end);
    if (!progress.finished)
        return jn_refuse(d, JN_WRONG_STATE, "class %s ended on %s and is not finished: finish it, or stop it",
                         class->class_no, end);
    if (progress.rows < progress.count)
        return jn_refuse(d, JN_WRONG_STATE, "class %s ended on %s: %" PRIu32 " of its %" PRIu32 " seats have arrived",
                         class->class_no, end, progress.rows, progress.count);
    if (!progress.closed)
        return jn_refuse(d, JN_WRONG_STATE, "class %s ended on %s and its results are not closed: close them",
                         class->class_no, end);
    return jn_refuse(d, JN_WRONG_STATE, "class %s ended on %s: %" PRIu32 " of its %" PRIu32 " results have arrived",
                     class->class_no, end, progress.results, progress.closed_count);
}

static enum jn_code
not_read(struct jn_decision *d, const char *upstream, uint64_t block)
{
    return jn_refuse(d, JN_NOT_YET, "%s has been read through block %" PRIu64 ", not %" PRIu64 ": repeat it later",
                     upstream, jn_read_through(d, upstream), block);
}

/* Waiting for the logs comes before the look at the classes: what is missing there may be on its way. */
enum jn_code
decide_settle_day(struct jn_decision *d, const Subsidy__SettleDay *command)
{
    Subsidy__SettleReply reply = SUBSIDY__SETTLE_REPLY__INIT;
    struct sitting sitting = {.d = d};
    uint64_t number;

    if (!day_known(command->day))
        return jn_refuse(d, JN_MALFORMED, "give the day through which classes are settled");
    if (jn_read_through(d, "enrollment") < command->enrollment_block)
        return not_read(d, "enrollment", command->enrollment_block);
    if (jn_read_through(d, "certification") < command->certification_block)
        return not_read(d, "certification", command->certification_block);
    if (!pack_on(d->view, command->day, &sitting.choice))
        return jn_refuse(d, JN_WRONG_STATE, "no policy pack has been adopted: adopt one first");
    number = jn_rehearsal(d) ? class_first(d->view, TABLE_AWAITED, command->day) : 0;
    if (number)
        return refuse_awaited(d, number);

    /* Decided. */
    while (!sitting_over(&sitting) && sitting.classes < SITTING_CLASSES &&
           (number = next_class(d->view, command->day)) != 0)
        settle_class(&sitting, number);
    reply.claims = sitting.claims;
    reply.unjudged = sitting.unjudged;
    reply.left = class_count(d->view, TABLE_READY, command->day, LEFT_MAX);
    reply.done = reply.left == 0;
    jn_reply(d, &reply.base);
    return JN_OK;
}

enum jn_code
settlement_awaits(struct jn_decision *d, int32_t from_day)
{
    uint64_t number = jn_counter(d->view, COUNTER_UNDERWAY);
    const Subsidy__ClassNoted *class = number ? class_find(d->view, number) : NULL;

    if (!class || class->end_day < from_day)
        return JN_OK;
    return jn_refuse(
        d, JN_WRONG_STATE,
        "class %s is settled in part: settle it to its end, then set what holds from a day before its last",
        class->class_no);
}

/* ---- What a chunk leaves behind ---- */

static void
keep_standing(struct jn_tables *t, const Subsidy__Settled *event)
{
    Subsidy__StandingRow row = SUBSIDY__STANDING_ROW__INIT;
    Subsidy__NumberRow number = SUBSIDY__NUMBER_ROW__INIT;

    row.first_claim = event->claims[0]->claim;
    row.claims = (uint32_t)event->n_claims;
    row.states.len = event->n_claims;
    row.states.data = jn_take(jn_view_of(t), event->n_claims);
    row.begins.len = event->n_claims;
    row.begins.data = jn_take(jn_view_of(t), event->n_claims);
    for (size_t i = 0; i < event->n_claims; i++)
        if (i == 0 || event->claims[i]->seat != event->claims[i - 1]->seat)
            row.begins.data[i] =
                event->reassessment ? counted_mark(jn_view_of(t), event, event->claims[i]->seat) : FOLLOWED_HERE;
    row.class_ = event->class_;
    row.division = event->division;
    row.groups = event->groups;
    row.women = event->women;
    row.reassessment = event->reassessment;
    row.settled_day = event->day;
    row.pack = way_pack(jn_view_of(t), event->pack);
    number.number = event->settlement;
    standing_keep(t, event->settlement, &row);
    jn_put(t, TABLE_CLAIM, JN_KEY(row.first_claim + row.claims - 1), &number);
    jn_counter_set(t, COUNTER_CLAIM, row.first_claim + row.claims - 1);
}

static Subsidy__PaidBefore *
line_of(struct jn_tables *t, const Subsidy__Settled *event, const Subsidy__SettledClaim *claim, uint32_t occupation)
{
    Subsidy__PaidBefore *line = jn_take(jn_view_of(t), sizeof(*line));

    *line = (Subsidy__PaidBefore)SUBSIDY__PAID_BEFORE__INIT;
    line->item = claim->item;
    line->day = event->day;
    line->occupation = occupation;
    line->level = claim->level;
    line->months = claim->months;
    line->claim = claim->claim;
    line->settlement = event->settlement;
    line->amount_fen = claim->amount_fen;
    line->certificate = claim->certificate;
    return line;
}

/* A person's claims lie together: one row is read and written for all of them, and for the seat that is open no longer.
 * How many of these there were. */
static uint32_t
keep_claims(struct jn_tables *t, const Subsidy__Settled *event, struct history_at at)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), event->class_);
    Subsidy__PaidBefore *lines[ITEMS];
    uint32_t gone = 0;

    for (size_t i = 0; i < event->n_claims;) {
        uint64_t person = event->claims[i]->person;
        size_t count = 0;

        at.seat = event->claims[i]->seat;
        for (; i < event->n_claims && count < ITEMS && event->claims[i]->person == person; i++)
            lines[count++] = line_of(t, event, event->claims[i], class ? class->occupation : 0);
        gone += history_settle(t, person, &at, lines, count);
    }
    return gone;
}

/* Refusals and idle people stand in the order of ranks: each is looked for from the last one on. */
static uint32_t
seat_refused(const Subsidy__Settled *event, size_t *from, uint64_t person)
{
    for (size_t i = *from; i < event->n_refused; i++)
        if (event->refused[i]->person == person) {
            *from = i;
            return event->refused[i]->seat;
        }
    return 0;
}

static bool
has_claims(const Subsidy__Settled *event, uint64_t person)
{
    for (size_t i = 0; i < event->n_claims; i++)
        if (event->claims[i]->person == person)
            return true;
    return false;
}

/* Older settlements do not say to whom nothing is due: whoever was refused something, and has no claim. */
static void
keep_refused(struct jn_tables *t, const Subsidy__Settled *event, struct history_at at)
{
    for (size_t i = 0; i < event->n_refused; i++) {
        uint64_t person = event->refused[i]->person;

        at.seat = event->refused[i]->seat;
        if ((i == 0 || person != event->refused[i - 1]->person) && !has_claims(event, person))
            history_settle(t, person, &at, NULL, 0);
    }
}

static uint32_t
keep_histories(struct jn_tables *t, const Subsidy__Settled *event)
{
    struct history_at at = {.class = event->class_, .settlement = event->settlement};
    uint32_t gone = keep_claims(t, event, at);
    size_t refusal = 0;

    for (size_t i = 0; i < event->n_idle; i++) {
        at.seat = seat_refused(event, &refusal, event->idle[i]);
        at.settlement = at.seat ? event->settlement : 0;
        gone += history_settle(t, event->idle[i], &at, NULL, 0);
    }
    at.settlement = event->settlement;
    if (event->n_idle == 0)
        keep_refused(t, event, at);
    return gone;
}

static void
keep_settlement(struct jn_tables *t, const Subsidy__Settled *event, const struct jn_stamp *stamp)
{
    Subsidy__Settled row = *event;
    struct totals totals;

    row.block = stamp->block;
    row.index = stamp->index;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(event->settlement), &row);
    jn_counter_set(t, COUNTER_SETTLEMENT, event->settlement);
    if (event->n_claims)
        keep_standing(t, event);
    totals_load(jn_view_of(t), &totals);
    totals_add_settled(&totals, event);
    totals_keep(t, &totals);
}

/* What a reassessment found missing stands in histories already, where the training stands; its class goes on as it
 * did. */
void
apply_settled(struct jn_tables *t, const Subsidy__Settled *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);
    uint32_t gone;

    keep_settlement(t, event, stamp);
    if (event->reassessment)
        return;
    part_keep(t, event, progress.judged);
    gone = keep_histories(t, event);
    enterprise_keep_settled(t, event);
    later_class_part(t, event);
    funnel_note_settled(t, event);
    outstanding_settled(t, event, stamp);
    if (progress.settlements++ == 0)
        progress.first_settlement = event->settlement;
    progress.judged += event->rows;
    progress.open -= gone < progress.open ? gone : progress.open;
    progress_keep(t, event->class_, &progress);
    jn_counter_set(t, COUNTER_UNDERWAY, event->last ? 0 : event->class_);
}

void
apply_class_settled(struct jn_tables *t, const Subsidy__ClassSettled *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);
    struct totals totals;

    progress.settled = true;
    reservation_close(t, event->class_, &progress);
    progress_keep(t, event->class_, &progress);
    cancellation_settled(t, event->class_, stamp->time_ms);
    totals_load(jn_view_of(t), &totals);
    totals.row.classes_settled++;
    totals_keep(t, &totals);
}
