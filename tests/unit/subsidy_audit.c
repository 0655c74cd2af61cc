/* The audit sees what was tampered with; and what differs where the clock is real. */
#include "subsidy_audit.h"

#include <stdlib.h>

#include "runtime/engine.h"
#include "subsidy/packs/draft.h"
#include "subsidy/funnel/funnel.h"
#include "subsidy/reservation/reservation.h"
#include "subsidy/nouns.h"

/* ---- A service whose StopClass spoils a row, and whose audit is only listened to ---- */

void (*spoil)(struct jn_tables *t);
size_t findings;
char heard[2048];

static void
apply_spoiled(struct jn_tables *t, const Subsidy__StopNoted *event, const struct jn_stamp *stamp)
{
    (void)event;
    (void)stamp;
    spoil(t);
}

static void
listen(struct jn_audit *audit)
{
    struct jn_audit own = {.view = audit->view};

    subsidy_service.audit(&own);
    findings = own.findings;
    heard[0] = '\0';
    if (own.text)
        strncpy(heard, own.text, sizeof(heard) - 1);
    free(own.text);
}

/* ---- A service that believes its clock is real ---- */

static enum jn_code
decide_really(struct jn_decision *d, const Subsidy__SettleDay *command)
{
    bool driven = d->fold->driven;
    enum jn_code code;

    d->fold->driven = false;
    code = decide_settle_day(d, command);
    d->fold->driven = driven;
    return code;
}

const struct jn_service *
changed_service(bool spoiled)
{
    static struct jn_event events[128];
    static struct jn_method methods[128];
    static struct jn_service service;

    service = subsidy_service;
    assert_true(service.events_count <= 128 && service.methods_count <= 128);
    memcpy(events, service.events, service.events_count * sizeof(events[0]));
    memcpy(methods, service.methods, service.methods_count * sizeof(methods[0]));
    for (size_t i = 0; spoiled && i < service.events_count; i++)
        if (events[i].type == EVENT_STOP_NOTED)
            events[i].apply = JN_FN(apply_spoiled);
    for (size_t i = 0; !spoiled && i < service.methods_count; i++)
        if (methods[i].decide == JN_FN(decide_settle_day))
            methods[i].decide = JN_FN(decide_really);
    service.events = events;
    service.methods = methods;
    if (spoiled)
        service.audit = listen;
    return &service;
}

void
must_hear(void (*how)(struct jn_tables *t), const char *sentence)
{
    assert_int_equal(findings, 0);
    spoil = how;
    stopped(9);
    if (!strstr(heard, sentence))
        fail_msg("not found: %s; heard: %s", sentence, heard);
}

/* ---- What is spoiled: person 7's two claims in class 1, settled; class 2 awaited, class 3 ready ---- */

static void
settlement_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_SETTLEMENT, JN_KEY(1));
}

static void
amount_raised(struct jn_tables *t)
{
    EDIT(Subsidy__Settled, jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1)));

    row.claims[1]->amount_fen = 100000000;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
rule_changed(struct jn_tables *t)
{
    EDIT(Subsidy__Settled, jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1)));

    row.claims[0]->rule = 101;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
claim_renumbered(struct jn_tables *t)
{
    EDIT(Subsidy__Settled, jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1)));

    row.claims[1]->claim = 5;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
claims_uncounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_CLAIM, 9);
}

static void
history_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_HISTORY, JN_KEY(7));
}

static void
history_invented(struct jn_tables *t)
{
    Subsidy__PaidBefore line = SUBSIDY__PAID_BEFORE__INIT, *lines[] = {&line};

    line.item = COMMON__ITEM__FREE_TRAINING;
    line.claim = 3;
    history_add(t, 8, lines, 1);
}

static void
standing_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_STANDING, JN_KEY(1));
}

