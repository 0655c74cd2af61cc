/* Notification: what the other services say, and what becomes of it. */
#include "notification_given.h"

/* A class with veterans, two of its people women, finished; an inbox for everything and one for the veterans' office.
 */
static void
a_finished_class(void)
{
    filed(1, CHANGAN);
    opened(1, BIT(VETERAN) | BIT(FARMER), 2);
    finished(1, BIT(VETERAN), 2);
    inbox_for("all", 0, 0, false);
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("farmers", 0, BIT(FARMER), false);
}

/* The last thing that `all` was told. */
static void
all_was_told(Notification__Kind kind, const char *from, uint64_t reference, uint64_t class, uint32_t count,
             int64_t amount_fen)
{
    const Notification__Item *last = item("all", items("all"));

    assert_non_null(last);
    assert_int_equal(last->kind, kind);
    assert_string_equal(last->service, from);
    assert_int_equal(last->reference, reference);
    assert_int_equal(last->class_, class);
    assert_string_equal(last->class_no, class ? "C-1" : "");
    assert_int_equal(last->division, CHANGAN);
    assert_int_equal(last->count, count);
    assert_int_equal(last->amount_fen, amount_fen);
}

static void
enrollment_tells_of_classes(void **state)
{
    (void)state;
    inbox_for("all", 0, 0, false);
    filed(1, CHANGAN);
    all_was_told(KIND(CLASS_FILED), "enrollment", 1, 1, 50, 0);
    opened(1, BIT(VETERAN), 2);
    all_was_told(KIND(CLASS_OPENED), "enrollment", 1, 1, 40, 0);
    finished(1, BIT(VETERAN), 2);
    all_was_told(KIND(CLASS_FINISHED), "enrollment", 1, 1, 40, 0);
    finished(1, BIT(VETERAN), 2); /* the rest of a large class */
    assert_int_equal(items("all"), 3);
    stopped(1);
    all_was_told(KIND(CLASS_STOPPED), "enrollment", 1, 1, 0, 0);
    opened(9, 0, 0); /* of which nobody knows */
    finished(9, 0, 0);
    assert_int_equal(items("all"), 4);
}

static void
a_class_that_stops_concerns_those_who_had_claimed(void **state)
{
    (void)state;
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("farmers", 0, BIT(FARMER), false);
    filed(1, CHANGAN);
    opened(1, BIT(FARMER), 2);
    stopped(1);
    assert_int_equal(item("farmers", 3)->kind, KIND(CLASS_STOPPED));
    assert_int_equal(items("veterans"), 1); /* filed, alone */
}

static void
enrollment_tells_of_institutions(void **state)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution rows[3], *pointers[3] = {&rows[0], &rows[1], &rows[2]};
    Enrollment__Institution facts[3];
    static const uint32_t divisions[3] = {CHANGAN, CHANGAN, ZHENGDING};

    (void)state;
    inbox_for("all", 0, 0, false);
    inbox_for("zhengding", ZHENGDING, BIT(VETERAN), false);
    for (uint32_t i = 0; i < 3; i++) {
        enrollment__designated_institution__init(&rows[i]);
        enrollment__institution__init(&facts[i]);
        rows[i].institution = i + 5;
        rows[i].facts = &facts[i];
        facts[i].division = divisions[i];
    }
    event.rows = pointers;
    event.n_rows = 2;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
    all_was_told(KIND(INSTITUTIONS_DESIGNATED), "enrollment", 5, 0, 2, 0);
    assert_int_equal(items("zhengding"), 0);
    event.n_rows = 3; /* several divisions: everybody */
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
    assert_int_equal(items("zhengding"), 1);
    assert_int_equal(item("all", 2)->division, 0);
}

