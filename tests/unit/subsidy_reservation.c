/* Reservation: what a roster's people will not be paid for is warned of when it is filed; settlement decides, in its
 * order. */
#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"
#include "subsidy_given.h"

static const struct trainee veteran = {.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20};

static const Subsidy__Warned *
last_warned(void)
{
    return jn_world_last(w, EVENT_WARNED);
}

static size_t
warned_times(void)
{
    return jn_world_count(w, EVENT_WARNED);
}

static void
roster_filed(uint64_t class, const char *class_no, const char *end)
{
    filed_until(class, class_no, end);
    enrolled(class, &veteran, 1);
}

static void
ends_well(uint64_t class, const char *end)
{
    finished(class, &veteran, 1);
    passed_on(class, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5, end);
    closed(class, 1);
}

static void
what_was_paid_before_is_warned_of(void **state)
{
    const Subsidy__WarnedRow *row;

    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2019-03-01", ELECTRICIAN, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-01", COOK, 5, 0);
    roster_filed(1, "A-1", "2020-05-31");
    assert_int_equal(warned_times(), 1);
    assert_int_equal(last_warned()->n_rows, 1);
    row = last_warned()->rows[0];
    assert_int_equal(row->seat, 1);
    assert_int_equal(row->item, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(row->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_string_equal(row->clause, "2.10-c");
    assert_int_equal(row->earlier, 1);
    assert_int_equal(row->earlier_day, day_of("2020-02-01"));
    assert_int_equal(row->other_class, 0);
}

static void
nothing_is_warned_of_where_nothing_bites(void **state)
{
    struct trainee stranger = {.person = 8, .days = 20};

    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2019-03-01", ELECTRICIAN, 5, 0);
    roster_filed(1, "A-1", "2020-05-31");
    filed(2, "A-2");
    enrolled(2, &stranger, 1); /* of no group: no item is for him, and none is lost */
    assert_int_equal(warned_times(), 0);
}

/* Of two classes that are open at once, in two divisions, the one that ends first is paid; the warning said so. */
static void
two_open_classes_cannot_both_be_paid(void **state)
{
    const Subsidy__WarnedRow *row;

    (void)state;
    roster_filed(1, "A-1", "2020-05-31");
    assert_int_equal(warned_times(), 0);
    course.division = XINJI;
    roster_filed(2, "A-2", "2020-06-10");
    assert_int_equal(warned_times(), 1);
    row = last_warned()->rows[0];
    assert_int_equal(row->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_int_equal(row->earlier, 0);
    assert_int_equal(row->other_class, 1);
    assert_true(row->other_first);
    ends_well(1, "2020-05-31");
    ends_well(2, "2020-06-10");
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_int_equal(last_settled()->class_, 2);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__SAME_OCCUPATION_LEVEL);
}

static void
the_one_filed_later_may_be_paid_first(void **state)
{
    (void)state;
    roster_filed(1, "A-1", "2020-06-10");
    roster_filed(2, "A-2", "2020-05-31");
    assert_int_equal(last_warned()->rows[0]->other_class, 1);
    assert_false(last_warned()->rows[0]->other_first);
}

/* Two were paid in 2020, a third is open: the fourth is one too many, 2.10-b. */
static void
the_years_third_may_be_open(void **state)
{
    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-01-10", ELECTRICIAN, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-10", ELECTRICIAN, 4, 0);
    roster_filed(1, "A-1", "2020-05-31");
    assert_int_equal(warned_times(), 0);
    course.level = 4;
    roster_filed(2, "A-2", "2020-06-10");
    assert_int_equal(last_warned()->rows[0]->reason, COMMON__REASON__YEARLY_LIMIT);
    assert_string_equal(last_warned()->rows[0]->clause, "2.10-b");
    assert_int_equal(last_warned()->rows[0]->earlier, 2);
    assert_int_equal(last_warned()->rows[0]->earlier_day, day_of("2020-02-10"));
    assert_int_equal(last_warned()->rows[0]->other_class, 1);
}

static void
months_that_are_used_up_are_warned_of(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR)};

    (void)state;
    paid_before(7, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, "2019-09-30", "", 0, 6);
    course.kind = COMMON__CLASS_KIND__WORK_AS_TRAINING;
    course.employer = FARM;
    course.start_day = day_of("2020-04-01");
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    assert_int_equal(last_warned()->rows[0]->reason, COMMON__REASON__MONTHS_USED_UP);
    assert_int_equal(last_warned()->rows[0]->earlier, 1);
}

