/* Reassessment (重新核定): what was settled for a class is reckoned again, with the facts as they stand now, the pack
 * that decided and the person's history as it stood then, without what this training itself brought; 2.12-e. What is
 * missing becomes a claim on public notice; what is too much the ledger releases or takes back. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

/* What one message does at most: settlements are large rows, each read once. */
#define PARTS_READ_MAX 4
#define ROW_FIELDS     28
#define FACTS_FIELDS   24 /* of a seat and its result */
#define PAID_FIELDS    6  /* of a line of what its enterprise was due */
#define LATER_ROWS_MAX 600
#define LATER_FIELDS   5
#define COUNTED_FIELDS 5

/* ---- One sitting ---- */

struct sitting {
    struct jn_decision *d;
    const struct reassessment_order *order;
    const Subsidy__ClassNoted *class;
    Subsidy__ProgressRow progress;
    struct roster roster;
    const Subsidy__NotedResult **results;
    const Subsidy__Settled *part; /* the settlement at hand */
    const Policy__Pack *pack;     /* that decides; of the part */
    bool by_certificate;          /* it asks which certificate was paid for */
    struct judgement judgement;
    struct entitlement before[ITEMS];
    struct differences differences;
    Subsidy__Reassessed event;
    Subsidy__Settled missing; /* the claims over what is missing */
    Subsidy__ClassFacts facts;
    Subsidy__ReassessedRow *rows[CHUNK_REFUSALS_MAX];
    Subsidy__SettledClaim *claims[CHUNK_CLAIMS_MAX];
    uint32_t unjudged[CHUNK_ROWS_MAX];
    uint32_t looked[CHUNK_ROWS_MAX];
    Subsidy__LaterSeat *later[LATER_ROWS_MAX];
    struct counting counting;
    size_t fields;
    bool moved; /* some seat's answer did: the first's rank */
    uint32_t moved_rank;
    struct aheads *aheads;
    struct reassessed done;
};

static bool
sitting_full(const struct sitting *s)
{
    return s->event.n_rows + ITEMS > CHUNK_REFUSALS_MAX || s->missing.n_claims + ITEMS > CHUNK_CLAIMS_MAX ||
           s->event.n_unjudged == CHUNK_ROWS_MAX || s->done.seats >= CHUNK_ROWS_MAX ||
           s->event.n_later + LATER_MAX > LATER_ROWS_MAX || s->fields > CHUNK_FIELDS_MAX / 2 ||
           s->judgement.lines >= HISTORY_READ_MAX;
}

static void
sitting_open(struct sitting *s)
{
    const struct jn_view *view = s->d->view;
    Subsidy__Reassessed *event = &s->event;

    subsidy__reassessed__init(event);
    subsidy__settled__init(&s->missing);
    s->progress = progress_of(view, s->class->class_);
    s->roster = roster_of(view, s->class->class_, &s->progress, true);
    s->results = results_of(view, s->class->class_, &s->progress, s->roster.seat_max, true);
    event->reassessment = s->missing.reassessment = jn_counter(view, COUNTER_REASSESSMENT) + 1;
    event->class_ = s->missing.class_ = s->class->class_;
    event->class_no = s->missing.class_no = s->class->class_no;
    event->division = s->missing.division = s->class->division;
    event->groups = s->missing.groups = s->progress.groups;
    event->women = s->missing.women = s->progress.women;
    event->day = s->d->today;
    event->cause = s->order->cause;
    event->document = (char *)(uintptr_t)s->order->document;
    event->reason = (char *)(uintptr_t)s->order->reason;
    event->fraud = s->order->fraud;
    event->rows = s->rows;
    event->unjudged = s->unjudged;
    event->looked = s->looked;
    event->later = s->later;
    event->counted = s->counting.seats;
    event->counts = true;
    s->missing.settlement = jn_counter(view, COUNTER_SETTLEMENT) + 1;
    s->missing.day = s->class->end_day;
    s->missing.provider = s->class->provider;
    s->missing.employer = class_enterprise(s->class);
    s->missing.claims = s->claims;
}