static void
certification_tells_of_passes_lapses_and_revocations(void **state)
{
    Certification__ResultsClosed closed = CERTIFICATION__RESULTS_CLOSED__INIT;
    Certification__CertificateRevoked revoked = CERTIFICATION__CERTIFICATE_REVOKED__INIT;
    Certification__CertificatesLapsed lapsed = CERTIFICATION__CERTIFICATES_LAPSED__INIT;
    Certification__LapsedCertificate row = CERTIFICATION__LAPSED_CERTIFICATE__INIT, *rows[1] = {&row};
    size_t before;

    (void)state;
    a_finished_class();
    closed.class_ = 1;
    closed.division = CHANGAN;
    closed.count = 30;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, &closed);
    all_was_told(KIND(RESULTS_CLOSED), "certification", 1, 1, 30, 0);
    before = items("all");
    closed.special_operations = 12;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, &closed);
    all_was_told(KIND(SPECIAL_OPERATIONS_PASSED), "certification", 1, 1, 12, 0);
    assert_int_equal(items("all"), before + 2);

    revoked.class_ = 1;
    revoked.division = CHANGAN;
    revoked.certificate = 77;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, &revoked);
    all_was_told(KIND(CERTIFICATE_REVOKED), "certification", 77, 1, 1, 0);

    lapsed.class_ = 1;
    lapsed.division = CHANGAN;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, &lapsed);
    assert_int_equal(items("all"), before + 3); /* all of them had been revoked */
    row.certificate = 78;
    lapsed.n_rows = 1;
    lapsed.rows = rows;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, &lapsed);
    all_was_told(KIND(CERTIFICATES_LAPSED), "certification", 78, 1, 1, 0);
}

static void
subsidy_tells_of_claims(void **state)
{
    Subsidy__Published published = SUBSIDY__PUBLISHED__INIT;
    Subsidy__Approved approved = SUBSIDY__APPROVED__INIT;
    Subsidy__Held held = SUBSIDY__HELD__INIT;
    Subsidy__Released released = SUBSIDY__RELEASED__INIT;
    uint64_t held_claims[2] = {101, 102};

    (void)state;
    a_finished_class();
    published.settlement = 3;
    published.class_ = 1;
    published.division = CHANGAN;
    published.claims = 40;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_PUBLISHED, &published);
    all_was_told(KIND(CLAIMS_PUBLISHED), "subsidy", 3, 1, 40, 0);
    assert_int_equal(items("veterans"), 1);
    assert_int_equal(items("farmers"), 0); /* claimed, not attested */

    approved.settlement = 3;
    approved.class_ = 1;
    approved.division = CHANGAN;
    approved.claims = 40;
    approved.n_held = 2;
    approved.held = held_claims;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_APPROVED, &approved);
    all_was_told(KIND(CLAIMS_APPROVED), "subsidy", 3, 1, 38, 0);
    approved.claims = 1; /* fewer than held: nothing is left to approve */
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_APPROVED, &approved);
    all_was_told(KIND(CLAIMS_APPROVED), "subsidy", 3, 1, 0, 0);

    held.claim = 101;
    held.division = CHANGAN;
    held.groups = BIT(FARMER);
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_HELD, &held);
    all_was_told(KIND(CLAIM_HELD), "subsidy", 101, 0, 1, 0);
    assert_int_equal(items("farmers"), 1);
    assert_int_equal(items("veterans"), 3);
    held.groups = 0; /* nobody said whose: everybody */
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_HELD, &held);
    assert_int_equal(items("veterans"), 4);

    released.claim = 101;
    released.division = CHANGAN;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_RELEASED, &released);
    all_was_told(KIND(CLAIM_RELEASED), "subsidy", 101, 0, 1, 0);
}

static void
subsidy_tells_of_a_claims_way(void **state)
{
    Subsidy__Stepped stepped = SUBSIDY__STEPPED__INIT;
    Subsidy__ClaimReturned returned = SUBSIDY__CLAIM_RETURNED__INIT;
    Subsidy__TermOver over = SUBSIDY__TERM_OVER__INIT;
    Subsidy__GateOverridden overridden = SUBSIDY__GATE_OVERRIDDEN__INIT;

    (void)state;
    a_finished_class();
    stepped.settlement = 3;
    stepped.class_ = returned.class_ = over.class_ = overridden.class_ = 1;
    stepped.division = returned.division = over.division = overridden.division = CHANGAN;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_STEPPED, &stepped);
    all_was_told(KIND(CLAIMS_STEPPED), "subsidy", 3, 1, 0, 0);
    returned.claim = overridden.claim = 101;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_CLAIM_RETURNED, &returned);
    all_was_told(KIND(CLAIM_RETURNED), "subsidy", 101, 1, 1, 0);
    over.number = 3;
    over.reminders = 2;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_TERM_OVER, &over);
    all_was_told(KIND(TERM_OVER), "subsidy", 3, 1, 2, 0);
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_GATE_OVERRIDDEN, &overridden);
    all_was_told(KIND(GATE_OVERRIDDEN), "subsidy", 101, 1, 1, 0);
    assert_int_equal(items("veterans"), 4); /* on the class are veterans, and no farmers */
    assert_int_equal(items("farmers"), 0);
}

