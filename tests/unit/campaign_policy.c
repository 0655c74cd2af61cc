/* What the sheets leave to the policy that is played. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/campaign/campaign.h"

static const char *
asks_for_grants(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "secondary_grant_monthly") ? NULL : "secondary_grant_monthly";
}

static const char *
asks_for_nothing(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

/* Reads a folder by such a policy; how many figures were used, how many set aside. */
static void
read_by(campaign_reference_find asks, uint32_t *used, uint32_t *set_aside)
{
    struct campaign_options options = {.reference_find = asks};
    struct campaign_stop stop = {0};
    struct campaign *c = campaign_read(JN_SOURCE_DIR "/tests/campaigns/small", &options, &stop);

    assert_non_null(c);
    *used = c->references_count;
    *set_aside = c->rejected_of[CAMPAIGN_REFERENCES];
    for (uint32_t i = 0; asks && i < c->references_count; i++)
        assert_non_null(asks(NULL, c->references[i].name));
    for (uint32_t i = 0; i < c->rejections_count; i++)
        if (c->rejections[i].file == CAMPAIGN_REFERENCES) {
            assert_string_equal(c->rejections[i].column, "name");
            assert_non_null(strstr(c->rejections[i].reason, "the policy asks for none of this name"));
        }
    campaign_free(c);
}

/* What no pack asks for is a rejected row, not a refusal of the service after the sheets were found good. */
static void
figures_that_the_policy_does_not_ask_for_are_set_aside(void **state)
{
    uint32_t all, some, none, set_aside;

    (void)state;
    read_by(NULL, &all, &set_aside);
    assert_int_equal(set_aside, 0);
    read_by(asks_for_grants, &some, &set_aside);
    assert_true(some > 0 && some < all);
    assert_int_equal(set_aside, all - some);
    read_by(asks_for_nothing, &none, &set_aside);
    assert_int_equal(none, 0);
    assert_int_equal(set_aside, all);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_that_the_policy_does_not_ask_for_are_set_aside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