static void
standing_moved(struct jn_tables *t)
{
    STANDING(row);

    row.first_claim = 2;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
notice_skipped(struct jn_tables *t)
{
    STANDING(row);

    row.notice_to_day = 0;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
approved_early(struct jn_tables *t)
{
    STANDING(row);

    row.states.data[0] |= CLAIM_APPROVED;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
totals_invented(struct jn_tables *t)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    totals.due[COMMON__ITEM__FREE_TRAINING]++;
    totals_keep(t, &totals);
}

/* ---- The way of a claim ---- */

static void
stage_invented(struct jn_tables *t)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    totals_move(&totals, SUBSIDY__STAGE__ON_NOTICE, SUBSIDY__STAGE__REVIEWING, 1);
    totals_keep(t, &totals);
}

static void
apart_invented(struct jn_tables *t)
{
    Subsidy__ApartRow row = SUBSIDY__APART_ROW__INIT;

    row.settlement = 1;
    jn_put(t, TABLE_APART, JN_KEY(1), &row);
}

static void
apart_lost(struct jn_tables *t)
{
    STANDING(row);

    row.states.data[0] |= CLAIM_APART;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
gated_for_ever(struct jn_tables *t)
{
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    row.number = 1;
    jn_put(t, TABLE_GATED, JN_KEY(1), &row);
}

static void
term_forgotten(struct jn_tables *t)
{
    Subsidy__TermRow row = SUBSIDY__TERM_ROW__INIT;

    row.due_day = row.remind_day = day_of("2020-07-01");
    term_set(t, SUBSIDY__DUE__DUE_HOLD, 1, &row);
}

static void
overdue_invented(struct jn_tables *t)
{
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    jn_put(t, TABLE_OVERDUE, JN_KEY(day_up(1), SUBSIDY__DUE__DUE_HOLD, 1), &row);
}

static void
objection_unlisted(struct jn_tables *t)
{
    Subsidy__ObjectionRow row = SUBSIDY__OBJECTION_ROW__INIT;
    Subsidy__Objected raised = SUBSIDY__OBJECTED__INIT;

    raised.claim = 1;
    row.raised = &raised;
    jn_put(t, TABLE_OBJECTION, JN_KEY(1), &row);
}

static void
case_uncounted(struct jn_tables *t)
{
    Subsidy__CaseView row = SUBSIDY__CASE_VIEW__INIT;

    jn_put(t, TABLE_CASE, JN_KEY(1), &row);
}

static void
classes_miscounted(struct jn_tables *t)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    totals.row.classes_waiting++;
    totals_keep(t, &totals);
}

static void
class_forgotten(struct jn_tables *t)
{
    jn_delete(t, TABLE_READY, class_order(class_find(jn_view_of(t), 3)));
}

static void
class_half_settled(struct jn_tables *t)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), 3);

    progress.judged = 1;
    jn_put(t, TABLE_PROGRESS, JN_KEY(3), &progress);
}

static void
class_lists_a_strangers_settlement(struct jn_tables *t)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), 3);

    progress.first_settlement = 1;
    progress.settlements = 1;
    jn_put(t, TABLE_PROGRESS, JN_KEY(3), &progress);
}

static void
class_settlements_moved(struct jn_tables *t)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), 1);

    progress.first_settlement = 2;
    jn_put(t, TABLE_PROGRESS, JN_KEY(1), &progress);
}

static void
seats_miscounted(struct jn_tables *t)
{
    EDIT(Subsidy__Settled, jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1)));

    row.rows = 2;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
list_invents_a_class(struct jn_tables *t)
{
    Subsidy__ClassNoted stranger = *class_find(jn_view_of(t), 3);
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    stranger.class_ = 99;
    jn_put(t, TABLE_READY, class_order(&stranger), &row);
}

/* ---- The funnel ---- */

static void
funnel_row_spoiled(struct jn_tables *t, int by, size_t step)
{
    struct jn_key key = funnel_key(class_find(jn_view_of(t), 1), by);

    EDIT(Subsidy__FunnelRow, jn_get(jn_view_of(t), TABLE_FUNNEL, key));
    row.steps[step]++;
    jn_put(t, TABLE_FUNNEL, key, &row);
}

static void
funnel_of_a_class_invented(struct jn_tables *t)
{
    funnel_row_spoiled(t, SUBSIDY__FUNNEL_BY__BY_CLASS, SUBSIDY__STEP__STEP_FILED);
}

static void
funnel_of_a_class_over_full(struct jn_tables *t)
{
    funnel_row_spoiled(t, SUBSIDY__FUNNEL_BY__BY_CLASS, SUBSIDY__STEP__STEP_PAID);
}

static void
funnel_of_an_institution_invented(struct jn_tables *t)
{
    funnel_row_spoiled(t, SUBSIDY__FUNNEL_BY__BY_INSTITUTION, SUBSIDY__STEP__STEP_DUE);
}

