/* Advances, 2.10-f: 60 % of what a class would earn if everybody on its roster passed. */
#include "subsidy_given.h"

static const Subsidy__AdvanceGranted *
granted(void)
{
    return jn_world_last(w, EVENT_ADVANCE_GRANTED);
}

static void
opened_with(uint64_t class, const struct trainee *trainees, size_t count)
{
    char number[16];

    snprintf(number, sizeof(number), "A-%u", (unsigned)class);
    filed(class, number);
    enrolled(class, trainees, count);
    opened(class);
}

static void
enterprise_training_is_advanced_to_the_employer(void **state)
{
    struct trainee trainees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)},
        {.person = 8, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .insured_months = 20},
        {.person = 9, .groups = GROUPS(COMMON__GROUP__VETERAN)},
    };

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.employer = FACTORY;
    course.advance = true;
    course.cost_fen = 199999;
    opened_with(1, trainees, 3);
    assert_int_equal(granted()->class_, 1);
    assert_int_equal(granted()->day, course.start_day);
    assert_int_equal(granted()->division, CHANG);
    assert_int_equal(granted()->n_parts, 1); /* the person's own skill_upgrade is nothing to advance */
    assert_int_equal(granted()->parts[0]->fund, COMMON__FUND__SKILLS_ACCOUNT);
    assert_int_equal(granted()->parts[0]->payee, COMMON__PAYEE__PAYEE_ENTERPRISE);
    assert_int_equal(granted()->parts[0]->institution, FACTORY);
    assert_int_equal(granted()->parts[0]->expected_fen, 399998);
    assert_int_equal(granted()->parts[0]->amount_fen, 239998); /* 239,998.8 cut down */
}

static void
without_an_employer_the_provider_is_the_enterprise(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.provider = FACTORY_SCHOOL;
    course.advance = true;
    opened_with(1, &trainee, 1);
    assert_int_equal(granted()->parts[0]->institution, FACTORY_SCHOOL);
}

static void
institutions_are_advanced_project_based_training_alone(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    course.advance = true;
    opened_with(1, &trainee, 1);
    assert_null(granted());
    course.project_based = true;
    opened_with(2, &trainee, 1);
    assert_int_equal(granted()->parts[0]->institution, SCHOOL);
    assert_int_equal(granted()->parts[0]->payee, COMMON__PAYEE__PAYEE_INSTITUTION);
    assert_int_equal(granted()->parts[0]->amount_fen, 108000);
}

static void
a_class_that_asks_for_none_gets_none(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    opened_with(1, &trainee, 1);
    assert_null(granted());
    course.advance = true;
    course.start_day = day_of("2022-01-01");
    course.end_day = day_of("2022-02-01");
    opened_with(2, &trainee, 1);
    assert_null(granted()); /* no policy in force then */
}

static void
without_a_pack_nothing_is_advanced(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.advance = true;
    opened_with(1, &trainee, 1);
    assert_null(granted());
}

/* Limits hold for the expectation as well: who has used up his trainings is not counted. */
static void
history_lowers_what_is_expected(void **state)
{
    struct trainee trainees[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)},
                                 {.person = 8, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)}};

    (void)state;
    paid_before(8, COMMON__ITEM__CERTIFIED_TRAINING, "2019-01-01", COOK, 5, 0);
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.advance = true;
    opened_with(1, trainees, 2);
    assert_int_equal(granted()->parts[0]->expected_fen, 200000);
}

/* A project without level: a certificate of completion is what one expects. */
static void
a_project_without_level_expects_completion(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    (void)state;
    course.kind = COMMON__CLASS_KIND__TRANSFER;
    course.level = 0;
    course.advance = true;
    opened_with(1, &trainee, 1);
    assert_int_equal(granted()->parts[0]->expected_fen, 200000);
}

