/* A roster is filed: each person's limits, and the seats that the person holds elsewhere, are put to the pack as if
 * everybody passed. What will not be paid for is warned of while it can be changed; nothing is decided. */
#include "subsidy/reservation/reservation.h"

#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"

/* ---- What bites ---- */

/* The step by which a limit or a quota refuses the item; NULL where it is due, or refused for another reason: what is
 * paid for by another item of the same training is nothing to warn of. */
static const struct trace_step *
biting_step(const struct evaluation *evaluation, const Policy__Pack *pack, int item)
{
    const struct trace_step *last = NULL;
    const Policy__Limit *limit;

    if (evaluation->benefits[item].state != BENEFIT_REFUSED)
        return NULL;
    for (uint32_t i = 0; i < evaluation->trace_count; i++)
        if (evaluation->trace[i].item == item)
            last = &evaluation->trace[i];
    if (!last)
        return NULL;
    if (last->event == POLICY__EVENT__UNMET)
        return evaluation->benefits[item].reason == COMMON__REASON__MONTHS_USED_UP ? last : NULL;
    limit = last->event == POLICY__EVENT__BITES || last->event == POLICY__EVENT__CAP_SPENT
                ? pack_limit_numbered(pack, last->rule)
                : NULL;
    return limit && limit->kind != POLICY__LIMIT_KIND__LARGEST_ONLY && limit->kind != POLICY__LIMIT_KIND__EXCLUDED_BY
               ? last
               : NULL;
}

/* Without lines `from` up to `to`, does the limit find as much? */
static bool
counts(struct reservation *reservation, int item, const struct trace_step *bite, const struct facts *facts,
       uint32_t from, uint32_t to)
{
    struct facts without = *facts;
    struct paid_before *history = reservation->without;
    const struct trace_step *again;

    if (from == to)
        return false;
    memcpy(history, facts->history, from * sizeof(*history));
    memcpy(history + from, facts->history + to, (facts->history_count - to) * sizeof(*history));
    without.history = history;
    without.history_count = facts->history_count - (to - from);
    if (!evaluate(&reservation->judgement.policy, &without, &reservation->tried))
        return false;
    again = biting_step(&reservation->tried, reservation->judgement.policy.pack, item);
    return !again || again->rule != bite->rule || again->value != bite->value;
}

/* ---- Rows ---- */

static Subsidy__WarnedRow *
add_row(struct reservation *reservation, const Subsidy__Seat *seat, int item, const struct evaluation *evaluation)
{
    Subsidy__WarnedRow *row;

    if (reservation->warned.n_rows == WARNINGS_MAX)
        return NULL;
    row = jn_take(reservation->d->view, sizeof(*row));
    *row = (Subsidy__WarnedRow)SUBSIDY__WARNED_ROW__INIT;
    row->seat = seat->seat;
    row->person = seat->person;
    row->item = (Common__Item)item;
    row->reason = (Common__Reason)evaluation->benefits[item].reason;
    row->clause = (char *)(uintptr_t)evaluation->benefits[item].clause;
    reservation->warned.rows[reservation->warned.n_rows++] = row;
    return row;
}

/* Lines of the history that count: those of the person's own, before what open seats would add. */
static void
name_earlier(struct reservation *reservation, Subsidy__WarnedRow *row, const struct trace_step *bite,
             const struct facts *facts, const Subsidy__HistoryRow *kept)
{
    struct trace_step step = *bite;

    for (uint32_t i = 0; kept && i < kept->n_paid && i < facts->history_count; i++) {
        if (!counts(reservation, (int)row->item, &step, facts, i, i + 1))
            continue;
        row->earlier++;
        if (row->earlier > 1 && kept->paid[i]->day < row->earlier_day)
            continue;
        row->earlier_day = kept->paid[i]->day;
        row->earlier_claim = kept->paid[i]->claim;
    }
}

static void
warn_of_history(struct reservation *reservation, const Subsidy__Seat *seat, const Subsidy__HistoryRow *kept)
{
    const struct evaluation *evaluation = &reservation->judgement.evaluation;

    for (int item = 1; item < ITEMS; item++) {
        const struct trace_step *bite = biting_step(evaluation, reservation->judgement.policy.pack, item);
        Subsidy__WarnedRow *row = bite ? add_row(reservation, seat, item, evaluation) : NULL;

        if (row)
            name_earlier(reservation, row, bite, &reservation->judgement.facts, kept);
    }
}

/* ---- Seats held elsewhere ---- */

/* What is over does not count, also where it is still kept with the person. */
static const Subsidy__ClassNoted *
live_class(const struct jn_view *view, const Subsidy__OpenSeat *open)
{
    Subsidy__ProgressRow progress = progress_of(view, open->class_);

    return progress.settled || (progress.stopped && progress.judged == 0) ? NULL : class_find(view, open->class_);
}