/* ---- One seat ---- */

static void
row_stakes(const struct sitting *s, const struct difference *difference, const struct answer *now, uint64_t topup,
           Subsidy__ReassessedRow *row)
{
    row->stakes = jn_take(s->d->view, (difference->stakes_count + 1) * sizeof(*row->stakes));
    for (size_t i = 0; i <= difference->stakes_count; i++) {
        const struct stake last = {topup, now->fund, now->payee, difference->more_fen, difference->more_fen};
        const struct stake *from = i < difference->stakes_count ? &difference->stakes[i] : &last;
        Subsidy__Stake *stake;

        if (from->rest_fen == 0)
            continue;
        stake = row->stakes[row->n_stakes++] = jn_take(s->d->view, sizeof(*stake));
        subsidy__stake__init(stake);
        stake->claim = from->claim;
        stake->fund = (Common__Fund)from->fund;
        stake->payee = (Common__Payee)from->payee;
        stake->amount_fen = from->amount_fen;
        stake->rest_fen = from->rest_fen;
    }
}

static void
row_taken(struct sitting *s, const struct difference *difference, Subsidy__ReassessedRow *row)
{
    row->taken = jn_take(s->d->view, difference->taken_count * sizeof(*row->taken));
    for (size_t i = 0; i < difference->taken_count; i++) {
        Subsidy__TakenBack *taken = row->taken[row->n_taken++] = jn_take(s->d->view, sizeof(*taken));

        subsidy__taken_back__init(taken);
        taken->claim = difference->taken[i].claim;
        taken->amount_fen = difference->taken[i].amount_fen;
        taken->rest_fen = difference->taken[i].rest_fen;
        s->done.less_fen += taken->amount_fen;
    }
}

/* The seat as it was judged, for who asks later. What its enterprise was due is the same to all its items. */
static void
keep_facts(struct sitting *s, const Subsidy__Seat *seat, Subsidy__ReassessedRow *row)
{
    bool told = false;

    row->facts = (Subsidy__Seat *)(uintptr_t)seat;
    row->result = (Subsidy__NotedResult *)(uintptr_t)s->results[seat->seat];
    s->fields += FACTS_FIELDS;
    for (size_t i = s->event.n_rows; i > 0 && s->rows[i - 1]->seat == seat->seat && !told; i--)
        told = s->rows[i - 1]->enterprise != NULL;
    if (!told)
        row->enterprise = enterprise_tell_seat(&s->judgement);
    if (row->enterprise)
        s->fields += 2 + PAID_FIELDS * row->enterprise->n_lines;
}

static void
top_up(struct sitting *s, const Subsidy__Seat *seat, const struct answer *now, Subsidy__ReassessedRow *row)
{
    Subsidy__SettledClaim *claim = jn_take(s->d->view, sizeof(*claim));

    subsidy__settled_claim__init(claim);
    claim->claim = row->topup;
    claim->seat = seat->seat;
    claim->person = seat->person;
    claim->item = row->item;
    claim->amount_fen = row->topup_fen;
    claim->fund = (Common__Fund)now->fund;
    claim->payee = (Common__Payee)now->payee;
    claim->rule = now->rule;
    claim->level = now->level;
    claim->months = now->months;
    claim->trace = row->trace;
    claim->history = history_lines(s->d->view, seat->person);
    keep_facts(s, seat, row);
    claim->tops = row->origin == row->topup ? 0 : row->origin;
    s->missing.claims[s->missing.n_claims++] = claim;
    s->done.more_fen += row->topup_fen;
}

