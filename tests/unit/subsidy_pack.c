/* How a pack comes into force, and which one decides. */
#include "subsidy_given.h"

static struct jn_agency checker;

/* ---- Steps ---- */

static void
second_key(void)
{
    checker = jn_world_agency("human_resources.checker", ROLE_ADMINISTRATION);
}

static enum jn_code
propose_as(const struct jn_agency *who, Policy__Pack *pack, const char *document)
{
    Subsidy__ProposePack command = SUBSIDY__PROPOSE_PACK__INIT;

    command.pack = pack;
    command.document = (char *)(uintptr_t)document;
    return jn_world_command(w, who, "ProposePack", &command, NULL);
}

/* The draft's number. */
static uint64_t
proposed(Policy__Pack *pack)
{
    assert_int_equal(propose_as(&administration, pack, "石人社字〔2020〕7号"), JN_OK);
    return ((const Subsidy__PackProposed *)jn_world_last(w, EVENT_PACK_PROPOSED))->draft;
}

static enum jn_code
cases_of(uint64_t draft, uint32_t passed, uint32_t failed, size_t digest_bytes)
{
    Subsidy__RecordCases command = SUBSIDY__RECORD_CASES__INIT;
    Subsidy__Cases cases = SUBSIDY__CASES__INIT;
    static uint8_t digest[64] = {1, 2, 3};

    cases.passed = passed;
    cases.failed = failed;
    cases.digest = (ProtobufCBinaryData){digest_bytes, digest};
    command.draft = draft;
    command.cases = &cases;
    return jn_world_command(w, &administration, "RecordCases", &command, NULL);
}

static enum jn_code
approve_as(const struct jn_agency *who, uint64_t draft)
{
    Subsidy__ApprovePack command = SUBSIDY__APPROVE_PACK__INIT;

    command.draft = draft;
    command.document = (char *)(uintptr_t) "石人社批〔2020〕8号";
    return jn_world_command(w, who, "ApprovePack", &command, NULL);
}

static enum jn_code
withdraw(uint64_t draft, const char *reason)
{
    Subsidy__WithdrawPack command = SUBSIDY__WITHDRAW_PACK__INIT;

    command.draft = draft;
    command.reason = (char *)(uintptr_t)reason;
    return jn_world_command(w, &administration, "WithdrawPack", &command, NULL);
}

static const Subsidy__DraftsView *
drafts(void)
{
    Subsidy__DraftsRequest request = SUBSIDY__DRAFTS_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(w, &auditor, "Drafts", &request, &reply), JN_OK);
    return reply;
}

static const Subsidy__PacksView *
packs(void)
{
    Subsidy__PacksRequest request = SUBSIDY__PACKS_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(w, &auditor, "Packs", &request, &reply), JN_OK);
    return reply;
}

/* The plan under another id, for other days; good until the next. */
static Policy__Pack *
version(const char *id, const char *from, const char *until)
{
    static char text[64];
    static Policy__Pack copy;

    snprintf(text, sizeof(text), "%s", id);
    copy = *plan();
    copy.id = text;
    copy.from_day = day_of(from);
    copy.until_day = day_of(until);
    return &copy;
}

static void
adopted_by_two(Policy__Pack *pack)
{
    uint64_t draft = proposed(pack);

    assert_int_equal(cases_of(draft, 12, 0, 32), JN_OK);
    assert_int_equal(approve_as(&checker, draft), JN_OK);
}

/* ---- The way into force ---- */

