/* Messages as JSON: whatever message goes there and comes back the same, and what is no message is told where and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"

#define ARENA_BYTES  (8 * 1024 * 1024)
#define ROUNDS       20
#define MESSAGES_MAX 1024
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PACKED_BYTES (1024 * 1024)

static struct jn_arena arena;
static char error[JN_JSON_ERROR];

/* ---- Random messages of every type that the contract knows ---- */

static const ProtobufCMessageDescriptor *messages[MESSAGES_MAX];
static size_t messages_count;
static uint64_t seed = 20191027;

static uint64_t
any(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void
collect(const ProtobufCMessageDescriptor *descriptor)
{
    for (size_t i = 0; i < messages_count; i++)
        if (messages[i] == descriptor)
            return;
    assert_true(messages_count < MESSAGES_MAX);
    messages[messages_count++] = descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            collect(descriptor->fields[i].descriptor);
}

static void
collect_all(void)
{
    const ProtobufCServiceDescriptor *const services[] = {
        &enrollment__enrollment__descriptor, &certification__certification__descriptor, &subsidy__subsidy__descriptor,
        &ledger__ledger__descriptor,         &notification__notification__descriptor,   &runtime__runtime__descriptor};
    const ProtobufCMessageDescriptor *const events[] = {
        &enrollment__event__descriptor, &certification__event__descriptor, &subsidy__event__descriptor,
        &ledger__event__descriptor,     &notification__event__descriptor,  &envelope__block_header__descriptor};

    for (size_t i = 0; i < COUNT(services); i++)
        for (unsigned j = 0; j < services[i]->n_methods; j++) {
            collect(services[i]->methods[j].input);
            collect(services[i]->methods[j].output);
        }
    for (size_t i = 0; i < COUNT(events); i++)
        collect(events[i]);
}

static ProtobufCMessage *random_message(const ProtobufCMessageDescriptor *descriptor);

static void
random_value(const ProtobufCFieldDescriptor *field, char *at, size_t index)
{
    static const uint64_t edges[] = {0,         1,          UINT32_MAX,          INT32_MAX,
                                     INT64_MAX, UINT64_MAX, (uint64_t)INT64_MIN, UINT64_C(1) << 31};
    static char *const texts[] = {"", "a", "退役军人", "quote \" and \\ and \n", "{\"x\":1}"};
    static uint8_t octets[] = {0, 1, 0xff, 0x80, 'a'};
    uint64_t whole = any() % 2 ? any() : edges[any() % COUNT(edges)];
    const ProtobufCEnumDescriptor *words = field->descriptor;

    if (field->type == PROTOBUF_C_TYPE_STRING)
        ((char **)at)[index] = texts[any() % COUNT(texts)];
    else if (field->type == PROTOBUF_C_TYPE_BYTES)
        ((ProtobufCBinaryData *)at)[index] = (ProtobufCBinaryData){any() % (sizeof(octets) + 1), octets};
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        ((ProtobufCMessage **)at)[index] = random_message(field->descriptor);
    else if (field->type == PROTOBUF_C_TYPE_BOOL)
        ((protobuf_c_boolean *)at)[index] = (int)(any() % 2);
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        ((int *)at)[index] = any() % 8 ? words->values[any() % words->n_values].value : (int)any();
    else if (field->type == PROTOBUF_C_TYPE_INT64 || field->type == PROTOBUF_C_TYPE_SINT64 ||
             field->type == PROTOBUF_C_TYPE_UINT64)
        ((uint64_t *)at)[index] = whole;
    else
        ((uint32_t *)at)[index] = (uint32_t)whole;
}

static void
random_list(const ProtobufCFieldDescriptor *field, char *base)
{
    size_t count = any() % 3;
    char *list = jn_arena_take(&arena, 3 * sizeof(ProtobufCBinaryData));

    for (size_t i = 0; i < count; i++)
        random_value(field, list, i);
    if (count > 0)
        *(void **)(base + field->offset) = list;
    *(size_t *)(base + field->quantifier_offset) = count;
}

static ProtobufCMessage *
random_message(const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = jn_arena_take(&arena, descriptor->sizeof_message);
    char *base = (char *)message;

    protobuf_c_message_init(descriptor, message);
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        uint32_t *arm = (uint32_t *)(base + field->quantifier_offset);

        if (any() % 4 == 0)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            random_list(field, base);
            continue;
        }
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            if (*arm)
                continue;
            *arm = field->id;
        }
        random_value(field, base + field->offset, 0);
    }
    return message;
}