static void
note_difference(struct sitting *s, const Subsidy__Seat *seat, int item, const struct answer *now,
                const struct difference *difference)
{
    const struct jn_view *view = s->d->view;
    const struct entitlement *before = &s->before[item];
    Subsidy__ReassessedRow *row = jn_take(view, sizeof(*row));

    subsidy__reassessed_row__init(row);
    row->seat = seat->seat;
    row->person = seat->person;
    row->item = (Common__Item)item;
    row->due = now->state == BENEFIT_DUE;
    row->reason = now->reason;
    row->before_fen = entitlement_fen(before);
    row->settlement = s->part->settlement;
    row->rule = now->rule;
    row->clause = (char *)(uintptr_t)now->clause;
    row->awaited_until_day = now->await_day;
    row->trace = s->order->cancelled ? NULL : trace_of(view, &s->judgement.evaluation, item);
    row->topup = difference->topped ? jn_counter(view, COUNTER_CLAIM) + 1 + s->missing.n_claims : 0;
    row->topup_fen = difference->more_fen;
    row->origin = before->origin ? before->origin : row->topup;
    if (row->due) {
        row->now_fen = now->amount_fen;
        row->fund = (Common__Fund)now->fund;
        row->payee = (Common__Payee)now->payee;
        row->level = now->level;
        row->months = now->months;
        row->certificate = s->by_certificate ? s->judgement.facts.certificate_number : 0;
    }
    row_stakes(s, difference, now, row->topup, row);
    row_taken(s, difference, row);
    if (row->topup)
        top_up(s, seat, now, row);
    s->fields += ROW_FIELDS + 3 * row->n_taken + 5 * row->n_stakes + (row->trace ? 4 * row->trace->n_steps : 0);
    s->event.rows[s->event.n_rows++] = row;
    s->done.changed++;
}

/* False where its facts cannot be judged: it stays as it was. */
static bool
reassess_seat(struct sitting *s, const Subsidy__Seat *seat)
{
    size_t first_row = s->event.n_rows;
    struct seat_facts facts = {.seat = seat, .result = s->results[seat->seat], .cancelled = s->order->cancelled};

    s->done.seats++;
    facts.history = history_before(s->d->view, seat->person, s->part->settlement, &facts.history_count);
    if (!differences_of(&s->judgement, &facts, s->before, &s->differences)) {
        s->event.unjudged[s->event.n_unjudged++] = seat->seat;
        return false;
    }
    aheads_judge(s->aheads, &s->judgement, seat->seat);
    for (int item = 1; item < ITEMS; item++)
        if (s->differences.differs[item])
            note_difference(s, seat, item, &s->differences.now[item], &s->differences.of[item]);
    s->fields += LATER_FIELDS * later_note(s->d->view, &s->event, first_row, seat->person, s->part->settlement);
    if (counted_note(&s->counting, s->d->view, s->part, &s->event, first_row, s->before))
        s->fields += COUNTED_FIELDS;
    if (later_waits(s->d->view, s->class->class_, seat->seat))
        s->event.looked[s->event.n_looked++] = seat->seat;
    return true;
}

/* ---- The class ---- */

static bool
wanted(const struct sitting *s, uint32_t rank, const Subsidy__Seat *seat)
{
    const struct reassessment_order *order = s->order;

    if (!seat || rank < order->from_rank || (order->until_rank && rank >= order->until_rank))
        return false;
    for (size_t i = 0; i < order->seats_count; i++)
        if (order->seats[i] == seat->seat)
            return true;
    return order->seats_count == 0;
}

/* Most parts of a large class hold none of the seats that are named: their settlements need not be read. */
static bool
part_wanted(const struct sitting *s, const Subsidy__PartRow *part)
{
    uint32_t until = part->first_rank + part->rows;

    if (s->order->seats_count == 0)
        return true;
    for (uint32_t rank = part->first_rank; rank < until && rank < s->roster.count; rank++)
        if (wanted(s, rank, s->roster.seats[rank]))
            return true;
    return false;
}

/* A part was settled with one pack; what is applied backwards decides in its place. */
static bool
part_open(struct sitting *s, uint64_t settlement)
{
    const struct jn_view *view = s->d->view;
    const Policy__Pack *pack;

    s->part = jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement));
    pack = !s->part         ? NULL
           : s->order->pack ? s->order->pack
                            : pack_named(view, pack_decided(view, settlement, s->part));
    if (!pack)
        return false; /* the tables have gone quiet */
    if (!s->pack || strcmp(s->pack->id, pack->id) != 0) {
        /* One event, one pack. */
        if (s->pack && s->event.n_rows)
            return false;
        s->pack = pack;
        s->by_certificate = chunk_by_certificate(pack);
        judgement_open(&s->judgement, s->d->view, s->class, s->pack);
        judgement_class_facts(&s->judgement, &s->facts);
        s->missing.facts = &s->facts;
        s->event.pack = s->missing.pack = s->pack->id;
    }
    enterprise_open(&s->judgement, settlement);
    return true;
}

