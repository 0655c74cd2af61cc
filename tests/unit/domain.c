/* The shared words: money, dates, the calendar, identifiers, vocabularies; every figure worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "domain/calendar.h"
#include "domain/date.h"
#include "domain/identifiers.h"
#include "domain/money.h"
#include "domain/words.h"

static int32_t
day_of(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

static void
money_reads_yuan_and_writes_them(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } good[] = {{"0", 0}, {"1234.5", 123450}, {"0.07", 7}, {"10000000000000", MONEY_FEN_MAX}, {"007.10", 710}};
    static const char *const bad[] = {"",
                                      ".5",
                                      "5.",
                                      "1.234",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1,000",
                                      "1e3",
                                      "1..2",
                                      "１",
                                      "10000000000000.01",
                                      "99999999999999999999"};
    char text[MONEY_TEXT];
    int64_t fen;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(money_parse(good[i].text, &fen));
        assert_int_equal(fen, good[i].fen);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(money_parse(bad[i], &fen));
    assert_string_equal(money_format(123450, text), "1234.50");
    assert_string_equal(money_format(-7, text), "-0.07");
    assert_string_equal(money_format(INT64_MIN, text), "-92233720368547758.08");
}

static void
money_does_not_pass_its_bound(void **state)
{
    int64_t out = 1;

    (void)state;
    assert_false(money_add(MONEY_FEN_MAX, 1, &out));
    assert_false(money_add(INT64_MAX, INT64_MAX, &out));
    assert_false(money_mul(MONEY_FEN_MAX, 2, &out));
    assert_false(money_rate(-1, 10, &out));
    assert_int_equal(out, 1);
    assert_int_equal(money_share(45000, 60000, 90000), 30000);
    assert_int_equal(money_share(10000, 30000, 45000), 6666);
    assert_int_equal(money_share(1, 2, 3), 0);
    assert_int_equal(money_share(2, 2, 3), 1);
    assert_int_equal(money_share(0, 0, 0), 0);
    assert_int_equal(money_share(7, 0, 7), 0);
    assert_int_equal(money_share(MONEY_FEN_MAX, MONEY_FEN_MAX, MONEY_FEN_MAX), MONEY_FEN_MAX);
    assert_int_equal(money_share(MONEY_FEN_MAX - 1, 1, MONEY_FEN_MAX), 0);
    assert_int_equal(money_share(MONEY_FEN_MAX / 3, 3, MONEY_FEN_MAX), 0); /* 0.999 */
    assert_int_equal(money_share(MONEY_FEN_MAX - 1, MONEY_FEN_MAX / 2, MONEY_FEN_MAX), MONEY_FEN_MAX / 2 - 1);
    assert_true(money_rate(99999, 3300, &out)); /* 999.99 yuan, 33 %: 329.9967, cut */
    assert_int_equal(out, 32999);
    assert_true(money_rate(MONEY_FEN_MAX, 10000, &out));
    assert_int_equal(out, MONEY_FEN_MAX);
    assert_false(money_rate(MONEY_FEN_MAX, 1000000, &out));
}

static void
dates_exist_or_are_refused(void **state)
{
    static const char *const bad[] = {"2021-02-29", "1900-02-29", "2020-13-01",  "2020-00-01", "2020-01-00",
                                      "2020-1-01",  "20200101",   "2020-01-01 ", "1899-12-31", "2200-01-01",
                                      "2020-04-31", "",           "2020-01"};
    char text[DATE_TEXT];
    int32_t day;

    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("1969-12-31"), -1);
    assert_int_equal(day_of("2000-02-29"), 11016);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(date_parse(bad[i], &day));
    for (day = day_of("1900-01-01"); day <= day_of("2199-12-31"); day++)
        assert_int_equal(day_of(date_format(day, text)), day);
    assert_int_equal(date_weekday(day_of("2020-02-03")), 0);
    assert_int_equal(date_weekday(day_of("1969-12-28")), 6);
}

static void
months_are_counted_to_the_day_after_the_end(void **state)
{
    (void)state;
    assert_int_equal(date_months(day_of("2020-03-01"), day_of("2020-04-30")), 2);
    assert_int_equal(date_months(day_of("2020-03-15"), day_of("2020-04-10")), 0);
    assert_int_equal(date_months(day_of("2020-12-30"), day_of("2021-02-27")), 1);
    assert_int_equal(date_months(day_of("2020-12-08"), day_of("2021-12-07")), 12);
}

