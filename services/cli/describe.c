/* jineng describe: out of the compiled contract, so that nothing is listed twice. */
#include "cli/describe.h"

#include <stdio.h>
#include <string.h>

#include "jineng/v1/runtime.pb-c.h"

const struct option describe_options[] = {{NULL, 0, NULL, 0}};

#define WORDS_SHOWN 24

static const char *
type_name(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return "int32";
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return "int64";
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return "uint32";
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return "uint64";
    case PROTOBUF_C_TYPE_BOOL:
        return "true|false";
    case PROTOBUF_C_TYPE_STRING:
        return "text";
    case PROTOBUF_C_TYPE_BYTES:
        return "hex";
    case PROTOBUF_C_TYPE_ENUM:
        return ((const ProtobufCEnumDescriptor *)field->descriptor)->name;
    case PROTOBUF_C_TYPE_MESSAGE:
        return ((const ProtobufCMessageDescriptor *)field->descriptor)->name;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    return "?";
}

/* The unspecified word is refused by every method: it is not shown. */
static void
print_words(const ProtobufCEnumDescriptor *words, int indent)
{
    printf("%*s  one of", indent, "");
    for (unsigned i = 0; i < words->n_values && i < WORDS_SHOWN; i++)
        if (words->values[i].value != 0 || !strstr(words->values[i].name, "UNSPECIFIED"))
            printf(" %s", words->values[i].name);
    printf("%s\n", words->n_values > WORDS_SHOWN ? " ..." : "");
}

static void
print_fields(const ProtobufCMessageDescriptor *message, int indent)
{
    if (message->n_fields == 0)
        printf("%*s(nothing)\n", indent, "");
    for (unsigned i = 0; i < message->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->fields[i];
        const bool list = field->label == PROTOBUF_C_LABEL_REPEATED;

        printf("%*s%-*s %s%s\n", indent, "", 28 - indent, field->name, list ? "list of " : "", type_name(field));
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            print_words(field->descriptor, indent);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            print_fields(field->descriptor, indent + 2);
    }
}

void
describe_method(const struct contract *contract, const ProtobufCMethodDescriptor *method)
{
    printf("%s.%s\n\n request: %s\n", contract->name, method->name, method->input->name);
    print_fields(method->input, 2);
    printf("\n reply: %s\n", method->output->name);
    print_fields(method->output, 2);
}

static void
print_methods(const struct contract *contract, const ProtobufCServiceDescriptor *service)
{
    for (unsigned i = 0; i < service->n_methods; i++)
        printf("  %s.%-24s %s -> %s\n", contract->name, service->methods[i].name, service->methods[i].input->name,
               service->methods[i].output->name);
}

void
describe_service(const struct contract *contract)
{
    print_methods(contract, contract->service);
    puts(" what every service answers:");
    print_methods(contract, &runtime__runtime__descriptor);
    puts(" what happens there (jineng events):");
    for (unsigned i = 0; i < contract->event->n_fields; i++)
        printf("  %-32s %s\n", contract->event->fields[i].name, type_name(&contract->event->fields[i]));
}

int
describe_command(int argc, char **argv)
{
    const ProtobufCMethodDescriptor *method;
    const struct contract *contract;

    if (getopt_long(argc, argv, "", describe_options, NULL) != -1 || argc - optind > 1)
        return suite_usage("describe", "name a service, or SERVICE.METHOD, or nothing");
    if (optind == argc) {
        for (size_t i = 0; i < contracts_count; i++)
            print_methods(&contracts[i], contracts[i].service);
        return CLI_OK;
    }
    method = contract_method(argv[optind], &contract);
    if (!contract || (!method && strchr(argv[optind], '.')))
        return suite_usage("describe", "there is no %s: jineng describe lists what there is", argv[optind]);
    if (method)
        describe_method(contract, method);
    else
        describe_service(contract);
    return CLI_OK;
}