/* The lines that one open seat would add, behind `count`; how many there are then. */
static uint32_t
add_lines(struct paid_before *history, uint32_t count, const Subsidy__OpenSeat *open)
{
    for (int item = 1; item < ITEMS; item++)
        if (open->items & POLICY_BIT(item))
            history[count++] = (struct paid_before){
                .day = open->day,
                .occupation = open->occupation,
                .months = item == COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY ? (int16_t)open->months : 0,
                .item = (uint8_t)item,
                .level = (uint8_t)open->level};
    return count;
}

static bool
before(const Subsidy__ClassNoted *one, const Subsidy__ClassNoted *other)
{
    struct jn_key a = class_order(one), b = class_order(other);
    int order = memcmp(a.bytes, b.bytes, a.length < b.length ? a.length : b.length);

    return order < 0 || (order == 0 && a.length < b.length);
}

/* Of the open seats that count, the one that is settled first is named. ends: where the lines of each end. */
static void
name_other(struct reservation *reservation, Subsidy__WarnedRow *row, const struct trace_step *bite,
           const struct facts *facts, const Subsidy__HistoryRow *kept, const uint32_t *ends)
{
    const Subsidy__ClassNoted *named = NULL;
    struct trace_step step = *bite;

    for (size_t i = 0; i < kept->n_open; i++) {
        const Subsidy__ClassNoted *class;

        if (!counts(reservation, (int)row->item, &step, facts, ends[i], ends[i + 1]))
            continue;
        class = live_class(reservation->d->view, kept->open[i]);
        if (class && (!named || before(class, named)))
            named = class;
    }
    if (!named)
        return;
    row->other_class = named->class_;
    row->other_first = before(named, reservation->class);
}

/* As if everything else that is open had been paid already: what that alone would refuse. */
static void
warn_of_open_seats(struct reservation *reservation, const Subsidy__Seat *seat, const Subsidy__HistoryRow *kept)
{
    struct facts facts = reservation->judgement.facts;
    struct evaluation *evaluation = &reservation->with_open;
    struct paid_before *history = reservation->extended;
    uint32_t ends[OPEN_MAX + 1], count = facts.history_count;

    if (facts.history_count)
        memcpy(history, facts.history, facts.history_count * sizeof(*history));
    ends[0] = count;
    for (size_t i = 0; i < kept->n_open && i < OPEN_MAX; i++) {
        if (kept->open[i]->class_ != reservation->class->class_ && live_class(reservation->d->view, kept->open[i]))
            count = add_lines(history, count, kept->open[i]);
        ends[i + 1] = count;
    }
    facts.history = history;
    facts.history_count = count;
    if (count == ends[0] || kept->n_open > OPEN_MAX || !evaluate(&reservation->judgement.policy, &facts, evaluation))
        return;
    for (int item = 1; item < ITEMS; item++) {
        const struct trace_step *bite = biting_step(evaluation, reservation->judgement.policy.pack, item);
        Subsidy__WarnedRow *row = NULL;

        if (bite && reservation->judgement.evaluation.benefits[item].state == BENEFIT_DUE)
            row = add_row(reservation, seat, item, evaluation);
        if (!row)
            continue;
        name_earlier(reservation, row, bite, &facts, kept);
        name_other(reservation, row, bite, &facts, kept, ends);
    }
}

/* ---- A roster ---- */

void
reservation_open(struct reservation *reservation, struct jn_decision *d, const Subsidy__ClassNoted *class)
{
    struct pack_choice choice = {0};

    *reservation = (struct reservation){.d = d, .class = class, .warned = SUBSIDY__WARNED__INIT};
    reservation->warned.class_ = class->class_;
    reservation->warned.class_no = class->class_no;
    reservation->warned.division = class->division;
    reservation->warned.rows = jn_take(d->view, WARNINGS_MAX * sizeof(*reservation->warned.rows));
    reservation->without = jn_take(d->view, LINES_MAX * sizeof(*reservation->without));
    reservation->extended = jn_take(d->view, LINES_MAX * sizeof(*reservation->extended));
    reservation->judged = pack_on(d->view, class->end_day, &choice) && choice.in_force;
    if (reservation->judged)
        judgement_open(&reservation->judgement, d->view, class, choice.pack);
    reservation->judgement.moment = MOMENT_HOPED;
}

/* With the certificate that fits the project, obtained by all at the end, and nobody missing a day: as an advance
 * expects it. */
static bool
judge_hopefully(struct reservation *reservation, const Subsidy__Seat *claimed)
{
    const Subsidy__ClassNoted *class = reservation->class;
    Subsidy__NotedResult passed = SUBSIDY__NOTED_RESULT__INIT;
    Subsidy__Seat seat = *claimed;

    passed.kind = class->level ? COMMON__CERTIFICATE_KIND__SKILL_LEVEL : COMMON__CERTIFICATE_KIND__COMPLETION;
    passed.level = class->level;
    passed.day = class->end_day;
    seat.days = (uint32_t)(class->end_day - class->start_day + 1);
    return judge(&reservation->judgement, &seat, &passed);
}

