/* What most subcommands begin with: the data folder, its configuration, a client under somebody's key. */
#ifndef CLI_SUITE_H
#define CLI_SUITE_H

#include <stdbool.h>

#include "cli/commands.h"
#include "runtime/client.h"

#define SUITE_TIMEOUT_MS 10000
#define SUITE_OPERATOR   "operator"

/* The services that this program knows, with their contracts. */
struct contract {
    const char *name; /* "ledger" */
    const ProtobufCServiceDescriptor *service;
    const ProtobufCMessageDescriptor *event;
};
extern const struct contract contracts[];
extern const size_t contracts_count;
const struct contract *contract_find(const char *name);
/* "ledger.Appropriate", or one of the runtime's methods of that service: "ledger.Stand". NULL where there is none;
 * *contract is the service's where that much is known. */
const ProtobufCMethodDescriptor *contract_method(const char *text, const struct contract **contract);

struct suite {
    struct jn_config config;
    struct jn_clients *clients;
};

/* JINENG_DATA, else ./data. */
const char *suite_data(void);

/* Reads DATA/jineng.yaml. CLI_OK, or what to exit with, having said why. There is one suite a process. */
int suite_open(struct suite **suite, const char *data);
void suite_close(struct suite *suite);

/* A client of the service under the agency's key, which lies in the data folder. CLI_OK, or what to exit with, having
 * said why. */
int suite_client(struct suite *suite, const char *service, const char *agency, unsigned window,
                 struct jn_client **client);

/* Asks and waits. CLI_OK with the answer, or what to exit with, having said why. */
int suite_ask(struct jn_client *client, const char *method, const void *request, struct jn_answer *answer);

/* What an answer that is not OK is worth: says the code and the reason on standard error. */
int suite_refused(const struct jn_answer *answer);

/* "SHORT_OF_FUNDS"; the number where it has no name. */
const char *suite_code_name(enum jn_code code);

/* "jineng: ..." on standard error. */
void suite_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, with where to find help; returns CLI_USAGE. */
int suite_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True where the locale is a Chinese one. */
bool suite_chinese(void);

/* Prints the text and fills up to so many columns; a Chinese character takes two. */
void suite_column(const char *text, int columns);

/* A whole number in the range; false where the text is none. */
bool suite_number(const char *text, uint64_t least, uint64_t most, uint64_t *out);

#endif