static void
every_message_comes_back_the_same(void **state)
{
    static uint8_t before[PACKED_BYTES], after[PACKED_BYTES];

    (void)state;
    collect_all();
    assert_true(messages_count > 100);
    for (size_t i = 0; i < messages_count * ROUNDS; i++) {
        ProtobufCMessage *message, *back;
        size_t length;
        json_t *json;

        jn_arena_reset(&arena);
        message = random_message(messages[i % messages_count]);
        length = protobuf_c_message_get_packed_size(message);
        assert_true(length <= PACKED_BYTES);
        protobuf_c_message_pack(message, before);
        json = jn_json_of(message);
        assert_non_null(json);
        back = jn_json_read(message->descriptor, json, &arena, error);
        json_decref(json);
        if (!back)
            fail_msg("%s: %s", message->descriptor->name, error);
        assert_int_equal(protobuf_c_message_get_packed_size(back), length);
        protobuf_c_message_pack(back, after);
        assert_memory_equal(before, after, length);
    }
}

/* ---- Hostile text ---- */

static void *
parse(const ProtobufCMessageDescriptor *descriptor, const char *text)
{
    jn_arena_reset(&arena);
    *error = '\0';
    return jn_json_parse(descriptor, text, strlen(text), &arena, error);
}

static void
what_is_no_message_is_told_where_and_why(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", "line 1"},
        {"[]", "an object"},
        {"{\"division\":1} x", "line 1"},
        {"{\"fund\":\"SILVER\"}", "fund: \"SILVER\" is none of common.Fund: use one of EMPLOYMENT"},
        {"{\"fund\":true}", "fund: a name in quotes"},
        {"{\"fund\":4294967296}", "fund: out of range"},
        {"{\"\":1}", "ledger.Appropriate has no such field: use fund, division"},
        {"{\"fond\":1}", "fond: ledger.Appropriate has no such field: use fund, division"},
        {"{\"division\":-1}", "division: out of range: 0 to 4294967295"},
        {"{\"division\":4294967296}", "division: out of range"},
        {"{\"division\":1.0}", "division: a whole number is wanted here, without point"},
        {"{\"division\":1e3}", "division: a whole number"},
        {"{\"division\":\"1x\"}", "division: \"1x\" is no whole number"},
        {"{\"division\":\"-1\"}", "division: \"-1\" is no whole number"},
        {"{\"division\":\"99999999999999999999\"}", "division: "},
        {"{\"division\":null}", "division: a whole number"},
        {"{\"division\":[1]}", "division: a whole number"},
        {"{\"division\":1,\"division\":2}", "duplicate"},
        {"{\"amount_fen\":9223372036854775808}", "line 1"},
        {"{\"amount_fen\":\"9223372036854775808\"}", "amount_fen: out of range"},
        {"{\"day\":\"2020-02-30\"}", "no date of the form YYYY-MM-DD"},
        {"{\"document\":5}", "document: a text in quotes"},
        {"{\"document\":\"a\\u0000b\"}", "NUL"},
        {"{\"document\":\"\xff\"}", "line 1"},
        {"{\"document\":\"\\ud800\"}", "line 1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_null(parse(&ledger__appropriate__descriptor, cases[i].text));
        if (!strstr(error, cases[i].wanted))
            fail_msg("%s gives \"%s\", not \"%s\"", cases[i].text, error, cases[i].wanted);
    }
}

