/* Facts that cannot be true, that contradict each other or that come late: who asks is told which, nothing is paid on
 * them, and nobody else's claim waits for them. */
#include "subsidy/nouns.h"
#include "subsidy_given.h"

#define VETERANS GROUPS(COMMON__GROUP__VETERAN)
#define SKILL    COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define FREE     COMMON__ITEM__FREE_TRAINING

static int64_t
taken(uint64_t number)
{
    const Subsidy__ClaimView *view = claim(number);

    assert_non_null(view);
    return view->taken_fen;
}

/* ---- Large classes ---- */

/* A class of 1,000 is settled by five settlements and more: the certificate of the last is revoked. */
static void
a_revocation_reaches_the_last_seat_of_a_large_class(void **state)
{
    static struct trainee all[1000];

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        all[i] = (struct trainee){.person = 1000 + i, .groups = VETERANS, .rank = i, .days = 20};
    filed(1, "M-1");
    for (uint32_t at = 0; at < 1000; at += JN_ROWS_MAX) {
        enrolled(1, &all[at], JN_ROWS_MAX);
        finished_part(1, at + 1, &all[at], JN_ROWS_MAX, 1000);
    }
    passed(1, 1000, SKILL, 5);
    closed(1, 1);
    do
        assert_int_equal(settle("2020-06-10"), JN_OK);
    while (!settled->done);
    assert_int_equal(due(1000, FREE), 180000);
    revoked(1, 1000);
    assert_int_equal(taken(1), 180000);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_revocation_reaches_the_last_seat_of_a_large_class),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
