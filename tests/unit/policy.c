/* The policy as a service uses it: figures of division and city, packs from elsewhere, traces, what may not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/date.h"
#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/trace_print.h"

#define CITY 130100u
#define OWN  130123u

/* What the service's tables would answer: one figure for the division itself, one for the city; 0 is none. */
struct figures {
    int64_t own_standard, city_standard, own_reference, city_reference;
};

static Policy__Pack *pack;
static struct evaluation out;

static int
load(void **state)
{
    char fault[600] = "";

    (void)state;
    pack = pack_load(JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml", fault, sizeof(fault));
    if (!pack)
        print_error("%s\n", fault);
    return pack ? 0 : -1;
}

static int
unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static bool
standard(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount)
{
    const struct figures *figures = context;

    (void)item, (void)level, (void)day;
    *amount = division == CITY ? figures->city_standard : figures->own_standard;
    return *amount;
}

static bool
reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount)
{
    const struct figures *figures = context;

    (void)name, (void)day;
    *amount = division == CITY ? figures->city_reference : figures->own_reference;
    return *amount;
}

static int32_t
on(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

static struct facts
employee(void)
{
    return (struct facts){.day = on("2020-06-30"),
                          .division = OWN,
                          .groups = POLICY_BIT(COMMON__GROUP__ENTERPRISE_EMPLOYEE),
                          .insured_months = 14,
                          .class_kind = COMMON__CLASS_KIND__ON_JOB,
                          .occupation = 61801,
                          .cost_fen = 260000,
                          .certificate = COMMON__CERTIFICATE_KIND__SKILL_LEVEL,
                          .certificate_level = 4,
                          .certificate_day = on("2020-06-20")};
}

static struct facts
veteran(void)
{
    struct facts facts = employee();

    facts.groups = POLICY_BIT(COMMON__GROUP__VETERAN);
    facts.class_kind = COMMON__CLASS_KIND__EMPLOYMENT;
    return facts;
}

static struct facts
pauper_at_work(void)
{
    struct facts facts = veteran();

    facts.groups = POLICY_BIT(COMMON__GROUP__REGISTERED_POOR);
    facts.class_kind = COMMON__CLASS_KIND__WORK_AS_TRAINING;
    facts.employer = COMMON__INSTITUTION_KIND__COOPERATIVE;
    facts.months = 4;
    return facts;
}

static bool
judged(const struct facts *facts, const struct figures *figures)
{
    struct policy_view view = {.pack = pack, .standard = standard, .reference = reference, .context = figures};

    return evaluate(&view, facts, &out);
}

static bool
traced(int item, Policy__Event event)
{
    for (uint32_t i = 0; i < out.trace_count; i++)
        if (out.trace[i].item == item && out.trace[i].event == event)
            return true;
    return false;
}

static void
a_benefit_names_payee_fund_clause_and_rule(void **state)
{
    struct facts facts = employee();
    const struct benefit *benefit = &out.benefits[COMMON__ITEM__SKILL_UPGRADE];

    (void)state;
    assert_true(judged(&facts, &(struct figures){0}));
    assert_int_equal(benefit->state, BENEFIT_DUE);
    assert_int_equal(benefit->amount_fen, 150000);
    assert_int_equal(benefit->payee, COMMON__PAYEE__PAYEE_PERSON);
    assert_int_equal(benefit->fund, COMMON__FUND__UNEMPLOYMENT_INSURANCE);
    assert_string_equal(benefit->clause, "2.1-d");
    assert_ptr_equal(pack_rule_numbered(pack, benefit->rule), pack_rule(pack, COMMON__ITEM__SKILL_UPGRADE));
    assert_int_equal(out.benefits[COMMON__ITEM__CERTIFIED_TRAINING].amount_fen, 220000);
    assert_int_equal(out.benefits[COMMON__ITEM__FREE_TRAINING].state, BENEFIT_NONE);
}

static void
the_division_stands_before_the_city_and_the_city_before_the_pack(void **state)
{
    struct facts facts = employee();
    int item = COMMON__ITEM__CERTIFIED_TRAINING;

    (void)state;
    assert_true(judged(&facts, &(struct figures){.own_standard = 100000, .city_standard = 120000}));
    assert_int_equal(out.benefits[item].amount_fen, 100000);
    assert_true(traced(item, POLICY__EVENT__OWN_STANDARD));
    assert_true(judged(&facts, &(struct figures){.city_standard = 120000}));
    assert_int_equal(out.benefits[item].amount_fen, 120000);
    assert_true(traced(item, POLICY__EVENT__CITY_STANDARD));
    assert_true(judged(&facts, &(struct figures){0}));
    assert_int_equal(out.benefits[item].amount_fen, 220000);
    assert_true(traced(item, POLICY__EVENT__DEFAULT_STANDARD));
}

static void
the_citys_reference_figure_stands_in_for_the_divisions(void **state)
{
    struct facts facts = veteran();
    int item = COMMON__ITEM__HARDSHIP_LIVING;

    (void)state;
    facts.groups = POLICY_BIT(COMMON__GROUP__DISABLED);
    facts.months = 2;
    assert_true(judged(&facts, &(struct figures){.city_reference = 134400}));
    assert_int_equal(out.benefits[item].amount_fen, 268800);
    assert_true(traced(item, POLICY__EVENT__CITY_REFERENCE));
    assert_true(judged(&facts, &(struct figures){.own_reference = 126400, .city_reference = 134400}));
    assert_int_equal(out.benefits[item].amount_fen, 252800);
    assert_true(judged(&facts, &(struct figures){0}));
    assert_int_equal(out.benefits[item].reason, COMMON__REASON__NO_REFERENCE_FIGURE);
    facts.division = CITY;
    assert_true(judged(&facts, &(struct figures){.city_reference = 134400}));
    assert_true(traced(item, POLICY__EVENT__OWN_REFERENCE));
}

static void
months_paid_are_told_so_that_they_can_be_remembered(void **state)
{
    struct paid_before before = {.day = on("2019-11-01"), .item = COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, .months = 3};
    struct facts facts = pauper_at_work();
    const struct benefit *benefit = &out.benefits[COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY];

    (void)state;
    facts.history = &before;
    facts.history_count = 1;
    assert_true(judged(&facts, &(struct figures){0}));
    assert_int_equal(benefit->amount_fen, 90000);
    assert_int_equal(benefit->months, 3);
    before.months = 7;
    assert_true(judged(&facts, &(struct figures){0}));
    assert_int_equal(benefit->reason, COMMON__REASON__MONTHS_USED_UP);
    assert_int_equal(benefit->months, 0);
}

static void
a_refusal_cites_the_clause_of_what_refused_it(void **state)
{
    struct paid_before before = {
        .day = on("2012-01-01"), .item = COMMON__ITEM__FREE_TRAINING, .occupation = 61801, .level = 4};
    struct facts facts = veteran();
    const struct benefit *benefit = &out.benefits[COMMON__ITEM__FREE_TRAINING];

    (void)state;
    facts.history = &before;
    facts.history_count = 1;
    assert_true(judged(&facts, &(struct figures){.own_standard = 180000}));
    assert_int_equal(benefit->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_string_equal(benefit->clause, "2.10-c");
    assert_int_equal(benefit->amount_fen, 0);
    facts.occupation = before.occupation = 0; /* an occupation that nobody knows is the same as none */
    assert_true(judged(&facts, &(struct figures){.own_standard = 180000}));
    assert_int_equal(benefit->state, BENEFIT_DUE);
}

static void
amounts_that_nothing_may_hold_are_no_answer(void **state)
{
    struct facts facts = pauper_at_work();

    (void)state;
    assert_false(judged(&facts, &(struct figures){.own_standard = INT64_C(900000000000000)}));
    assert_non_null(out.fault);
}

/* One change each that makes good facts invalid. */
static void
invalid_facts_are_no_answer(void **state)
{
    struct facts good = pauper_at_work();
    struct paid_before paid = {.item = COMMON__ITEM__FREE_TRAINING, .day = good.day};
    struct facts bad[16];
    size_t n = 0;

    (void)state;
    assert_null(facts_fault(&good));
#define BAD(change) (bad[n] = good, bad[n].change, n++)
    BAD(cost_fen = 0);
    BAD(cost_fen = -1);
    BAD(level = 6);
    BAD(class_kind = 0);
    BAD(class_kind = 12);
    BAD(groups = 1);
    BAD(household = 3);
    BAD(months = -1);
    BAD(division = 13010);
    BAD(day = INT32_MAX);
    BAD(certificate_level = 0);
    BAD(certificate = COMMON__CERTIFICATE_KIND__COMPLETION);
    BAD(certificate = 0);
    BAD(employer = COMMON__INSTITUTION_KIND__TRAINING);
    BAD(employer = 200);
    BAD(history_count = POLICY_HISTORY_MAX + 1);
    for (size_t i = 0; i < n; i++)
        assert_false(judged(&bad[i], &(struct figures){0}));
    good.history = &paid;
    good.history_count = 1;
    assert_null(facts_fault(&good));
    paid.item = 0;
    assert_non_null(facts_fault(&good));
}

static void
a_standard_outside_the_source_is_refused_with_its_clause(void **state)
{
    static const struct {
        int item;
        uint32_t level;
        int64_t amount;
        const char *says; /* NULL: may be set */
    } rows[] = {
        {COMMON__ITEM__CERTIFIED_TRAINING, 0, 220000, NULL},
        {COMMON__ITEM__CERTIFIED_TRAINING, 0, 220001, "2.1-b"},
        {COMMON__ITEM__CERTIFIED_TRAINING, 4, 200000, "has no level"},
        {COMMON__ITEM__PRE_JOB_TRAINING, 0, 5000, NULL},
        {COMMON__ITEM__PRE_JOB_TRAINING, 0, 5001, "over the cap of 50.00 %"},
        {COMMON__ITEM__PRE_JOB_TRAINING, 0, 3333, NULL},
        {COMMON__ITEM__TECHNICIAN_TRAINING, 2, 300000, NULL},
        {COMMON__ITEM__TECHNICIAN_TRAINING, 2, 299999, "2.1-e"},
        {COMMON__ITEM__TECHNICIAN_TRAINING, 1, 499999, "under the floor of 5000.00 yuan"},
        {COMMON__ITEM__TECHNICIAN_TRAINING, 0, 500000, "goes by level"},
        {COMMON__ITEM__TECHNICIAN_TRAINING, 3, 500000, "none of its levels"},
        {COMMON__ITEM__FREE_TRAINING, 0, 9000000, NULL},
        {COMMON__ITEM__FREE_TRAINING, 0, 0, "more than zero"},
        {COMMON__ITEM__FREE_TRAINING, 0, -1, "more than zero"},
        {COMMON__ITEM__HARDSHIP_LIVING, 0, 9000000, NULL}, /* kept, and clipped when paid */
        {COMMON__ITEM__POVERTY_LIVING, 0, 10001, "2.3-b"},
        {COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, 0, 30001, "2.9-b"},
        {COMMON__ITEM__ENTREPRENEURSHIP_TRAINING, 0, 150001, "2.2-b"},
        {COMMON__ITEM__SKILL_UPGRADE, 0, 100000, "takes no local standard"},
        {COMMON__ITEM__STUDENT_LIVING, 0, 100000, "takes no local standard"},
        {COMMON__ITEM__ABSORPTION_BONUS, 0, 100000, "takes no local standard"},
    };
    char buf[300];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *fault = pack_standard_fault(pack, rows[i].item, rows[i].level, rows[i].amount, buf, sizeof(buf));

        if (!rows[i].says)
            assert_null(fault);
        else
            assert_true(fault && strstr(fault, rows[i].says));
    }
    assert_true(pack_standard_is_rate(pack, COMMON__ITEM__PRE_JOB_TRAINING));
    assert_false(pack_standard_is_rate(pack, COMMON__ITEM__FREE_TRAINING));
}

static void
a_trace_reads_as_sentences_in_two_languages(void **state)
{
    struct facts facts = employee();
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    (void)state;
    facts.insured_months = 11;
    assert_true(judged(&facts, &(struct figures){.own_standard = 150000}));
    trace_print(pack, &facts, &out, 0, TRACE_ENGLISH, file);
    trace_print(pack, &facts, &out, COMMON__ITEM__CERTIFIED_TRAINING, TRACE_CHINESE, file);
    fclose(file);
    assert_non_null(
        strstr(text, "certified_training: due 1500.00 yuan to the enterprise from skills_account (clause 2.1-b)"));
    assert_non_null(strstr(text, "rule 102, clause 2.1-b: the division's own standard: 1500.00 yuan."));
    assert_non_null(strstr(text, "months of unemployment insurance: 11; needed is at least 12: not met."));
    assert_non_null(strstr(text, "取证培训补贴：应发1500.00元"));
    assert_non_null(strstr(text, "规则102，条款2.1-b：不超过执行标准，得1500.00元。"));
    free(text);
}

static void
a_step_of_another_pack_says_so(void **state)
{
    static const struct trace_step steps[] = {
        {.rule = 9998, .event = POLICY__EVENT__FITS},
        {.rule = 104, .event = POLICY__EVENT__MET, .index = 9},
        {.rule = 104, .event = POLICY__EVENT__FIGURE, .index = 200},
        {.rule = 104, .event = POLICY__EVENT__PASSED},
        {.rule = 201, .event = POLICY__EVENT__FIGURE},
        {.rule = 104, .event = POLICY__EVENT__OWN_REFERENCE, .index = 77},
        {.rule = 104, .event = 250},
    };
    char text[TRACE_SENTENCE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        assert_non_null(strstr(trace_sentence(pack, &steps[i], TRACE_ENGLISH, text), "of another pack"));
}

/* Everything that a pack's rules can be asked, in one go; what comes does not matter, that it comes does. */
static void
exercise(const Policy__Pack *other)
{
    struct paid_before before[4] = {
        {.day = on("2020-02-01"), .item = COMMON__ITEM__FREE_TRAINING, .occupation = 61801, .level = 4},
        {.day = on("2020-03-01"), .item = COMMON__ITEM__ABSORPTION_BONUS},
        {.day = on("2020-03-01"), .item = COMMON__ITEM__APPRENTICESHIP_TRAINING, .advance = true, .amount_fen = 900000},
        {.day = on("2020-03-01"), .item = COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, .months = 2}};
    struct figures figures = {.own_standard = 4000, .city_reference = 120000};
    struct policy_view view = {.pack = other, .standard = standard, .reference = reference, .context = &figures};
    struct facts facts = pauper_at_work();
    char text[TRACE_SENTENCE_MAX];

    facts.groups = POLICY_BIT(COMMON__GROUP__FARMER + 1) - 2;
    facts.household = COMMON__HOUSEHOLD__RURAL;
    facts.project_based = facts.enterprise_school = facts.living_allowance = true;
    facts.level = 4;
    facts.days = facts.years = 3;
    facts.history = facts.enterprise_history = before;
    facts.history_count = facts.enterprise_count = 4;
    facts.enterprise_known = facts.contribution_known = true;
    facts.contribution_months = 7;
    facts.contributions_count = 2;
    facts.contributions[0] = (struct told_months){on("2020-07-01"), 3};
    facts.contributions[1] = (struct told_months){on("2021-07-01"), 7};
    facts.outcome_days[POLICY__OUTCOME__CERTIFIED] = on("2021-01-01");
    facts.age = 55;
    facts.sex = POLICY__SEX__FEMALE;
    facts.hours = 80;
    facts.outcomes = POLICY_BIT(POLICY__OUTCOME__COMPLETED) | POLICY_BIT(POLICY__OUTCOME__CERTIFIED);
    facts.occupation = 16180101;
    facts.certificate_number = 5;
    for (uint8_t kind = 1; kind <= COMMON__CLASS_KIND__TECHNICAL_EDUCATION; kind++) {
        facts.class_kind = kind;
        if (!evaluate(&view, &facts, &out))
            continue;
        assert_true(out.trace_count < EVALUATION_TRACE_MAX);
        for (uint32_t i = 0; i < out.trace_count; i++)
            trace_sentence(other, &out.trace[i], i % 2 ? TRACE_CHINESE : TRACE_ENGLISH, text);
    }
}

/* ---- Figures of a trace that was kept without its facts ---- */

static const char *
said_of(const Policy__Pack *place, const struct trace_step *steps, size_t count, char text[TRACE_SENTENCE_MAX])
{
    const struct trace_place at = {.steps = steps, .count = count, .at = count - 1};

    return trace_sentence_at(place, &at, TRACE_ENGLISH, text);
}

/* 560.00 are ten days at 50.00 and two at 30.00, and nothing else is; no number of days comes to 545.00. 1,600.00 of
 * 2,000.00 are 80 %; of 0.00 they are any rate. */
static void
a_figure_tells_its_row_where_one_alone_comes_to_it(void **state)
{
    static const struct trace_step days = {.rule = 104, .item = 1, .event = POLICY__EVENT__FIGURE, .value = 56000},
                                   odd = {.rule = 104, .item = 1, .event = POLICY__EVENT__FIGURE, .value = 54500},
                                   hours = {.rule = 102, .item = 1, .event = POLICY__EVENT__FIGURE, .value = 100000};
    static const struct trace_step rate[] = {
        {.rule = 105, .item = 1, .event = POLICY__EVENT__FIGURE, .index = 0, .value = 200000},
        {.rule = 105, .item = 1, .event = POLICY__EVENT__FIGURE, .index = 1, .value = 160000}};
    static const struct trace_step fen[] = {
        {.rule = 105, .item = 1, .event = POLICY__EVENT__FIGURE, .index = 0, .value = 0},
        {.rule = 105, .item = 1, .event = POLICY__EVENT__FIGURE, .index = 1, .value = 0}};
    char fault[600] = "", text[TRACE_SENTENCE_MAX];
    Policy__Pack *place = pack_load(JN_SOURCE_DIR "/tests/policy/packs/lanting-2021.yaml", fault, sizeof(fault));

    (void)state;
    assert_non_null(place);
    assert_non_null(strstr(said_of(place, &days, 1, text), "(attended days 12: 10 x 50.00 + 2 x 30.00): 560.00 yuan"));
    assert_non_null(strstr(said_of(place, &odd, 1, text), "the amount of the table: 545.00 yuan"));
    assert_non_null(strstr(said_of(place, &hours, 1, text), "the row from 80 on, 1000.00 yuan): 1000.00 yuan"));
    assert_non_null(strstr(said_of(place, rate, 2, text), "scarce, 80.00 %): 1600.00 yuan"));
    assert_non_null(strstr(said_of(place, fen, 2, text), "by_shortage: 0.00 yuan"));
    pack_free(place);
}

static void
a_pack_survives_the_wire(void **state)
{
    uint8_t *bytes = malloc(policy__pack__get_packed_size(pack));
    size_t size = policy__pack__pack(pack, bytes);
    Policy__Pack *other = policy__pack__unpack(NULL, size, bytes);
    struct pack_fault fault;

    (void)state;
    assert_non_null(other);
    assert_true(pack_check(other, &fault));
    exercise(other);
    policy__pack__free_unpacked(other, NULL);
    free(bytes);
}

/* Damaged packs are refused, or are packs that can be evaluated. A fixed sequence, so that a failure comes again. */
static void
damage(const Policy__Pack *whole, int rounds)
{
    size_t size = policy__pack__get_packed_size(whole);
    uint8_t *good = malloc(size), *bad = malloc(size);
    uint64_t random = 20191027;
    struct pack_fault fault;
    int passed = 0;

    policy__pack__pack(whole, good);
    for (int round = 0; round < rounds; round++) {
        Policy__Pack *other;

        memcpy(bad, good, size);
        for (int flips = 0; flips <= round % 3; flips++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bad[(random >> 33) % size] = (uint8_t)(random >> 20);
        }
        other = policy__pack__unpack(NULL, size, bad);
        if (other && pack_check(other, &fault)) {
            exercise(other);
            passed++;
        }
        if (other)
            policy__pack__free_unpacked(other, NULL);
    }
    assert_true(passed > 0);
    free(good);
    free(bad);
}

static void
a_damaged_pack_is_refused_or_harmless(void **state)
{
    (void)state;
    damage(pack, 20000);
}

/* Those with catalogues, lists, named tables, caps, recoveries, dates. */
static void
damaged_packs_of_other_places_too(void **state)
{
    static const char *const places[] = {"lanting-2021", "qinghe-2022", "yunshan-2021", "yunshan-2022"};
    char path[400], fault[600];

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        Policy__Pack *place;

        snprintf(path, sizeof(path), "%s/tests/policy/packs/%s.yaml", JN_SOURCE_DIR, places[i]);
        place = pack_load(path, fault, sizeof(fault));
        assert_non_null(place);
        place->from_day = on("2020-01-01");
        exercise(place);
        damage(place, 8000);
        pack_free(place);
    }
}

/* What was decided before stays as it was decided: a receipt says by which reading, policy.Case. */
static void
what_is_not_known_is_judged_by_the_reading_of_its_time(void **state)
{
    static const struct {
        int item;
        uint8_t age;
        uint64_t group, own, paid_for;
        int first, now;
    } asked[] = {
        /* sixty, man or woman; fifty-five: a woman alone is too old */
        {COMMON__ITEM__CERTIFIED_TRAINING, 60, COMMON__GROUP__ENTERPRISE_EMPLOYEE, 1, 2, COMMON__REASON__FACT_NOT_KNOWN,
         COMMON__REASON__AGE_OUT_OF_RANGE},
        {COMMON__ITEM__CERTIFIED_TRAINING, 55, COMMON__GROUP__ENTERPRISE_EMPLOYEE, 1, 2, COMMON__REASON__FACT_NOT_KNOWN,
         COMMON__REASON__FACT_NOT_KNOWN},
        /* the certificate that was paid for: the same, another, not known; its own number not known */
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 1, 1, COMMON__REASON__SAME_CERTIFICATE,
         COMMON__REASON__SAME_CERTIFICATE},
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 1, 2, 0, 0},
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 1, 0, 0, COMMON__REASON__FACT_NOT_KNOWN},
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 0, 2, COMMON__REASON__FACT_NOT_KNOWN,
         COMMON__REASON__FACT_NOT_KNOWN},
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 1, POLICY_CERTIFICATE_OTHER, 0, 0},
        {COMMON__ITEM__SKILL_UPGRADE, 30, COMMON__GROUP__VETERAN, 0, POLICY_CERTIFICATE_OTHER,
         COMMON__REASON__FACT_NOT_KNOWN, 0},
    };
    char fault[600];
    Policy__Pack *place = pack_load(JN_SOURCE_DIR "/tests/policy/packs/qinghe-2022.yaml", fault, sizeof(fault));
    struct policy_view view = {.pack = place};

    (void)state;
    assert_non_null(place);
    for (size_t i = 0; i < 2 * sizeof(asked) / sizeof(asked[0]); i++) {
        struct paid_before paid = {.day = on("2021-01-10"),
                                   .item = COMMON__ITEM__SKILL_UPGRADE,
                                   .amount_fen = 100,
                                   .certificate = asked[i / 2].paid_for};
        struct facts facts = employee();
        struct evaluation came;
        int want = i % 2 ? asked[i / 2].now : asked[i / 2].first;

        facts.day = on("2022-06-15");
        facts.certificate_day = on("2022-06-01");
        facts.age = asked[i / 2].age;
        facts.groups = POLICY_BIT(asked[i / 2].group);
        facts.certificate_number = asked[i / 2].own;
        facts.contribution_known = true;
        facts.contribution_months = 6;
        facts.history = &paid;
        facts.history_count = 1;
        facts.first_reading = i % 2 == 0;
        assert_true(evaluate(&view, &facts, &came));
        assert_int_equal(came.benefits[asked[i / 2].item].state, want ? BENEFIT_REFUSED : BENEFIT_DUE);
        assert_int_equal(came.benefits[asked[i / 2].item].reason, want);
    }
    pack_free(place);
}