static void
subsidy_tells_of_objections_and_cases(void **state)
{
    Subsidy__Objected objected = SUBSIDY__OBJECTED__INIT;
    Subsidy__ObjectionDecided decided = SUBSIDY__OBJECTION_DECIDED__INIT;
    Subsidy__CaseOpened opened_case = SUBSIDY__CASE_OPENED__INIT;
    Subsidy__CaseDecided decided_case = SUBSIDY__CASE_DECIDED__INIT;
    Subsidy__SeatsUnjudged unjudged = SUBSIDY__SEATS_UNJUDGED__INIT;

    (void)state;
    a_finished_class();
    objected.claim = decided.claim = 101;
    objected.class_ = decided.class_ = 1;
    objected.division = decided.division = opened_case.division = decided_case.division = CHANGAN;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_OBJECTED, &objected);
    all_was_told(KIND(OBJECTION_RAISED), "subsidy", 101, 1, 1, 0);
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_OBJECTION_DECIDED, &decided);
    all_was_told(KIND(OBJECTION_DECIDED), "subsidy", 101, 1, 1, 0);
    opened_case.case_ = decided_case.case_ = 5;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_CASE_OPENED, &opened_case);
    all_was_told(KIND(CASE_OPENED), "subsidy", 5, 0, 1, 0);
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_CASE_DECIDED, &decided_case);
    all_was_told(KIND(CASE_DECIDED), "subsidy", 5, 0, 1, 0);
    unjudged.settlement = 3;
    unjudged.class_ = 1;
    unjudged.class_no = (char *)"C-1";
    unjudged.division = CHANGAN;
    unjudged.seats = 2;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_SEATS_UNJUDGED, &unjudged);
    all_was_told(KIND(SEATS_UNJUDGED), "subsidy", 3, 1, 2, 0);
}

static void
subsidy_tells_of_standards_and_advances(void **state)
{
    Subsidy__StandardsSet set = SUBSIDY__STANDARDS_SET__INIT;
    Subsidy__Standard rows[2], *pointers[2] = {&rows[0], &rows[1]};
    Subsidy__AdvanceGranted granted = SUBSIDY__ADVANCE_GRANTED__INIT;
    Subsidy__AdvancePart parts[2], *part_pointers[2] = {&parts[0], &parts[1]};

    (void)state;
    a_finished_class();
    inbox_for("zhengding", ZHENGDING, BIT(VETERAN), false);
    for (size_t i = 0; i < 2; i++) {
        subsidy__standard__init(&rows[i]);
        rows[i].division = CHANGAN;
        subsidy__advance_part__init(&parts[i]);
        parts[i].amount_fen = 60000;
    }
    set.n_rows = 2;
    set.rows = pointers;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_STANDARDS_SET, &set);
    all_was_told(KIND(STANDARDS_SET), "subsidy", 0, 0, 2, 0);
    assert_int_equal(items("zhengding"), 0);
    rows[1].division = ZHENGDING;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_STANDARDS_SET, &set);
    assert_int_equal(items("zhengding"), 1);

    granted.class_ = 1;
    granted.class_no = (char *)(uintptr_t) "C-1";
    granted.division = CHANGAN;
    granted.n_parts = 2;
    granted.parts = part_pointers;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &granted);
    all_was_told(KIND(ADVANCE_GRANTED), "subsidy", 1, 1, 2, 120000);
    assert_int_equal(items("farmers"), 3); /* an advance is for those who claim */
}