/* 450 seats come in three events; all of them are looked at. */
static void
a_large_roster_is_expected_whole(void **state)
{
    static struct trainee trainees[450];

    (void)state;
    for (uint32_t i = 0; i < 450; i++)
        trainees[i] = (struct trainee){.person = 1 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.advance = true;
    opened_with(1, trainees, 450);
    assert_int_equal(granted()->parts[0]->expected_fen, 450 * 200000);
    assert_int_equal(granted()->parts[0]->amount_fen, 450 * 120000);
}

/* An event that has happened must be taken in, whatever it costs: past so many lines of history nobody more is
 * expected. */
static void
what_is_read_for_an_expectation_is_bounded(void **state)
{
    static Enrollment__ImportedHistory rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];
    static struct trainee trainees[50];
    Enrollment__HistoryImported event = ENROLLMENT__HISTORY_IMPORTED__INIT;

    (void)state;
    event.rows = pointers;
    event.n_rows = JN_ROWS_MAX;
    for (uint32_t person = 1; person <= 50; person++) {
        trainees[person - 1] = (struct trainee){.person = person, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
        for (uint32_t i = 0; i < JN_ROWS_MAX; i++) {
            pointers[i] = &rows[i];
            rows[i] = (Enrollment__ImportedHistory)ENROLLMENT__IMPORTED_HISTORY__INIT;
            rows[i].person = person;
            rows[i].item = COMMON__ITEM__POVERTY_LIVING;
            rows[i].day = day_of("2018-03-01");
        }
        jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
        jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
        event.n_rows = 90;
        jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
        event.n_rows = JN_ROWS_MAX;
    }
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.advance = true;
    opened_with(1, trainees, 50);
    assert_int_equal(granted()->parts[0]->expected_fen, 41 * 200000); /* 41 x 490 lines */
}

/* ---- What a rule asks back of an advance ---- */

static void
told(uint32_t seat, const char *day, Policy__Outcome outcome)
{
    struct jn_agency employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    Subsidy__RecordOutcomes request = SUBSIDY__RECORD_OUTCOMES__INIT;
    Subsidy__OutcomeRow row = SUBSIDY__OUTCOME_ROW__INIT, *rows[] = {&row};

    row.seat = seat;
    row.n_outcomes = 1;
    row.outcomes = &outcome;
    row.day = day_of(day);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.document = (char *)(uintptr_t) "石就服函〔2020〕8号";
    request.n_rows = 1;
    request.rows = rows;
    assert_int_equal(jn_world_command(w, &employment, "RecordOutcomes", &request, NULL), JN_OK);
}

/* A class of a pack by which 75 % of what was paid ahead and not earned are asked back, where that holds. */
static void
class_ahead(Policy__Condition when, const struct trainee *employees, size_t count)
{
    Policy__Condition *conditions[] = {&when}, certificate = POLICY__CONDITION__INIT;
    Policy__Requirement asked = POLICY__REQUIREMENT__INIT, *requires[] = {&asked};
    Policy__Recovery recovery = POLICY__RECOVERY__INIT;
    Policy__Pack *pack = plan();
    const Policy__Rule untouched = *pack->rules[1];

    recovery.n_when = 1;
    recovery.when = conditions;
    recovery.share_bp = 7500;
    certificate.fact = POLICY__FACT__CERTIFICATE;
    certificate.any_of = POLICY_BIT(COMMON__CERTIFICATE_KIND__SKILL_LEVEL);
    asked.condition = &certificate;
    asked.reason = COMMON__REASON__NO_CERTIFICATE;
    pack->id[0] = 't';
    pack->rules[1]->n_one_of = 0;
    pack->rules[1]->n_requires = 1;
    pack->rules[1]->requires = requires;
    pack->rules[1]->recovery = &recovery;
    pack->asks = pack_asks(pack);
    assert_int_equal(adopt(pack), JN_OK);
    *pack->rules[1] = untouched;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.employer = FACTORY;
    course.advance = true;
    filed(1, "A-1");
    enrolled(1, employees, count);
    opened(1);
}

/* Three employees, 2,000.00 each, of which 60 % are paid ahead: 1,200.00 each. One passes, two are refused for want of
 * a certificate: 2,400.00 are not earned. 75 % of them are asked back. */
static void
paid_ahead_by(Policy__Condition when)
{
    const struct trainee employees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20},
        {.person = 8, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20, .rank = 1},
        {.person = 9, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20, .rank = 2}};

    class_ahead(when, employees, 3);
    finished(1, employees, 3);
    passed(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

static const Subsidy__AdvanceReckoned *
advance_reckoned(void)
{
    return jn_world_last(w, SUBSIDY__EVENT__BODY_ADVANCE_RECKONED);
}

/* 75 % are asked back: 600.00 of the 2,400.00 are given up. */
static void
a_rule_gives_up_what_it_does_not_ask_back(void **state)
{
    Policy__Condition always = POLICY__CONDITION__INIT;
    const Subsidy__AdvanceShare *share;

    (void)state;
    always.fact = POLICY__FACT__COST;
    always.at_least = 1;
    paid_ahead_by(always);
    assert_int_equal(((const Subsidy__AdvanceGranted *)jn_world_last(w, EVENT_ADVANCE_GRANTED))->n_ahead_seat, 3);
    assert_int_equal(advance_reckoned()->n_rows, 3);
    assert_int_equal(advance_reckoned()->rows[0]->unearned_fen, 0);
    assert_int_equal(advance_reckoned()->rows[1]->unearned_fen, 120000);
    assert_int_equal(advance_reckoned()->rows[1]->given_up_fen, 30000);
    assert_int_equal(advance_reckoned()->n_shares, 1);
    share = advance_reckoned()->shares[0];
    assert_int_equal(share->institution, FACTORY);
    assert_int_equal(share->unearned_fen, 240000);
    assert_int_equal(share->given_up_fen, 60000);
    assert_int_equal(share->rule, advance_reckoned()->rows[1]->rule);
}

/* While nobody knows whether there is work, all is asked back, as where no rule says otherwise; so it is where there
 * is. */
static void
what_is_given_up_follows_what_registers_tell(void **state)
{
    Policy__Condition no_work = POLICY__CONDITION__INIT;

    (void)state;
    no_work.fact = POLICY__FACT__OUTCOME;
    no_work.none_of = POLICY_BIT(POLICY__OUTCOME__EMPLOYED);
    paid_ahead_by(no_work);
    assert_int_equal(advance_reckoned()->n_rows, 1); /* the first has earned it */
    assert_int_equal(advance_reckoned()->n_shares, 0);
    told(2, "2020-06-10", POLICY__OUTCOME__COMPLETED);
    assert_int_equal(advance_reckoned()->n_rows, 1);
    assert_int_equal(advance_reckoned()->shares[0]->unearned_fen, 240000);
    assert_int_equal(advance_reckoned()->shares[0]->given_up_fen, 30000);
    told(3, "2020-06-10", POLICY__OUTCOME__COMPLETED);
    assert_int_equal(advance_reckoned()->shares[0]->given_up_fen, 60000);
    told(3, "2020-06-12", POLICY__OUTCOME__EMPLOYED);
    assert_int_equal(advance_reckoned()->shares[0]->given_up_fen, 30000);
}

/* Two chunks: of the first one seat's is given up, in the second nothing changes. The ledger hears of it when the class
 * is settled, all the same. */
static void
what_is_given_up_is_told_when_the_class_is_settled(void **state)
{
    static struct trainee employees[JN_ROWS_MAX + 2];
    Policy__Condition no_work = POLICY__CONDITION__INIT;
    const uint32_t count = JN_ROWS_MAX + 2;

    (void)state;
    for (uint32_t i = 0; i < count; i++)
        employees[i] = (struct trainee){
            .person = 1 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20, .rank = i};
    no_work.fact = POLICY__FACT__OUTCOME;
    no_work.none_of = POLICY_BIT(POLICY__OUTCOME__EMPLOYED);
    class_ahead(no_work, employees, count);
    finished_part(1, 1, employees, JN_ROWS_MAX, count);
    finished_part(1, JN_ROWS_MAX + 1, employees + JN_ROWS_MAX, 2, count);
    closed(1, 0);
    told(2, "2020-06-10", POLICY__OUTCOME__COMPLETED);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_ADVANCE_RECKONED), 2);
    assert_int_equal(advance_reckoned()->n_rows, 0);
    assert_int_equal(advance_reckoned()->shares[0]->given_up_fen, 30000);
    assert_int_equal(advance_reckoned()->shares[0]->unearned_fen, (int64_t)count * 120000);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(enterprise_training_is_advanced_to_the_employer),
        STORY(without_an_employer_the_provider_is_the_enterprise),
        STORY(institutions_are_advanced_project_based_training_alone),
        STORY(a_class_that_asks_for_none_gets_none),
        EMPTY_STORY(without_a_pack_nothing_is_advanced),
        STORY(history_lowers_what_is_expected),
        STORY(a_project_without_level_expects_completion),
        STORY(a_large_roster_is_expected_whole),
        STORY(what_is_read_for_an_expectation_is_bounded),
        STORY(a_rule_gives_up_what_it_does_not_ask_back),
        STORY(what_is_given_up_follows_what_registers_tell),
        STORY(what_is_given_up_is_told_when_the_class_is_settled),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