static void
a_draft_is_approved_by_another_key_when_its_cases_are_green(void **state)
{
    const Subsidy__AdoptedPack *row;
    uint64_t draft;

    (void)state;
    second_key();
    draft = proposed(version("plan-2022", "2022-01-01", "2023-12-31"));
    assert_int_equal(drafts()->n_rows, 1);
    assert_string_equal(drafts()->rows[0]->id, "plan-2022");
    assert_string_equal(drafts()->rows[0]->by, "human_resources.administration");
    assert_null(drafts()->rows[0]->cases);
    assert_int_equal(packs()->n_rows, 1);
    assert_int_equal(approve_as(&checker, draft), JN_WRONG_STATE); /* no cases */
    assert_int_equal(cases_of(draft, 0, 0, 32), JN_OK);
    assert_int_equal(approve_as(&checker, draft), JN_WRONG_STATE); /* none passed */
    assert_int_equal(cases_of(draft, 11, 1, 32), JN_OK);
    assert_int_equal(approve_as(&checker, draft), JN_WRONG_STATE); /* one failed */
    assert_int_equal(drafts()->rows[0]->cases->failed, 1);
    assert_int_equal(cases_of(draft, 12, 0, 32), JN_OK);
    assert_int_equal(approve_as(&administration, draft), JN_REFUSED); /* its own */
    assert_int_equal(jn_world_count(w, EVENT_PACK_ADOPTED), 1);       /* the plan */
    assert_int_equal(approve_as(&checker, draft), JN_OK);
    assert_int_equal(jn_world_count(w, EVENT_PACK_ADOPTED), 2);
    assert_int_equal(drafts()->n_rows, 0);
    assert_int_equal(approve_as(&checker, draft), JN_NOT_FOUND);
    row = packs()->rows[1];
    assert_string_equal(row->id, "plan-2022");
    assert_int_equal(row->from_day, day_of("2022-01-01"));
    assert_false(row->in_force);
    assert_string_equal(row->approval->proposed_by, "human_resources.administration");
    assert_string_equal(row->approval->approved_by, "human_resources.checker");
    assert_string_equal(row->approval->proposed_document, "石人社字〔2020〕7号");
    assert_string_equal(row->approval->approved_document, "石人社批〔2020〕8号");
    assert_int_equal(row->approval->cases->passed, 12);
    row = packs()->rows[0];
    assert_true(row->in_force); /* the plan's, today */
    assert_null(row->approval);
}

static void
two_names_of_one_key_are_one_person(void **state)
{
    struct jn_agency twin;
    uint64_t draft;

    (void)state;
    twin = administration;
    snprintf(twin.name, sizeof(twin.name), "human_resources.twin");
    draft = proposed(version("plan-2022", "2022-01-01", "2023-12-31"));
    assert_int_equal(cases_of(draft, 1, 0, 32), JN_OK);
    assert_int_equal(approve_as(&twin, draft), JN_REFUSED);
}

/* What was said of the old version does not hold for the new one, and nobody approves what he has not seen. */
static void
a_new_version_takes_the_drafts_place(void **state)
{
    Subsidy__DraftRequest request = SUBSIDY__DRAFT_REQUEST__INIT;
    const void *reply;
    uint64_t first, second;

    (void)state;
    second_key();
    first = proposed(version("plan-2022", "2022-01-01", "2023-12-31"));
    assert_int_equal(cases_of(first, 12, 0, 32), JN_OK);
    second = proposed(version("plan-2022", "2022-03-01", "2023-12-31"));
    assert_int_equal(second, first + 1);
    assert_int_equal(drafts()->n_rows, 1);
    assert_int_equal(approve_as(&checker, first), JN_NOT_FOUND);
    assert_int_equal(cases_of(first, 12, 0, 32), JN_NOT_FOUND);
    assert_int_equal(approve_as(&checker, second), JN_WRONG_STATE);
    request.draft = second;
    assert_int_equal(jn_world_query(w, &checker, "Draft", &request, &reply), JN_OK);
    assert_int_equal(((const Subsidy__DraftView *)reply)->pack->from_day, day_of("2022-03-01"));
    assert_int_equal(((const Subsidy__DraftView *)reply)->pack->n_rules, plan()->n_rules);
    request.draft = first;
    assert_int_equal(jn_world_query(w, &checker, "Draft", &request, NULL), JN_NOT_FOUND);
    /* Whoever proposes the new version is its maker: then the first may approve it. */
    assert_int_equal(propose_as(&checker, version("plan-2022", "2022-04-01", "2023-12-31"), "x"), JN_OK);
    assert_int_equal(cases_of(second + 1, 12, 0, 32), JN_OK);
    assert_int_equal(approve_as(&checker, second + 1), JN_REFUSED);
    assert_int_equal(approve_as(&administration, second + 1), JN_OK);
}