static void
the_ledger_tells_of_money(void **state)
{
    Ledger__Appropriated appropriated = LEDGER__APPROPRIATED__INIT;
    Ledger__Queued queued = LEDGER__QUEUED__INIT;
    Ledger__QueuedRow queued_row = LEDGER__QUEUED_ROW__INIT, *queued_rows[1] = {&queued_row};
    Ledger__Instructed instructed = LEDGER__INSTRUCTED__INIT;
    Ledger__InstructedRow instructed_row = LEDGER__INSTRUCTED_ROW__INIT,
                          *instructed_rows[2] = {&instructed_row, &instructed_row};
    Ledger__Paid paid = LEDGER__PAID__INIT;
    Ledger__PaidRow paid_row = LEDGER__PAID_ROW__INIT, *paid_rows[1] = {&paid_row};
    Ledger__Failed failed = LEDGER__FAILED__INIT;
    Ledger__FailedRow failed_row = LEDGER__FAILED_ROW__INIT, *failed_rows[1] = {&failed_row};

    (void)state;
    a_finished_class();
    appropriated.number = 4;
    appropriated.division = CHANGAN;
    appropriated.amount_fen = 500;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_APPROPRIATED, &appropriated);
    all_was_told(KIND(APPROPRIATED), "ledger", 4, 0, 0, 500);

    queued.settlement = 3;
    queued.class_ = 1;
    queued.division = CHANGAN;
    queued.n_rows = 1;
    queued.rows = queued_rows;
    queued.missing_fen = 700;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_QUEUED, &queued);
    all_was_told(KIND(QUEUED_FOR_FUNDS), "ledger", 3, 1, 1, 700);

    instructed.batch = 9;
    instructed.settlement = 3;
    instructed.class_ = 1;
    instructed.division = CHANGAN;
    instructed.n_rows = 2;
    instructed.rows = instructed_rows;
    instructed_row.amount_fen = 150;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_INSTRUCTED, &instructed);
    all_was_told(KIND(PAYMENT_INSTRUCTED), "ledger", 9, 1, 2, 300);

    failed.batch = 9;
    failed.settlement = 3;
    failed.class_ = 1;
    failed.division = CHANGAN;
    failed.n_rows = 1;
    failed.rows = failed_rows;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_FAILED, &failed);
    all_was_told(KIND(PAYMENT_FAILED), "ledger", 9, 1, 1, 0);

    paid.batch = 9;
    paid.settlement = 3;
    paid.class_ = 1;
    paid.division = CHANGAN;
    paid.n_rows = 1;
    paid.rows = paid_rows;
    paid_row.amount_fen = 150;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_PAID, &paid);
    all_was_told(KIND(PAID), "ledger", 9, 1, 1, 150);
    assert_int_equal(items("veterans"), 5);
    assert_int_equal(items("farmers"), 1); /* the appropriation: money names no group */
}

static void
an_advance_that_was_earned_is_no_debt(void **state)
{
    Ledger__AdvanceSettled settled = LEDGER__ADVANCE_SETTLED__INIT;
    size_t before;

    (void)state;
    a_finished_class();
    before = items("all");
    settled.class_ = 1;
    settled.division = CHANGAN;
    settled.earned_fen = 1000;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_ADVANCE_SETTLED, &settled);
    assert_int_equal(items("all"), before);
    settled.debt_fen = 1;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_ADVANCE_SETTLED, &settled);
    all_was_told(KIND(RECOVERY_DUE), "ledger", 1, 1, 0, 1);
}

static void
published(void)
{
    Subsidy__Published event = SUBSIDY__PUBLISHED__INIT;

    event.settlement = 3;
    event.class_ = 1;
    event.division = CHANGAN;
    event.claims = 40;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_PUBLISHED, &event);
}

