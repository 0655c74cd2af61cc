/* Results (鉴定结果): who passed, with which certificate, and whether all results of a class are in. */
#include "subsidy/nouns.h"

/* Closed, and as many as that said: the class may be settled already, in part or as a whole. */
static bool
all_in(const struct jn_view *view, uint64_t class)
{
    Subsidy__ProgressRow progress = progress_of(view, class);

    return progress.closed && progress.results >= progress.closed_count;
}

enum jn_code
react_results_recorded(struct jn_decision *d, const Certification__ResultsRecorded *event,
                       const struct jn_source *source)
{
    Subsidy__ResultsNoted noted = SUBSIDY__RESULTS_NOTED__INIT;

    if (event->n_rows == 0 || all_in(d->view, event->class_))
        return JN_OK;
    noted.class_ = event->class_;
    noted.day = date_of_ms(source->time_ms);
    noted.rows = jn_take(d->view, event->n_rows * sizeof(Subsidy__NotedResult *));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Certification__RecordedResult *recorded = event->rows[i];
        Subsidy__NotedResult *row = jn_take(d->view, sizeof(*row));

        *row = (Subsidy__NotedResult)SUBSIDY__NOTED_RESULT__INIT;
        row->seat = recorded->seat;
        row->certificate = recorded->certificate;
        row->kind = recorded->kind;
        row->level = recorded->level;
        row->day = recorded->day;
        row->evaluator = recorded->evaluator;
        noted.rows[noted.n_rows++] = row;
    }
    return jn_emit(d, EVENT_RESULTS_NOTED, &noted);
}

void
apply_results_noted(struct jn_tables *t, const Subsidy__ResultsNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.results += (uint32_t)event->n_rows;
    jn_put(t, TABLE_RESULTS, JN_KEY(event->class_, progress.result_chunks++), event);
    progress_keep(t, event->class_, &progress);
}

enum jn_code
react_results_closed(struct jn_decision *d, const Certification__ResultsClosed *event, const struct jn_source *source)
{
    Subsidy__ResultsClosedNoted noted = SUBSIDY__RESULTS_CLOSED_NOTED__INIT;

    (void)source;
    if (all_in(d->view, event->class_))
        return JN_OK;
    noted.class_ = event->class_;
    noted.count = event->count;
    return jn_emit(d, EVENT_RESULTS_CLOSED_NOTED, &noted);
}

void
apply_results_closed_noted(struct jn_tables *t, const Subsidy__ResultsClosedNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.closed = true;
    progress.closed_count = event->count;
    progress_keep(t, event->class_, &progress);
}

static void
reassess_revoked(struct jn_decision *d, const Certification__CertificateRevoked *event)
{
    struct reassessment_order order = {
        .cause = SUBSIDY__CAUSE__CERTIFICATE_REVOKED, .reason = event->reason, .seats = &event->seat, .seats_count = 1};

    order.document =
        jn_arena_print(d->arena, "撤销证书 certificate %llu revoked", (unsigned long long)event->certificate);
    reckon(d, event->class_, &order);
}

/* What was settled with it is reckoned again without it. */
enum jn_code
react_certificate_revoked(struct jn_decision *d, const Certification__CertificateRevoked *event,
                          const struct jn_source *source)
{
    Subsidy__ProgressRow progress = progress_of(d->view, event->class_);
    Subsidy__RevocationNoted noted = SUBSIDY__REVOCATION_NOTED__INIT;

    (void)source;
    noted.class_ = event->class_;
    noted.seat = event->seat;
    noted.certificate = event->certificate;
    noted.settled = event->seat <= SEATS_MAX && seats_settled(d->view, event->class_, &progress)[event->seat];
    jn_emit(d, EVENT_REVOCATION_NOTED, &noted);
    if (noted.settled)
        reassess_revoked(d, event);
    return JN_OK;
}

void
apply_revocation_noted(struct jn_tables *t, const Subsidy__RevocationNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.revoked++;
    jn_put(t, TABLE_REVOCATION, JN_KEY(event->class_, event->certificate), event);
    progress_keep(t, event->class_, &progress);
}

struct revocation {
    uint32_t seat;
    bool found;
};

static bool
look_at_revocation(void *context, const struct jn_key *key, const void *row)
{
    struct revocation *sought = context;
    const Subsidy__RevocationNoted *noted = row;

    (void)key;
    sought->found = noted->seat == sought->seat && !noted->settled;
    return !sought->found;
}

bool
result_revoked(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    struct revocation sought = {.seat = seat};

    jn_scan(view, TABLE_REVOCATION, JN_KEY(class, 0), sizeof(uint64_t), SEATS_MAX, look_at_revocation, &sought);
    return sought.found;
}

struct results {
    const Subsidy__NotedResult **by_seat;
    const struct jn_view *view;
    uint64_t class;
    uint32_t seat_max;
    bool revoked; /* some of the class's were */
    bool now;
};

static bool
counts(const struct results *results, uint64_t certificate)
{
    const Subsidy__RevocationNoted *revocation;

    if (!results->revoked)
        return true;
    revocation = jn_get(results->view, TABLE_REVOCATION, JN_KEY(results->class, certificate));
    return !revocation || (revocation->settled && !results->now);
}

static bool
take_results(void *context, const struct jn_key *key, const void *row)
{
    struct results *results = context;
    const Subsidy__ResultsNoted *chunk = row;

    (void)key;
    for (size_t i = 0; i < chunk->n_rows; i++) {
        const Subsidy__NotedResult *result = chunk->rows[i];

        if (result->seat <= results->seat_max && counts(results, result->certificate))
            results->by_seat[result->seat] = result;
    }
    return true;
}

const Subsidy__NotedResult **
results_of(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, uint32_t seat_max,
           bool now)
{
    struct results results = {
        .view = view, .class = class, .seat_max = seat_max, .revoked = progress->revoked > 0, .now = now};
    const Subsidy__CorrectionRow **corrections = corrections_of(view, class, progress);

    results.by_seat = jn_take(view, (seat_max + 1) * sizeof(*results.by_seat));
    jn_scan(view, TABLE_RESULTS, JN_KEY(class, 0), sizeof(uint64_t), CHUNKS_MAX, take_results, &results);
    for (uint32_t seat = 0; corrections && seat <= seat_max && seat <= SEATS_MAX; seat++)
        results.by_seat[seat] = result_corrected(corrections[seat], results.by_seat[seat], now);
    return results.by_seat;
}