static void
a_withdrawn_draft_is_gone_and_its_id_is_free(void **state)
{
    uint64_t draft;

    (void)state;
    second_key();
    draft = proposed(version("plan-2022", "2022-01-01", "2023-12-31"));
    assert_int_equal(withdraw(draft, ""), JN_MALFORMED);
    assert_int_equal(withdraw(draft, "not ordered after all"), JN_OK);
    assert_int_equal(withdraw(draft, "twice"), JN_NOT_FOUND);
    assert_int_equal(cases_of(draft, 1, 0, 32), JN_NOT_FOUND);
    assert_int_equal(drafts()->n_rows, 0);
    adopted_by_two(version("plan-2022", "2022-01-01", "2023-12-31"));
    assert_int_equal(propose_as(&administration, version("plan-2022", "2024-01-01", "2024-12-31"), "x"),
                     JN_ALREADY_EXISTS);
    assert_int_equal(adopt(version("plan-2022", "2024-01-01", "2024-12-31")), JN_ALREADY_EXISTS);
}

static void
what_cannot_be_a_draft_is_named(void **state)
{
    static char id[32];
    Policy__Pack *pack;

    (void)state;
    second_key();
    assert_int_equal(propose_as(&administration, NULL, "x"), JN_MALFORMED);
    assert_int_equal(propose_as(&administration, version("p", "2022-01-01", "2023-12-31"), ""), JN_MALFORMED);
    pack = version("p", "2022-01-01", "2023-12-31");
    pack->notice_working_days = 0; /* the same check as jineng policy check */
    assert_int_equal(propose_as(&administration, pack, "x"), JN_MALFORMED);
    assert_non_null(strstr(jn_world_reason(w), "notice"));
    assert_int_equal(propose_as(&operations, version("p", "2022-01-01", "2023-12-31"), "x"), JN_DENIED);
    assert_int_equal(cases_of(1, 1, 0, 32), JN_NOT_FOUND);
    for (int i = 0; i < 16; i++) {
        snprintf(id, sizeof(id), "draft-%d", i);
        proposed(version(id, "2022-01-01", "2023-12-31"));
    }
    assert_int_equal(propose_as(&administration, version("more", "2022-01-01", "2023-12-31"), "x"), JN_OUT_OF_LIMITS);
    proposed(version("draft-3", "2022-02-01", "2023-12-31")); /* a new version takes no new place */
    assert_int_equal(drafts()->n_rows, 16);
    assert_int_equal(cases_of(1, 1, 0, 31), JN_MALFORMED);
    assert_int_equal(cases_of(1, UINT32_MAX, 0, 32), JN_MALFORMED);
    assert_int_equal(adopt(version("draft-1", "2022-01-01", "2023-12-31")), JN_WRONG_STATE); /* it waits */
    assert_non_null(strstr(sentence(), "draft 2"));
}

static void
a_county_neither_sees_nor_approves_the_citys_draft(void **state)
{
    struct jn_agency county = jn_world_agency("xinji", ROLE_ADMINISTRATION);
    Subsidy__DraftsRequest request = SUBSIDY__DRAFTS_REQUEST__INIT;
    const void *reply;
    uint64_t draft;

    (void)state;
    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    assert_int_equal(propose_as(&county, version("p", "2022-01-01", "2023-12-31"), "x"), JN_DENIED);
    draft = proposed(version("p", "2022-01-01", "2023-12-31"));
    assert_int_equal(cases_of(draft, 1, 0, 32), JN_OK);
    assert_int_equal(approve_as(&county, draft), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(w, &county, "Drafts", &request, &reply), JN_OK);
    assert_int_equal(((const Subsidy__DraftsView *)reply)->n_rows, 0);
}

static void
a_draft_decides_nothing(void **state)
{
    Policy__Pack *pack;

    (void)state;
    pack = version("p", "2020-01-01", "2023-12-31");
    pack->notice_working_days = 9;
    proposed(pack);
    held_for_veteran(1, "c-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2019");
}

/* ---- Which one decides ---- */