static void
who_is_told_does_not_hang_on_which_feed_was_read_first(void **state)
{
    Certification__ResultsClosed closed = CERTIFICATION__RESULTS_CLOSED__INIT;

    (void)state;
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("farmers", 0, BIT(FARMER), false);
    published(); /* needs attested groups */
    closed.class_ = 1;
    closed.division = CHANGAN;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, &closed); /* needs claimed ones */
    assert_int_equal(items("veterans") + items("farmers"), 0);
    assert_int_equal(jn_world_count(w, EVENT(PARKED)), 2);
    filed(1, CHANGAN);
    assert_int_equal(jn_world_count(w, EVENT(UNPARKED)), 0);
    opened(1, BIT(FARMER) | BIT(VETERAN), 0);
    assert_int_equal(jn_world_count(w, EVENT(UNPARKED)), 1);
    assert_int_equal(item("farmers", 2)->kind, KIND(RESULTS_CLOSED));
    assert_string_equal(item("farmers", 2)->service, "certification");
    assert_string_equal(item("farmers", 2)->class_no, "C-1");
    finished(1, BIT(VETERAN), 0);
    assert_int_equal(jn_world_count(w, EVENT(UNPARKED)), 2);
    assert_int_equal(items("farmers"), 3); /* filed, results closed, opened */
    assert_int_equal(item("veterans", 4)->kind, KIND(CLAIMS_PUBLISHED));
    assert_int_equal(item("veterans", 4)->block, 1); /* where it stood in subsidy's log */
    assert_int_equal(item("veterans", 5)->kind, KIND(CLASS_FINISHED));
}

static void
what_nobody_wants_is_not_even_parked(void **state)
{
    (void)state;
    published();
    assert_int_equal(jn_world_count(w, EVENT(PARKED)), 0);
    filed(1, CHANGAN);
    opened(1, 0, 0);
    finished(1, 0, 0);
    published();
    assert_int_equal(jn_world_count(w, EVENT(DELIVERED)), 0);
    assert_int_equal(jn_world_count(w, EVENT(CLASS_NOTED)), 3);
}

/* A roster's people will meet a limit: told when it is filed, before the class opens. */
static void
subsidy_warns_of_a_roster(void **state)
{
    Subsidy__Warned warned = SUBSIDY__WARNED__INIT;
    Subsidy__WarnedRow rows[2] = {SUBSIDY__WARNED_ROW__INIT, SUBSIDY__WARNED_ROW__INIT},
                       *pointers[] = {&rows[0], &rows[1]};

    (void)state;
    filed(1, CHANGAN);
    inbox_for("all", 0, 0, false);
    warned.class_ = 1;
    warned.class_no = (char *)"C-1";
    warned.division = CHANGAN;
    warned.n_rows = 2;
    warned.rows = pointers;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_WARNED, &warned);
    all_was_told(KIND(LIMITS_WARNED), "subsidy", 1, 1, 2, 0);
}

/* Two answers of a class: 300 taken off claim 4 and 1,000 off claim 5, and claim 9 made over 200 yuan. */
static void
reassessed(Subsidy__Cause cause, size_t rows)
{
    Subsidy__Reassessed event = SUBSIDY__REASSESSED__INIT;
    Subsidy__ReassessedRow row[2] = {SUBSIDY__REASSESSED_ROW__INIT, SUBSIDY__REASSESSED_ROW__INIT};
    Subsidy__ReassessedRow *pointers[] = {&row[0], &row[1]};
    Subsidy__TakenBack taken[2] = {SUBSIDY__TAKEN_BACK__INIT, SUBSIDY__TAKEN_BACK__INIT};
    Subsidy__TakenBack *takens[] = {&taken[0], &taken[1]};

    taken[0].claim = 4;
    taken[0].amount_fen = 30000;
    taken[1].claim = 5;
    taken[1].amount_fen = 100000;
    row[0].n_taken = 2;
    row[0].taken = takens;
    row[1].topup = 9;
    row[1].topup_fen = 20000;
    event.reassessment = 7;
    event.class_ = 1;
    event.class_no = (char *)"C-1";
    event.division = CHANGAN;
    event.cause = cause;
    event.document = (char *)"石人社核〔2020〕1号";
    event.reason = (char *)"facts have changed";
    event.n_rows = rows;
    event.rows = pointers;
    jn_world_event(w, "subsidy", SUBSIDY__EVENT__BODY_REASSESSED, &event);
}

