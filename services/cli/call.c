/* jineng call: any method of the contract, from JSON. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/describe.h"
#include "runtime/arena.h"
#include "runtime/fold.h"
#include "runtime/json.h"

const struct option call_options[] = {
    {"data", required_argument, NULL, 'D'},    {"as", required_argument, NULL, 'a'},
    {"session", required_argument, NULL, 's'}, {"sequence", required_argument, NULL, 'n'},
    {"timeout", required_argument, NULL, 't'}, {"compact", no_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

/* JSON takes some four times the room of what travels; a message is 256 KiB at most. */
#define TEXT_BYTES_MAX (8 * JN_FRAME_BYTES_MAX)
#define ARENA_BYTES    (16 * JN_FRAME_BYTES_MAX)
#define TIMEOUT_MS_MAX 600000

struct arguments {
    const char *data, *as, *what, *json;
    uint8_t session[JN_SESSION_BYTES];
    bool session_given, compact, help;
    uint64_t sequence, timeout_ms;
};

static bool
read_session(const char *text, uint8_t session[JN_SESSION_BYTES])
{
    if (strlen(text) != 2 * JN_SESSION_BYTES || strspn(text, "0123456789abcdefABCDEF") != 2 * JN_SESSION_BYTES)
        return false;
    for (size_t i = 0; i < JN_SESSION_BYTES; i++) {
        const char byte[3] = {text[2 * i], text[2 * i + 1], '\0'};

        session[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return true;
}

static const char *
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", call_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'c')
            out->compact = true;
        else if (option == 'h')
            out->help = true;
        else if (option == 's' && (out->session_given = read_session(optarg, out->session)))
            continue;
        else if (option == 'n' && suite_number(optarg, 1, UINT64_MAX, &out->sequence))
            continue;
        else if (option == 't' && suite_number(optarg, 1, TIMEOUT_MS_MAX, &out->timeout_ms))
            continue;
        else
            return "an option is not understood; --session is 32 hexadecimal digits, --sequence a number from 1 on";
    }
    if (optind == argc || argc - optind > 2)
        return "name SERVICE.METHOD and its JSON";
    if (out->session_given != (out->sequence != 0))
        return "--session and --sequence go together: the command that they name is done once";
    out->what = argv[optind];
    out->json = optind + 1 < argc ? argv[optind + 1] : "{}";
    return NULL;
}

/* The text itself, or what standard input holds; to be freed. */
static char *
read_json(const char *text, size_t *length)
{
    char *out = calloc(1, TEXT_BYTES_MAX + 1);

    if (!out)
        return NULL;
    if (strcmp(text, "-")) {
        *length = strlen(text);
        if (*length <= TEXT_BYTES_MAX)
            memcpy(out, text, *length);
    } else {
        *length = fread(out, 1, TEXT_BYTES_MAX + 1, stdin);
    }
    if (*length <= TEXT_BYTES_MAX)
        return out;
    free(out);
    return NULL;
}

static int
print_reply(const void *reply, bool compact)
{
    json_t *json = jn_json_of(reply);

    if (!json || json_dumpf(json, stdout, compact ? JSON_COMPACT : JSON_INDENT(2)) != 0) {
        json_decref(json);
        suite_say("the reply could not be written");
        return CLI_REFUSED;
    }
    putchar('\n');
    json_decref(json);
    return CLI_OK;
}

static int
ask(const struct arguments *arguments, const struct contract *contract, const char *method, const void *request)
{
    struct jn_client *client = NULL;
    struct suite *suite = NULL;
    struct jn_answer answer;
    int code = suite_open(&suite, arguments->data);

    if (code == CLI_OK)
        code = suite_client(suite, contract->name, arguments->as, 1, &client);
    if (code == CLI_OK) {
        const struct jn_request sent = {.method = method, .request = request, .sequence = arguments->sequence};

        if (arguments->session_given)
            jn_client_session(client, arguments->session, arguments->sequence);
        if (!jn_client_call_as(client, &sent, (int)arguments->timeout_ms, &answer)) {
            suite_say("%s", answer.reason);
            code = CLI_UNREACHABLE;
        } else {
            code = answer.code == JN_OK ? print_reply(answer.reply, arguments->compact) : suite_refused(&answer);
        }
    }
    suite_close(suite);
    return code;
}

static int
call(const struct arguments *arguments, const struct contract *contract, const ProtobufCMethodDescriptor *method)
{
    char error[JN_JSON_ERROR] = "the JSON is too large: split it";
    struct jn_arena arena;
    size_t length = 0;
    char *text = read_json(arguments->json, &length);
    void *request;
    int code;

    jn_arena_open(&arena, ARENA_BYTES);
    request = text ? jn_json_parse(method->input, text, length, &arena, error) : NULL;
    free(text);
    if (request)
        code = ask(arguments, contract, method->name, request);
    else
        code = suite_usage("call", "%s", error);
    jn_arena_close(&arena);
    return code;
}

int
call_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR, .timeout_ms = SUITE_TIMEOUT_MS};
    const char *wrong = parse(argc, argv, &arguments);
    const ProtobufCMethodDescriptor *method;
    const struct contract *contract;

    if (wrong)
        return suite_usage("call", "%s", wrong);
    method = contract_method(arguments.what, &contract);
    if (!contract || (!method && !arguments.help))
        return suite_usage("call", "there is no method %s: jineng describe lists what there is", arguments.what);
    if (arguments.help && method)
        describe_method(contract, method);
    else if (arguments.help)
        describe_service(contract);
    return arguments.help ? CLI_OK : call(&arguments, contract, method);
}