static void
the_city_keeps_utc_plus_eight(void **state)
{
    (void)state;
    assert_int_equal(date_to_ms(0), -28800000);
    assert_int_equal(date_of_ms(-28800000), 0);
    assert_int_equal(date_of_ms(-28800001), -1);
    assert_int_equal(date_of_ms(57599999), 0);
    assert_int_equal(date_of_ms(57600000), 1);
}

/* What the list says of a day: 'h', 'w', or 0 where the week's rule holds. */
static char listed[8 * 366];

static void
read_list(void)
{
    int32_t first = day_of("2019-01-01");
    char line[128];
    FILE *file = fopen(JN_SOURCE_DIR "/deploy/calendar/china-2019-2026.csv", "r");

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "date,kind,name\n");
    while (fgets(line, sizeof(line), file)) {
        int32_t day;

        line[10] = '\0';
        day = day_of(line);
        assert_in_range(day - first, 0, sizeof(listed) - 1);
        assert_true(!strncmp(line + 11, "holiday,", 8) || !strncmp(line + 11, "working,", 8));
        assert_int_equal(listed[day - first], 0);
        listed[day - first] = line[11];
    }
    fclose(file);
}

static void
the_compiled_calendar_is_the_list(void **state)
{
    int32_t first = day_of("2019-01-01");

    (void)state;
    read_list();
    for (int32_t day = first; day <= day_of("2026-12-31"); day++) {
        char kind = listed[day - first];
        bool working = kind ? kind == 'w' : date_weekday(day) < 5;

        assert_int_equal(calendar_is_working_day(day), working);
    }
    assert_int_equal(calendar_last_day(), day_of("2026-12-31"));
}

/* Working days of a year by the State Council's notices; 2020 is 251 by its first notice, less Friday 31 January and
 * Saturday 1 February, which the extended Spring Festival took. */
static void
each_year_has_its_working_days(void **state)
{
    static const struct {
        const char *first, *last;
        int working;
    } years[] = {{"2019-01-01", "2019-12-31", 250},
                 {"2020-01-01", "2020-12-31", 249},
                 {"2021-01-01", "2021-12-31", 250},
                 {"2022-01-01", "2022-12-31", 249},
                 {"2023-01-01", "2023-12-31", 249},
                 {"2024-01-01", "2024-12-31", 251},
                 {"2025-01-01", "2025-12-31", 248},
                 {"2026-01-01", "2026-12-31", 248}};

    (void)state;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        int working = 0;

        for (int32_t day = day_of(years[i].first); day <= day_of(years[i].last); day++)
            working += calendar_is_working_day(day);
        assert_int_equal(working, years[i].working);
    }
}

static void
notice_runs_over_the_long_festival(void **state)
{
    (void)state;
    /* Thursday 23 January 2020, then rest to 2 February. */
    assert_int_equal(calendar_add_working_days(day_of("2020-01-23"), 1), day_of("2020-02-03"));
    assert_int_equal(calendar_add_working_days(day_of("2020-01-22"), 5), day_of("2020-02-06"));
    /* Sunday 27 September 2020 was worked for the National Day. */
    assert_int_equal(calendar_add_working_days(day_of("2020-09-25"), 1), day_of("2020-09-27"));
    assert_int_equal(calendar_add_working_days(day_of("2020-09-25"), 0), day_of("2020-09-25"));
    /* Five days of notice about the Spring Festival and the National Day, days that are made up among them. */
    assert_int_equal(calendar_add_working_days(day_of("2019-01-30"), 5), day_of("2019-02-11"));
    assert_int_equal(calendar_add_working_days(day_of("2019-09-26"), 5), day_of("2019-10-09"));
    assert_int_equal(calendar_add_working_days(day_of("2019-10-08"), 5), day_of("2019-10-14"));
    assert_int_equal(calendar_add_working_days(day_of("2020-01-17"), 5), day_of("2020-01-23"));
    assert_int_equal(calendar_add_working_days(day_of("2020-01-20"), 5), day_of("2020-02-04"));
    assert_int_equal(calendar_add_working_days(day_of("2021-02-13"), 5), day_of("2021-02-23"));
}