static void
subsidy_tells_of_a_reassessment(void **state)
{
    const Notification__Item *last;

    (void)state;
    a_finished_class();
    reassessed(SUBSIDY__CAUSE__CERTIFICATE_REVOKED, 2);
    all_was_told(KIND(CLAIMS_REASSESSED), "subsidy", 7, 1, 2, 20000);
    last = item("all", items("all"));
    assert_int_equal(last->less_fen, 130000);
    assert_string_equal(last->document, "石人社核〔2020〕1号");
    assert_int_equal(last->n_claims, 3);
    assert_int_equal(last->claims[0], 4);
    assert_int_equal(last->claims[1], 5);
    assert_int_equal(last->claims[2], 9);
    assert_string_equal(last->en, "Class C-1: 2 answers are others now, a certificate was revoked "
                                  "(石人社核〔2020〕1号): 200.00 yuan more, 1300.00 yuan less.");
    assert_string_equal(
        last->zh, "班级C-1：2项补贴重新核定，原因：证书被撤销（石人社核〔2020〕1号）；补发200.00元，核减1300.00元。");
    assert_int_equal(item("veterans", items("veterans"))->kind, KIND(CLAIMS_REASSESSED));
    assert_int_equal(items("farmers"), 0);
    reassessed((Subsidy__Cause)999, 0); /* of a later version; an order that changed nothing is told as well */
    all_was_told(KIND(CLAIMS_REASSESSED), "subsidy", 7, 1, 0, 0);
    assert_int_equal(item("all", items("all"))->less_fen, 0);
}

/* Before the feed of enrollment has brought the class it waits, as all that hangs on attested groups does. */
static void
a_reassessment_waits_for_its_class(void **state)
{
    (void)state;
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("farmers", 0, BIT(FARMER), false);
    reassessed(SUBSIDY__CAUSE__RULE_CHANGED, 1);
    assert_int_equal(items("veterans"), 0);
    filed(1, CHANGAN);
    opened(1, BIT(FARMER) | BIT(VETERAN), 0);
    finished(1, BIT(VETERAN), 0);
    assert_int_equal(item("veterans", 3)->kind, KIND(CLAIMS_REASSESSED));
    assert_int_equal(item("veterans", 3)->less_fen, 130000);
    assert_int_equal(item("veterans", 3)->n_claims, 2);
    assert_int_equal(items("farmers"), 2); /* filed, opened */
}

static void
enrollment_tells_of_a_class_that_was_none(void **state)
{
    const Notification__Item *last;

    (void)state;
    a_finished_class();
    cancelled(1);
    all_was_told(KIND(CLASS_CANCELLED), "enrollment", 1, 1, 0, 0);
    last = item("veterans", items("veterans"));
    assert_int_equal(last->kind, KIND(CLASS_CANCELLED));
    assert_string_equal(last->document, "石人社取消〔2020〕1号");
    assert_string_equal(last->en, "Class C-1 was cancelled after it had finished (石人社取消〔2020〕1号): what was "
                                  "settled of it is reckoned again, and nothing of it stays due.");
    assert_string_equal(last->zh, "班级C-1结班后取消（石人社取消〔2020〕1号）：已核算的补贴重新核定，不再应发。");
    assert_int_equal(items("farmers"), 0);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(subsidy_warns_of_a_roster),
        STORY(enrollment_tells_of_classes),
        STORY(a_class_that_stops_concerns_those_who_had_claimed),
        STORY(enrollment_tells_of_institutions),
        STORY(certification_tells_of_passes_lapses_and_revocations),
        STORY(subsidy_tells_of_claims),
        STORY(subsidy_tells_of_a_claims_way),
        STORY(subsidy_tells_of_objections_and_cases),
        STORY(subsidy_tells_of_standards_and_advances),
        STORY(the_ledger_tells_of_money),
        STORY(an_advance_that_was_earned_is_no_debt),
        STORY(who_is_told_does_not_hang_on_which_feed_was_read_first),
        STORY(what_nobody_wants_is_not_even_parked),
        STORY(subsidy_tells_of_a_reassessment),
        STORY(a_reassessment_waits_for_its_class),
        STORY(enrollment_tells_of_a_class_that_was_none),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