static void
funnel_of_a_division_invented(struct jn_tables *t)
{
    funnel_row_spoiled(t, SUBSIDY__FUNNEL_BY__BY_DIVISION, SUBSIDY__STEP__STEP_APPROVED);
}

static void
funnel_of_a_quarter_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_FUNNEL, funnel_key(class_find(jn_view_of(t), 1), SUBSIDY__FUNNEL_BY__BY_QUARTER));
}

static void
tally_changed(struct jn_tables *t)
{
    EDIT(Subsidy__Settled, jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1)));

    row.tally->due++;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
seats_counted_otherwise(struct jn_tables *t)
{
    STANDING(row);

    row.seats_paid = 1;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

/* ---- Enterprises ---- */

static void
enterprise_is_due(struct jn_tables *t, uint64_t enterprise)
{
    Subsidy__EnterpriseRow row = SUBSIDY__ENTERPRISE_ROW__INIT;

    row.fen = 100;
    row.times = 1;
    jn_put(t, TABLE_ENTERPRISE,
           JN_KEY(enterprise, day_up(day_of("2020-05-31")), 1, COMMON__ITEM__APPRENTICESHIP_TRAINING), &row);
}

static void
enterprise_invented(struct jn_tables *t)
{
    enterprise_is_due(t, SCHOOL);
}

static void
enterprise_swapped(struct jn_tables *t)
{
    enterprise_is_due(t, FACTORY);
}

static void
enterprise_imported(struct jn_tables *t)
{
    Subsidy__EnterpriseRow row = SUBSIDY__ENTERPRISE_ROW__INIT;

    row.fen = 100;
    row.times = 1;
    jn_put(t, TABLE_ENTERPRISE, JN_KEY(FACTORY, day_up(day_of("2019-05-31")), 0, COMMON__ITEM__APPRENTICESHIP_TRAINING),
           &row);
}

static void
enterprise_imported_for_nobody(struct jn_tables *t)
{
    Subsidy__EnterpriseRow row = SUBSIDY__ENTERPRISE_ROW__INIT;

    row.fen = 100;
    jn_put(t, TABLE_ENTERPRISE, JN_KEY(FACTORY, day_up(day_of("2019-05-31")), 0, COMMON__ITEM__APPRENTICESHIP_TRAINING),
           &row);
}

/* ---- Open seats, receipts ---- */

static void
open_seat_lost(struct jn_tables *t)
{
    EDIT(Subsidy__HistoryRow, jn_get(jn_view_of(t), TABLE_HISTORY, JN_KEY(8)));

    row.n_open = 0;
    jn_put(t, TABLE_HISTORY, JN_KEY(8), &row);
}

static void
open_seats_too_many(struct jn_tables *t)
{
    Subsidy__OpenSeat *seats[OPEN_MAX + 1];

    EDIT(Subsidy__HistoryRow, jn_get(jn_view_of(t), TABLE_HISTORY, JN_KEY(8)));

    for (size_t i = 0; i <= OPEN_MAX; i++)
        seats[i] = row.open[0];
    row.open = seats;
    row.n_open = OPEN_MAX + 1;
    jn_put(t, TABLE_HISTORY, JN_KEY(8), &row);
}

static void
receipt_invented(struct jn_tables *t)
{
    Subsidy__Receipted row = SUBSIDY__RECEIPTED__INIT;

    row.receipt = 1;
    row.settlement = 1;
    row.claim = 1;
    row.amount_fen = 1;
    jn_put(t, TABLE_RECEIPT, JN_KEY(1), &row);
    jn_counter_set(t, COUNTER_RECEIPT, 1);
}

/* ---- A pack's way into force ---- */

static void
approval_forged(struct jn_tables *t, const char *by, uint32_t failed)
{
    Subsidy__Approval approval = SUBSIDY__APPROVAL__INIT;
    Subsidy__Cases cases = SUBSIDY__CASES__INIT;

    cases.passed = 10;
    cases.failed = failed;
    approval.proposed_by = (char *)(uintptr_t) "a";
    approval.approved_by = (char *)(uintptr_t)by;
    approval.cases = &cases;
    pack_approval_keep(t, "shijiazhuang-2019", &approval);
}

static void
approved_by_who_proposed(struct jn_tables *t)
{
    approval_forged(t, "a", 0);
}

static void
approved_with_red_cases(struct jn_tables *t)
{
    approval_forged(t, "b", 1);
}

/* Of the pack that was adopted. */
static void
draft_invented(struct jn_tables *t)
{
    Subsidy__DraftRow draft = SUBSIDY__DRAFT_ROW__INIT;
    Subsidy__PackProposed proposed = SUBSIDY__PACK_PROPOSED__INIT;

    proposed.draft = 1;
    proposed.pack = (Policy__Pack *)(uintptr_t)pack_named(jn_view_of(t), "shijiazhuang-2019");
    draft.proposed = &proposed;
    jn_put(t, TABLE_DRAFT, JN_KEY(1), &draft);
}

static void
drafts_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_DRAFTS_OPEN, 1);
}