/* False where there is no room for more. */
static bool
reassess_part(struct sitting *s, uint64_t settlement, const Subsidy__PartRow *part)
{
    struct settled_at cursor = settled_begin(s->d->view, part->class_);
    uint32_t until = part->first_rank + part->rows;

    s->done.next_rank = part->first_rank;
    if (!part_open(s, settlement))
        return false;
    for (uint32_t rank = part->first_rank; rank < until && rank < s->roster.count; rank++) {
        const Subsidy__Seat *seat = s->roster.seats[rank];
        bool moved = false;

        s->done.next_rank = rank;
        if (!seat)
            continue;
        entitlements_of(s->d->view, s->part, &cursor, seat->seat, s->before);
        if (wanted(s, rank, seat)) {
            if (sitting_full(s))
                return false;
            moved = reassess_seat(s, seat);
            if (!s->moved)
                s->moved_rank = rank;
            s->moved = s->event.n_rows > 0;
        }
        enterprise_note_standing(&s->judgement, s->before, moved ? &s->differences : NULL);
    }
    s->done.next_rank = until;
    return true;
}

/* A seat that changes leaves less or more of an enterprise's cap to those behind it. */
static bool
sitting_looked(struct sitting *s)
{
    const struct reassessment_order *order = s->order;
    uint32_t next = order->seats_count ? s->moved_rank + 1 : s->done.next_rank;

    if (!jn_counter(s->d->view, COUNTER_ENTERPRISE_PACKS))
        return false;
    if (!order->seats_count && s->done.next_rank > order->from_rank) {
        s->event.looked_from = order->from_rank;
        s->event.looked_through = s->done.next_rank;
    }
    if (s->moved && next < s->progress.judged)
        s->event.unseen_from = next;
    return s->event.looked_through && later_class_waits(s->d->view, s->class->class_);
}

static void
sitting_emit(struct sitting *s)
{
    if (!sitting_looked(s) && s->event.n_rows == 0 && s->event.n_looked == 0 && !s->order->told &&
        (s->event.n_unjudged == 0 || s->order->pack))
        return;
    s->done.number = s->event.reassessment;
    s->done.unjudged = (uint32_t)s->event.n_unjudged;
    jn_emit(s->d, EVENT_REASSESSED, &s->event);
    if (s->missing.n_claims == 0)
        return;
    jn_emit(s->d, EVENT_SETTLED, &s->missing);
    way_begin(s->d, &s->missing, s->pack);
}

struct reassessed
reassess(struct jn_decision *d, uint64_t class, const struct reassessment_order *order)
{
    struct sitting *s = jn_take(d->view, sizeof(*s));
    const Subsidy__PartRow *part;
    struct parts at = {0};
    uint32_t read = 0;

    s->d = d;
    s->order = order;
    s->class = class_find(d->view, class);
    if (!s->class)
        return s->done; /* the tables have gone quiet */
    sitting_open(s);
    s->aheads = aheads_of(d->view, class);
    s->done.done = true;
    while (s->done.done && (part = part_next(d->view, class, &s->progress, &at)) != NULL) {
        if (part->first_rank + part->rows <= order->from_rank ||
            (order->until_rank && part->first_rank >= order->until_rank) || !part_wanted(s, part))
            continue;
        if (read++ == PARTS_READ_MAX)
            s->done.next_rank = part->first_rank;
        s->done.done = read <= PARTS_READ_MAX && reassess_part(s, at.settlement, part);
    }
    sitting_emit(s);
    if (s->pack)
        aheads_emit(d, &s->judgement, s->aheads, false);
    return s->done;
}
