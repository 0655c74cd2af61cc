/* jineng events: what happened, with the chain proven on the way. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/follower.h"
#include "domain/date.h"
#include "runtime/json.h"

const struct option events_options[] = {{"data", required_argument, NULL, 'D'},
                                        {"as", required_argument, NULL, 'a'},
                                        {"from", required_argument, NULL, 'n'},
                                        {"type", required_argument, NULL, 't'},
                                        {"follow", no_argument, NULL, 'f'},
                                        {"json", no_argument, NULL, 'j'},
                                        {NULL, 0, NULL, 0}};

#define TYPES_MAX      64
#define FOLLOW_WAIT_MS 5000
#define ARENA_BYTES    ((size_t)16 << 20)

struct arguments {
    const char *data, *as, *type_names[TYPES_MAX];
    size_t types_count;
    uint64_t from;
    bool follow, json;
};

struct reader {
    const struct contract *contract;
    struct jn_arena arena;
    bool json;
};

static const char *
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", events_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'f')
            out->follow = true;
        else if (option == 'j')
            out->json = true;
        else if (option == 't' && out->types_count < TYPES_MAX)
            out->type_names[out->types_count++] = optarg;
        else if (option == 'n' && suite_number(optarg, 1, INT64_MAX, &out->from))
            continue;
        else
            return "an option is not understood; --from is a block's number, from 1 on";
    }
    return optind == argc - 1 ? NULL : "name one service";
}

/* An event of a type that this program does not know has no name here: it is shown empty. */
static json_t *
event_json(struct reader *reader, const Envelope__Record *record)
{
    const void *event = protobuf_c_message_unpack(reader->contract->event, &reader->arena.allocator, record->event.len,
                                                  record->event.data);

    return event ? jn_json_of(event) : NULL;
}

static bool
print_line(uint64_t block, uint32_t index, int64_t time_ms, json_t *event)
{
    const char *name = json_object_iter_key(json_object_iter(event));
    char text[40];

    printf("%" PRIu64 ".%" PRIu32 "  %s  %s  ", block, index, date_time_format(time_ms, text),
           name ? name : "(of a type not known here)");
    if (name)
        json_dumpf(json_object_get(event, name), stdout, JSON_COMPACT);
    json_decref(event);
    return putchar('\n') != EOF;
}

static bool
print_json(uint64_t block, uint32_t index, int64_t time_ms, json_t *event)
{
    json_t *line = json_pack("{s:I, s:I, s:I, s:o}", "block", (json_int_t)block, "index", (json_int_t)index, "time_ms",
                             (json_int_t)time_ms, "event", event);

    if (!line || json_dumpf(line, stdout, JSON_COMPACT) != 0)
        return false;
    json_decref(line);
    return putchar('\n') != EOF;
}

static bool
on_event(void *context, const Envelope__BlockHeader *header, const Runtime__FeedEvent *sent)
{
    struct reader *reader = context;
    const Envelope__Record *record;
    json_t *event;

    jn_arena_reset(&reader->arena);
    record = envelope__record__unpack(&reader->arena.allocator, sent->record.len, sent->record.data);
    event = record ? event_json(reader, record) : NULL;
    if (!event) {
        suite_say("event %" PRIu64 ".%" PRIu32 " cannot be read: is the service of another version?", header->number,
                  sent->index);
        return false;
    }
    return (reader->json ? print_json : print_line)(header->number, sent->index, record->time_ms, event);
}

static int
read_types(const struct contract *contract, const struct arguments *arguments, uint32_t types[TYPES_MAX])
{
    for (size_t i = 0; i < arguments->types_count; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(contract->event, arguments->type_names[i]);

        if (!field)
            return suite_usage("events", "%s has no event \"%s\": jineng describe %s lists them", contract->name,
                               arguments->type_names[i], contract->name);
        types[i] = field->id;
    }
    return CLI_OK;
}

static int
follow(struct follower *follower, const struct arguments *arguments)
{
    int code = follower_begin(follower, arguments->from);

    while (code == CLI_OK) {
        code = follower_step(follower);
        fflush(stdout);
        /* A follower outlives the service's restarts. */
        if (code == CLI_UNREACHABLE && arguments->follow)
            code = CLI_OK;
        else if (code == CLI_OK && !arguments->follow && follower->standing.block >= follower->head)
            break;
    }
    if (code == CLI_OK) {
        fprintf(stderr, "%" PRIu64 " events; the chain holds through block %" PRIu64 ", SM3 ", follower->events,
                follower->standing.block);
        for (size_t i = 0; i < JN_HASH_BYTES; i++)
            fprintf(stderr, "%02x", follower->standing.hash.bytes[i]);
        fputc('\n', stderr);
    }
    return code;
}

int
events_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR, .from = 1};
    const char *wrong = parse(argc, argv, &arguments);
    struct suite *suite = NULL;
    uint32_t types[TYPES_MAX];
    struct reader reader = {.json = arguments.json};
    struct follower follower = {.context = &reader, .each = on_event, .types = types};
    int code;

    if (wrong)
        return suite_usage("events", "%s", wrong);
    reader.contract = contract_find(argv[optind]);
    if (!reader.contract)
        return suite_usage("events", "there is no service \"%s\": jineng describe lists them", argv[optind]);
    code = read_types(reader.contract, &arguments, types);
    if (code != CLI_OK)
        return code;
    follower.types_count = arguments.types_count;
    follower.wait_ms = arguments.follow ? FOLLOW_WAIT_MS : 0;
    jn_arena_open(&reader.arena, ARENA_BYTES);
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK)
        code = suite_client(suite, reader.contract->name, arguments.as, 1, &follower.client);
    if (code == CLI_OK)
        code = follow(&follower, &arguments);
    suite_close(suite);
    jn_arena_close(&reader.arena);
    return code;
}