static void
listed_for_nothing(struct jn_tables *t)
{
    Subsidy__ToReassessRow row = SUBSIDY__TO_REASSESS_ROW__INIT;

    row.person = 7;
    row.settlement = 1;
    row.because_class = 1;
    row.reassessment = 1;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(1, 1), &row);
}

static void
judged_by_nobody(struct jn_tables *t)
{
    EDIT(Subsidy__HistoryRow, jn_get(jn_view_of(t), TABLE_HISTORY, JN_KEY(7)));

    row.settlements[0] = 8;
    jn_put(t, TABLE_HISTORY, JN_KEY(7), &row);
}

static void
unlisted(struct jn_tables *t)
{
    Subsidy__Reassessed event = SUBSIDY__REASSESSED__INIT;
    Subsidy__LaterSeat later = SUBSIDY__LATER_SEAT__INIT, *rows[] = {&later};

    event.reassessment = event.class_ = 1;
    later.class_ = 1;
    later.seat = 1;
    event.n_later = 1;
    event.later = rows;
    jn_put(t, TABLE_REASSESSMENT, JN_KEY(1, 1), &event);
}

/* The answer stands as it was settled, 1,800 yuan; the line of the history says nothing. */
static void
history_without_amount(struct jn_tables *t)
{
    Subsidy__Stake stake = SUBSIDY__STAKE__INIT, *stakes[] = {&stake};
    Subsidy__EntitlementRow answer = SUBSIDY__ENTITLEMENT_ROW__INIT;
    Subsidy__ReassessedRow changed = SUBSIDY__REASSESSED_ROW__INIT, *rows[] = {&changed};
    Subsidy__Reassessed event = SUBSIDY__REASSESSED__INIT;
    EDIT(Subsidy__HistoryRow, jn_get(jn_view_of(t), TABLE_HISTORY, JN_KEY(7)));

    stake.claim = answer.origin = changed.origin = 1;
    stake.amount_fen = stake.rest_fen = changed.before_fen = changed.now_fen = 180000;
    answer.due = changed.due = true;
    answer.n_stakes = 1;
    answer.stakes = stakes;
    answer.reassessment = event.reassessment = event.class_ = 1;
    changed.seat = 1;
    changed.person = 7;
    changed.item = COMMON__ITEM__FREE_TRAINING;
    event.n_rows = 1;
    event.rows = rows;
    for (size_t i = 0; i < row.n_paid; i++)
        row.paid[i]->amount_fen = 0;
    jn_put(t, TABLE_HISTORY, JN_KEY(7), &row);
    jn_put(t, TABLE_REASSESSMENT, JN_KEY(1, 1), &event);
    jn_put(t, TABLE_ENTITLEMENT, JN_KEY(1, 1, COMMON__ITEM__FREE_TRAINING), &answer);
}

static void
a_city_is_spoiled(void (*spoiler)(struct jn_tables *t), const char *sentence)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    fresh_of(changed_service(true));
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    filed(2, "A-2");
    enrolled(2, &trainee, 1);
    held_for_veteran(3, "A-3", "2020-05-31", 8);
    must_hear(spoiler, sentence);
}