/* What is stopped is open no longer; what is settled counts as paid. */
static void
a_class_that_is_over_holds_no_seat(void **state)
{
    (void)state;
    roster_filed(1, "A-1", "2020-05-31");
    stopped(1);
    roster_filed(2, "A-2", "2020-05-31");
    assert_int_equal(warned_times(), 0);
    ends_well(2, "2020-05-31");
    assert_int_equal(settle("2020-06-15"), JN_OK);
    roster_filed(3, "A-3", "2020-07-31");
    assert_int_equal(warned_times(), 1);
    assert_int_equal(last_warned()->rows[0]->other_class, 0);
    assert_int_equal(last_warned()->rows[0]->earlier, 1);
    assert_int_equal(last_warned()->rows[0]->earlier_claim, 1);
}

/* Whoever gets nothing out of a settled class holds no seat of it any more either. */
static void
who_is_refused_holds_no_seat_afterwards(void **state)
{
    (void)state;
    roster_filed(1, "A-1", "2020-05-31");
    finished(1, &veteran, 1);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->n_idle, 1);
    roster_filed(2, "A-2", "2020-07-31");
    assert_int_equal(warned_times(), 0);
}

/* Sixteen seats are kept with one person; the seventeenth class is looked at all the same. */
static void
a_persons_open_seats_are_bounded(void **state)
{
    char class_no[16];

    (void)state;
    for (uint64_t class = 1; class <= OPEN_MAX + 2; class ++) {
        snprintf(class_no, sizeof(class_no), "A-%u", (unsigned)class);
        roster_filed(class, class_no, "2020-05-31");
    }
    assert_int_equal(warned_times(), OPEN_MAX + 1);
    for (uint64_t class = 1; class <= OPEN_MAX + 2; class ++)
        stopped(class);
    roster_filed(100, "B-1", "2020-06-10");
    assert_int_equal(warned_times(), OPEN_MAX + 1);
}

static const Subsidy__WarningsView *
warnings(const struct jn_agency *who, const char *class_no)
{
    Subsidy__WarningsRequest request = SUBSIDY__WARNINGS_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    jn_world_query(w, who, "Warnings", &request, &reply);
    return reply;
}

static void
a_warning_is_told_in_a_sentence(void **state)
{
    struct jn_agency county = administration;
    const Subsidy__WarningsView *view;

    (void)state;
    roster_filed(1, "A-1", "2020-05-31");
    course.division = XINJI;
    roster_filed(2, "A-2", "2020-06-10");
    view = warnings(&auditor, "A-2");
    assert_int_equal(view->n_rows, 1);
    assert_string_equal(view->rows[0]->other_class_no, "A-1");
    assert_string_equal(
        view->rows[0]->en,
        "seat 1: free_training will be refused, same_occupation_level (clause 2.10-c); a seat is held in class "
        "A-1 too, which is settled first: one of the two alone can be paid for.");
    assert_string_equal(view->rows[0]->zh,
                        "席位1：免费技能培训补贴将不予补贴，同一职业同一等级已享受补贴（条款2.10-c）；"
                        "同时在班级A-1占有席位，该班先行核算，两班只能补贴其一。");
    assert_int_equal(warnings(&auditor, "A-1")->n_rows, 0);
    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    view = warnings(&county, "A-2");
    assert_string_equal(view->rows[0]->other_class_no, "");
    assert_non_null(strstr(view->rows[0]->en, "a class of another division"));
    assert_null(warnings(&county, "A-1"));
    assert_null(warnings(&auditor, "nowhere"));
}

static void
without_a_pack_seats_are_held_and_nothing_is_known(void **state)
{
    (void)state;
    course.class_ = 1;
    roster_filed(1, "A-1", "2020-05-31");
    roster_filed(2, "A-2", "2020-06-10");
    assert_int_equal(warned_times(), 0);
    stopped(1);
    stopped(2);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(what_was_paid_before_is_warned_of),
        STORY(nothing_is_warned_of_where_nothing_bites),
        STORY(two_open_classes_cannot_both_be_paid),
        STORY(the_one_filed_later_may_be_paid_first),
        STORY(the_years_third_may_be_open),
        STORY(months_that_are_used_up_are_warned_of),
        STORY(a_class_that_is_over_holds_no_seat),
        STORY(who_is_refused_holds_no_seat_afterwards),
        STORY(a_persons_open_seats_are_bounded),
        STORY(a_warning_is_told_in_a_sentence),
        EMPTY_STORY(without_a_pack_seats_are_held_and_nothing_is_known),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