/* An event that has happened must be taken in whatever it costs: behind so many lines of history people are not looked
 * at any more (2,000 people have 10 each before that). */
Subsidy__NewSeat *
reservation_add(struct reservation *reservation, const Subsidy__Seat *seat)
{
    const struct benefit *benefits = reservation->judgement.evaluation.benefits;
    Subsidy__NewSeat *held = jn_take(reservation->d->view, sizeof(*held));
    const Subsidy__HistoryRow *kept;

    *held = (Subsidy__NewSeat)SUBSIDY__NEW_SEAT__INIT;
    held->seat = seat->seat;
    held->person = seat->person;
    if (!reservation->judged || reservation->judgement.lines >= HISTORY_READ_MAX || !judge_hopefully(reservation, seat))
        return held;
    for (int item = 1; item < ITEMS; item++)
        if (benefits[item].state == BENEFIT_DUE)
            held->items |= POLICY_BIT(item);
    held->months = (uint32_t)benefits[COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY].months;
    kept = jn_get(reservation->d->view, TABLE_HISTORY, JN_KEY(seat->person));
    if (!kept)
        return held;
    warn_of_history(reservation, seat, kept);
    if (kept->n_open)
        warn_of_open_seats(reservation, seat, kept);
    return held;
}

enum jn_code
reservation_warn(struct reservation *reservation)
{
    return reservation->warned.n_rows ? jn_emit(reservation->d, EVENT_WARNED, &reservation->warned) : JN_OK;
}

void
apply_warned(struct jn_tables *t, const Subsidy__Warned *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    jn_put(t, TABLE_WARNING, JN_KEY(event->class_, ++progress.warnings), event);
    progress_keep(t, event->class_, &progress);
}

/* ---- Seats that are kept with their people ---- */

/* What a class that is over already would keep, nobody would take away again. */
void
reservation_keep(struct jn_tables *t, const Subsidy__SeatsNoted *event, Subsidy__ProgressRow *progress)
{
    const Subsidy__ClassNoted *class = class_find(jn_view_of(t), event->class_);

    if (!class || progress->settled || progress->stopped || progress->judged)
        return;
    for (size_t i = 0; i < event->n_open; i++) {
        Subsidy__OpenSeat *open = jn_take(jn_view_of(t), sizeof(*open));

        *open = (Subsidy__OpenSeat)SUBSIDY__OPEN_SEAT__INIT;
        open->class_ = event->class_;
        open->seat = event->open[i]->seat;
        open->day = class->end_day;
        open->occupation = class->occupation;
        open->level = class->level <= 5 ? class->level : 0;
        open->items = event->open[i]->items;
        open->months = event->open[i]->months;
        progress->open += history_hold(t, event->open[i]->person, open);
    }
}

struct chunks {
    const Subsidy__SeatsNoted *list[CHUNKS_MAX];
    size_t count;
};

static bool
take_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct chunks *chunks = context;

    (void)key;
    chunks->list[chunks->count++] = row;
    return chunks->count < CHUNKS_MAX;
}

/* Those that a settlement took away are gone already; mostly none is left. What one message can take is bounded: what
 * is left then counts for nobody any more. */
void
reservation_close(struct jn_tables *t, uint64_t class, Subsidy__ProgressRow *progress)
{
    struct chunks *chunks;
    size_t lines = 0;

    if (!progress->open)
        return;
    chunks = jn_take(jn_view_of(t), sizeof(*chunks));
    jn_scan(jn_view_of(t), TABLE_SEATS, JN_KEY(class, 0), sizeof(uint64_t), CHUNKS_MAX, take_chunk, chunks);
    for (size_t at = 0; at < chunks->count; at++)
        for (size_t i = 0; i < chunks->list[at]->n_open && progress->open && lines < HISTORY_READ_MAX; i++)
            progress->open -= history_release(t, chunks->list[at]->open[i]->person, class, &lines);
}

/* ---- Audit ---- */

/* As in funnel_audit.c: sums in which each class has a weight of its own. */
static uint64_t
weight_of(uint64_t class)
{
    uint64_t number = class * UINT64_C(0x9e3779b97f4a7c15);

    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return (number ^ number >> 31) | 1;
}

void
reservation_prove_person(struct jn_audit *audit, struct reservation_proof *proof, uint64_t person,
                         const Subsidy__HistoryRow *row)
{
    if (row->n_open > OPEN_MAX)
        jn_finding(audit, "person %" PRIu64 " has more open seats than are kept", person);
    for (size_t i = 0; i < row->n_open; i++)
        proof->kept += weight_of(row->open[i]->class_);
}

void
reservation_prove_class(struct reservation_proof *proof, uint64_t class, const Subsidy__ProgressRow *progress)
{
    proof->told += weight_of(class) * progress->open;
}

void
reservation_prove(struct jn_audit *audit, const struct reservation_proof *proof)
{
    if (proof->kept != proof->told)
        jn_finding(audit, "people's open seats are not those that their classes say");
}