static void
the_audit_finds_what_was_spoiled(void **state)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {settlement_lost, "settlement 1 is missing"},
        {amount_raised, "claim 2 is over the cap of clause 2.3-b"},
        {rule_changed, "claim 1 does not fit rule 101"},
        {claim_renumbered, "claim 5 is out of sequence"},
        {claims_uncounted, "there are 2 claims, 9 were numbered"},
        {history_lost, "claim 1 is not in its person's history"},
        {history_invented, "histories hold 3 claims, there are 2"},
        {standing_lost, "settlement 1: its claims and their standing differ"},
        {standing_moved, "settlement 1: its standing is another's"},
        {notice_skipped, "settlement 1 was never on public notice"},
        {approved_early, "claim 1 is approved before its notice is over"},
        {totals_invented, "the totals of items or reasons"},
        {classes_miscounted, "the totals of classes"},
        {stage_invented, "the totals of states"},
        {apart_invented, "claim 1 goes on alone, and with its settlement"},
        {apart_lost, "claim 1 goes on alone, and with its settlement"},
        {gated_for_ever, "claim 1 is in the wrong list of gates"},
        {term_forgotten, "a term of kind 3 runs for 1, which is done with"},
        {overdue_invented, "1 terms are listed as overdue, 0 are"},
        {objection_unlisted, "objection 1 is open and decided"},
        {case_uncounted, "0 cases are listed as open, 1 are"},
        {class_forgotten, "class 3 is in the wrong list"},
        {class_half_settled, "class 3 is settled in part"},
        {class_lists_a_strangers_settlement, "classes list 2 settlements, 1 were numbered"},
        {class_settlements_moved, "class 1: its settlements are not consecutive"},
        {seats_miscounted, "class 1: its settlements judged other seats than it says"},
        {list_invents_a_class, "the lists of classes hold one that is not there"},
        {enterprise_invented, "settlement 1: what the enterprise is due for item"},
        {enterprise_imported, "enterprises were paid 0 fen before the suite, 100 of them are kept"},
        {enterprise_imported_for_nobody, "enterprise 2: what was imported of it cannot have been paid"},
        {enterprise_swapped, "settlement 1: something is kept for an enterprise that is not due to it"},
        {open_seat_lost, "people's open seats are not those that their classes say"},
        {open_seats_too_many, "person 8 has more open seats than are kept"},
        {receipt_invented, "receipt 1 does not say what was settled"},
        {funnel_of_a_class_invented, "the funnel of classes is not what their seats and claims add up to"},
        {funnel_of_a_class_over_full, "class 1: more seats left step 7 of the funnel than came to it"},
        {funnel_of_an_institution_invented, "the funnel of institutions is not what its classes add up to"},
        {funnel_of_a_division_invented, "the funnel of divisions is not what its classes add up to"},
        {funnel_of_a_quarter_lost, "the funnel of quarters is not what its classes add up to"},
        {tally_changed, "settlement 1: its tally is not of its seats"},
        {seats_counted_otherwise, "settlement 1: the funnel has counted its seats otherwise"},
        {approved_by_who_proposed, "pack shijiazhuang-2019 was adopted by one hand"},
        {approved_with_red_cases, "pack shijiazhuang-2019 was adopted and its cases were not green"},
        {draft_invented, "draft 1 waits under the id of a pack that was adopted"},
        {listed_for_nothing, "class 1, seat 1 is to be reassessed and no reassessment says so"},
        {judged_by_nobody, "person 7: the settlements that judged him are out of order"},
        {unlisted, "class 1, seat 1 stands on a changed history and is not listed"},
        {history_without_amount, "claim 1: its person's history has another amount than is due"},
        {drafts_miscounted, "0 drafts wait, 1 are counted"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        a_city_is_spoiled(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}

/* ---- In production ---- */

static void
a_class_that_is_not_ready_is_left_for_later(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    fresh_of(changed_service(false));
    filed_until(1, "A-1", "2020-05-30");
    enrolled(1, &trainee, 1);
    held_for_veteran(2, "A-2", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_true(settled->done);
    assert_int_equal(last_settled()->class_, 2);
    finished(1, &trainee, 1);
    passed(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->class_, 1);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__SAME_OCCUPATION_LEVEL);
    gone(NULL);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(the_audit_finds_what_was_spoiled),
        cmocka_unit_test(the_audit_finds_what_was_spoiled_of_reassessments),
        cmocka_unit_test(the_audit_finds_what_was_spoiled_of_the_way),
        cmocka_unit_test(the_audit_finds_what_was_spoiled_of_gates),
        cmocka_unit_test(steps_that_older_logs_began_go_on),
        cmocka_unit_test(the_audit_finds_what_was_spoiled_of_enterprises),
        cmocka_unit_test(the_audit_finds_what_was_spoiled_of_windows),
        cmocka_unit_test(a_class_that_is_not_ready_is_left_for_later),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