static void
citizen_numbers_are_checked_and_mended(void **state)
{
    char out[CITIZEN_TEXT] = "";
    bool mended;

    (void)state;
    assert_int_equal(citizen_number("11010519491231002X", out, &mended), IDENTIFIER_OK);
    assert_false(mended);
    assert_int_equal(citizen_number("11010519491231002x", out, &mended), IDENTIFIER_OK);
    assert_true(mended);
    assert_string_equal(out, "11010519491231002X");
    assert_int_equal(citizen_number("１１０１０５１９４９１２３１００２Ｘ", out, &mended), IDENTIFIER_OK);
    assert_true(mended);
    assert_string_equal(out, "11010519491231002X");
    assert_int_equal(citizen_number("110105194912310021", out, &mended), IDENTIFIER_CHECK);
    assert_int_equal(citizen_number("110105194912310000", out, &mended), IDENTIFIER_EATEN);
    /* 30 February, its check digit computed: sum 296, mod 11 is 10, "2". */
    assert_int_equal(citizen_number("130199199002300662", out, &mended), IDENTIFIER_DATE);
    assert_int_equal(citizen_number("110105491231002", out, &mended), IDENTIFIER_FORM);
    assert_int_equal(citizen_number("", out, &mended), IDENTIFIER_FORM);
    assert_int_equal(citizen_number("1101051949123100\xEF", out, &mended), IDENTIFIER_FORM);
    assert_int_equal(citizen_number("11010519491231X02X", out, &mended), IDENTIFIER_FORM);
    assert_int_equal(citizen_number("11010519491231002X0", out, &mended), IDENTIFIER_FORM);
}

static void
credit_codes_are_checked_inside_and_out(void **state)
{
    char out[CREDIT_TEXT];
    bool inner;

    (void)state;
    assert_int_equal(credit_code("91350100M000100Y43", out, &inner), IDENTIFIER_OK);
    assert_false(inner);
    assert_int_equal(credit_code("91350100M000100Y4Z", out, &inner), IDENTIFIER_FORM);
    assert_int_equal(credit_code("91350100M000100Y44", out, &inner), IDENTIFIER_CHECK);
    assert_int_equal(credit_code("91350100M000100Y4", out, &inner), IDENTIFIER_FORM);
    assert_int_equal(credit_code("91350100m000100Y43", out, &inner), IDENTIFIER_FORM);
    assert_int_equal(credit_code("", out, &inner), IDENTIFIER_FORM);
}

static void
certificate_numbers_carry_level_and_year(void **state)
{
    const int skill = COMMON__CERTIFICATE_KIND__SKILL_LEVEL;
    const int qualification = COMMON__CERTIFICATE_KIND__QUALIFICATION;
    const int special = COMMON__CERTIFICATE_KIND__SPECIAL_ABILITY;

    (void)state;
    assert_int_equal(certificate_number("S000013130100205000002", skill, 5, 2020), IDENTIFIER_OK);
    assert_int_equal(certificate_number("S000013130100205000002", skill, 4, 2020), IDENTIFIER_LEVEL);
    assert_int_equal(certificate_number("S000013130100205000002", skill, 5, 2021), IDENTIFIER_YEAR);
    assert_int_equal(certificate_number("X000013130100205000002", skill, 5, 2020), IDENTIFIER_FORM);
    assert_int_equal(certificate_number("S00001313010020500000", skill, 5, 2020), IDENTIFIER_FORM);
    assert_int_equal(certificate_number("", skill, 5, 2020), IDENTIFIER_FORM);
    assert_int_equal(certificate_number("2013011001500001", qualification, 5, 2020), IDENTIFIER_OK);
    assert_int_equal(certificate_number("2013011001500001", qualification, 3, 2020), IDENTIFIER_LEVEL);
    assert_int_equal(certificate_number("1913011001500001", qualification, 5, 2020), IDENTIFIER_YEAR);
    assert_int_equal(certificate_number("201301100150000X", qualification, 5, 2020), IDENTIFIER_FORM);
    assert_int_equal(certificate_number("SPEC00000003", special, 0, 2020), IDENTIFIER_OK);
    assert_int_equal(certificate_number("", special, 0, 2020), IDENTIFIER_FORM);
    assert_int_equal(certificate_number("a\tb", special, 0, 2020), IDENTIFIER_FORM);
}