static void
an_empty_pack_is_refused(void **state)
{
    Policy__Pack *empty = policy__pack__unpack(NULL, 0, NULL);
    struct pack_fault fault;

    (void)state;
    assert_non_null(empty);
    assert_false(pack_check(empty, &fault));
    policy__pack__free_unpacked(empty, NULL);
}

static bool
listed(const char *clauses, const char *clause)
{
    char row[40];

    snprintf(row, sizeof(row), "| %s |", clause);
    return !*clause || strstr(clauses, row);
}

static void
every_clause_that_a_pack_cites_is_listed(void **state)
{
    static char clauses[65536];
    FILE *file = fopen(JN_SOURCE_DIR "/deploy/policy/clauses.md", "r");

    (void)state;
    assert_non_null(file);
    clauses[fread(clauses, 1, sizeof(clauses) - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < pack->n_rules; i++)
        assert_true(listed(clauses, pack->rules[i]->clause));
    for (size_t i = 0; i < pack->n_limits; i++)
        assert_true(listed(clauses, pack->limits[i]->clause));
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_benefit_names_payee_fund_clause_and_rule),
        cmocka_unit_test(the_division_stands_before_the_city_and_the_city_before_the_pack),
        cmocka_unit_test(the_citys_reference_figure_stands_in_for_the_divisions),
        cmocka_unit_test(months_paid_are_told_so_that_they_can_be_remembered),
        cmocka_unit_test(a_refusal_cites_the_clause_of_what_refused_it),
        cmocka_unit_test(amounts_that_nothing_may_hold_are_no_answer),
        cmocka_unit_test(invalid_facts_are_no_answer),
        cmocka_unit_test(a_standard_outside_the_source_is_refused_with_its_clause),
        cmocka_unit_test(a_trace_reads_as_sentences_in_two_languages),
        cmocka_unit_test(a_figure_tells_its_row_where_one_alone_comes_to_it),
        cmocka_unit_test(a_step_of_another_pack_says_so),
        cmocka_unit_test(a_pack_survives_the_wire),
        cmocka_unit_test(a_damaged_pack_is_refused_or_harmless),
        cmocka_unit_test(damaged_packs_of_other_places_too),
        cmocka_unit_test(what_is_not_known_is_judged_by_the_reading_of_its_time),
        cmocka_unit_test(an_empty_pack_is_refused),
        cmocka_unit_test(every_clause_that_a_pack_cites_is_listed),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