static void
places_inside_are_named(void **state)
{
    (void)state;
    assert_null(parse(&enrollment__enrol__descriptor, "{\"rows\":[{},{\"groups\":[\"VETERAN\",\"KING\"]}]}"));
    assert_non_null(strstr(error, "rows[1].groups[1]: \"KING\" is none of common.Group"));
    assert_null(parse(&enrollment__enrol__descriptor, "{\"rows\":{}}"));
    assert_non_null(strstr(error, "rows: a list in [ ]"));
    assert_null(parse(&enrollment__enrol__descriptor, "{\"rows\":[[]]}"));
    assert_non_null(strstr(error, "rows[0]: an object in { }"));
    assert_null(parse(&runtime__stand_request__descriptor, "{\"x\":1}"));
    assert_non_null(strstr(error, "x: runtime.StandRequest has no fields"));
    assert_null(parse(&runtime__feed_request__descriptor, "{\"log\":\"0g\"}"));
    assert_non_null(strstr(error, "log: bytes are written as hexadecimal digits"));
    assert_null(parse(&runtime__feed_request__descriptor, "{\"log\":\"abc\"}"));
    assert_null(parse(&ledger__event__descriptor, "{\"paid\":{},\"failed\":{}}"));
    assert_non_null(strstr(error, "failed: only one of its kind"));
    assert_null(parse(&ledger__record_bank_results__descriptor, "{\"all\":1}"));
    assert_non_null(strstr(error, "all: true or false"));
}

static void
text_as_deep_as_it_likes_is_refused(void **state)
{
    static char deep[20000];

    (void)state;
    memset(deep, '[', sizeof(deep) - 1);
    assert_null(parse(&ledger__appropriate__descriptor, deep));
    assert_true(strlen(error) > 0);
}

static void
more_than_the_arena_holds_is_refused(void **state)
{
    static char wide[1024 * 1024];
    size_t used = (size_t)snprintf(wide, sizeof(wide), "{\"rows\":[{}");
    struct jn_arena small;

    (void)state;
    for (int i = 0; i < 100000; i++, used += 3)
        memcpy(wide + used, ",{}", 3);
    memcpy(wide + used, "]}", 2);
    jn_arena_open(&small, 1024 * 1024);
    assert_null(jn_json_parse(&enrollment__enrol__descriptor, wide, used + 2, &small, error));
    assert_non_null(strstr(error, "too large: split it"));
    jn_arena_close(&small);
}

/* ---- What people write ---- */

static void
days_are_read_as_dates_too(void **state)
{
    const Ledger__Appropriate *read;

    (void)state;
    read = parse(&ledger__appropriate__descriptor,
                 "{\"fund\":\"SKILLS_ACCOUNT\",\"division\":130100,\"day\":\"2020-01-01\","
                 "\"amount_fen\":\"123\",\"document\":\"冀财社\"}");
    assert_non_null(read);
    assert_int_equal(read->day, 18262);
    assert_int_equal(read->fund, COMMON__FUND__SKILLS_ACCOUNT);
    assert_int_equal(read->amount_fen, 123);
    assert_string_equal(read->document, "冀财社");
}

static void
what_is_not_there_is_left_out(void **state)
{
    Ledger__Event event = LEDGER__EVENT__INIT;
    Ledger__FundsListed nothing = LEDGER__FUNDS_LISTED__INIT;
    json_t *json;
    char *text;

    (void)state;
    event.body_case = LEDGER__EVENT__BODY_FUNDS_LISTED;
    event.funds_listed = &nothing;
    json = jn_json_of(&event);
    text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text, "{\"funds_listed\":{}}");
    free(text);
    json_decref(json);
}

static void
text_that_is_none_is_shown_all_the_same(void **state)
{
    Ledger__Appropriate message = LEDGER__APPROPRIATE__INIT;
    json_t *json;

    (void)state;
    message.document = "a\xff";
    json = jn_json_of(&message);
    assert_string_equal(json_string_value(json_object_get(json, "document")), "a?");
    json_decref(json);
}

static int
open_arena(void **state)
{
    (void)state;
    jn_arena_open(&arena, ARENA_BYTES);
    return 0;
}

static int
close_arena(void **state)
{
    (void)state;
    jn_arena_close(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_comes_back_the_same),
        cmocka_unit_test(what_is_no_message_is_told_where_and_why),
        cmocka_unit_test(places_inside_are_named),
        cmocka_unit_test(text_as_deep_as_it_likes_is_refused),
        cmocka_unit_test(more_than_the_arena_holds_is_refused),
        cmocka_unit_test(days_are_read_as_dates_too),
        cmocka_unit_test(what_is_not_there_is_left_out),
        cmocka_unit_test(text_that_is_none_is_shown_all_the_same),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