static void
codes_have_their_form(void **state)
{
    uint32_t code = 0;

    (void)state;
    assert_true(occupation_code("4-10-01-06"));
    assert_false(occupation_code("4-10-01-6"));
    assert_false(occupation_code("4-10-01-066"));
    assert_false(occupation_code(""));
    assert_true(division_code("130102", &code));
    assert_int_equal(code, 130102);
    assert_false(division_code("13010", &code));
    assert_false(division_code("1301022", &code));
    assert_false(division_code("013010", &code));
}

static void
nobody_is_shown_whole(void **state)
{
    char out[MASK_TEXT];

    (void)state;
    assert_string_equal(mask_citizen("130199199704130664", out), "130199********0664");
    assert_string_equal(mask_citizen("陈秀英", out), "******");
    assert_string_equal(mask_citizen("1301991997041306", out), "******");
    assert_string_equal(mask_name("陈秀英", out), "陈**");
    assert_string_equal(mask_name("", out), "**");
    assert_string_equal(mask_name("\xE9", out), "\xE9**");
}

/* Each vocabulary against the enum that it names: the same numbers, nothing left out. */
static void
words_are_the_contract_s(void **state)
{
    static const struct {
        const struct vocabulary *words;
        const ProtobufCEnumDescriptor *contract;
    } pairs[] = {{&words_groups, &common__group__descriptor},
                 {&words_households, &common__household__descriptor},
                 {&words_class_kinds, &common__class_kind__descriptor},
                 {&words_certificate_kinds, &common__certificate_kind__descriptor},
                 {&words_institution_kinds, &common__institution_kind__descriptor},
                 {&words_items, &common__item__descriptor},
                 {&words_funds, &common__fund__descriptor},
                 {&words_payees, &common__payee__descriptor},
                 {&words_departments, &common__department__descriptor},
                 {&words_reasons, &common__reason__descriptor}};

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        assert_int_equal(pairs[i].words->count + 1, pairs[i].contract->n_values);
        for (size_t w = 0; w < pairs[i].words->count; w++) {
            const struct word *word = &pairs[i].words->words[w];

            assert_int_equal(word->number, w + 1);
            assert_non_null(protobuf_c_enum_descriptor_get_value(pairs[i].contract, word->number));
            assert_ptr_equal(word_find(pairs[i].words, word->name), word);
            assert_ptr_equal(word_find(pairs[i].words, word->zh), word);
        }
    }
    assert_string_equal(word_name(&words_items, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), "work_as_training");
    assert_string_equal(word_name(&words_items, 0), "?");
    /* An item of a pack's own, where no pack is at hand. */
    assert_string_equal(word_name(&words_items, 21), "item 21");
    assert_string_equal(word_zh(&words_items, 31), "项目31");
    assert_string_equal(word_name(&words_items, 32), "?");
    assert_string_equal(word_name(&words_reasons, 40), "?");
    assert_int_equal(word_find(&words_items, "item 19")->number, 19);
    assert_int_equal(word_find(&words_items, "项目21")->number, 21);
    assert_null(word_find(&words_items, "item 18"));
    assert_null(word_find(&words_funds, "item 21"));
    assert_string_equal(word_zh(&words_groups, COMMON__GROUP__FARMER), "职业农民");
    assert_null(word_find(&words_groups, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_reads_yuan_and_writes_them),
        cmocka_unit_test(money_does_not_pass_its_bound),
        cmocka_unit_test(dates_exist_or_are_refused),
        cmocka_unit_test(months_are_counted_to_the_day_after_the_end),
        cmocka_unit_test(the_city_keeps_utc_plus_eight),
        cmocka_unit_test(the_compiled_calendar_is_the_list),
        cmocka_unit_test(each_year_has_its_working_days),
        cmocka_unit_test(notice_runs_over_the_long_festival),
        cmocka_unit_test(citizen_numbers_are_checked_and_mended),
        cmocka_unit_test(credit_codes_are_checked_inside_and_out),
        cmocka_unit_test(certificate_numbers_carry_level_and_year),
        cmocka_unit_test(codes_have_their_form),
        cmocka_unit_test(nobody_is_shown_whole),
        cmocka_unit_test(words_are_the_contract_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