static void
of_two_that_overlap_the_later_law_decides(void **state)
{
    (void)state;
    second_key();
    held_for_veteran(1, "c-1", "2020-05-14", 7);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    /* Adopted in the other order than they begin: 2020-05-20 is later than 2020-05-10. */
    adopted_by_two(version("from-20", "2020-05-20", "2020-12-31"));
    adopted_by_two(version("from-10", "2020-05-10", "2021-12-31"));
    held_for_veteran(2, "c-2", "2020-05-09", 8);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2019"); /* before either */
    held_for_veteran(3, "c-3", "2020-05-19", 9);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "from-10");
    held_for_veteran(4, "c-4", "2020-05-20", 10);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "from-20");
    /* What was decided keeps its version, and is explained by it. */
    assert_non_null(claim(1));
    assert_string_equal(claim(1)->class_no, "c-1");
    assert_true(claim(1)->n_trace > 0);
    /* Of two that begin on the same day the one adopted last. */
    adopted_by_two(version("from-20-again", "2020-05-20", "2020-12-31"));
    held_for_veteran(5, "c-5", "2020-05-25", 11);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "from-20-again");
}

static void
a_pack_that_has_ended_leaves_the_one_before_in_force_or_none(void **state)
{
    (void)state;
    second_key();
    adopted_by_two(version("spring", "2020-03-01", "2020-05-15"));
    held_for_veteran(1, "c-1", "2020-05-15", 7);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "spring");
    held_for_veteran(2, "c-2", "2020-05-16", 8); /* the plan covers it, still */
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2019");
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
    advance_to("2022-03-01");
    held_for_veteran(3, "c-3", "2022-02-20", 9); /* nothing covers it: 2021-12-31 was the plan's last day */
    assert_int_equal(settle("2022-02-28"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), -1);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__NO_POLICY_IN_FORCE);
}

static void
the_standard_of_the_last_day_decides(void **state)
{
    (void)state;
    /* Two changes within the class's dates, and one the day after: 2020-05-06 to 2020-05-31. */
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 150000, "2020-05-10")), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 160000, "2020-05-31")), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 110000, "2020-06-01")), JN_OK);
    held_for_veteran(1, "c-1", "2020-05-31", 7);
    held_for_veteran(2, "c-2", "2020-05-30", 8);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_int_equal(claim(1)->amount_fen, 150000); /* c-2 ended first */
    assert_int_equal(claim(2)->amount_fen, 160000);
}

/* More seats than one command settles: the last is judged as the first was. */
#define LARGE 450

static void
large_class(void)
{
    static struct trainee many[LARGE];

    for (uint32_t i = 0; i < LARGE; i++)
        many[i] = (struct trainee){.person = 100 + i, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = i, .days = 20};
    filed(1, "c-1");
    enrolled(1, many, LARGE);
    for (uint32_t at = 0; at < LARGE; at += JN_ROWS_MAX)
        finished_part(1, at + 1, many + at, LARGE - at < JN_ROWS_MAX ? LARGE - at : JN_ROWS_MAX, LARGE);
    passed(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    passed(1, LARGE, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 2);
}

static void
a_class_is_settled_to_its_end_under_one_pack_and_one_standard(void **state)
{
    (void)state;
    second_key();
    large_class();
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_false(settled->done);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 1);
    adopted_by_two(version("later", "2020-05-20", "2020-12-31"));
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 90000, "2020-05-31")), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "c-1"));
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 90000, "2020-05-31"), JN_WRONG_STATE);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 90000, "2020-06-01")), JN_OK);
    while (!settled->done)
        assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2019");
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 2);
    assert_int_equal(claim(1)->amount_fen, 180000);
    assert_int_equal(claim(2)->amount_fen, 180000);
    assert_int_equal(claim(2)->seat, LARGE);
    /* Then the new ones hold. */
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 90000, "2020-05-31")), JN_OK);
    held_for_veteran(2, "c-2", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-14"), JN_OK);
    assert_string_equal(last_settled()->pack, "later");
    assert_int_equal(claim(3)->amount_fen, 90000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_draft_is_approved_by_another_key_when_its_cases_are_green),
        STORY(two_names_of_one_key_are_one_person),
        STORY(a_new_version_takes_the_drafts_place),
        STORY(a_withdrawn_draft_is_gone_and_its_id_is_free),
        STORY(what_cannot_be_a_draft_is_named),
        STORY(a_county_neither_sees_nor_approves_the_citys_draft),
        STORY(a_draft_decides_nothing),
        STORY(of_two_that_overlap_the_later_law_decides),
        STORY(a_pack_that_has_ended_leaves_the_one_before_in_force_or_none),
        STORY(the_standard_of_the_last_day_decides),
        STORY(a_class_is_settled_to_its_end_under_one_pack_and_one_standard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
